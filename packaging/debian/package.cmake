# Installing, and the Debian package that `cpack` makes in the build directory.
set(share ${CMAKE_INSTALL_DATADIR})
set(docs ${CMAKE_CURRENT_SOURCE_DIR}/docs)

install(TARGETS migfs RUNTIME)

# The completions are what the program's own tables of commands and options give.
foreach(shell bash zsh fish)
  set(completion ${CMAKE_CURRENT_BINARY_DIR}/completion/${shell})
  add_custom_command(OUTPUT ${completion} COMMAND ${CMAKE_COMMAND} -E make_directory completion
                     COMMAND migfs completion ${shell} > ${completion} DEPENDS migfs VERBATIM)
  list(APPEND completions ${completion})
endforeach()
# Where the shells look, which for two of them is another folder for what is not of the distribution; --prefix is known only now.
install(CODE "
  set(to_share \"\${CMAKE_INSTALL_PREFIX}/${share}\")
  set(to_zsh \"\${to_share}/zsh/site-functions\")
  set(to_fish \"\${to_share}/fish/vendor_completions.d\")
  if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
    set(to_zsh \"\${to_share}/zsh/vendor-completions\")
  elseif(CMAKE_INSTALL_PREFIX STREQUAL \"/usr/local\")
    set(to_fish /etc/fish/completions)
  endif()
  set(completions \"${CMAKE_CURRENT_BINARY_DIR}/completion\")
  file(INSTALL \"\${completions}/bash\" DESTINATION \"\${to_share}/bash-completion/completions\" RENAME migfs)
  file(INSTALL \"\${completions}/zsh\" DESTINATION \"\${to_zsh}\" RENAME _migfs)
  file(INSTALL \"\${completions}/fish\" DESTINATION \"\${to_fish}\" RENAME migfs.fish)" COMPONENT share)
add_custom_target(completions ALL DEPENDS ${completions})
install(FILES docs/CHANGELOG.md DESTINATION ${share}/doc/migfs COMPONENT share)
install(FILES packaging/debian/copyright DESTINATION ${share}/doc/migfs)
install(DIRECTORY mount-examples/ DESTINATION ${share}/doc/migfs/examples USE_SOURCE_PERMISSIONS
        COMPONENT share PATTERN quickstart EXCLUDE)

# The units say where the program is, which is known only now: --prefix may name any place.
foreach(unit system/migfs@.service user/migfs.service)
  cmake_path(GET unit PARENT_PATH whose)
  cmake_path(GET unit FILENAME name)
  install(FILES mount-examples/systemd/${name} DESTINATION lib/systemd/${whose})
  install(CODE "
    set(program \"${CMAKE_INSTALL_BINDIR}/migfs\")
    cmake_path(ABSOLUTE_PATH program BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\")
    set(unit \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/${unit}\")
    file(READ \"\${unit}\" text)
    string(REPLACE /usr/bin/migfs \"\${program}\" text \"\${text}\")
    file(WRITE \"\${unit}\" \"\${text}\")")
endforeach()

# The problems as a manual page, of the page that the program prints.
find_program(AWK awk REQUIRED)
set(problems ${CMAKE_CURRENT_BINARY_DIR}/migfs-problems.7)
set(problems_awk ${CMAKE_CURRENT_SOURCE_DIR}/packaging/problems.awk)
add_custom_command(OUTPUT ${problems} COMMAND ${AWK} -v version=${PROJECT_VERSION} -f ${problems_awk} ${docs}/problems.md > ${problems}
                   DEPENDS ${problems_awk} ${docs}/problems.md VERBATIM)

# Debian wants manual and changelog compressed, and the same bytes from the same sources.
find_program(GZIP gzip REQUIRED)
configure_file(packaging/debian/changelog.in changelog @ONLY)
foreach(pair "${docs}/migfs.1|migfs.1.gz" "${problems}|migfs-problems.7.gz" "${CMAKE_CURRENT_BINARY_DIR}/changelog|changelog.gz")
  string(REPLACE "|" ";" pair ${pair})
  list(GET pair 0 from)
  list(GET pair 1 to)
  add_custom_command(OUTPUT ${to} COMMAND ${GZIP} -9nc ${from} > ${to} DEPENDS ${from} VERBATIM)
  list(APPEND compressed ${CMAKE_CURRENT_BINARY_DIR}/${to})
endforeach()
add_custom_target(compressed ALL DEPENDS ${compressed})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/migfs.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT share)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/migfs-problems.7.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man7 COMPONENT share)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz DESTINATION ${share}/doc/migfs)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON) # so that the prefix is what it will be
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "The migfs maintainers <maintainers@migfs.invalid>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Run by the program, and loaded by it: dpkg-shlibdeps sees neither.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fuse3, libpq5 (>= 9.2)")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Drizzle migrations, journal and ledgers as one read-only directory")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"migfs mounts a directory that joins a Drizzle migrations folder, its journal
and the ledgers of PostgreSQL databases: a status file per migration, the
problems with what to do about each, and a consistent journal from which the
real runner runs exactly what has not run.")
include(CPack)
