# How a mount begins and ends: signals, an unmount while it is busy, other mounts at its place or with its numbers, dead ones, and what stands
# against mounting. For tests/mount/run, whose tools it uses.

signal_ends() {
    local signal task
    for signal in TERM INT HUP; do
        up
        kill "-$signal" "$daemon"
        ended_well
        up
        task=$(find "/proc/$daemon/task" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -n 1)
        kill "-$signal" "$task"
        ended_well
    done
}

usr1_refreshes() {
    up
    echo changed >"$source/status/1"
    cat "$mount/status/1" >/dev/null
    kill -USR1 "$daemon"
    until [ "$(cat "$mount/status/1")" = changed ]; do sleep 0.01; done
    down_all
}

busy_mount() {
    local busy
    up
    tail -f "$mount/anchor" >/dev/null 2>&1 &
    busy=$!
    (cd "$mount/status" && exec tail -f /dev/null >/dev/null 2>&1) &
    until_open "$busy" "$mount/anchor"
    busy="$busy $!"
    fails fusermount3 -u "$mount"
    cat "$mount/anchor"
    exec 8<"$mount/status"
    kill "$daemon"
    ended_well
    fails ls /proc/self/fd/8/
    exec 8<&-
    # shellcheck disable=SC2086  # two numbers
    kill $busy
}

# until_open PROCESS FILE
until_open() {
    until find "/proc/$1/fd" -lname "$2" | grep -q .; do sleep 0.01; done
}

# The mount is taken away lazily and another put in its place: the end of the first must not touch the second.
other_mount_at_the_same_place() {
    local first busy
    up
    first=$daemon
    tail -f "$mount/anchor" >/dev/null 2>&1 &
    busy=$!
    until_open "$busy" "$mount/anchor"
    umount --lazy "$mount"
    mount -t tmpfs tmpfs "$mount"
    kill "$first"
    flock --timeout 60 "$mount.lock" true
    mountpoint -q "$mount"
    umount "$mount"
    kill "$busy"
}

# The kernel gives the numbers of a mount that has gone to the next one. A daemon that learns late that its own has ended, here since it is
# stopped, must not take that one for its own.
the_next_mount_is_not_its_own() {
    local first second=$scratch/other numbers next _
    for _ in $(seq 50); do # another suite's mount may get them
        up
        first=$daemon
        numbers=$(numbers_of "$mount")
        kill -STOP "$first"
        fusermount3 -u "$mount"
        daemon=$(ENGINE_RECORD=$scratch/second mount_up "$second" "$build/engine" "$source" "$second")
        next=$(numbers_of "$second")
        kill -CONT "$first"
        ended_well
        cat "$second/anchor"
        mountpoint "$second"
        mount_down "$second"
        [ "$next" != "$numbers" ] || return 0
    done
    echo "another mount got the numbers each time"
    return 1
}

# numbers_of MOUNT: that of the mount and that of its device.
numbers_of() {
    findmnt --noheadings --output ID,MAJ:MIN --mountpoint "$1" | xargs
}

# The folder above the mount point is moved, and something else put where it was.
moved_mount_is_found() {
    up
    down_all
    mkdir "$scratch/above" "$scratch/above/point"
    daemon=$(mount_up "$scratch/above/point" "$build/engine" "$source" "$scratch/above/point")
    mv "$scratch/above" "$scratch/moved"
    mkdir -p "$scratch/above/point"
    mount -t tmpfs tmpfs "$scratch/above/point"
    touch "$scratch/above/point/stays"
    cat "$scratch/moved/point/anchor"
    kill "$daemon"
    flock --timeout 60 "$scratch/moved/point.lock" true
    ! mountpoint -q "$scratch/moved/point"
    [ -e "$scratch/above/point/stays" ]
    umount "$scratch/above/point"
    rm -r "$scratch/above" "$scratch/moved"
}

