/* Which entries the runner runs. It looks at what JavaScript compares and PostgreSQL records, never at what a file holds. */
#include "migfs/drizzle/runner.h"

/* By what the runner reads: whether it compares at all, and with what. */
static const struct {
    bool runs_all;
    bool compares_with_stamp; /* otherwise with 0, which Number(null) is */
} rules[] = {
    [WATERMARK_NONE] = {.runs_all = true},
    [WATERMARK_STAMP] = {.compares_with_stamp = true},
    [WATERMARK_NULL] = {.compares_with_stamp = false},
};

bool runner_runs(const struct journal_entry *entry, struct watermark watermark) {
    double newest = rules[watermark.kind].compares_with_stamp ? (double)watermark.stamp : 0;
    return rules[watermark.kind].runs_all || newest < entry->when_number;
}

bool runner_records(const struct journal_entry *entry) {
    return entry->is_when_recordable;
}
