/* Runs the steps of the join: collecting migrations, classifying them, matching rows, computing
 * states. */
#include "migfs/join/join.h"

#include "join/classify.h"
#include "join/collect.h"
#include "join/match.h"
#include "join/state.h"
#include "join/v1.h"
#include "migfs/util/sorted.h"

static int claim_of(const struct migration *it) {
    if (it->kind == MIGRATION_EXCLUDED) {
        return 3;
    }
    return it->kind == MIGRATION_HELD ? 2 : it->entry ? 0 : 1;
}

static int compare_claims(const void *context, size_t a, size_t b) {
    const struct migration *migrations = context;
    const struct migration *l = &migrations[a], *r = &migrations[b];
    if (claim_of(l) != claim_of(r)) {
        return claim_of(l) - claim_of(r);
    }
    if (l->entry && r->entry) {
        return (l->entry->position > r->entry->position) - (l->entry->position < r->entry->position);
    }
    return 0;
}

static void match_all(struct arena *arena, struct join *join) {
    const size_t *order = sorted_all(arena, join->count, compare_claims, join->migrations);
    struct stamp_seconds seconds = stamp_seconds_of(arena, join);
    for (size_t d = 0; d < join->database_count; d++) {
        join_match(arena, join, d, order, &seconds);
        for (size_t i = 0; i < join->count; i++) {
            struct migration *it = &join->migrations[i];
            if (!it->standings[d].row) {
                it->standings[d].applied_by = rules_applied(join->rules, it->tag, join->databases[d].name);
            }
        }
    }
}

/* A rule that names the database confirms that it is the right one, even if its rows match
 * nothing. */
static bool is_named_by_rule(const struct join *join, struct text database) {
    for (size_t i = 0; join->rules && i < join->rules->count; i++) {
        const struct rule *rule = &join->rules->rules[i];
        bool is_about = rule->verb == RULE_APPLIED || rule->verb == RULE_FOREIGN;
        if (is_about && rule->database.length > 0 && text_equal(rule->database, database)) {
            return true;
        }
    }
    return false;
}

/* Returns whether a row belongs to this folder. A named row of a v1 ledger must match by its name,
 * or be a lookalike of a folder that was renamed. */
static bool has_own_row(const struct join *join, size_t index) {
    const struct database *database = &join->databases[index];
    for (size_t i = 0; i < join->count; i++) {
        if (join->migrations[i].standings[index].lookalike) {
            return true;
        }
    }
    for (size_t row = 0; row < database->ledger->count; row++) {
        bool is_named = database->ledger->is_v1 && database->ledger->rows[row].name.length > 0;
        if (database->row_migration[row] != SIZE_MAX && (!is_named || database->row_match[row] == MATCH_NAME)) {
            return true;
        }
    }
    return false;
}

static void find_wrong_databases(struct join *join) {
    for (size_t i = 0; i < join->database_count; i++) {
        struct database *it = &join->databases[i];
        bool throws = it->v1_throws; /* has a more specific problem */
        it->is_wrong = it->ledger->count > 0 && !throws && !has_own_row(join, i) && !is_named_by_rule(join, it->name);
    }
}

struct join *join_create(struct arena *arena, const struct disk *disk, const struct journal *journal,
                         const struct rules *rules, struct ledger *const *ledgers, size_t ledger_count) {
    struct join *join = arena_new(arena, struct join);
    *join = (struct join){.disk = disk, .journal = journal, .rules = rules, .database_count = ledger_count};
    join->databases = arena_array(arena, struct database, ledger_count);
    for (size_t i = 0; i < ledger_count; i++) {
        join->databases[i] = (struct database){
            .ledger = ledgers[i], .name = ledgers[i]->database, .watermark = ledger_watermark(ledgers[i])};
    }
    join->layout = layout_of(disk, journal);
    if (!join->layout->has_journal) {
        struct journal *none = arena_new(arena, struct journal);
        none->status = JOURNAL_MISSING;
        join->has_stray_journal = journal->status != JOURNAL_MISSING;
        join->journal = none; /* the entries of a stray journal are ignored */
        join_v1(arena, join);
        find_wrong_databases(join);
        return join;
    }
    join_collect(arena, join);
    join_classify(join);
    bool is_rebuilt = journal->status == JOURNAL_UNREADABLE;
    if (!is_rebuilt) {
        join_hold_leftovers(arena, join); /* before matching: held files get rows last */
    }
    match_all(arena, join);
    if (is_rebuilt) {
        join_hold_leftovers(arena, join);
    } else {
        join_settle_leftovers(arena, join);
    }
    find_wrong_databases(join);
    join_find_states(arena, join);
    return join;
}
