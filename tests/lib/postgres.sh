# PostgreSQL clusters that live as long as a test. For bash, to be sourced; the caller has `set -eu` on or checks the
# status of each call. A cluster listens on a Unix socket in its own folder and nowhere else, so any number of tests may run at
# the same time. It knows nothing of migfs.
#
#     . tests/lib/postgres.sh
#     postgres_start "$work/pg"              exports MIGFS_TEST_PGHOST and PATH; status 77 where there is no PostgreSQL
#     uri=$(postgres_database shop)          postgresql:///shop?host=…&user=postgres
#     postgres_stop "$work/pg"

# postgres_find: sets postgres_bin; to be called again where the server may have been installed since this was sourced.
# shellcheck disable=SC2012  # no such folder has an odd name
postgres_find() {
    postgres_bin=${MIGFS_TEST_PGBIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
}
postgres_find

# Runs a command as a user that a server accepts to run as: `postgres` when we are root, else ourselves.
postgres_as() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
    else
        (cd / && exec "$@")
    fi
}

# postgres_start DIR [SERVER-OPTION…]: makes a cluster in DIR/data unless there is one, and starts it. DIR is made where it is
# missing, must be absolute and short enough for a socket's name; its parents must let the user `postgres` through. The files are in the
# folder MIGFS_TEST_MEMORY where tests/run gives one, and DIR/data leads to them: a database is 300 files, and ext4 takes ten times as long
# for new ones while it remembers those that were deleted just before. The catalogs of several databases fit into the shared buffers: what does
# not, each new session reads from files again.
# Options are such as `-c max_connections=20`. Everybody may connect as anybody; edit DIR/data/pg_hba.conf to change that.
postgres_start() {
    local directory=$1
    shift
    if [ ! -x "$postgres_bin/initdb" ]; then
        echo "postgres_start: no PostgreSQL server is installed (or set MIGFS_TEST_PGBIN)" >&2
        return 77
    fi
    mkdir -p "$directory" || return
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres "$directory" && chmod 755 "$directory" || return
    fi
    if ! postgres_as test -w "$directory"; then
        echo "postgres_start: $directory: a folder above it does not let the user postgres through" >&2
        return 1
    fi
    if [ ! -d "$directory/data" ]; then
        postgres_room "$directory" && postgres_make "$directory" || return
    fi
    postgres_as "$postgres_bin/pg_ctl" --pgdata="$directory/data" --log="$directory/postgres.log" --wait --silent \
        -o "-c listen_addresses='' -c unix_socket_directories='$directory' -c fsync=off -c full_page_writes=off \
            -c synchronous_commit=off -c shared_buffers=64MB -c autovacuum=off $*" start >&2 || {
        tail -n 20 "$directory/postgres.log" >&2
        return 1
    }
    export MIGFS_TEST_PGHOST=$directory
    # What Debian has on the PATH is a script in Perl that chooses a version: psql starts in a quarter of the time without it.
    case :$PATH: in *:"$postgres_bin":*) ;; *) export PATH=$postgres_bin:$PATH ;; esac
}

# postgres_make DIR: a new cluster in DIR/data. What tests/run starts makes one, MIGFS_TEST_CLUSTER, and copies it: that takes a tenth of the time.
postgres_make() {
    local kept=${MIGFS_TEST_CLUSTER:-}
    if [ -n "$kept" ] && [ -n "${MIGFS_TEST_MEMORY:-}" ]; then
        (flock 9 && { [ -e "$kept" ] || { rm -rf "$kept.new" && mkdir "$kept.new" && postgres_own "$kept.new" && postgres_init "$kept.new" "$1" && mv "$kept.new" "$kept"; }; }) \
            9>"$kept.lock" && cp -a "$kept/." "$1/data/"
    else
        postgres_init "$1/data" "$1"
    fi
}

# postgres_init DATA DIR: DIR takes the log.
postgres_init() {
    postgres_as "$postgres_bin/initdb" --pgdata="$1" --username=postgres --auth=trust --no-sync \
        --encoding=UTF8 --locale=C.UTF-8 >"$2/initdb.log" 2>&1 || {
        cat "$2/initdb.log" >&2
        return 1
    }
}

postgres_own() {
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$1"; fi
}

# postgres_room DIR: an empty folder for its data, in memory if there is room.
postgres_room() {
    local room
    [ -n "${MIGFS_TEST_MEMORY:-}" ] || return 0
    mkdir -p "$MIGFS_TEST_MEMORY" && room=$(mktemp -d "$MIGFS_TEST_MEMORY/XXXXXX") && ln -s "$room" "$1/data" &&
        postgres_own "$room"
}

# postgres_stop DIR [MODE]: stops the cluster of DIR (immediately, or as pg_ctl's MODE says); fine when it does not run. Its files stay.
postgres_stop() {
    if postgres_as "$postgres_bin/pg_ctl" --pgdata="$1/data" --silent status >/dev/null 2>&1; then
        postgres_as "$postgres_bin/pg_ctl" --pgdata="$1/data" --mode="${2:-immediate}" --wait --silent stop >&2
    fi
}

# postgres_query DATABASE SQL [OPTION…]: runs SQL as the superuser and prints bare rows, columns apart by tabs. OPTION is one of psql's.
postgres_query() {
    "$postgres_bin/psql" --no-psqlrc --quiet --tuples-only --no-align --field-separator=$'\t' \
        --set=ON_ERROR_STOP=1 --host="$MIGFS_TEST_PGHOST" --username=postgres --dbname="$1" --command="$2" "${@:3}"
}

# postgres_database NAME: makes an empty database, after dropping what bore its name, and prints its URI. NAME is letters, digits and `_`.
postgres_database() {
    PGOPTIONS='-c client_min_messages=warning' \
        postgres_query postgres "drop database if exists \"$1\" with (force)" --command="create database \"$1\" strategy file_copy" &&
        printf 'postgresql:///%s?host=%s&user=postgres\n' "$1" "$MIGFS_TEST_PGHOST"
}
