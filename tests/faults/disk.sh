# What can become of the folder, and of the disk it is on, while it is mounted and read.

source=$scratch/disk/folder
view=$scratch/disk-view
mkdir -p "$scratch/disk"
make_folder "$source" 4 4
three="0000_step 0001_step 0002_step"
four="$three 0003_step"

seen() {
    sync "$view/problems" && serves "$view" "$1"
}

begin_disk() {
    up "$view" --no-database "$source"
    serves "$view" "$four"
}

# Without a word to the daemon: it must hear by itself.
folder_removed() {
    local before
    before=$(stat --format=%i "$source")
    fault "the folder is removed"
    mv "$source" "$scratch/disk/kept"
    eventually problem_is "$view" source-missing
    ls "$view" "$view/migrations" >/dev/null
    fault "another folder comes in its place"
    cp -r "$scratch/disk/kept" "$source"
    [ "$(stat --format=%i "$source")" != "$before" ]
    rm "$source/0003_step.sql"
    write_journal "$source" 3
    eventually serves "$view" "$three"
    fault "the folder and all above it are removed"
    rm -rf "$scratch/disk"
    eventually problem_is "$view" source-missing
    mkdir "$scratch/disk"
    make_folder "$source" 4 4
    eventually serves "$view" "$four"
}

branch_changed() {
    local tree=$scratch/tree point=$scratch/tree-view
    git init -q -b main "$tree"
    git -C "$tree" -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m "No migrations"
    git -C "$tree" switch -q -c work
    make_folder "$tree/drizzle" 4 4
    git -C "$tree" add . && git -C "$tree" -c user.name=t -c user.email=t@example.org commit -q -m "Migrations"
    up "$point" --no-database "$tree/drizzle"
    local i
    for i in 1 2 3; do
        fault "git switches to a branch without the folder"
        git -C "$tree" switch -q main
        eventually problem_is "$point" source-missing
        fault "git switches back"
        git -C "$tree" switch -q work
        eventually serves "$point" "$four"
    done
    mount_down "$point"
}

# changed_while_read KIND FILE: what is open when the file changes stays the version that was opened, or cannot be read: never a mixture.
changed_while_read() {
    local kind=$1 file=$2 before after
    before=$(sha256sum <"$source/$file")
    exec 5<"$view/migrations/$file"
    head -c 100 <&5 >"$scratch/read"
    case $kind in
    replaced) printf '%s\n' "select 'replaced';" >"$source/new" && mv "$source/new" "$source/$file" ;;
    truncated) : >"$source/$file" ;;
    appended) echo "select 'appended';" >>"$source/$file" ;;
    rewritten) yes "-- rewritten" | head -c "$(stat --format=%s "$source/$file")" | dd of="$source/$file" conv=notrunc status=none ;;
    esac
    fault "a file of $(wc -c <"$scratch/old") bytes is $kind while it is read"
    sync "$view/problems"
    # Past what was read ahead.
    if cat <&5 >>"$scratch/read" 2>"$scratch/said"; then
        after=$(sha256sum <"$scratch/read")
        [ "$after" = "$before" ] || fail "a mixture was read of a file that was $kind" || return
    else
        grep -q "Input/output error" "$scratch/said" || fail "$(cat "$scratch/said")" || return
    fi
    exec 5<&-
    cmp "$view/migrations/$file" "$source/$file" || fail "the new version is not shown"
}

files_changed_while_read() {
    local kind
    for kind in replaced truncated appended rewritten; do
        seq 1 3000 | sed 's/^/select /; s/$/;/' >"$source/0003_step.sql"
        cp "$source/0003_step.sql" "$scratch/old"
        sync "$view/problems"
        changed_while_read "$kind" 0003_step.sql
        seq 1 300000 | sed 's/^/-- seen /' >"$source/0003_step.sql" # larger than what is held
        cp "$source/0003_step.sql" "$scratch/old"
        sync "$view/problems"
        changed_while_read "$kind" 0003_step.sql
    done
    echo "select 3;" >"$source/0003_step.sql"
}

