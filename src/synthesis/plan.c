/* Queries on a finished plan. */
#include "migfs/synthesis/plan.h"

const struct synthesis_entry *plan_entry(const struct synthesis *synthesis, size_t migration) {
    size_t at = migration == SIZE_MAX ? SIZE_MAX : synthesis->of_migration[migration];
    return at == SIZE_MAX ? NULL : &synthesis->entries[at];
}

bool plan_moves_published(const struct join *join, const struct synthesis_entry *entry) {
    return entry->is_when_new && migration_when(&join->migrations[entry->migration], &(int64_t){0});
}

struct plan_published plan_published(const struct join *join) {
    struct plan_published published = {.migration = SIZE_MAX, .highest = INT64_MIN, .of_others = INT64_MIN};
    for (size_t i = 0; i < join->journal->count; i++) {
        const struct journal_entry *entry = &join->journal->entries[i];
        if (!entry->when.is_valid || entry->when.number >= STAMP_FUTURE) {
            continue;
        }
        int64_t when = entry->when.number;
        if (when > published.highest) {
            bool is_other = join->entry_migration[i] != published.migration;
            published.of_others = is_other ? published.highest : published.of_others;
            published.highest = when;
            published.migration = join->entry_migration[i];
        } else if (join->entry_migration[i] != published.migration && when > published.of_others) {
            published.of_others = when;
        }
    }
    return published;
}

bool plan_hides(const struct join *join, const struct plan_published *published, const struct synthesis_entry *entry) {
    int64_t before;
    bool was_published = migration_when(&join->migrations[entry->migration], &before);
    if (!entry->is_when_new || (was_published && before < entry->when)) {
        return false;
    }
    return (entry->migration == published->migration ? published->of_others : published->highest) >= entry->when;
}

const struct synthesis_entry *plan_newest_made(const struct synthesis *synthesis) {
    const struct synthesis_entry *newest = NULL;
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct synthesis_entry *entry = &synthesis->entries[i];
        newest = entry->is_made && (!newest || entry->when > newest->when) ? entry : newest;
    }
    return newest;
}

bool plan_may_be_applied(const struct join *join, const struct migration *it) {
    int64_t lower = INT64_MIN, upper = SYNTHESIS_HIGHEST_STAMP;
    for (size_t i = 0; i < join->database_count; i++) {
        const struct database *database = &join->databases[i];
        int64_t watermark = database->watermark.kind == WATERMARK_NONE ? INT64_MIN : database->watermark.stamp;
        if (standing_has_run(&it->standings[i]) || it->standings[i].is_there) {
            upper = watermark < upper ? watermark : upper;
        } else {
            lower = watermark > lower ? watermark : lower;
        }
    }
    return lower < upper;
}
