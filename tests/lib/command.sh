# Commands of the packages, many times, as command_server.cjs runs them. For bash, to be sourced, in the repository's root.
#
#     command_start migrate build/node/migrate.mjs
#     command_run migrate drizzle "$url"        in subshells, too
#     command_stop

declare -A command_program command_place command_requests command_replies command_process

# command_start NAME PROGRAM: starts its process; before anything that goes on by itself and would keep what leads to it open.
command_start() {
    local place requests replies
    place=$(mktemp -d "${TMPDIR:-/tmp}/command.XXXX") && mkfifo "$place/requests" "$place/replies" || return
    node tests/lib/command_server.cjs "$2" "$place/requests" "$place/replies" </dev/null >>"$place/out" 2>>"$place/err" &
    command_process[$1]=$! command_place[$1]=$place command_program[$1]=$(realpath "$2")
    exec {requests}>"$place/requests" {replies}<"$place/replies"
    command_requests[$1]=$requests command_replies[$1]=$replies
}

# command_run NAME [ARGUMENT…]: its output and its status. Arguments are without quotes and backslashes. Once a run has ended the process, each
# has one of its own.
command_run() {
    local name=$1 place=${command_place[$1]} reply list
    shift
    if [ -e "$place/ended" ]; then
        node "${command_program[$name]}" "$@" </dev/null
        return
    fi
    list=$(printf ',"%s"' "$@")
    : >"$place/out"
    : >"$place/err"
    printf '{"cwd":"%s","args":[%s]}\n' "$PWD" "${list#,}" >&"${command_requests[$name]}"
    IFS= read -r reply <&"${command_replies[$name]}" || reply=
    if [[ $reply != *'"isEnd":false'* ]]; then touch "$place/ended"; fi
    command cat "$place/out"
    command cat "$place/err" >&2
    [[ $reply =~ \"status\":([0-9]+) ]] && return "${BASH_REMATCH[1]}"
    return 1
}

command_stop() {
    local name
    for name in "${!command_process[@]}"; do
        kill "${command_process[$name]}" 2>/dev/null
        wait "${command_process[$name]}" 2>/dev/null
        rm -rf "${command_place[$name]}"
    done
}
