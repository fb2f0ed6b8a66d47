# The target `image`: migfs-VERSION-linux-ARCH.image.tar, for `docker load` and `podman load`. Made by buildah, without a registry.
find_program(BUILDAH buildah)
set(image ${MIGFS_PORTABLE}.image.tar)
set(buildah ${BUILDAH} --storage-driver vfs --root ${CMAKE_BINARY_DIR}/image/storage --runroot ${CMAKE_BINARY_DIR}/image/run)
if(BUILDAH)
  add_custom_command(
    OUTPUT ${image}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${image} image/${MIGFS_PORTABLE}
    # The modes in the tarball do not depend on the umask, those of portable/ do.
    COMMAND ${CMAKE_COMMAND} -E make_directory image
    COMMAND ${TAR} -xpzf ${MIGFS_PORTABLE}.tar.gz -C image
    COMMAND ${CMAKE_COMMAND} -E env BUILDAH_ISOLATION=chroot
            ${buildah} build --quiet --timestamp 499162500 -f ${CMAKE_SOURCE_DIR}/packaging/image/Dockerfile -t migfs:${PROJECT_VERSION} image/${MIGFS_PORTABLE}
    COMMAND ${buildah} push --quiet migfs:${PROJECT_VERSION} docker-archive:${image}:migfs:${PROJECT_VERSION}
    COMMAND ${buildah} rmi --all --force
    DEPENDS ${MIGFS_PORTABLE}.tar.gz packaging/image/Dockerfile
    COMMENT "Building ${image}" VERBATIM)
  add_custom_target(image DEPENDS ${image})
else()
  add_custom_target(image COMMAND ${CMAKE_COMMAND} -E echo "buildah is missing (Debian: buildah)" COMMAND ${CMAKE_COMMAND} -E false VERBATIM)
endif()
add_dependencies(image portable)
