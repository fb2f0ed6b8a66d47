# What can happen to the daemon itself: signals to the process and to each of its threads while it is read from, sudden death, a second
# one in its place, an unmount while it is busy, and no descriptors left.

source=$scratch/daemon-folder
view=$scratch/daemon-view
make_folder "$source" 4 4
mkdir -p "$view"
four="0000_step 0001_step 0002_step 0003_step"

# foreground [COMMAND…]: a daemon that is a child of ours, so that its status is seen; returns when the view is mounted and all threads
# serve. COMMAND starts it.
foreground() {
    "$@" "$migfs" -f --no-database "$source" "$view" >/dev/null 2>"$scratch/daemon.log" &
    daemon=$!
    echo "$daemon" >"$scratch/daemon.pid"
    eventually has_line "$scratch/daemon.log" "*is mounted on*"
    eventually has_threads 7
    # shellcheck disable=SC2207  # numbers
    tasks=($(printf '%s\n' "/proc/$daemon/task/"* | sort -t / -k 5 -n))
}

has_threads() {
    local tasks=("/proc/$daemon/task/"*)
    [ "${#tasks[@]}" -ge "$1" ]
}

# Readers until the file `enough` is there. Since the daemon ends under them, what they cannot read does not matter.
readers_begin() {
    rm -f "$scratch/enough"
    for _ in 1 2 3; do
        until [ -e "$scratch/enough" ]; do cat "$view"/status/* "$view/_journal.json" "$view/problems"; done >/dev/null 2>&1 &
    done
}

load_begin() {
    readers_begin
    until [ -e "$scratch/enough" ]; do ls -R "$view" && sync "$view/summary"; done >/dev/null 2>&1 &
}

load_end() {
    touch "$scratch/enough"
    wait
}

# ends_well: the daemon comes to its end with status 0 and leaves no mount.
ends_well() {
    local status=0
    eventually not kill -0 "$daemon" || kill -KILL "$daemon"
    wait "$daemon" || status=$?
    load_end
    [ "$status" -eq 0 ] || fail "it ended with status $status: $(cat "$scratch/daemon.log")" || return
    not is_mounted "$view" || fail "it left its mount"
}

threads="1 2 3 4 5 6 7" # the first one, those that serve, the notifier, the one that refreshes

# send SIGNAL [NUMBER]: to the process, as everybody does, or to its first, second, … thread alone, which kill(1) cannot.
send() {
    if [ $# -eq 1 ]; then
        fault "SIG$1 under load"
        kill "-$1" "$daemon"
    else
        fault "SIG$1 to thread $2 alone, under load"
        "${migfs%/*}/tests/faults/thread-signal" "$daemon" "${tasks[$2 - 1]##*/}" "$(kill -l "$1")"
    fi
}

signals_end_it() {
    local signal number
    for number in "" $threads; do
        for signal in TERM INT HUP; do
            foreground
            load_begin
            send "$signal" ${number:+"$number"}
            ends_well || return
        done
    done
}

# As a daemon that was started with all of them blocked.
signals_end_it_although_blocked() {
    local signal
    for signal in TERM INT HUP; do
        foreground env --block-signal
        send "$signal"
        ends_well || return
    done
}

shows_file() {
    has_line "$view/status/0003_step" "sha256: $(sha256sum "$source/0003_step.sql" | cut -d' ' -f1)"
}

# What is written through a link from elsewhere inotify does not tell; so nothing but the signal can have had it seen.
refreshes_by_signal() {
    local round number
    foreground
    readers_begin
    ln "$source/0003_step.sql" "$scratch/elsewhere"
    sync "$view/problems" # of the link itself inotify tells
    for round in 1 2 3; do
        for number in "" $threads; do
            echo "select $round$number;" >>"$scratch/elsewhere"
            not shows_file || fail "it is seen without a signal" || return
            send USR1 ${number:+"$number"}
            eventually shows_file || return
        done
    done
    rm "$scratch/elsewhere"
    kill "$daemon"
    ends_well
}

# Whatever a signal interrupts goes on.
signals_harm_nothing() {
    local number
    foreground
    load_begin
    for _ in {1..20}; do
        for number in "" $threads; do
            send USR1 ${number:+"$number"}
        done
        mv "$source/0003_step.sql" "$source/0004_step.sql"
        sync "$view/problems"
        problem_is "$view" missing || fail "what changed is not seen" || return
        mv "$source/0004_step.sql" "$source/0003_step.sql"
        sync "$view/problems"
        serves "$view" "$four"
    done
    not grep -v "is mounted on" "$scratch/daemon.log" || fail "it complained: $(cat "$scratch/daemon.log")" || return
    kill "$daemon"
    ends_well
}

cannot_read() {
    ! cat "$view/problems"
}

killed() {
    local begun
    foreground
    load_begin
    fault "SIGKILL under load"
    begun=$(milliseconds)
    kill -KILL "$daemon"
    wait "$daemon" || true
    eventually cannot_read
    figure "from SIGKILL until readers see errors" "$(($(milliseconds) - begun))"
    [ $(($(milliseconds) - begun)) -lt 10000 ] || fail "old truth is shown long after the daemon died" || return
    load_end
    # Without anybody's help, on the same place.
    foreground
    serves "$view" "$four"
    kill "$daemon"
    ends_well
}

