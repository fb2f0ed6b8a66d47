# PgBouncer in front of a test's PostgreSQL: a reading by migfs takes half of the server's time when it needs no session of its own, which
# begins with empty caches. For bash, to be sourced after tests/lib/postgres.sh, for suites that read some thousand times; some of those
# readings shall go to the server directly.

# pooler_start DIR: one in transaction mode for the cluster in DIR, whose socket is beside that of the cluster; exports MIGFS_TEST_POOLER_PORT.
pooler_start() {
    cat >"$1/pooler.ini" <<INI
[databases]
* = host=$1 user=postgres
[pgbouncer]
unix_socket_dir = $1
listen_port = 6432
listen_addr =
auth_type = any
pool_mode = transaction
default_pool_size = 4
pidfile = $1/pooler.pid
INI
    postgres_as pgbouncer --quiet --daemon "$1/pooler.ini" >"$1/pooler.log" 2>&1 || {
        cat "$1/pooler.log" >&2
        return 1
    }
    export MIGFS_TEST_POOLER_PORT=6432
}

# pooler_stop DIR: fine when it does not run.
pooler_stop() {
    if [ -e "$1/pooler.pid" ]; then kill "$(cat "$1/pooler.pid")"; fi
}
