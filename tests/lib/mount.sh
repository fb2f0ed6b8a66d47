# Mounts and unmounts with nothing left to chance. For bash, to be sourced. Knows only that migfs returns once its view stands
# and that its daemon keeps the descriptors it was given.

# mount_up POINT COMMAND…: makes the folder POINT and runs COMMAND, which mounts there and returns.
mount_up() {
    local point=$1
    shift
    mkdir -p "$point" || return
    # The daemon inherits the lock: it is free again when the daemon has ended, and not before.
    (flock 9 && exec "$@") 9>"$point.lock"
}

# mount_down POINT: unmounts and returns when the daemon has ended; fine when nothing is mounted there.
mount_down() {
    local point=$1
    # By the table of mounts: a dead one no longer answers for itself.
    if findmnt --mountpoint "$point" >/dev/null; then
        fusermount3 -u "$point" || umount "$point" || return
    fi
    [ -e "$point.lock" ] || return 0
    if ! flock --timeout 60 "$point.lock" true; then
        echo "mount_down: the daemon of $point did not end" >&2
        return 1
    fi
    rm -f "$point.lock"
}

# unmount_new POINT: unmounts what has appeared there just now, where its daemon, started with -f, still looks at it for a moment.
unmount_new() {
    local i
    for ((i = 0; i < 600; i++)); do
        if umount "$1" 2>/dev/null; then return; fi
        sleep 0.05
    done
    umount "$1"
}

# mount_for_all_users SCRIPT [ARGUMENT…]: to be called first by a suite in which ordinary users mount, with its own name and arguments. As root
# it starts the suite again in a mount namespace of its own, where /dev/fuse is a node of the tests' own that everybody may open, as
# Debian's udev has it; the machine's own node stays as it is. Returns when that is so already, or when we are not root.
mount_for_all_users() {
    [ "$(id -u)" -eq 0 ] && [ -c /dev/fuse ] && [ -z "${MIGFS_TEST_OWN_FUSE:-}" ] || return 0
    MIGFS_TEST_OWN_FUSE=yes exec unshare --mount --propagation=private bash tests/lib/own_fuse "$@"
}
