/* What no journal lists and no row shows, and is there all the same, was run by hand, or made by something else: to run it would fail. */
#include "migfs/join/effects_hold.h"

bool effects_hold_applies(const struct join *join, const struct migration *it) {
    bool has_journal = join->journal->status == JOURNAL_READ || join->journal->status == JOURNAL_CONFLICTED;
    return has_journal && !join->is_v1 && migration_counts(it) && !it->entry && !it->fused && !it->rule;
}

/* A database whose catalogs are not known is no evidence, neither for nor against. */
static bool is_evidence(const struct effects_join *effects, const struct migration *it, size_t database) {
    const bool *is_named = effects->databases[database].is_named; /* another tool ran it, by its own ledger */
    return effects->databases[database].is_known && !(is_named && is_named[it - effects->join->migrations]) &&
           !effects->join->databases[database].is_wrong && !standing_has_run(&it->standings[database]);
}

void effects_hold(struct join *join, const struct effects_join *effects) {
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        size_t without_row = 0, there = 0;
        for (size_t d = 0; migration_counts(it) && d < join->database_count; d++) {
            if (is_evidence(effects, it, d)) {
                it->standings[d].is_there = effects_standing_of(effects, i, d)->is_found;
                there += it->standings[d].is_there;
                without_row++;
            }
        }
        if (effects_hold_applies(join, it) && there > 0 && there == without_row) {
            it->kind = MIGRATION_HELD;
            it->reason = REASON_THERE;
            it->other = SIZE_MAX;
            it->state = STATE_HELD;
        }
    }
}
