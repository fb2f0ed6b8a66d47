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
