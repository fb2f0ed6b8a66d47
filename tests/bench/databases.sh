# Many databases at once: how long a poll of all takes, on a server with places for all and on one with PostgreSQL's usual hundred, and what
# it costs to do nothing else. For tests/bench/run.
# shellcheck disable=SC2154,SC2034 # what tests/bench/run sets, and what it reads

ledger_rows=340

# Databases many_1 to many_COUNT, each with a ledger of its own; those that are there stay.
many_databases() {
    local number
    folder "$ledger_rows"
    for ((number = made + 1; number <= $1; number++)); do
        postgres_query postgres "create database many_$number template bench_$ledger_rows strategy file_copy" || return
        made=$number
    done
}

# A view of the first COUNT of them: mount_many COUNT [OPTION…]
mount_many() {
    local number
    options=("${@:2}")
    for ((number = 1; number <= $1; number++)); do options+=("--database=d$number=$(uri "many_$number")"); done
    mounted "$ledger_rows" "${options[@]}"
}

# `sync` returns when the folder, all ledgers and all catalogs have been read anew and the view stands. The first ones make the connections that are
# kept.
sync_of_all() {
    sync "$work/one/problems" && sync "$work/one/problems" || return
    measure -n 21 -s "$seconds" one -- sync "$work/one/problems" | awk '{ printf " %.0f ms |", $1 }'
}

# Transactions that migfs has committed in the databases, of which a poll of one has two: for the runs, and for the rows.
committed() {
    postgres_query postgres "select sum(xact_commit) from pg_stat_database where datname like 'many\\_%'"
}

# polls_of_all COUNT: how long a poll of all takes when each database is polled again after the shortest pause that there is.
polls_of_all() {
    local before after started
    mount_many "$1" --poll=0.01
    sync "$work/one/problems"
    sleep 2
    before=$(committed) started=$(date +%s%N)
    sleep $((idle_seconds + 2)) # a session reports what it has committed once a second
    after=$(committed)
    awk -v polls=$(((after - before) / 2)) -v databases="$1" -v nanoseconds=$(($(date +%s%N) - started)) \
        'BEGIN { printf " %.1f ms |", nanoseconds / 1e6 * databases / polls - 10 }'
    mount_down "$work/one"
}

connections_kept() {
    postgres_query postgres "select count(*) from pg_stat_activity where application_name = 'migfs'"
}

server_with_places() {
    postgres_stop "$work/pg" && postgres_start "$work/pg" -c max_connections="$1"
}

bench_databases() {
    local count made=0 options
    printf '\n### Databases with %s rows each\n\n' $((ledger_rows * 9 / 10))
    printf '| databases | until ready | a poll of all | a `sync` | connections kept | resident | wake-ups a minute | processor seconds an hour | %s | %s | %s |\n' \
        'a poll where the server has 100 places' 'a `sync` there' 'connections kept there'
    printf '|---|---|---|---|---|---|---|---|---|---|---|\n'
    for count in $database_counts; do
        many_databases "$count" || return
        mount_many "$count"
        mount_down "$work/one"
        measure -n 5 -s "$seconds" -p 'mount_down "$work/one"' one -- "$migfs" "${options[@]}" "$work/source.$ledger_rows" \
            "$work/one" >"$work/row" || return
        mount_down "$work/one"
        printf '| %s | %.0f ms |%s' "$count" "$(cut -d' ' -f1 "$work/row")" "$(polls_of_all "$count")"
        mount_many "$count"
        printf '%s %s | %s MB |%s' "$(sync_of_all)" "$(connections_kept)" "$(resident_mb)" "$(idle "$idle_seconds")"
        mount_down "$work/one"
        server_with_places 100 || return
        printf '%s' "$(polls_of_all "$count")"
        mount_many "$count"
        printf '%s %s |\n' "$(sync_of_all)" "$(connections_kept)"
        mount_down "$work/one"
        server_with_places "$places" || return
    done
}
