# One PostgreSQL and everything that can become of it. Two views of the same folder and database are mounted all the while: `quick` gives a
# database one second and soon says that it cannot be read; `patient` gives it so long that, whatever hangs, what is read from its mount
# meanwhile cannot have waited for the database.

source=$scratch/folder
quick=$scratch/quick
patient=$scratch/patient
make_folder "$source" 4 3
all_four="0000_step 0001_step 0002_step 0003_step"

export MIGFS_TEST_PGHOST=$scratch/pg # which tests/lib/postgres.sh sets in the subshell of a test only

sql() {
    postgres_query shop "$1"
}

# The backends that serve our daemons.
ours="from pg_stat_activity where datname = 'shop' and usename = 'asked'"

cut_connections() {
    sql "select pg_terminate_backend(pid) $ours" >/dev/null
}

start_server() {
    postgres_start "$scratch/pg" -c max_connections=16
}

# A server whose postmaster was killed cannot start before its last process has noticed.
start_server_again() {
    eventually start_server
}

postmaster() {
    head -n 1 "$scratch/pg/data/postmaster.pid"
}

# The view is as it was before the fault, without any help.
is_right() {
    serves "$1" "$all_four" && ! is_unreadable "$1" && state_is "$1" 0001_step applied && state_is "$1" 0002_step pending
}

# broken WHAT: both views answer; the quick one soon tells, and refuses the journal. By then the patient one, which asks each second as well,
# waits for an answer.
broken() {
    eventually is_unreadable "$quick" || return
    look "$patient" "while $1" && not is_unreadable "$patient" && serves "$patient" "$all_four" || fail "the patient view" || return
    look "$quick" "while $1" || return
    is_refused "$quick" || fail "the journal is not refused" || return
    state_is "$quick" 0003_step unjournaled || fail "the last view is gone" || return
    grep -q "^database default: unknown" "$quick/status/0001_step" || fail "$(cat "$quick/status/0001_step")"
}

# recovers WHAT: the quick view is right again by itself.
recovers() {
    local begun
    begun=$(milliseconds)
    eventually is_right "$quick" || { cat "$quick/problems"; return 1; }
    figure "right again after $1" "$(($(milliseconds) - begun))"
}

# ---- before anything is broken ----

starts_without_a_server() {
    fault "no server at start"
    up "$quick" --database="host=$scratch/pg dbname=shop user=asked password=hush" --poll=0.2 --timeout=1 "$source" 2>"$scratch/said"
    grep -q database-unreadable "$scratch/said" || fail "nothing was said of it" || return
    is_refused "$quick"
    look "$quick" "without a server at start"
}

server_comes_later() {
    start_server
    cat >"$scratch/pg/data/pg_hba.conf" <<'HBA'
local all asked scram-sha-256
local all all trust
HBA
    postgres_query postgres "select pg_reload_conf()" >/dev/null
    postgres_query postgres "create role asked login password 'hush'"
    postgres_database shop >/dev/null
    sql "$(rows "$source" 2)
        grant usage on schema drizzle to asked; grant select on drizzle.__drizzle_migrations to asked"
    recovers "the server came"
}

begin_healthy() {
    up "$patient" --database="host=$scratch/pg dbname=shop user=asked password=hush" --poll=0.7 --timeout=60 "$source"
    local i
    for i in 1 2 3 4 5 6 7; do look "$quick" "healthy" && look "$patient" "healthy"; done
    eventually is_right "$quick" # a second may be too short at any time
    is_right "$patient"
}

# ---- faults ----

stopped() {
    local family
    family="$(postmaster) $(pgrep -P "$(postmaster)" | paste -sd' ')"
    fault "SIGSTOP to the server"
    # shellcheck disable=SC2086  # several
    kill -STOP $family
    # shellcheck disable=SC2086
    broken "the server is stopped" || { kill -CONT $family; return 1; }
    # shellcheck disable=SC2086
    kill -CONT $family
    recovers "the server was stopped"
}

# hold_lock: somebody holds the ledger's lock until release_lock.
hold_lock() {
    "$postgres_bin/psql" -qX -h "$scratch/pg" -U postgres -d shop \
        -c "begin; lock table drizzle.__drizzle_migrations in access exclusive mode; select pg_sleep(600)" >/dev/null 2>&1 &
    eventually lock_is_held
}

