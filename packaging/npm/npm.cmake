# The target `npm`: migfs-VERSION.tgz, the portable tarball as a package for `npm install FILE`.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL aarch64)
  set(cpu arm64)
else()
  string(REPLACE x86_64 x64 cpu ${CMAKE_SYSTEM_PROCESSOR})
endif()
set(npm packaging/npm)
add_custom_command(
  OUTPUT migfs-${PROJECT_VERSION}.tgz
  COMMAND ${CMAKE_COMMAND} -DBUILD=${CMAKE_BINARY_DIR} -DSOURCE=${CMAKE_SOURCE_DIR} -DNAME=${MIGFS_PORTABLE} -DVERSION=${PROJECT_VERSION}
          -DCPU=${cpu} -DTAR=${TAR} -P ${CMAKE_SOURCE_DIR}/${npm}/pack.cmake
  DEPENDS ${MIGFS_PORTABLE}.tar.gz ${npm}/pack.cmake ${npm}/package.json.in ${npm}/README.md packaging/tar.cmake
  COMMENT "Packing migfs-${PROJECT_VERSION}.tgz" VERBATIM)
add_custom_target(npm DEPENDS migfs-${PROJECT_VERSION}.tgz)
add_dependencies(npm portable)
