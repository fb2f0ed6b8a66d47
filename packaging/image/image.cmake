# The target `image`: migfs-VERSION-linux-ARCH.image.tar, for `docker load` and `podman load`. Made by buildah, without a registry.
set(image ${MIGFS_PORTABLE}.image.tar)
set(buildah buildah --storage-driver vfs --root ${CMAKE_BINARY_DIR}/image/storage --runroot ${CMAKE_BINARY_DIR}/image/run)
add_custom_command(
  OUTPUT ${image}
  # Looked for when it is used: a configured build directory finds what has been installed since.
  COMMAND sh -c "command -v buildah >/dev/null || { echo 'buildah is missing (Debian: buildah)'; exit 1; }"
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
add_dependencies(image portable)
