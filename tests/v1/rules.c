/* Prints the table of runners as JSON, for `runner_test.mjs`, which runs the real ones. */
#include <stdio.h>

#include "migfs/drizzle/runner.h"

static void print(const char *name, const struct runner_rules *rules) {
    printf(
        "\"%s\":{\"takesFolders\":%d,\"runsUnnamed\":%d,\"nullIsZero\":%d,\"recordsDate\":%d,\"isOneTransaction\":%d,"
        "\"takesEmptyChunk\":%d,\"mayLeaveHashEmpty\":%d}",
        name, rules->unit == RUNNER_TAKES_FOLDERS, rules->selection == RUNNER_RUNS_UNNAMED,
        rules->null == RUNNER_NULL_IS_ZERO, rules->timestamp == RUNNER_RECORDS_DATE, rules->is_one_transaction,
        rules->takes_empty_chunk, rules->hash == RUNNER_MAY_LEAVE_HASH_EMPTY);
}

int main(void) {
    putchar('{');
    print("v0", &runner_v0);
    putchar(',');
    print("v1", &runner_v1);
    puts("}");
    return 0;
}
