# What the daemon itself costs: until it is ready, until a change is seen, in memory, and while nothing happens. For tests/bench/run.
# shellcheck disable=SC2154,SC2034 # what tests/bench/run sets, and what it reads

machine_value() {
    grep -m 1 "^$1" "$2" | sed 's/^[^:]*:[ \t]*//; s/ kB$//'
}

filesystem_of() {
    findmnt --noheadings --output FSTYPE --target "$1" | head -n 1
}

describe_machine() {
    printf '%s cores of %s, %d GiB of memory, ' "$(nproc)" "$(machine_value 'model name' /proc/cpuinfo)" \
        $(($(machine_value MemTotal /proc/meminfo) / 1048576 + 1))
    systemd-detect-virt --quiet 2>/dev/null && printf 'a virtual machine, '
    printf 'Linux %s, libfuse %s, bindfs %s, fuse-overlayfs %s, PostgreSQL %s, node %s. ' "$(uname -r | cut -d- -f1)" \
        "$(pkg-config --modversion fuse3)" "$(packages_version bindfs)" "$(packages_version fuse-overlayfs)" \
        "$("$postgres_bin/postgres" --version | awk '{print $3}')" "$(node --version)"
    printf 'Sources and copies on %s, `cp -r` to %s.\n' "$(filesystem_of "$work")" "$(filesystem_of "$copies")"
}

packages_version() {
    dpkg-query --show --showformat='${Version}' "$1" | cut -d- -f1
}

# mounted SIZE [OPTION…]: a view of the folder of that size at $work/one; and its daemon's number.
mounted() {
    local size=$1
    shift
    mount_up "$work/one" "$migfs" "$@" "$work/source.$size" "$work/one" || fail "cannot mount"
    # The sessions of databases have its command line, but no threads.
    daemon=$(ps -o nlwp=,pid= -p "$(pgrep -d, -f "^$migfs .*$work/one\$")" | sort -n | awk 'END { print $2 }')
}

with_database() {
    printf -- '--database=%s\n' "$(uri "bench_$1")"
}

# median OF-NUMBERS-ON-STANDARD-INPUT.
median() {
    sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# ---- until it is usable, against a program that only reads and hashes the same files ----

bench_ready() {
    local size
    printf '\n### Ready\n\n| migrations | `sha256sum` | `migfs` without a database | with one | `migfs check` with one |\n|---|---|---|---|---|\n'
    for size in $sizes; do
        folder "$size"
        ready_scripts "$size"
        measure -n "$rounds" -s "$seconds" -p 'mount_down "$work/one"' "$work/hash" "$work/ready" "$work/ready-database" \
            "$work/check" -- '{}' >"$work/row" || return
        awk -v size="$size" '{ cells = cells sprintf(NR == 1 ? " %.1f ms |" : " %.1f ms, %.2f (%.2f–%.2f) |", $1, $2, $3, $4) }
            END { print "| " size " |" cells }' "$work/row"
        mount_down "$work/one"
    done
}

ready_scripts() {
    script hash "find $work/source.$1 -type f -print0 | xargs -0 sha256sum"
    script ready "exec $migfs --no-database $work/source.$1 $work/one"
    script ready-database "exec $migfs '$(with_database "$1")' $work/source.$1 $work/one"
    script check "$migfs check '$(with_database "$1")' $work/source.$1; exit 0" # it finds problems
    mkdir -p "$work/one"
}

script() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/$1" && chmod +x "$work/$1"
}

# ---- SQL: until the view stands, and until all of it is read ----

bench_effects() {
    local size start stands
    printf '\n### Effects: until the view stands, and until all SQL is read\n\n| migrations | stands | all read | resident |\n|---|---|---|---|\n'
    for size in $effects_sizes; do
        folder "$size"
        start=$(date +%s%N)
        mounted "$size" --no-database
        stands=$(date +%s%N)
        sync "$work/one/problems"
        printf '| %s | %d ms | %d ms | %s MB |\n' "$size" $(((stands - start) / 1000000)) $((($(date +%s%N) - start) / 1000000)) "$(resident_mb)"
        mount_down "$work/one"
    done
}

# ---- check, on a folder like the largest real one: most of it are snapshots, of which the heads alone are read ----

bench_check() {
    local kind
    printf '\n### Check without a database: 343 migrations, and what takes the time\n\n| folder | MiB of snapshots | least milliseconds | of the processors | MB |\n|---|---|---|---|---|\n'
    for kind in "with its snapshots" "with small ones" "with its snapshots, and no SQL to speak of" \
        "with its snapshots, and one table that every fifth changes"; do
        check_folder "$kind" "$work/check.source" || return
        script check "exec $migfs check --quiet --no-database $work/check.source"
        printf '| %s | %s | %s | %s | %s |\n' "$kind" \
            "$(du -cm --apparent-size "$work/check.source"/meta/*_snapshot.json | tail -n 1 | cut -f1)" \
            "$(measure -n "$((rounds * 10))" -s "$seconds" "$work/check" -- '{}' | awk '{ printf "%.1f", $5 }')" \
            "$(measure -c -n "$((rounds * 10))" -s "$seconds" "$work/check" -- '{}' | awk '{ printf "%.1f", $5 }')" \
            "$(/usr/bin/time -f %M "$work/check" 2>&1 | awk '{ printf "%.1f", $1 * 1024 / 1e6 }')"
    done
}

