/* Says what Drizzle would do with each migration in each database, going by the journal on disk and the watermark. It looks at what
 * JavaScript compares and PostgreSQL records, never at what a file holds. */
#include "join/state.h"

#include "migfs/drizzle/runner.h"

/* Which migrations Drizzle would run: an entry listed twice may be passed over at first and then be run. */
static const bool *find_runs(struct arena *arena, const struct join *join, struct database *database) {
    bool *runs = arena_array(arena, bool, join->count);
    for (size_t i = 0; i < join->journal->count; i++) {
        const struct journal_entry *entry = &join->journal->entries[i];
        size_t migration = join->entry_migration[i];
        if (migration != SIZE_MAX && runner_runs(entry, database->watermark)) {
            runs[migration] = true;
            bool is_first = !database->failing && !runner_records(entry);
            database->failing = is_first ? entry : database->failing;
        }
    }
    return runs;
}

/* A migration in one database, as the rules below see it. */
struct seen {
    const struct migration *migration;
    const struct database *database;
    const struct standing *standing;
    bool runs; /* at the next deploy by the journal on disk */
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

/* What only a rule says ran has no text to differ from. */
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

/* The first that fits is the state; the last fits whatever is left. */
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
        const bool *runs = find_runs(arena, join, &join->databases[d]);
        for (size_t i = 0; i < join->count; i++) {
            struct migration *it = &join->migrations[i];
            it->standings[d].state = state_in(&(struct seen){it, &join->databases[d], &it->standings[d], runs[i]});
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        join->migrations[i].state = overall_state(join, &join->migrations[i]);
    }
}
