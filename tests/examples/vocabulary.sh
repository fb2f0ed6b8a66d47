# The words that examples are written in: they make a migrations folder and ledgers, look at the view of them, and let the real
# runner loose on them. For bash, to be sourced by run, with the current folder an example's own. An example's folder is
# `migrations`; what a word is for stands above it.
# shellcheck disable=SC2154  # what run has set

entries=()              # of the journal, as JSON
declare -A stamp_of=()  # TAG: its `when`
declare -A uri_of=()    # NAME: of a database
databases=()            # options that attach databases

# afresh: an empty folder and no database.
afresh() {
    rm -rf migrations served
    mkdir migrations
    entries=() stamp_of=() uri_of=() databases=()
}

# ---- the folder ----

# file PATH TEXT: writes a file; TEXT with the escapes of printf %b.
file() {
    local path=migrations/$1
    [ -d "${path%/*}" ] || mkdir -p "${path%/*}"
    printf '%b' "$2" >"$path"
}

# sql TAG [TEXT]: a SQL file and its snapshot; without TEXT it makes a table of that name.
sql() {
    file "$1.sql" "${2-create table \"${1#*_}\" (id integer);\\n}"
    file "meta/${1%%_*}_snapshot.json" '{}'
}

# entry TAG WHEN [IDX]: adds it to the journal; WHEN and IDX are JSON.
entry() {
    stamp_of[$1]=$2
    raw_entry "{
      \"idx\": ${3:-${#entries[@]}},
      \"version\": \"7\",
      \"when\": $2,
      \"tag\": \"$1\",
      \"breakpoints\": true
    }"
}

# raw_entry JSON: adds it to the journal, whatever it is.
raw_entry() {
    local list
    entries+=("$1")
    list=$(printf ',\n    %s' "${entries[@]}")
    journal "{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": [${list#,}\n  ]\n}"
}

# journal TEXT: writes the journal; TEXT with the escapes of printf %b.
journal() {
    file meta/_journal.json "$1"
}

# commit: the view's journal becomes that of the folder.
commit() {
    cat _journal.json >served.json && mv served.json migrations/meta/_journal.json
}

# migration TAG WHEN [TEXT]: a SQL file, its snapshot and its entry.
migration() {
    sql "$1" "${@:3}"
    entry "$1" "$2"
}

# ---- the databases ----

# database NAME: an empty one, attached; migfs reaches it through the pooler.
database() {
    uri_of[$1]=$(postgres_database "$1")
    databases+=("--database=$1=${uri_of[$1]}&port=$MIGFS_TEST_POOLER_PORT")
}

# query NAME SQL
query() {
    PGOPTIONS='-c client_min_messages=warning' postgres_query "$@"
}

# made HASH CREATED_AT: prints what the migration with this hash, or else this timestamp, does; nothing where there is none.
made() {
    local tag found=
    for tag in "${!stamp_of[@]}"; do
        [ -f "migrations/$tag.sql" ] || continue
        if [ "${stamp_of[$tag]}" = "$2" ]; then found=${found:-$tag}; fi
        if [ "$(hash "$tag")" = "$1" ]; then found=$tag && break; fi
    done
    if [ -n "$found" ]; then printf '%s' "$(<"migrations/$found.sql")"; fi
}

# row NAME HASH CREATED_AT: a row of its ledger, and what it stands for, of which no harm comes where it cannot be made. psql ends as its last command does.
row() {
    query "$1" "$(made "$2" "$3")" --set=ON_ERROR_STOP=0 --command="create schema if not exists drizzle;
        create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
        insert into drizzle.__drizzle_migrations (hash, created_at) values ('$2', $3)" >"$scratch/said" 2>&1 || command cat "$scratch/said"
}

# hash TAG: as the runner writes it.
hash() {
    local sum
    sum=$(sha256sum "migrations/$1.sql")
    printf '%s\n' "${sum%% *}"
}

# ran NAME TAG…: rows as the runner leaves them.
ran() {
    local tag
    for tag in "${@:2}"; do row "$1" "$(hash "$tag")" "${stamp_of[$tag]}"; done
}

# drizzle NAME [from FILE]: what the real runner does with a database, attached or not, from the folder as it is or with the
# journal that the view has in FILE.
drizzle() {
    local folder=$PWD/migrations answer
    [ -n "${uri_of[$1]:-}" ] || uri_of[$1]=$(postgres_database "$1")
    if [ $# -gt 1 ]; then
        mkdir -p migrations/meta && rm -rf served && cp -r migrations served
        cat "$3" >served/meta/_journal.json || return
        folder=$PWD/served
    fi
    printf '%s\t%s\n' "$folder" "${uri_of[$1]}" >&"$to_drizzle"
    IFS= read -r answer <&"$from_drizzle"
    printf '%s\n' "$answer"
}

# ---- drizzle v1 ----

# folder NAME [TEXT]: a migration of v1; without TEXT it makes a table of that name.
folder() {
    file "$1/migration.sql" "${2-create table \"${1#*_}\" (id integer);\\n}"
}

# v1 NAME [FOLDER]: what the real runner of v1 does with a database, from the folder as it is or from another one.
v1() {
    local answer
    [ -n "${uri_of[$1]:-}" ] || uri_of[$1]=$(postgres_database "$1")
    printf '%s\t%s\tv1\n' "$PWD/${2:-migrations}" "${uri_of[$1]}" >&"$to_drizzle"
    IFS= read -r answer <&"$from_drizzle"
    printf '%s\n' "$answer"
}

# up: what the real `drizzle-kit up` makes of the folder, in a copy, `converted`: its folders, or why it refuses.
up() {
    local said
    rm -rf converted && cp -r migrations converted
    said=$("$root/build/node-v1/node_modules/.bin/drizzle-kit" up --dialect=postgresql --out=converted 2>&1) || true
    if [[ $said == *"Everything's fine"* ]]; then
        (cd converted && printf '%s\n' *)
    else
        printf '%s\n' "$said" | sed 's/\x1b\[[0-9;]*m//g' | grep -v '^ *$' | tail -n 1
    fi
}

# ---- the view ----

# cat FILE…, ls FOLDER, check OPTION…, screen: of the view, with paths as they are in it.
cat() {
    local path
    for path in "$@"; do "$migfs" print "${databases[@]}" migrations "$path"; done
}

ls() {
    cat "$1"
}

screen() {
    "$migfs" status "${databases[@]}" migrations
}

check() {
    local printed status
    printed=$("$migfs" check --quiet "${databases[@]}" "$@" migrations && echo ended || echo "ended $?")
    status=${printed##*ended}
    printf '%s' "${printed%ended*}" | sed 's,^migrations/,,; s,^migrations: ,.: ,'
    return "${status:-0}"
}
