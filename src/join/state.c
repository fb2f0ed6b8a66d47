/* Says what Drizzle would do with each migration in each database, going by the journal on disk and the watermark. It looks at what
 * JavaScript compares and PostgreSQL records, never at what a file holds. */
#include "join/state.h"

#include <math.h>
#include <stdlib.h>

/* To JavaScript and to the query that records it, a list of one is what is in it. */
static struct text without_brackets(struct text value) {
    enum { DEEPEST = 8 }; /* each costs a walk over all that is in it */
    for (int depth = 0; depth < DEEPEST && value.length > 0 && json_type(value) == JSON_ARRAY; depth++) {
        struct json_walk walk = {.rest = value};
        struct text key, first, second;
        if (!json_next(&walk, &key, &first) || json_next(&walk, &key, &second)) {
            break;
        }
        value = first;
    }
    return value;
}

/* What `<` makes of a `when` that is no stamp: 20251005090321000, [5] and "1750000000000.5" compare, "soon" with nothing. */
static double number_in_javascript(struct text when) {
    struct text value = without_brackets(when);
    if (value.length == 0 || json_type(value) == JSON_OBJECT) {
        return NAN;
    }
    switch (json_type(value)) {
    case JSON_NUMBER:
        return json_number(value);
    case JSON_ARRAY: /* of none or of several, which make "" and "1,2" */
        return json_next(&(struct json_walk){.rest = value}, &(struct text){0}, &(struct text){0}) ? NAN : 0;
    case JSON_NULL:
        return 0;
    case JSON_TRUE:
    case JSON_FALSE: /* in a list they are words */
        return value.bytes != when.bytes ? NAN : json_type(value) == JSON_TRUE ? 1.0 : 0.0;
    default:
        break;
    }
    struct text number = text_trim(text_slice(value, 1, value.length - 1));
    char *end = NULL;
    double parsed = number.length > 0 ? strtod(number.bytes, &end) : 0;
    return number.length == 0 || end == number.bytes + number.length ? parsed : NAN;
}

bool entry_would_run(const struct journal_entry *entry, struct watermark watermark) {
    return entry->when.is_valid
               ? watermark_lets_run(watermark, entry->when.number)
               : watermark.kind == WATERMARK_NONE || (double)watermark.stamp < number_in_javascript(entry->when.text);
}

/* Whether PostgreSQL takes the `when` for a created_at: null it does, and digits, as JavaScript writes them. */
static bool can_be_recorded(const struct journal_value *when) {
    struct text value = without_brackets(when->text);
    if (when->is_valid || value.length == 0) {
        return when->is_valid;
    }
    if (json_type(value) == JSON_STRING) {
        return text_to_int64(text_trim(text_slice(value, 1, value.length - 1)), &(int64_t){0});
    }
    double number = json_type(value) == JSON_NUMBER ? json_number(value) : NAN;
    return json_type(value) == JSON_NULL || (trunc(number) == number && fabs(number) < 0x1p63);
}

/* Which migrations Drizzle would run: an entry listed twice may be passed over at first and then be run. */
static const bool *find_runs(struct arena *arena, const struct join *join, struct database *database) {
    bool *runs = arena_array(arena, bool, join->count);
    for (size_t i = 0; i < join->journal->count; i++) {
        const struct journal_entry *entry = &join->journal->entries[i];
        size_t migration = join->entry_migration[i];
        if (migration != SIZE_MAX && entry_would_run(entry, database->watermark)) {
            runs[migration] = true;
            bool is_first = !database->failing && !can_be_recorded(&entry->when);
            database->failing = is_first ? entry : database->failing;
        }
    }
    return runs;
}

static enum state state_in(const struct migration *it, const struct database *database, const struct standing *standing,
                           bool runs) {
    if (database->ledger->status == LEDGER_UNREADABLE) {
        return STATE_UNKNOWN;
    }
    if (!it->file) {
        return STATE_MISSING;
    }
    bool has_run = standing_has_run(standing);
    if (has_run && runs) {
        return STATE_RERUN;
    }
    if (has_run) {
        return standing->match >= MATCH_STAMP ? STATE_MODIFIED : STATE_APPLIED;
    }
    if (!it->entry) {
        return STATE_NOT_APPLIED;
    }
    return runs ? STATE_PENDING : STATE_SKIPPED;
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
    for (enum state state = STATE_RERUN; state <= STATE_PENDING; state++) {
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
            it->standings[d].state = state_in(it, &join->databases[d], &it->standings[d], runs[i]);
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        join->migrations[i].state = overall_state(join, &join->migrations[i]);
    }
}