# The last one who refers to the mount waits for the kernel to clear its caches away. That must be the child, however slowly the daemon gets
# to run: here it closes its own reference a third of a second late.
the_child_is_the_last_to_let_go() {
    local tracer
    export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # which cannot be done while somebody traces
    up
    strace -f -y -p "$daemon" -P "$mount" -P /proc/self/fd/3 -e trace=close,umount2 -e inject=close:delay_enter=300000 \
        -o "$scratch/trace" 2>"$scratch/said" &
    tracer=$!
    until grep -q attached "$scratch/said"; do sleep 0.01; done
    kill "$daemon"
    ended_well
    wait "$tracer"
    cat "$scratch/trace"
    grep -nE 'close\(.*\) += 0|close resumed' "$scratch/trace" | head -n 1 | cut -d : -f 1 >"$scratch/closed"
    grep -n 'umount2(' "$scratch/trace" | head -n 1 | cut -d : -f 1 >"$scratch/detached"
    [ "$(cat "$scratch/closed")" -lt "$(cat "$scratch/detached")" ]
}

ends_while_all_changes() {
    local i load
    for i in $(seq $((rounds / 30))); do
        up --every
        (while echo "$RANDOM" >"$source/status/1" && rm "$source/status/1"; do :; done) >/dev/null 2>&1 &
        load=$!
        (while :; do ls -l "$mount/status" && sync "$mount" "$mount/anchor"; done) >/dev/null 2>&1 &
        load="$load $!"
        sync "$mount/anchor" && sync "$mount"
        if [ $((i % 2)) = 0 ]; then kill "$daemon"; else fusermount3 -uz "$mount"; fi
        # shellcheck disable=SC2086  # two numbers
        kill $load || true
        # shellcheck disable=SC2086  # the next round begins with the folder to itself
        wait $load || true
        ended_well
    done
}

# Within two seconds, wherever one stands and whatever the kernel remembers.
killed_daemon_is_an_error() {
    up
    ls -lR "$mount" >/dev/null
    cat "$mount/anchor" "$mount/status/1" >/dev/null
    exec 8<"$mount/status"
    kill -KILL "$daemon"
    flock "$mount.lock" true
    sleep 2
    fails ls "$mount"
    fails stat "$mount"
    fails cat "$mount/anchor"
    fails cat "$mount/status/1"
    fails ls "/proc/self/fd/8/"
    exec 8<&-
}

dead_mount_is_cleared() {
    local i
    up
    cat "$mount/anchor"
    for i in 1 2; do
        kill -KILL "$daemon"
        flock "$mount.lock" true
        daemon=$(mount_up "$mount" "$build/engine" "$source" "$mount")
        cat "$mount/anchor"
    done
    [ "$(grep -c " $mount " /proc/self/mountinfo)" = 1 ]
    fusermount3 -u "$mount"
    ended_well
}

# One of them clears the dead mount away and mounts; the other one finds it, and neither takes it off nor mounts over it.
two_at_once_on_a_dead_mount() {
    local i one
    up
    for i in $(seq 10); do
        kill -KILL "$daemon"
        flock "$mount.lock" true
        for one in 1 2; do
            (flock --shared 9 && exec "$build/engine" "$source" "$mount") 9>"$mount.lock" >"$scratch/pid$one" 2>"$scratch/said$one" &
        done
        wait
        daemon=$(cat "$scratch/pid1" "$scratch/pid2")
        [ "$(wc -w <<<"$daemon")" = 1 ]
        cat "$scratch/said1" "$scratch/said2" | grep -q 'a migfs is already mounted here'
        [ "$(grep -c " $mount " /proc/self/mountinfo)" = 1 ]
        cat "$mount/anchor"
    done
    fusermount3 -u "$mount"
    ended_well
}

# refused_with SENTENCE COMMAND…: it fails, and says this, with no word of what is not the cause.
refused_with() {
    local sentence=$1 word
    shift
    if "$@" >"$scratch/said" 2>&1; then return 1; fi
    grep -qF -e "$sentence" "$scratch/said" || { cat "$scratch/said"; return 1; }
    for word in fusermount3 /dev/fuse container; do
        [[ $sentence == *"$word"* ]] || ! grep -F "$word" "$scratch/said" || return 1
    done
}

