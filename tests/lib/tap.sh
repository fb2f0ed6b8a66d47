# Tests written in bash say their results as TAP: one line `ok - SENTENCE` or `not ok - SENTENCE` each, which is what tests/run
# counts. For bash, to be sourced; not under `set -e`, which a failing test would trip.

tap_failures=0

# tap_case SENTENCE COMMAND…: the test passes when the command succeeds; what it printed is shown when it fails. The command runs
# in a subshell of its own under `set -e`.
tap_case() {
    local sentence=$1 output status
    shift
    output=$(mktemp) || exit
    # Into a file, since whoever reads a pipe waits for every process that the command left behind. On lines of their own: as part of
    # a condition, `set -e` would count for nothing inside.
    (set -e; "$@") >"$output" 2>&1
    status=$?
    if [ "$status" -eq 0 ]; then
        printf 'ok - %s\n' "$sentence"
    else
        tap_failures=$((tap_failures + 1))
        printf 'not ok - %s\n' "$sentence"
        sed 's/^/    /' "$output"
    fi
    rm -f "$output"
}

# tap_end: the status to end with.
tap_end() {
    [ "$tap_failures" -eq 0 ]
}