second_daemon() {
    local status=0
    foreground
    fault "a second daemon on a live mount"
    "$migfs" --no-database "$source" "$view" 2>"$scratch/said" || status=$?
    [ "$status" -ne 0 ] && grep -q "already mounted" "$scratch/said" || fail "$(cat "$scratch/said")" || return
    serves "$view" "$four"
    kill "$daemon"
    ends_well
}

# A program that has a file open goes on reading it; the daemon stays as long as they do.
lazy_unmount() {
    local i
    for i in 1 2 3; do
        foreground
        load_begin
        exec 6<"$view/status/0001_step"
        fault "a lazy unmount while the view is read"
        fusermount3 -u -z "$view" || umount -l "$view"
        not is_mounted "$view"
        grep -q "state: journaled" <&6 || fail "what was open cannot be read" || return
        kill -0 "$daemon" || fail "it left who reads alone" || return
        exec 6<&-
        ends_well || return
    done
}

# With few descriptors it mounts and serves what is right, or says why it cannot; never anything else.
few_descriptors() {
    local most status served=0
    for ((most = 3; most < 30; most++)); do
        fault "at most $most descriptors from the start"
        status=0
        (ulimit -n "$most" && exec "$migfs" --no-database "$source" "$view") 2>"$scratch/said" || status=$?
        if [ "$status" -eq 0 ]; then
            # A view that stands is right.
            sync "$view/problems"
            serves "$view" "$four" && [ ! -s "$scratch/said" ] || grep -q "Too many open files" "$scratch/said" ||
                fail "with $most descriptors: $(cat "$scratch/said")" || return
            served=$((served + 1))
            fusermount3 -u "$view" || umount "$view"
        else
            [ -s "$scratch/said" ] || fail "with $most descriptors it failed without a word" || return
            not is_mounted "$view" || fail "with $most descriptors it failed and left a mount" || return
        fi
    done
    [ "$served" -gt 0 ]
}

# A daemon that serves loses its descriptors; what changes meanwhile is seen as soon as they are back.
descriptors_taken() {
    foreground
    fault "no descriptors left in a daemon that serves"
    prlimit --pid "$daemon" --nofile=3:
    cat "$view"/status/* "$view/_journal.json" >/dev/null
    ls -l "$view"/* >/dev/null
    rm "$source/0003_step.sql"
    write_journal "$source" 3
    eventually grep -q "could not be read again" "$scratch/daemon.log"
    serves "$view" "$four" || fail "the old view does not stand" || return
    prlimit --pid "$daemon" --nofile=1024:
    eventually serves "$view" "0000_step 0001_step 0002_step"
    make_folder "$source" 4 4
    eventually serves "$view" "$four"
    kill "$daemon"
    ends_well
}

tap_case "SIGTERM, SIGINT and SIGHUP end it cleanly under load, sent to the process or to any of its threads" signals_end_it
tap_case "signals that were blocked when it was started end it as well" signals_end_it_although_blocked
tap_case "SIGUSR1 refreshes, sent to the process or to any of its threads" refreshes_by_signal
tap_case "whatever SIGUSR1 interrupts under load goes on" signals_harm_nothing
tap_case "after SIGKILL readers see errors, and a new daemon takes the same place" killed
tap_case "a second daemon on a live mount is refused" second_daemon
tap_case "a lazy unmount lets those finish who read" lazy_unmount
# Closed by whoever starts it, as by some supervisors.
standard_descriptors_closed() {
    fault "started with its standard descriptors closed"
    "$migfs" --no-database "$source" "$view" <&- >&- 2>&-
    serves "$view" "$four"
    fusermount3 -u "$view" || umount "$view"
}

# A log that has reached the limit on the size of files (1 KiB) is like one on a full disk.
log_at_its_limit() {
    fault "a log that has reached the limit on the size of files"
    head -c 1024 /dev/zero >"$scratch/daemon.log"
    (ulimit -f 1 && exec "$migfs" -f --no-database "$source" "$view" >/dev/null 2>>"$scratch/daemon.log") &
    daemon=$!
    eventually serves "$view" "$four"
    mv "$source" "$source.gone"
    eventually grep -q 'source-missing' "$view/problems"
    mv "$source.gone" "$source"
    eventually serves "$view" "$four"
    [ "$(stat -c %s "$scratch/daemon.log")" -eq 1024 ] || fail "the limit was none" || return
    kill "$daemon"
    ends_well
}

tap_case "started with its standard descriptors closed it serves as well" standard_descriptors_closed
tap_case "a limit on the size of files, which its log has reached, ends nothing" log_at_its_limit
tap_case "with few descriptors it serves what is right or says why it cannot" few_descriptors
tap_case "a daemon that loses its descriptors keeps the view until it has them again" descriptors_taken
