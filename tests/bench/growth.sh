# Instructions of joining, synthesis, rendering and tree building by the number of migrations. They are counted, not timed, so what else
# shellcheck disable=SC2154,SC2034 # what tests/bench/run sets, and what it reads
# the machine does changes nothing. For tests/bench/run and tests/bench/growth.

# growth_of MIGFS FOLDER [OPTION…]: millions of instructions of making the view of a folder that has been read.
growth_of() {
    local program=$1 folder=$2
    shift 2
    valgrind --tool=callgrind --callgrind-out-file="$work/callgrind" --toggle-collect=inputs_tree \
        "$program" print "$@" "$folder" summary >/dev/null 2>"$work/callgrind.log" || return
    awk '/^summary:|^totals:/ { printf "%.2f\n", $2 / 1e6; exit }' "$work/callgrind"
}

growth_folder() {
    [ -d "$work/small.$1" ] || node tests/bench/folder.mjs "$1" "$work/small.$1" "$work/small.$1.sql" 64
}

bench_growth() {
    local size count
    printf '\n### Growth: instructions from what was read to the finished tree\n\n'
    printf '| migrations | million instructions | for each migration |\n|---|---|---|\n'
    for size in $growth_sizes; do
        growth_folder "$size" || return
        count=$(growth_of "$migfs" "$work/small.$size" --no-database) || return
        printf '| %s | %s | %s |\n' "$size" "$count" "$(awk -v c="$count" -v s="$size" 'BEGIN { printf "%.0f", c * 1e6 / s }')"
    done
}
