# The figures that the effects' goals speak of, beside each goal, in a minute. For tests/bench/run.
# shellcheck disable=SC2154,SC2034 # what tests/bench/run sets, and what it reads

bench_speed() {
    printf '\n### Speed of effects\n\n| what | goal | median | least | most |\n|---|---|---|---|---|\n'
    local size
    for size in $effects_sizes; do
        # The largest real folder has 343 migrations of 1.5 KB.
        case $size in
        343) speed_of_effects "$size" 1500 'all SQL read after the view stands' '100 ms' || return ;;
        1000) speed_of_effects "$size" 4096 'all SQL read from the start' '500 ms' || return ;;
        10000) speed_of_effects "$size" 4096 'all SQL read from the start' '5000 ms' || return ;;
        *) speed_of_effects "$size" 4096 'all SQL read from the start' - || return ;;
        esac
    done
    speed_of_an_edit "$size" 4096 && speed_of_the_catalogs "$tables"
}

# three_of NUMBERS-ON-STANDARD-INPUT: median, least and most, as cells.
three_of() {
    sort -n | awk -v unit="$1" '{ value[NR] = $1 } END { printf " %s%s | %s%s | %s%s |\n", value[int((NR + 1) / 2)], unit, value[1], unit, value[NR], unit }'
}

speed_folder() {
    speed_source=$work/speed.$1.$2
    [ -d "$speed_source" ] || node tests/bench/folder.mjs "$1" "$speed_source" "$work/speed.sql" "$2"
}

speed_of_effects() {
    local turn start stands read
    speed_folder "$1" "$2" || return
    for ((turn = 0; turn < speed_turns; turn++)); do
        start=$(date +%s%N)
        mount_up "$work/one" "$migfs" --no-database "$speed_source" "$work/one" || return
        stands=$(date +%s%N)
        sync "$work/one/problems"
        read=$(date +%s%N)
        mount_down "$work/one"
        case $3 in *'after the view'*) start=$stands ;; esac
        echo $(((read - start) / 1000000))
    done >"$work/row"
    printf '| %s migrations of %s bytes: %s | %s |%s\n' "$1" "$2" "$3" "$4" "$(three_of ' ms' <"$work/row")"
}

# Of one file that is edited in a folder of many: the texts that are sent to the parser, which the kernel is asked for, and the time until
# its effects are shown.
speed_of_an_edit() {
    local turn start file
    speed_folder "$1" "$2" || return
    file=$(find "$speed_source" -maxdepth 1 -name '*_change_number_7.sql')
    mounted_from "$speed_source"
    sync "$work/one/problems"
    for ((turn = 0; turn < speed_turns; turn++)); do
        echo "alter table \"table_7_0\" add \"c$turn\" int;" >>"$file"
        start=$(date +%s%N)
        sync "$work/one/problems"
        echo $((($(date +%s%N) - start) / 1000000))
    done >"$work/row"
    printf '| 1 of %s files edited: until `sync` returns | - |%s\n' "$1" "$(three_of ' ms' <"$work/row")"
    for ((turn = 0; turn < speed_turns; turn++)); do
        texts_sent "alter table \"table_7_0\" add \"d$turn\" int;" "$file"
    done >"$work/row"
    printf '| 1 of %s files edited: texts sent to the parser | 1 |%s\n' "$1" "$(three_of '' <"$work/row")"
    mount_down "$work/one"
}

mounted_from() {
    mount_up "$work/one" "$migfs" "${@:2}" --no-database "$1" "$work/one" || fail "cannot mount"
    daemon=$(ps -o nlwp=,pid= -p "$(pgrep -d, -f "^$migfs .*$work/one\$")" | sort -n | awk 'END { print $2 }')
}

# texts_sent LINE FILE: each is one message to a worker that holds SQL.
texts_sent() {
    strace -f -s 64 -e trace=sendto -o "$work/sent" -p "$daemon" 2>"$work/strace" &
    local tracer=$!
    until grep -q attached "$work/strace"; do sleep 0.05; done
    echo "$1" >>"$2"
    sync "$work/one/problems"
    kill "$tracer"
    wait "$tracer" 2>/dev/null
    grep -c 'CREATE TABLE' "$work/sent"
}

# The processor time that the server needs, by its own log, for a read by a new connection with the catalogs of a database of so many tables,
# each with nine columns and three indexes.
speed_of_the_catalogs() {
    local number log=$work/pg/postgres.log logged uri
    uri=$(postgres_database bench_catalogs) || return
    for ((number = 0; number < $1; number++)); do
        printf 'create table t%s (id serial primary key, a text not null unique, b int, c int, d text, e text, f jsonb, g timestamptz default now(), h bool default true); create index on t%s (b, c);' "$number" "$number"
    done >"$work/tables.sql"
    postgres_bin_psql bench_catalogs "$work/tables.sql" || return
    postgres_query bench_catalogs 'analyze; alter database bench_catalogs set log_statement_stats = on'
    speed_folder 343 1500 || return
    mount_up "$work/one" "$migfs" --poll=3600 --database="$uri" "$speed_source" "$work/one" || return
    for ((number = 0; number < 3 * speed_turns; number++)); do
        logged=$(stat -c %s "$log")
        sync "$work/one/problems"
        tail -c "+$((logged + 1))" "$log" | awk '/ s elapsed/ { ms = ($2 + $5) * 1000 } /STATEMENT:.*pg_policy/ { printf "%d\n", ms }'
    done >"$work/row"
    mount_down "$work/one"
    printf '| %s tables in a database: the server'\''s processor time for ledger and catalogs | 70 ms |%s\n' "$1" "$(three_of ' ms' <"$work/row")"
}
