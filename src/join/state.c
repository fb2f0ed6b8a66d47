/* Computes what Drizzle would do with each migration in each database, by the journal on disk and
 * the watermark. Considers what JavaScript compares and PostgreSQL records, never the contents of
 * files. */
#include "join/state.h"

/* Marks the migrations that Drizzle would run. If an entry is listed twice, the first may be
 * skipped and the second run. */
static const bool *find_runs(struct arena *arena, const struct join *join, size_t database) {
    bool *runs = arena_array(arena, bool, join->count);
    for (size_t i = 0; i < join->item_count; i++) {
        const struct join_item *item = &join->items[i];
        if (item->migration != SIZE_MAX && join_runs(join, item, database)) {
            runs[item->migration] = true;
        }
    }
    return runs;
}

void join_find_failing(struct join *join, size_t database) {
    for (size_t i = 0; i < join->item_count && !join->databases[database].failing; i++) {
        const struct join_item *item = &join->items[i];
        struct runner_candidate candidate = join_candidate(join, item, database);
        if (item->migration != SIZE_MAX && join_runs(join, item, database) &&
            !runner_records(join->layout->runner, &candidate)) {
            join->databases[database].failing = item;
        }
    }
}

/* A migration in one database, as input to the rules below. */
struct seen {
    const struct migration *migration;
    const struct database *database;
    const struct standing *standing;
    bool runs; /* in the next deploy by the journal on disk */
};

static bool is_unknown(const struct seen *seen) {
    return seen->database->ledger->status == LEDGER_UNREADABLE;
}

static bool is_missing(const struct seen *seen) {
    return !seen->migration->file;
}

static bool is_rerun(const struct seen *seen) {
    return standing_has_run(seen->standing) && seen->runs;
}

/* If only a rule says that it ran, there is no text to compare with. */
static bool is_modified(const struct seen *seen) {
    return seen->standing->row && !match_facts(seen->standing->match)->shows_text;
}

static bool is_applied(const struct seen *seen) {
    return standing_has_run(seen->standing);
}

static bool is_not_applied(const struct seen *seen) {
    return !seen->migration->entry;
}

static bool is_pending(const struct seen *seen) {
    return seen->runs;
}

static bool is_skipped(const struct seen *seen) {
    return !seen->runs;
}

/* The first rule that fits determines the state; the last two cover all remaining cases. */
static const struct {
    enum state state;
    bool (*fits)(const struct seen *seen);
} states[] = {
    {STATE_UNKNOWN, is_unknown},   {STATE_MISSING, is_missing}, {STATE_RERUN, is_rerun},
    {STATE_MODIFIED, is_modified}, {STATE_APPLIED, is_applied}, {STATE_NOT_APPLIED, is_not_applied},
    {STATE_PENDING, is_pending},   {STATE_SKIPPED, is_skipped},
};

static enum state state_in(const struct seen *seen) {
    size_t i = 0;
    while (!states[i].fits(seen)) {
        i++;
    }
    return states[i].state;
}

static bool is_anywhere(const struct join *join, const struct migration *it, enum state state) {
    for (size_t i = 0; i < join->database_count; i++) {
        if (it->standings[i].state == state) {
            return true;
        }
    }
    return false;
}

static enum state overall_state(const struct join *join, const struct migration *it) {
    if (!it->file) {
        return STATE_MISSING;
    }
    if (it->kind == MIGRATION_EXCLUDED) {
        return STATE_EXCLUDED;
    }
    for (enum state state = STATE_RERUN; state <= STATE_UNKNOWN; state++) {
        bool fits = state == STATE_HELD          ? it->kind == MIGRATION_HELD
                    : state == STATE_UNJOURNALED ? it->entry == NULL
                                                 : is_anywhere(join, it, state);
        if (fits) {
            return state;
        }
    }
    return join->database_count > 0 ? STATE_APPLIED : STATE_JOURNALED;
}

void join_find_states(struct arena *arena, struct join *join) {
    for (size_t d = 0; d < join->database_count; d++) {
        const bool *runs = find_runs(arena, join, d);
        join_find_failing(join, d);
        for (size_t i = 0; i < join->count; i++) {
            struct migration *it = &join->migrations[i];
            it->standings[d].state = state_in(&(struct seen){it, &join->databases[d], &it->standings[d], runs[i]});
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        join->migrations[i].state = overall_state(join, &join->migrations[i]);
    }
}
