# Run by the target `portable`: collects program, libraries, loader, manual, completions and licences in a folder, and packs it.
#
#     cmake -DBUILD=… -DSOURCE=… -DNAME=… -DLAUNCHER=… -DPROGRAM=… -DLIBPQ=… -DOBJDUMP=… -DTAR=… -P pack.cmake
cmake_minimum_required(VERSION 3.25)
include(${SOURCE}/packaging/tar.cmake)
set(folder ${BUILD}/portable/${NAME})
set(share ${folder}/share/doc/migfs)
file(REMOVE_RECURSE ${BUILD}/portable)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Those of the program, the one that it loads by itself, and those of these. The loader is one of them: the C library needs it.
set(CMAKE_GET_RUNTIME_DEPENDENCIES_PLATFORM linux+elf)
set(CMAKE_GET_RUNTIME_DEPENDENCIES_TOOL objdump)
set(CMAKE_GET_RUNTIME_DEPENDENCIES_COMMAND ${OBJDUMP})
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${PROGRAM} LIBRARIES ${LIBPQ} RESOLVED_DEPENDENCIES_VAR libraries UNRESOLVED_DEPENDENCIES_VAR absent
     DIRECTORIES ${DIRECTORIES})
if(absent)
  message(FATAL_ERROR "these libraries of the program are not found: ${absent}")
endif()
list(APPEND libraries ${LIBPQ})
list(REMOVE_DUPLICATES libraries)

set(packages)
file(MAKE_DIRECTORY ${folder}/bin ${folder}/lib/migfs ${share}/licenses)
foreach(library IN LISTS libraries)
  cmake_path(GET library FILENAME name)
  file(REAL_PATH ${library} file)
  if(name MATCHES "^ld[-.]")
    set(name ld.so)
  endif()
  file(COPY_FILE ${file} ${folder}/lib/migfs/${name})
  # The package that it is of: by its path, or by the same without /usr, where only its folder was merged into /usr.
  string(REGEX REPLACE "^${SYSROOT}/usr/" "/" short ${file})
  execute_process(COMMAND dpkg-query --search ${file} ${short} OUTPUT_VARIABLE owner ERROR_QUIET)
  string(REGEX MATCH "^[^:]+(:[a-z0-9]+)?" package "${owner}")
  if(NOT package)
    message(FATAL_ERROR "no Debian package is known to hold ${file}; without it there is no licence to pack")
  endif()
  list(APPEND packages ${package})
endforeach()
file(COPY_FILE ${PROGRAM} ${folder}/lib/migfs/program)
file(COPY_FILE ${LAUNCHER} ${folder}/bin/migfs)
file(CHMOD ${folder}/bin/migfs ${folder}/lib/migfs/program ${folder}/lib/migfs/ld.so
     PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${folder} --component share)
file(COPY ${SOURCE}/LICENSE DESTINATION ${folder})

# Each library's licence, the common ones that it points to, and where its source is.
list(REMOVE_DUPLICATES packages)
list(SORT packages)
set(lines)
foreach(package IN LISTS packages)
  run(dpkg-query --show "--showformat=\${Package} \${Version} (source: \${source:Package} \${source:Version})" ${package})
  string(APPEND lines "${output}\n")
  string(REGEX REPLACE ":.*" "" name ${package})
  file(READ ${SYSROOT}/usr/share/doc/${name}/copyright text)
  file(WRITE ${share}/licenses/${name} "${text}")
  string(REGEX MATCHALL "/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]" common "${text}")
  foreach(license IN LISTS common)
    cmake_path(GET license FILENAME name)
    file(READ ${license} text)
    file(WRITE ${share}/licenses/common-licenses/${name} "${text}")
  endforeach()
endforeach()
file(WRITE ${share}/licenses/README
     "The libraries in lib/migfs are Debian's, unchanged, of these packages. The licence of each lies beside this file, and what it calls\n"
     "/usr/share/common-licenses in common-licenses/. Their sources: `apt-get source PACKAGE=VERSION`, of the source packages in brackets.\n\n"
     "${lines}")

pack(${BUILD}/portable ${NAME} ${BUILD}/${NAME}.tar.gz)
