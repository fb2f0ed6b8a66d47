/* Which migrations each runner runs, from what JavaScript compares and PostgreSQL records; the
 * contents of files do not matter. */
#include "migfs/drizzle/runner.h"

#include "migfs/drizzle/names_v1.h"

const struct runner_rules runner_v0 = {
    .unit = RUNNER_TAKES_ENTRIES,
    .selection = RUNNER_RUNS_ABOVE_NEWEST,
    .null = RUNNER_NULL_IS_ZERO,
    .timestamp = RUNNER_RECORDS_WHEN,
    .is_one_transaction = true,
    .takes_empty_chunk = true,
    .hash = RUNNER_NEEDS_HASH,
};

const struct runner_rules runner_v1 = {
    .unit = RUNNER_TAKES_FOLDERS,
    .selection = RUNNER_RUNS_UNNAMED,
    .null = RUNNER_NULL_IS_NO_NAME,
    .timestamp = RUNNER_RECORDS_DATE,
    .is_one_transaction = true,
    .takes_empty_chunk = true,
    .hash = RUNNER_MAY_LEAVE_HASH_EMPTY,
};

/* `Number(created_at) < when` in JavaScript: a bigint beyond 2^53 is rounded first, and
 * Number(null) is 0. */
static bool is_above(const struct runner_rules *rules, double when, struct watermark watermark) {
    if (watermark.kind == WATERMARK_NONE) {
        return true;
    }
    bool is_zero = watermark.kind == WATERMARK_NULL && rules->null == RUNNER_NULL_IS_ZERO;
    return (is_zero ? 0 : (double)watermark.stamp) < when;
}

bool runner_runs(const struct runner_rules *rules, const struct runner_candidate *candidate,
                 struct watermark watermark) {
    return rules->selection == RUNNER_RUNS_UNNAMED ? !candidate->is_named
                                                   : is_above(rules, candidate->entry->when_number, watermark);
}

bool runner_is_above(struct watermark watermark, int64_t when) {
    return is_above(&runner_v0, (double)when, watermark);
}

bool runner_records(const struct runner_rules *rules, const struct runner_candidate *candidate) {
    int64_t date;
    return rules->timestamp == RUNNER_RECORDS_DATE ? names_v1_date(candidate->name, &date)
                                                   : candidate->entry->is_when_recordable;
}
