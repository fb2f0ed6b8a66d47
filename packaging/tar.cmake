# pack(FOLDER NAME FILE): FOLDER/NAME as a tar file. No clock and no user of this machine in it: the same sources make the same bytes.
function(pack folder name file)
  execute_process(
    COMMAND ${TAR} --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w --mtime=@499162500 --use-compress-program "gzip -n"
            --directory ${folder} --create --file ${file} ${name} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
