# The target `portable`: migfs-VERSION-linux-ARCH.tar.gz, with everything that the program needs of the machine but the kernel.
set(MIGFS_PORTABLE migfs-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})

add_executable(migfs-launcher EXCLUDE_FROM_ALL packaging/portable/launcher.c)
set_target_properties(migfs-launcher PROPERTIES POSITION_INDEPENDENT_CODE OFF)
target_link_options(migfs-launcher PRIVATE -static -s $<$<C_COMPILER_ID:Clang>:-Wno-unused-command-line-argument>)
add_executable(migfs-alone EXCLUDE_FROM_ALL src/cli/main.c packaging/portable/alone.c)
# The C library loads libgcc_s by itself where a thread is cancelled, and aborts where there is none.
target_link_libraries(migfs-alone PRIVATE migfs-all -Wl,--push-state,--no-as-needed gcc_s -Wl,--pop-state)
target_link_options(migfs-alone PRIVATE -s)

find_program(TAR tar REQUIRED)
add_custom_command(
  OUTPUT ${MIGFS_PORTABLE}.tar.gz
  COMMAND ${CMAKE_COMMAND} -DBUILD=${CMAKE_BINARY_DIR} -DSOURCE=${CMAKE_SOURCE_DIR} -DNAME=${MIGFS_PORTABLE}
          -DLAUNCHER=$<TARGET_FILE:migfs-launcher> -DPROGRAM=$<TARGET_FILE:migfs-alone>
          -DLIBPQ=${LIBPQ_LIBDIR}/${MIGFS_LIBPQ} -DOBJDUMP=${CMAKE_OBJDUMP} -DTAR=${TAR} -DSYSROOT=${CMAKE_SYSROOT} -P ${CMAKE_SOURCE_DIR}/packaging/portable/pack.cmake
  DEPENDS migfs-launcher migfs-alone completions compressed packaging/portable/pack.cmake packaging/tar.cmake LICENSE docs/CHANGELOG.md
  COMMENT "Packing ${MIGFS_PORTABLE}.tar.gz" VERBATIM)
add_custom_target(portable DEPENDS ${MIGFS_PORTABLE}.tar.gz)

add_custom_target(portable-arm64 COMMAND ${CMAKE_SOURCE_DIR}/packaging/arm64/build ${CMAKE_BINARY_DIR} USES_TERMINAL VERBATIM)
