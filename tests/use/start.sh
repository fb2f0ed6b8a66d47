# What a command loads and starts before it does anything. Sourced by tests/use/run, whose names it uses.
# shellcheck shell=bash
# shellcheck disable=SC2154

# traced CALLS COMMAND…: runs it and writes these calls of it and of its processes to $place/trace.
traced() {
    local calls=$1
    shift
    strace -f -qq -o "$place/trace" -e trace="$calls" "$@" >/dev/null 2>&1 || :
    [ -s "$place/trace" ]
}

# traced_mount CALLS ARGUMENT…: a mount in the foreground, from its first call to its last.
traced_mount() {
    local calls=$1 i
    shift
    mkdir -p "$view"
    strace -f -qq -o "$place/trace" -e trace="$calls" migfs -f "$@" "$folder" "$view" 2>/dev/null &
    for ((i = 0; i < 500; i++)); do if mountpoint -q "$view"; then break; fi; sleep 0.02; done
    cat "$view/summary"
    unmount_new "$view"
    wait $!
}

# 20 libraries come with libpq.
loads_libpq_for_databases() {
    local arguments
    rm -rf "$place/named" && mkdir "$place/named" && cp -r "$folder" "$place/named/drizzle"
    printf '[drizzle]\ndatabase = app=$APP_URL\n' >"$place/named/migfs.conf"
    cd "$place/named" || return
    export APP_URL=$url
    for arguments in --version help 'completion bash' 'explain unjournaled' 'check --no-database' 'status --no-database' \
        'print --no-database drizzle summary' 'fix --no-database --dry-run' 'explain --no-database 0019_webauthn_mfa' 'check chek'; do
        # shellcheck disable=SC2086 # words
        traced openat migfs $arguments
        ! grep -E 'libpq|ldap|gssapi|krb5|gnutls' "$place/trace" || return 1
    done
    traced openat migfs check "$folder"
    ! grep libpq "$place/trace" || return 1
    traced openat migfs check
    grep 'libpq\.so\.5.* = [0-9]' "$place/trace"
    DATABASE_URL=$url traced openat migfs check "$folder"
    grep 'libpq\.so\.5.* = [0-9]' "$place/trace"
}

# By root, whose daemon then gives up its capabilities: the processes of the connections have it from the start.
loads_libpq_before_it_is_confined() {
    traced_mount openat,capset --no-database
    ! grep libpq "$place/trace" || return 1
    traced_mount openat,capset,seccomp --database="$url" | grep -q 'database default'
    [ "$(grep -c 'libpq\.so\.5.* = [0-9]' "$place/trace")" = 1 ]
    sed -n '/libpq\.so\.5.* = [0-9]/,$p' "$place/trace" >"$place/since"
    grep -q 'capset(' "$place/since"
    [ "$(grep -c 'capset(' "$place/trace")" = "$(grep -c 'capset(' "$place/since")" ]
    # The C library loads libgcc_s to cancel a thread.
    ! sed '1,/capset(/d' "$place/since" | grep -v libgcc_s | grep '\.so[.0-9]*".* = [0-9]' || return 1
}

# The process that starts those that parse SQL, and the one that a command runs in.
starts_no_process_for_nothing() {
    local arguments calls=fork,vfork,clone,clone3,execve
    for arguments in --version -V --help -h help 'help check' version 'completion zsh'; do
        # shellcheck disable=SC2086 # words
        traced $calls migfs $arguments
        [ "$(wc -l <"$place/trace")" = 1 ] || { echo "$arguments" && cat "$place/trace" && return 1; }
    done
    traced $calls migfs check --no-database "$folder"
    [ "$(wc -l <"$place/trace")" -gt 2 ]
}

# Where it is not there, or is something else, what needs no database goes on.
says_that_libpq_is_missing() {
    local command libraries=$place/libraries
    local -x LD_LIBRARY_PATH=$libraries
    rm -rf "$libraries" && mkdir -p "$libraries" "$view" && : >"$libraries/libpq.so.5"
    for command in "check $folder" "status $folder" "print $folder summary" "fix $folder" "explain 0019_webauthn_mfa $folder" "$folder $view"; do
        # shellcheck disable=SC2086 # words
        exits 2 migfs --database="$url" $command >"$place/printed" 2>"$place/said"
        [ ! -s "$place/printed" ]
        diff - "$place/said" <<<"migfs: error: databases are read with libpq, which cannot be loaded: $libraries/libpq.so.5: file too short; install it (Debian: libpq5)"
    done
    ! mountpoint -q "$view"
    DATABASE_URL=$url exits 2 migfs check "$folder" 2>&1 | grep -q '^migfs: error: DATABASE_URL: databases are read with libpq, which'
    exits 1 migfs check --no-database "$folder" 2>/dev/null | cmp - <(LD_LIBRARY_PATH='' migfs check --no-database "$folder" 2>/dev/null)
    exits 0 migfs status --no-database "$folder" >/dev/null
    ln -sf "$(ldd "$program" | awk '/libfuse3/ { print $3 }')" "$libraries/libpq.so.5"
    exits 2 migfs check --database="$url" "$folder" 2>"$place/said"
    grep -qx "migfs: error: databases are read with libpq, and the libpq\.so\.5 found here has no PQ[A-Za-z]*; install PostgreSQL's own (Debian: libpq5)" "$place/said"
}