lock_is_held() {
    [ "$(sql "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted
        and relation = 'drizzle.__drizzle_migrations'::regclass")" -gt 0 ]
}

release_lock() {
    sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()" >/dev/null
}

waits_for_lock() {
    [ "$(sql "select count(*) $ours and wait_event_type = 'Lock'")" -gt 0 ]
}

locked() {
    fault "ACCESS EXCLUSIVE on the ledger"
    hold_lock
    broken "the ledger is locked" || { release_lock; return 1; }
    eventually grep -q "somebody holds a lock on it" "$quick/problems" || { fail "$(cat "$quick/problems")"; release_lock; return 1; }
    release_lock
    recovers "the ledger was locked"
}

killed_in_mid_query() {
    hold_lock
    eventually waits_for_lock
    fault "SIGKILL to the server in mid-query"
    # shellcheck disable=SC2046  # several
    kill -KILL "$(postmaster)" $(pgrep -P "$(postmaster)") || true
    wait
    eventually is_unreadable "$quick"
    look "$quick" "while the server is dead"
    look "$patient" "while the server is dead"
    is_refused "$quick"
    start_server_again
    recovers "the server was killed"
    eventually is_right "$patient"
}

restarted() {
    fault "the server restarts"
    postgres_stop "$scratch/pg" fast
    look "$patient" "while the server is away"
    start_server_again
    recovers "the server restarted"
}

sleepers_are() {
    [ "$(sql "select count(*) from pg_stat_activity where query = 'select pg_sleep(601)'")" -eq "$1" ]
}

# Of the 16 places three are kept for superusers, who may take the others as well: so once thirteen of them are asleep nobody else
# gets in, and nobody has to fight for the last place.
out_of_connections() {
    fault "out of connections"
    for _ in {1..13}; do
        "$postgres_bin/psql" -qX -h "$scratch/pg" -U postgres -d shop -c "select pg_sleep(601)" >/dev/null 2>&1 &
    done
    eventually sleepers_are 13
    cut_connections
    eventually is_unreadable "$quick"
    look "$quick" "while out of connections"
    look "$patient" "while out of connections"
    # What was cut off in mid-reading says so first.
    eventually grep -qi "too many clients\|connection slots" "$quick/problems" || fail "$(cat "$quick/problems")" || return
    is_refused "$quick" || fail "the journal is not refused" || return
    sql "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(601)'" >/dev/null
    eventually sleepers_are 0
    wait
    recovers "out of connections"
}

password_changed() {
    fault "the password is changed"
    sql "alter role asked password 'another'"
    cut_connections
    eventually is_unreadable "$quick"
    look "$quick" "while the password is wrong"
    is_refused "$quick"
    not grep -rqs hush "$quick" || fail "the password is in the view"
    sql "alter role asked password 'hush'"
    recovers "the password was wrong"
}

permission_revoked() {
    fault "the permission is revoked"
    sql "revoke select on drizzle.__drizzle_migrations from asked"
    broken_at_once "the permission is revoked"
    grep -q GRANT "$quick/problems" || fail "$(cat "$quick/problems")"
    sql "grant select on drizzle.__drizzle_migrations to asked"
    recovers "the permission was revoked"
}

# As `broken` where the server itself says no at once, to both.
broken_at_once() {
    eventually is_unreadable "$quick"
    look "$quick" "while $1"
    look "$patient" "while $1"
    is_refused "$quick"
}

# A ledger that is not there is a fresh database and no fault of the database.
is_fresh() {
    serves "$1" "$all_four" && state_is "$1" 0001_step pending && ! is_unreadable "$1"
}

table_dropped() {
    fault "the table is dropped"
    sql "drop table drizzle.__drizzle_migrations"
    eventually is_fresh "$quick"
    sql "$(rows "$source" 2)"
    fault "the new table may not be read"
    broken_at_once "the new table may not be read"
    sql "grant select on drizzle.__drizzle_migrations to asked"
    recovers "the table was dropped"
}