# check_folder KIND FOLDER: all is listed, so that there is nothing to report.
check_folder() {
    local bytes=1500 snapshot=357000 last
    case $1 in *'no SQL'*) bytes=20 ;; *small*) snapshot=0 ;; esac
    rm -rf "$2"
    node tests/bench/folder.mjs 344 "$2" "$work/check.sql" "$bytes" "$snapshot" || return
    last=$(find "$2" -maxdepth 1 -name '0343_*')
    rm "$last" "$2/meta/0343_snapshot.json"
    case $1 in *fifth*) change_one_table "$2"/*[05]_change_number_*.sql ;; esac
}

# change_one_table FILE…: what may be the same statement, as far as its words show, is left to PostgreSQL's parser.
change_one_table() {
    local file number=0
    for file in "$@"; do
        printf '%s\nALTER TABLE "table_0_0" DROP CONSTRAINT "key";\n%s\nALTER TABLE "table_0_0" ADD CONSTRAINT "key" CHECK ("id" > %d);\n' \
            '--> statement-breakpoint' '--> statement-breakpoint' $((number += 1)) >>"$file"
    done
}

# ---- one file written, until the mount shows it ----

bench_refresh() {
    local size number file name
    printf '\n### Refresh: one file written, until the mount shows it\n\n'
    printf '| migrations | milliseconds, settling included: median | least | most |\n|---|---|---|---|\n'
    for size in $sizes; do
        folder "$size"
        mounted "$size" "$(with_database "$size")"
        ls -lR "$work/one" >/dev/null
        for number in 1 2 3 4 5 6 7 8 9 10 11; do
            file=$(find "$work/source.$size" -maxdepth 1 -name "*_change_number_$number.sql")
            name=$(basename "$file")
            "$work/measure" seen "$file" "$work/one/migrations/$name"
        done | sort -n >"$work/row" || return
        printf '| %s | %s | %s | %s |\n' "$size" "$(median <"$work/row")" "$(head -n 1 "$work/row")" "$(tail -n 1 "$work/row")"
        mount_down "$work/one"
    done
}

# ---- memory ----

resident_mb() {
    awk '/^VmRSS/ { printf "%.1f", $2 * 1024 / 1e6 }' "/proc/$daemon/status"
}

bench_memory() {
    local size contents fresh used number
    printf '\n### Memory, in MB\n\n| migrations | contents of all files | resident, mounted | all read | after 20 refreshes |\n|---|---|---|---|---|\n'
    for size in $sizes; do
        folder "$size"
        mounted "$size" "$(with_database "$size")"
        fresh=$(resident_mb)
        contents=$(find "$work/one" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f", sum / 1e6 }')
        grep -r "$needle" "$work/one" >/dev/null
        used=$(resident_mb)
        for number in $(seq 20); do
            echo >>"$work/source.$size/$(ls "$work/source.$size" | sed -n "${number}p")"
            sync "$work/one/problems"
        done
        printf '| %s | %s | %s | %s | %s |\n' "$size" "$contents" "$fresh" "$used" "$(resident_mb)"
        mount_down "$work/one"
    done
}

# ---- while nothing happens ----

switches() {
    cat "/proc/$daemon/task"/*/status | awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'
}

# Clock ticks of processor time, its own and the kernel's for it.
ticks() {
    sed 's/.*) //' "/proc/$daemon/stat" | awk '{ print $12 + $13 }'
}

# idle SECONDS: wake-ups a minute and processor seconds an hour, as two cells.
idle() {
    local before_switches before_ticks
    sleep 3 # what the start left to do
    before_switches=$(switches) before_ticks=$(ticks)
    sleep "$1"
    awk -v switches=$(($(switches) - before_switches)) -v ticks=$(($(ticks) - before_ticks)) -v seconds="$1" \
        -v hertz="$(getconf CLK_TCK)" \
        'BEGIN { printf " %.0f | %.1f |", switches * 60 / seconds, ticks / hertz * 3600 / seconds }'
}

bench_idle() {
    local size
    printf '\n### Idle, --poll=2\n\n| migrations | databases | wake-ups a minute | processor seconds an hour |\n|---|---|---|---|\n'
    for size in $sizes; do
        folder "$size"
        mounted "$size" --no-database
        printf '| %s | 0 |%s\n' "$size" "$(idle "$idle_seconds")"
        mount_down "$work/one"
        mounted "$size" "$(with_database "$size")"
        printf '| %s | 1 |%s\n' "$size" "$(idle "$idle_seconds")"
        mount_down "$work/one"
    done
}
