/* If the effects of a migration exist although no journal lists it and no row records it, it was
 * run by hand, or something else made them. Running it would fail. */
#include "migfs/join/effects_hold.h"

bool effects_hold_applies(const struct join *join, const struct migration *it) {
    bool has_journal = join->journal->status == JOURNAL_READ || join->journal->status == JOURNAL_CONFLICTED;
    return has_journal && migration_counts(it) && !it->entry && !it->fused && !it->rule;
}

/* A database with unknown catalogs is evidence neither for nor against. */
static bool is_evidence(const struct effects_join *effects, const struct migration *it, size_t database) {
    /* Recorded in another tool's ledger. */
    const bool *is_named = effects->databases[database].is_named;
    return effects->databases[database].is_known && !(is_named && is_named[it - effects->join->migrations]) &&
           !effects->join->databases[database].is_wrong && !standing_has_run(&it->standings[database]);
}

/* SQL that is still being parsed may belong to this migration, or create or drop its objects. */
static bool may_be_there(const struct effects_join *effects, const struct migration *it, size_t database) {
    const struct database *of = &effects->join->databases[database];
    return effects->last_pending != SIZE_MAX && !of->is_wrong && of->ledger->status != LEDGER_UNREADABLE &&
           !standing_has_run(&it->standings[database]);
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
        for (size_t d = 0; effects_hold_applies(join, it) && d < join->database_count; d++) {
            it->is_unread = it->is_unread || may_be_there(effects, it, d);
        }
        if (effects_hold_applies(join, it) && there > 0 && there == without_row) {
            it->kind = MIGRATION_HELD;
            it->reason = REASON_THERE;
            it->other = SIZE_MAX;
            it->state = STATE_HELD;
        }
    }
}