table_renamed() {
    fault "the table is renamed"
    sql "alter table drizzle.__drizzle_migrations rename to kept"
    eventually is_fresh "$quick"
    sql "alter table drizzle.kept rename to __drizzle_migrations"
    recovers "the table was renamed"
}

is_matched_by_name() {
    grep -q $'\tx\t0001_step\tname$' "$1/databases/default/ledger" && state_is "$1" 0001_step applied
}

columns_of_v1() {
    fault "the table gets the columns of v1"
    sql "alter table drizzle.__drizzle_migrations add name text, add applied_at timestamptz;
        update drizzle.__drizzle_migrations set hash = 'x', created_at = created_at + 1, name = '0001_step' where created_at = $(stamp 1)"
    eventually is_matched_by_name "$quick"
    eventually serves "$quick" "$all_four"
    sql "alter table drizzle.__drizzle_migrations drop name, drop applied_at; $(rows "$source" 2)"
    recovers "the columns of v1"
}

a_million_rows() {
    fault "a million rows"
    sql "alter table drizzle.__drizzle_migrations drop constraint __drizzle_migrations_pkey; -- made as a whole in a third of the time
        insert into drizzle.__drizzle_migrations select i, 'nobody ' || i, i from generate_series(1000, 1000999) i;
        alter table drizzle.__drizzle_migrations add primary key (id)"
    eventually is_unreadable "$quick"
    look "$quick" "while there are a million rows"
    look "$patient" "while there are a million rows"
    is_refused "$quick"
    sql "$(rows "$source" 2)"
    recovers "a million rows"
}

# ---- the network between ----

start_proxy() {
    rm -f "$scratch/port"
    node tests/faults/proxy.mjs "$scratch/pg/.s.PGSQL.5432" "$scratch/port" "$@" >"$scratch/proxy.log" 2>&1 &
    echo $! >"$scratch/proxy.pid"
    eventually test -s "$scratch/port"
}

# Connections that nobody takes out of the queue, until the kernel drops what comes.
fill_queue() {
    local i
    for i in 1 2 3 4; do
        timeout "$patience" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && read -r <&3' bash "$(cat "$scratch/port")" >/dev/null 2>&1 &
        echo $! >>"$scratch/fillers.pid"
    done
    eventually is_dropping
}

is_dropping() {
    ! timeout 1 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"' bash "$(cat "$scratch/port")"
}

# shellcheck disable=SC2046  # several
packets_dropped() {
    start_proxy
    local wire=$scratch/wire port
    port=$(cat "$scratch/port")
    up "$wire" --database="host=127.0.0.1 port=$port dbname=shop user=postgres sslmode=disable" --poll=0.2 --timeout=1 "$source"
    eventually is_right "$wire"
    fault "an established connection falls silent"
    kill -STOP "$(cat "$scratch/proxy.pid")"
    eventually is_unreadable "$wire"
    look "$wire" "while the connection is silent"
    is_refused "$wire"
    fault "the port drops packets"
    fill_queue
    eventually grep -q "did not accept a connection" "$wire/problems"
    look "$wire" "while the port drops packets"
    is_refused "$wire"
    kill $(cat "$scratch/fillers.pid") 2>/dev/null || true
    kill -CONT "$(cat "$scratch/proxy.pid")"
    quick=$wire recovers "packets were dropped"
    fault "nobody listens on the port"
    kill "$(cat "$scratch/proxy.pid")"
    eventually is_unreadable "$wire"
    grep -q "refused" "$wire/problems" || fail "$(cat "$wire/problems")"
    start_proxy "$port"
    quick=$wire recovers "nobody listened on the port"
    mount_down "$wire"
    kill "$(cat "$scratch/proxy.pid")"
}

# In a mount namespace of its own, so that /etc/hosts can be another.
name_gone() {
    start_proxy
    # shellcheck disable=SC2046,SC2163  # all of them
    export -f $(compgen -A function)
    export scratch migfs source patience all_four postgres_bin
    unshare --mount --propagation private bash -c 'set -eu; trap "mount_down \"\$scratch/named\"" EXIT; name_gone_inside'
    kill "$(cat "$scratch/proxy.pid")"
}

