# Fifty databases on one mount, one of which falls silent. Whether the others had to wait for it is told by the order of events: it
# has so long a time to answer that it is not yet known to be dead when the others must have been read again.

source=$scratch/many-folder
many=$scratch/many
make_folder "$source" 4 3
export MIGFS_TEST_PGHOST=$scratch/pg

# The fifty are one database under fifty names, so that one statement changes them all.
begin_fifty() {
    local i options=()
    postgres_start "$scratch/pg" -c max_connections=120
    # Those that answer share a few sessions: with fifty of their own the server would be busy for seconds at each poll.
    pooler_start "$scratch/pg"
    postgres_database fifty >/dev/null
    postgres_query fifty "$(rows "$source" 2)"
    rm -f "$scratch/port"
    node tests/faults/proxy.mjs "$scratch/pg/.s.PGSQL.5432" "$scratch/port" >"$scratch/proxy.log" 2>&1 &
    echo $! >"$scratch/silent.pid"
    eventually test -s "$scratch/port"
    for i in {1..49}; do options+=(--database="alive$i=host=$scratch/pg port=6432 dbname=fifty user=postgres"); done
    up "$many" "${options[@]}" --poll=1 --timeout=300 \
        --database="silent=host=127.0.0.1 port=$(cat "$scratch/port") dbname=fifty user=postgres sslmode=disable" "$source"
    all_have "$many" 0002_step pending 50
}

# all_have POINT TAG STATE COUNT
all_have() {
    [ "$(grep -c "^database [a-z0-9]*: $3\$" "$1/status/$2")" -eq "$4" ]
}

one_of_fifty_is_dead() {
    local begun
    look "$many" "healthy, 50 databases"
    fault "one of fifty databases falls silent"
    kill -STOP "$(cat "$scratch/silent.pid")"
    postgres_query fifty "$(rows "$source" 3)"
    begun=$(milliseconds)
    eventually all_have "$many" 0002_step applied 49
    figure "49 databases read again beside a silent one, polled each second" "$(($(milliseconds) - begun))"
    not is_unreadable "$many" || fail "the silent database's time was over: the others may have waited for it"
    look "$many" "while one of 50 databases is silent"
    kill -CONT "$(cat "$scratch/silent.pid")"
    eventually all_have "$many" 0002_step applied 50
    mount_down "$many"
    kill "$(cat "$scratch/silent.pid")"
}

tap_case "fifty databases on one mount" begin_fifty
tap_case "one dead database of fifty delays none of the others" one_of_fifty_is_dead
pooler_stop "$scratch/pg"
postgres_stop "$scratch/pg"