folder_in_use_is_refused() {
    mkdir -p "$scratch/full" && touch "$scratch/full/file"
    refused_with "is not empty" "$build/engine" "$source" "$scratch/full"
    fresh_source
    mount_up "$scratch/full" "$build/engine" -o nonempty "$source" "$scratch/full"
    cat "$scratch/full/anchor"
    mount_down "$scratch/full"
    [ -e "$scratch/full/file" ]
}

live_mount_is_refused() {
    up
    refused_with "already mounted here; unmount it first: fusermount3 -u" "$build/engine" "$source" "$mount"
    ln -sfn "$mount" "$scratch/other-way"
    refused_with "already mounted here; unmount it first: fusermount3 -u" "$build/engine" "$source" "$scratch/other-way"
    cat "$mount/anchor"
}

what_stands_against_it_is_said() {
    up
    mkdir -p "$scratch/folder"
    refused_with "no such folder" "$build/engine" "$source" "$scratch/nowhere"
    refused_with "is not a folder" "$build/engine" "$source" "$source/anchor"
    refused_with "unknown option" "$build/engine" -o nonsense "$source" "$scratch/folder"
    if [ "$(id -u)" = 0 ]; then
        refused_with "no /dev/fuse; load the kernel's module (modprobe fuse), or start the container with" unshare --mount sh -c \
            'mount -t tmpfs tmpfs /dev && exec "$@"' sh "$build/engine" "$source" "$scratch/folder"
    fi
}

as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env -u ENGINE_RECORD)

# Each only where it is the cause.
what_keeps_a_user_from_mounting_is_said() {
    install -d -o 65534 -g 65534 "$scratch/theirs"
    refused_with "/dev/fuse is closed to this user" unshare --mount sh -c '
        mount -t tmpfs -o mode=755 tmpfs "$1" && mknod -m 600 "$1/fuse" c 10 229 && mount --bind "$1/fuse" /dev/fuse && umount -l "$1" &&
        shift && exec "$@"' sh "$scratch/folder" "${as_nobody[@]}" "$build/engine" "$source" "$scratch/theirs"
    refused_with "/dev/fuse lies in a file system that is mounted with nodev; start the container with" unshare --mount sh -c '
        mount -t tmpfs -o mode=755,nodev tmpfs "$1" && mknod -m 600 "$1/fuse" c 10 229 && mount --bind "$1/fuse" /dev/fuse && umount -l "$1" &&
        shift && exec "$@"' sh "$scratch/folder" "$build/engine" "$source" "$scratch/theirs"
    refused_with "no_new_privs is set, so fusermount3 cannot mount; start without it (NoNewPrivileges=no in a unit, allowPrivilegeEscalation: true in a container)" \
        setpriv --no-new-privs "${as_nobody[@]}" "$build/engine" "$source" "$scratch/theirs"
    refused_with "since it lacks CAP_SYS_ADMIN; start the container with --device /dev/fuse" \
        setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$build/engine" "$source" "$scratch/folder"
}

without_root() {
    [ "$(id -u)" = 0 ] || return 0
    up
    install -d -o 65534 -g 65534 "$scratch/other"
    refused_with "fusermount3 is not there, and without it only root may mount; install fuse3" "${as_nobody[@]}" PATH=/nowhere "$build/engine" "$source" "$scratch/other"
    if ! grep -q ^user_allow_other /etc/fuse.conf; then
        refused_with "user_allow_other" "${as_nobody[@]}" "$build/engine" -o allow_other "$source" "$scratch/other"
    fi
    mount_up "$scratch/other" "${as_nobody[@]}" "$build/engine" "$source" "$scratch/other"
    "${as_nobody[@]}" diff -r --no-dereference --exclude refused "$source" "$scratch/other"
    fails cat "$scratch/other/anchor" # nobody else, not even root
    "${as_nobody[@]}" fusermount3 -u "$scratch/other"
    flock --timeout 60 "$scratch/other.lock" true
}

others_when_asked() {
    [ "$(id -u)" = 0 ] || return 0
    up -o allow_other
    "${as_nobody[@]}" cat "$mount/anchor"
    "${as_nobody[@]}" sync "$mount/anchor"
    chmod 600 "$source/anchor"
    sync "$mount/version"
    fails "${as_nobody[@]}" cat "$mount/anchor"
}
