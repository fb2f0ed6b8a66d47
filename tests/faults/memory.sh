# A daemon whose memory runs out: tests/faults/failing_malloc.c lets allocations of the real daemon fail as tests/faults/memory.mjs plans.

memory_runs_out() {
    local folder=$scratch/memory-folder
    make_folder "$folder" 4 4
    node tests/faults/memory.mjs "$migfs" \
        "$(dirname "$migfs")/tests/faults/libfailing-malloc.so" "$folder" "$scratch/memory-view" >"$scratch/memory.log" 2>&1 ||
        fail "$(cat "$scratch/memory.log")" || return
    sed -n 's/^fault: //p' "$scratch/memory.log" >>"$scratch/faults"
    sed -n 's/^figure: //p' "$scratch/memory.log" >>"$scratch/remarks"
}

tap_case "whichever allocation of a refresh fails, what is shown is right, and the next refresh mends it" memory_runs_out
