# Many databases at once: how long a poll of all takes, and what it costs to do nothing else. For tests/bench/run.
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

bench_databases() {
    local count made=0 number options
    printf '\n### Databases with %s rows each\n\n' $((ledger_rows * 9 / 10))
    printf '| databases | until ready | a poll of all | wake-ups a minute | processor seconds an hour |\n|---|---|---|---|---|\n'
    for count in $database_counts; do
        many_databases "$count" || return
        options=()
        for ((number = 1; number <= count; number++)); do options+=("--database=d$number=$(uri "many_$number")"); done
        mkdir -p "$work/one"
        measure -n 5 -s "$seconds" -p 'mount_down "$work/one"' one -- "$migfs" "${options[@]}" "$work/source.$ledger_rows" \
            "$work/one" >"$work/row" || return
        mount_down "$work/one"
        mounted "$ledger_rows" "${options[@]}"
        printf '| %s | %.0f ms |' "$count" "$(cut -d' ' -f1 "$work/row")"
        # `sync` returns when all have been read anew and the view stands.
        printf ' %.0f ms |%s\n' "$(measure -n 21 -s "$seconds" one -- sync "$work/one/problems" | cut -d' ' -f1)" "$(idle "$idle_seconds")"
        mount_down "$work/one"
    done
}
