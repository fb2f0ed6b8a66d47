# What all parts of the fault tests share: a folder of migrations, mounts on it, waiting with a bound, and the tally of faults and
# figures. For bash, to be sourced after tests/lib; `scratch` and `migfs` are set. It knows no fault.

# shellcheck disable=SC2034  # for those who source this

patience=60 # seconds; a bound for what must happen, not for how fast

# ---- the tally; in files, since every test runs in a subshell ----

# fault WHAT: one fault is injected.
fault() {
    printf '%s\n' "$*" >>"$scratch/faults"
}

# figure WHAT MILLISECONDS: for the report; decides nothing.
figure() {
    printf '%s: %s ms\n' "$1" "$2" >>"$scratch/figures"
}

milliseconds() {
    local now=$EPOCHREALTIME
    echo "$((${now/[.,]/} / 1000))"
}

fail() {
    echo "$*"
    return 1
}

# eventually COMMAND…: repeats it until it succeeds; fails when patience ends. Prints nothing.
eventually() {
    local end=$((SECONDS + patience))
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$end" ]; then
            echo "never came true within $patience s: $*"
            return 1
        fi
        read -rt 0.02 <>"$scratch/pause" || true # a pause without a process
    done
}

not() {
    ! "$@"
}

# ---- a folder of migrations ----

# stamp INDEX: the `when` of a migration.
stamp() {
    echo "$((1700000000000 + $1 * 100000))"
}

# write_journal FOLDER COUNT: a journal of the first COUNT migrations; replaced as a whole.
write_journal() {
    local i comma=
    {
        printf '{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": ['
        for ((i = 0; i < $2; i++)); do
            printf '%s\n    {\n      "idx": %d,\n      "version": "7",\n      "when": %s,\n' "$comma" "$i" "$(stamp "$i")"
            printf '      "tag": "%04d_step",\n      "breakpoints": true\n    }' "$i"
            comma=,
        done
        printf '\n  ]\n}'
    } >"$1/journal.new"
    mkdir -p "$1/meta" && mv "$1/journal.new" "$1/meta/_journal.json"
}

# make_folder FOLDER FILES ENTRIES: migrations 0000_step, 0001_step, …, the first ENTRIES of which are in the journal.
make_folder() {
    local i
    mkdir -p "$1/meta" || return
    for ((i = 0; i < $2; i++)); do
        printf 'create table step_%d (id int);\n' "$i" >"$1/$(printf '%04d_step.sql' "$i")"
    done
    write_journal "$1" "$3"
}

# rows FOLDER COUNT: the SQL that puts the first COUNT migrations into the ledger, as the runner would.
rows() {
    local i
    echo 'create schema if not exists drizzle;
        create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
        truncate drizzle.__drizzle_migrations;'
    for ((i = 0; i < $2; i++)); do
        printf "insert into drizzle.__drizzle_migrations (hash, created_at) values ('%s', %s);\n" \
            "$(sha256sum "$1/$(printf '%04d_step.sql' "$i")" | cut -d' ' -f1)" "$(stamp "$i")"
    done
}

# ---- what is seen through a mount; asked again and again by who waits, therefore with few processes ----

# tags POINT: sets `tags` to those that its _journal.json lists, in order; fails when it is refused.
tags() {
    local journal
    tags=
    journal=$(cat "$1/_journal.json") || return
    while [[ $journal == *'"tag": "'* ]]; do
        journal=${journal#*'"tag": "'}
        tags+="${tags:+ }${journal%%'"'*}"
    done
}

serves() {
    local tags
    tags "$1" && [ "$tags" = "$2" ]
}

# has_line FILE PATTERN: a whole line of the file is like that.
has_line() {
    local line lines
    mapfile -t lines <"$1" || return
    for line in "${lines[@]}"; do
        # shellcheck disable=SC2053  # a pattern
        if [[ $line == $2 ]]; then return 0; fi
    done
    return 1
}

# Refused as it should be: an input/output error, and no reader takes it for an empty file.
is_refused() {
    local said
    said=$(cat "$1/_journal.json" 2>&1 >/dev/null) && return 1
    [[ $said == *"Input/output error"* ]] && [ "$(stat --format=%s "$1/_journal.json")" -gt 0 ]
}

state_is() {
    has_line "$1/status/$2" "state: $3"
}

problem_is() {
    has_line "$1/problems" "*\\[$2\\]"
}

is_unreadable() {
    problem_is "$1" database-unreadable
}

# look POINT WHAT: what people do first. None of it may fail, whatever is broken; how long it took is a figure.
look() {
    local begun
    begun=$(milliseconds)
    ls -l "$1" "$1/status" "$1/databases" >"$scratch/seen" || return
    figure "ls, $2" "$(($(milliseconds) - begun))"
    begun=$(milliseconds)
    cat "$1"/status/* >"$scratch/seen" || return
    figure "cat status/*, $2" "$(($(milliseconds) - begun))"
    [ -s "$scratch/seen" ] || fail "no status file says anything" || return
    begun=$(milliseconds)
    cat "$1/problems" >"$scratch/seen" || return
    figure "cat problems, $2" "$(($(milliseconds) - begun))"
}

# ---- daemons ----

# daemon_of POINT: the number of the process that serves it.
daemon_of() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe")" = "$migfs" ] && tr '\0' '\n' <"$process/cmdline" | grep -qxF "$1"; then
            echo "${process#/proc/}"
            return 0
        fi
    done 2>/dev/null
    fail "no daemon serves $1"
}

is_mounted() {
    findmnt --mountpoint "$1" >/dev/null
}

# up POINT OPTION…: mounts the view; the last option is the source.
up() {
    local point=$1
    shift
    mount_up "$point" "$migfs" "$@" "$point"
}
