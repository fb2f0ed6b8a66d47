/* What a finished plan is asked. */
#include "migfs/synthesis/plan.h"

const struct synthesis_entry *plan_entry(const struct synthesis *synthesis, size_t migration) {
    size_t at = migration == SIZE_MAX ? SIZE_MAX : synthesis->of_migration[migration];
    return at == SIZE_MAX ? NULL : &synthesis->entries[at];
}

bool plan_moves_published(const struct join *join, const struct synthesis_entry *entry) {
    return entry->is_when_new && migration_when(&join->migrations[entry->migration], &(int64_t){0});
}

const struct synthesis_entry *plan_newest_made(const struct synthesis *synthesis) {
    const struct synthesis_entry *newest = NULL;
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct synthesis_entry *entry = &synthesis->entries[i];
        newest = entry->is_made && (!newest || entry->when > newest->when) ? entry : newest;
    }
    return newest;
}
