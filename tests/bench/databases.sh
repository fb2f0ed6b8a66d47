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

# A view of the first COUNT of them.
mount_many() {
    local number
    options=()
    for ((number = 1; number <= $1; number++)); do options+=("--database=d$number=$(uri "many_$number")"); done
    mounted "$ledger_rows" "${options[@]}"
}

# `sync` returns when all have been read anew and the view stands. The first ones make the connections that are kept.
poll_of_all() {
    sync "$work/one/problems" && sync "$work/one/problems" || return
    measure -n 21 -s "$seconds" one -- sync "$work/one/problems" | awk '{ printf " %.0f ms |", $1 }'
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
    printf '| databases | until ready | a poll of all | connections kept | wake-ups a minute | processor seconds an hour | %s | %s |\n' \
        'a poll where the server has 100 places' 'connections kept there'
    printf '|---|---|---|---|---|---|---|---|\n'
    for count in $database_counts; do
        many_databases "$count" || return
        mount_many "$count"
        mount_down "$work/one"
        measure -n 5 -s "$seconds" -p 'mount_down "$work/one"' one -- "$migfs" "${options[@]}" "$work/source.$ledger_rows" \
            "$work/one" >"$work/row" || return
        mount_down "$work/one"
        mount_many "$count"
        printf '| %s | %.0f ms |%s %s |%s' "$count" "$(cut -d' ' -f1 "$work/row")" "$(poll_of_all)" "$(connections_kept)" \
            "$(idle "$idle_seconds")"
        mount_down "$work/one"
        server_with_places 100 || return
        mount_many "$count"
        printf '%s %s |\n' "$(poll_of_all)" "$(connections_kept)"
        mount_down "$work/one"
        server_with_places "$places" || return
    done
}