half_written_journal() {
    local whole i
    write_journal "$source" 4
    whole=$(cat "$source/meta/_journal.json")
    sync "$view/problems"
    for i in 0 1 10 200 400 $((${#whole} - 1)); do
        fault "a journal of which $i bytes are written"
        printf %s "${whole:0:i}" >"$source/meta/_journal.json"
        sync "$view/problems"
        is_refused "$view" || fail "a journal of $i bytes is served: $(cat "$view/_journal.json")" || return
        problem_is "$view" journal-unreadable || fail "$(cat "$view/problems")" || return
    done
    printf %s "$whole" >"$source/meta/_journal.json"
    eventually serves "$view" "$four"
    cmp "$view/_journal.json" "$source/meta/_journal.json"
}

# Whoever reads meanwhile gets a whole journal of one of the two kinds, or is refused while it is half written.
journal_rewritten() {
    local reads=0 refused=0 tags
    fault "the journal is rewritten 1000 times in a row"
    write_journal "$source" 4
    cp "$source/meta/_journal.json" "$scratch/four.json"
    write_journal "$source" 3
    cp "$source/meta/_journal.json" "$scratch/three.json"
    node -e '
        const [file, ...kinds] = process.argv.slice(1);
        const bytes = kinds.map((kind) => fs.readFileSync(kind));
        for (let i = 0; i <= 1000; i++) fs.writeFileSync(file, bytes[i % 2]);
    ' "$source/meta/_journal.json" "$scratch/four.json" "$scratch/three.json" &
    while kill -0 $! 2>/dev/null; do
        reads=$((reads + 1))
        if tags "$view" 2>/dev/null; then
            # With three entries the fourth file goes behind them: both serve the same tags.
            [ "$tags" = "$four" ] || fail "read: $tags" || return
        else
            refused=$((refused + 1))
        fi
    done
    wait $!
    echo "$reads reads, $refused refused" >>"$scratch/remarks"
    eventually cmp "$view/_journal.json" "$scratch/four.json"
}

# More events than the kernel keeps while nobody takes them; the last of them is among the lost.
queue_overflows() {
    local daemon
    daemon=$(daemon_of "$view")
    kill -STOP "$daemon"
    fault "the queue of inotify overflows"
    node -e '
        const [folder, most] = process.argv.slice(1);
        for (let i = 0; i < Number(most); i++) fs.utimesSync(`${folder}/000${i % 4}_step.sql`, 1e9 + i, 1e9 + i);
    ' "$source" "$(($(cat /proc/sys/fs/inotify/max_queued_events) + 100))"
    mkdir "$source/later"
    rm "$source/0003_step.sql"
    write_journal "$source" 3
    kill -CONT "$daemon"
    eventually serves "$view" "$three"
    # The watches still work, also of the folder that came meanwhile.
    echo "select 1;" >"$source/later/x.sql"
    eventually test -e "$view/migrations/later/x.sql"
    echo "select 3;" >"$source/0003_step.sql"
    write_journal "$source" 4
    eventually serves "$view" "$four"
}

# unwatched LIMIT: with nothing left of what inotify needs, in a user namespace whose limits are its own.
unwatched() {
    fault "nothing left of $1"
    unshare --user --map-root-user --mount bash -c '
        set -eu
        . tests/lib/mount.sh
        echo 0 >"/proc/sys/user/$1"
        mkdir -p "$scratch/unwatched"
        "$migfs" --no-database --poll=0.2 "$source" "$scratch/unwatched" 2>"$scratch/said"
        trap "fusermount3 -u \"$scratch/unwatched\" || umount \"$scratch/unwatched\"" EXIT
        mv "$source/0003_step.sql" "$source/0004_step.sql"
        eventually test -e "$scratch/unwatched/status/0004_step"
        mv "$source/0004_step.sql" "$source/0003_step.sql"
        eventually serves "$scratch/unwatched" "$four"
    ' bash "$1" || fail "$(cat "$scratch/said")"
}

no_watches_left() {
    # shellcheck disable=SC2046,SC2163  # all of them
    export -f $(compgen -A function)
    export scratch migfs source patience four
    unwatched max_inotify_watches
    unwatched max_inotify_instances
}

full_disk() {
    local small=$scratch/small point=$scratch/small-view
    mkdir -p "$small"
    mount -t tmpfs -o size=256k tmpfs "$small"
    make_folder "$small/drizzle" 4 4
    head -c 1M /dev/zero >"$small/fill" 2>/dev/null || true
    fault "the disk is full"
    not sh -c 'echo x >"$1"' sh "$small/one" 2>/dev/null
    (cd "$small" && TMPDIR=$small HOME=$small up "$point" --no-database "$small/drizzle")
    serves "$point" "$four"
    rm "$small/drizzle/0003_step.sql"
    sync "$point/problems"
    problem_is "$point" missing
    mount_down "$point"
    umount "$small"
}

# As root, but without its power over permissions.
permission_taken() {
    # shellcheck disable=SC2054  # the commas are setpriv's
    local point=$scratch/plain-view plain=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search)
    mount_up "$point" "${plain[@]}" "$migfs" --no-database "$source" "$point"
    fault "the permission to read one file is taken away"
    chmod 000 "$source/0002_step.sql"
    eventually problem_is "$point" bad-file
    grep -q "0002_step.sql: error: .*[Pp]ermission" "$point/problems" || fail "$(cat "$point/problems")" || return
    cat "$point/status/0001_step" "$point/status/0003_step" "$point/migrations/0001_step.sql" >/dev/null
    chmod 644 "$source/0002_step.sql"
    eventually not problem_is "$point" bad-file
    serves "$point" "$four"
    fault "the permission to read the journal is taken away"
    chmod 000 "$source/meta/_journal.json"
    eventually is_refused "$point"
    chmod 644 "$source/meta/_journal.json"
    eventually serves "$point" "$four"
    local folder
    for folder in "$source/meta" "$source"; do
        fault "the permission to read a folder is taken away"
        chmod 000 "$folder"
        eventually is_refused "$point"
        grep -q "cannot be read: Permission denied" "$point/problems" || fail "$(cat "$point/problems")" || return
        ls "$point/status" >/dev/null
        chmod 755 "$folder"
        eventually serves "$point" "$four"
    done
    mount_down "$point"
}

tap_case "a view without a database" begin_disk
tap_case "a folder that is removed and made again is followed without a word" folder_removed
tap_case "git switching to a branch without the folder and back is followed" branch_changed
tap_case "files changed while they are read are read whole as they were, or not at all" files_changed_while_read
tap_case "a half-written journal is refused until it is whole" half_written_journal
tap_case "a journal rewritten a thousand times in a row is never read torn" journal_rewritten
tap_case "when the queue of events overflows, nothing is missed" queue_overflows
tap_case "without watches the folder is looked at by the clock" no_watches_left
if [ "$(id -u)" -eq 0 ]; then
    tap_case "on a full disk nothing is missing, since nothing is written" full_disk
    tap_case "what may not be read any more is told, and the rest stays readable" permission_taken
else
    echo "ok - a full disk and a permission taken away # SKIP only root can make them"
fi
tap_case "the view of the folder ends as it should" mount_down "$view"
