/* What a finished plan is asked. */
#include "migfs/synthesis/plan.h"

const struct synthesis_entry *plan_entry(const struct synthesis *synthesis, size_t migration) {
    size_t at = migration == SIZE_MAX ? SIZE_MAX : synthesis->of_migration[migration];
    return at == SIZE_MAX ? NULL : &synthesis->entries[at];
}