name_gone_inside() {
    local wire=$scratch/named port
    port=$(cat "$scratch/port")
    echo "127.0.0.1 localhost" >"$scratch/hosts"
    mount --bind "$scratch/hosts" /etc/hosts
    echo "127.0.0.1 database.invalid" >>"$scratch/hosts"
    up "$wire" --database="host=database.invalid port=$port dbname=shop user=postgres sslmode=disable" --poll=0.2 --timeout=2 "$source"
    eventually is_right "$wire"
    fault "the host name is not known any more"
    echo "127.0.0.1 localhost" >"$scratch/hosts"
    kill "$(cat "$scratch/proxy.pid")"
    eventually grep -q 'host name "database.invalid" is not known' "$wire/problems"
    look "$wire" "while the host name is not known"
    is_refused "$wire"
    start_proxy "$port"
    echo "127.0.0.1 database.invalid" >>"$scratch/hosts"
    quick=$wire recovers "the host name was not known"
}

# ---- --stale=serve ----

stale_is_served() {
    local stale=$scratch/stale before
    up "$stale" --stale=serve --database="host=$scratch/pg dbname=shop user=asked password=hush" --poll=0.2 --timeout=1 "$source"
    eventually is_right "$stale"
    before=$(cat "$stale/_journal.json")
    fault "the server goes, with --stale=serve"
    postgres_stop "$scratch/pg"
    eventually is_unreadable "$stale"
    [ "$(cat "$stale/_journal.json")" = "$before" ] || fail "what was read before is not served"
    mount_down "$stale"
    fault "the server was never there, with --stale=serve"
    up "$stale" --stale=serve --database="host=$scratch/pg dbname=shop user=asked password=hush" --poll=0.2 --timeout=1 "$source" 2>/dev/null
    is_refused "$stale"
    mount_down "$stale"
    start_server_again
    recovers "the server went"
}

# ---- our session ----

nobody_rests() {
    [ "$(sql "select count(*) from pg_stat_activity where usename = 'resting'")" -eq 0 ]
}

# On this machine not even a connection is.
nothing_held_between_polls() {
    local rest=$scratch/rest
    up "$rest" --database="host=$scratch/pg dbname=rested user=resting" --poll=3600 "$source"
    eventually nobody_rests || fail "$(sql "select * from pg_stat_activity where usename = 'resting'")" || return
    sql "create database copied template rested"
    sync "$rest/problems"
    sql "drop database rested" || return
    mount_down "$rest"
}

bouncer_start() {
    mkdir -p "$scratch/bouncer"
    cat >"$scratch/bouncer/ini" <<INI
[databases]
trap = host=$scratch/pg user=writer dbname=shop
* = host=$scratch/pg user=postgres
[pgbouncer]
unix_socket_dir = $scratch/bouncer
listen_port = 6432
listen_addr =
auth_type = any
pool_mode = transaction
default_pool_size = 1
server_reset_query =
server_login_retry = 1
pidfile = $scratch/bouncer/pid
INI
    if [ "$(id -u)" -eq 0 ]; then chown -R postgres "$scratch/bouncer"; fi
    postgres_as pgbouncer --quiet "$scratch/bouncer/ini" >"$scratch/bouncer.log" 2>&1 &
    eventually test -S "$scratch/bouncer/.s.PGSQL.6432"
    cp "$scratch/bouncer/pid" "$scratch/bouncer.pid"
}

through_the_pooler() {
    local pooled=$scratch/pooled
    bouncer_start
    up "$pooled" --database="postgresql:///shop?host=$scratch/bouncer&port=6432&user=postgres&pgbouncer=true" --poll=0.2 --timeout=1 \
        "$source" 2>/dev/null
    eventually is_right "$pooled"
    fault "the pooler is stopped"
    kill -STOP "$(cat "$scratch/bouncer.pid")"
    eventually is_unreadable "$pooled"
    look "$pooled" "while the pooler is stopped"
    is_refused "$pooled"
    kill -CONT "$(cat "$scratch/bouncer.pid")"
    quick=$pooled recovers "the pooler was stopped"
    fault "the server restarts behind the pooler"
    postgres_stop "$scratch/pg" fast
    start_server_again
    quick=$pooled recovers "the server restarted behind the pooler"
    fault "the pooler is killed"
    kill -KILL "$(cat "$scratch/bouncer.pid")"
    rm -f "$scratch/bouncer/.s.PGSQL.6432" "$scratch/bouncer/pid"
    eventually is_unreadable "$pooled"
    is_refused "$pooled"
    bouncer_start
    quick=$pooled recovers "the pooler was killed"
    mount_down "$pooled"
}

# A ledger that would write when it is read, by a user who may write anything, through a pooler that keeps no session.
never_writes() {
    local pooled=$scratch/pooled
    sql "create table written (at timestamptz);
        create function write_it() returns bigint language sql volatile as 'insert into public.written values (now()) returning 1::bigint';
        create schema trap; grant usage on schema trap to public;
        create view trap.__drizzle_migrations as select 1 as id, 'x'::text as hash, write_it() as created_at;
        create role writer superuser login; alter role writer set log_statement = 'all'"
    fault "a ledger that writes when it is read"
    up "$pooled" --migrations-schema=trap --database="host=$scratch/bouncer port=6432 dbname=trap" --poll=0.2 "$source" \
        2>/dev/null
    is_unreadable "$pooled"
    grep -q "read-only transaction" "$pooled/problems" || fail "$(cat "$pooled/problems")"
    mount_down "$pooled"
    [ "$(sql "select count(*) from written")" -eq 0 ] || fail "it wrote" || return
    # Everything that this user's session was told begins a transaction that only reads, or ends it.
    sed -n 's/.*LOG:  statement: //p' "$scratch/pg/postgres.log" | grep -vE "^BEGIN ISOLATION LEVEL (READ COMMITTED|REPEATABLE READ) READ ONLY;" | sort | uniq -c
    grep -q "statement: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY.*BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" "$scratch/pg/postgres.log" || fail "the log has nothing of us"
    kill "$(cat "$scratch/bouncer.pid")"
}

unmount_cleanly() {
    local left
    mount_down "$quick"
    mount_down "$patient"
    left=$(sql "select count(*) $ours")
    [ "$left" -eq 0 ] || eventually gone_from_server
}

gone_from_server() {
    [ "$(sql "select count(*) $ours")" -eq 0 ]
}

tap_case "a server that is not there at the start is told, and the view stands" starts_without_a_server
tap_case "a server that comes later is read without a restart" server_comes_later
tap_case "a healthy database" begin_healthy
tap_case "a server that accepts and never answers holds up nobody" stopped
tap_case "a ledger that somebody has locked holds up nobody, and is told as such" locked
tap_case "a server killed in mid-query is read again when it is back" killed_in_mid_query
tap_case "a server that restarts is read again" restarted
tap_case "a server that is out of connections is told as such" out_of_connections
tap_case "a password that was changed is told without it" password_changed
tap_case "a permission that was revoked is told with what mends it" permission_revoked
tap_case "a table that was dropped is a fresh database, and read when it is made again" table_dropped
tap_case "a table that was renamed is a fresh database, and read when it is back" table_renamed
tap_case "the columns of v1 are used as they come and go" columns_of_v1
tap_case "a million rows are refused, not fetched" a_million_rows
tap_case "a silent connection, a port that drops packets and one that refuses hold up nobody" packets_dropped
if [ "$(id -u)" -eq 0 ]; then
    tap_case "a host name that is not known any more is told, and looked up again" name_gone
else
    echo "ok - a host name that is not known any more is told # SKIP only root can change what names are known"
fi
tap_case "with --stale=serve what was read before is served, and nothing that never was" stale_is_served
sql "create role resting login; grant usage on schema drizzle to resting; grant select on drizzle.__drizzle_migrations to resting"
sql "create database rested"
tap_case "between polls nothing of ours is at the server, so that the database can be copied and dropped" nothing_held_between_polls
tap_case "through a pooler in transaction mode, faults behind and in front of it mend themselves" through_the_pooler
tap_case "our session cannot write, not even as superuser through a pooler" never_writes
tap_case "at the end no session and no mount is left" unmount_cleanly

postgres_stop "$scratch/pg"
