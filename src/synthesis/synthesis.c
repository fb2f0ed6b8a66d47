/* The stamps, the order and the numbers of the consistent journal. The runner runs an entry if and only if its stamp is above the
 * watermark it read at its start; so for each migration the stamps that are right in every database are a window, known before
 * anything is decided, and all that is left is to choose within it what changes least. */
#include "migfs/synthesis/synthesis.h"

#include <inttypes.h>

#include "migfs/synthesis/refusal.h"
#include "synthesis/order.h"
#include "synthesis/text.h"

/* Prefixes of drizzle-kit's index mode count from 0000; longer ones are dates or seconds, which are no idx. */
enum { LONGEST_INDEX = 6 };

struct work {
    struct arena *arena;
    const struct join *join;
    const size_t *databases;
    size_t database_count;
    struct synthesis *synthesis;
    struct conflict *conflicts; /* the synthesis's own */
    struct synthesis_entry *list;
    size_t count;
};

static const struct migration *migration_of(const struct work *work, const struct synthesis_entry *entry) {
    return &work->join->migrations[entry->migration];
}

/* ---- windows ---- */

/* A watermark as a number: without any row, everything is above it. */
static int64_t watermark_stamp(const struct database *database) {
    return database->watermark.kind == WATERMARK_NONE ? INT64_MIN : database->watermark.stamp;
}

/* Returns false when the window is empty, and then the two databases that make it so. */
static bool find_window(const struct work *work, struct synthesis_entry *entry, struct conflict *ret_conflict) {
    const struct migration *it = migration_of(work, entry);
    struct conflict conflict = {.migration = entry->migration, .has = SIZE_MAX, .lacks = SIZE_MAX};
    entry->lower = INT64_MIN;
    entry->upper = SYNTHESIS_HIGHEST_STAMP;
    for (size_t i = 0; i < work->database_count; i++) {
        size_t database = work->databases[i];
        int64_t watermark = watermark_stamp(&work->join->databases[database]);
        if (standing_has_run(&it->standings[database])) {
            if (conflict.has == SIZE_MAX || watermark < entry->upper) {
                conflict.has = database;
                entry->upper = watermark;
            }
        } else if (watermark > entry->lower) {
            conflict.lacks = database;
            entry->lower = watermark;
        }
    }
    if (entry->upper == INT64_MIN) {
        conflict.lacks = SIZE_MAX; /* no other database is to blame */
    }
    *ret_conflict = conflict;
    return entry->lower < entry->upper;
}

static struct synthesis_entry make_entry(struct work *work, size_t migration, bool is_new) {
    struct synthesis_entry entry = {.migration = migration, .is_new = is_new};
    if (!find_window(work, &entry, &work->conflicts[work->synthesis->conflict_count])) {
        work->synthesis->conflict_count++;
    }
    return entry;
}

static void list_entries(struct work *work) {
    const struct join *join = work->join;
    struct synthesis_list listed = {.entries = arena_array(work->arena, struct synthesis_entry, join->count)};
    struct synthesis_list unlisted = {.entries = arena_array(work->arena, struct synthesis_entry, join->count)};
    for (size_t i = 0; i < join->journal->count; i++) {
        size_t migration = join->entry_migration[i];
        if (migration == SIZE_MAX) {
            continue;
        }
        const struct migration *it = &join->migrations[migration];
        if (migration_counts(it) && it->entry == &join->journal->entries[i]) {
            listed.entries[listed.count++] = make_entry(work, migration, false);
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        if (migration_counts(&join->migrations[i]) && !join->migrations[i].entry) {
            unlisted.entries[unlisted.count++] = make_entry(work, i, true);
        }
    }
    struct synthesis_list ordered = synthesis_order(work->arena, join, listed, unlisted, work->database_count > 0);
    work->list = ordered.entries;
    work->count = ordered.count;
}

/* ---- stamps ---- */

static bool is_applied_everywhere(const struct work *work, const struct migration *it) {
    for (size_t i = 0; i < work->database_count; i++) {
        if (!standing_has_run(&it->standings[work->databases[i]])) {
            return false;
        }
    }
    return work->database_count > 0;
}

static bool fits(const struct synthesis_entry *entry, int64_t stamp) {
    return stamp > entry->lower && stamp <= entry->upper;
}

static bool is_told_by_stamp(const struct work *work, const struct migration *it) {
    for (size_t i = 0; i < work->database_count; i++) {
        if (it->standings[work->databases[i]].match == MATCH_STAMP) {
            return true;
        }
    }
    return false;
}

/* The stamp that a row of this migration has, where it may serve. */
static bool stamp_of_row(const struct work *work, const struct synthesis_entry *entry, int64_t above,
                         int64_t *ret_stamp) {
    const struct migration *it = migration_of(work, entry);
    for (size_t i = 0; i < work->database_count; i++) {
        const struct ledger_row *row = it->standings[work->databases[i]].row;
        if (row && row->has_created_at && row->created_at > above && fits(entry, row->created_at)) {
            *ret_stamp = row->created_at;
            return true;
        }
    }
    return false;
}

/* A stamp of our making: on a whole second of its own, since drizzle v1 cuts stamps to seconds, and with the tag's mark in its
 * milliseconds, by which its row is known again once the file has been edited. For that the second must follow that of another
 * stamp; so where what came before lies above the window, it is counted from where the window begins, or from 1970. */
static int64_t make_stamp(const struct synthesis_entry *entry, int64_t previous, int64_t mark) {
    int64_t above = previous > entry->lower && previous < entry->upper ? previous : entry->lower;
    int64_t stamp = (stamp_second(above == INT64_MIN ? 0 : above) + 1) * 1000 + mark;
    if (stamp <= entry->upper) {
        return stamp;
    }
    return above == INT64_MIN ? entry->upper : above + 1;
}

static void choose_stamps(struct work *work) {
    int64_t previous = INT64_MIN;
    for (size_t i = 0; i < work->count; i++) {
        struct synthesis_entry *entry = &work->list[i];
        const struct migration *it = migration_of(work, entry);
        bool has_own = it->entry && it->entry->when.is_valid;
        int64_t own = has_own ? it->entry->when.number : 0;
        /* Also where what came before leaves no room, since it is out of order anyway; and where a row is told by nothing else: with
         * another stamp in the journal, it would be nobody's. */
        bool any_order = is_applied_everywhere(work, it) || (work->database_count == 0 && has_own) ||
                         previous >= entry->upper || is_told_by_stamp(work, it);
        int64_t above = any_order ? INT64_MIN : previous;
        if (has_own && own > above && fits(entry, own)) {
            entry->when = own;
        } else if (!stamp_of_row(work, entry, above, &entry->when)) {
            entry->when = make_stamp(entry, previous, stamp_mark(it->tag));
        }
        entry->is_when_new = !has_own || entry->when != own;
        previous = entry->when > previous ? entry->when : previous;
    }
}

/* ---- numbers ---- */

/* The number in the name, where it can be an idx. */
static bool idx_in_name(const struct migration *it, int64_t *ret_idx) {
    return it->number.length > 0 && it->number.length <= LONGEST_INDEX && text_to_int64(it->number, ret_idx);
}

static bool own_idx(const struct migration *it, int64_t *ret_idx) {
    if (!it->entry || !it->entry->idx.is_valid) {
        return false;
    }
    *ret_idx = it->entry->idx.number;
    return true;
}

static void choose_idx(struct work *work, enum idx_mode mode) {
    /* From the end: the smallest idx on disk that still follows; a new one should stay below it. */
    int64_t *following = arena_array(work->arena, int64_t, work->count + 1);
    following[work->count] = INT64_MAX;
    for (size_t i = work->count; i-- > 0;) {
        int64_t idx;
        bool has_own = own_idx(migration_of(work, &work->list[i]), &idx);
        following[i] = has_own && idx < following[i + 1] ? idx : following[i + 1];
    }
    int64_t previous = -1;
    for (size_t i = 0; i < work->count; i++) {
        struct synthesis_entry *entry = &work->list[i];
        const struct migration *it = migration_of(work, entry);
        int64_t own = -1, named;
        bool has_own = own_idx(it, &own);
        entry->idx = previous + 1;
        if (mode == IDX_PREFIX && has_own && own > previous) {
            entry->idx = own;
        } else if (mode == IDX_PREFIX && !has_own && idx_in_name(it, &named) && named > previous &&
                   named < following[i + 1]) {
            entry->idx = named;
        }
        entry->is_idx_new = !has_own || entry->idx != own;
        previous = entry->idx;
    }
}

/* An entry is moved when it stands behind one that it stood before. */
static void mark_moved(struct work *work) {
    size_t furthest = 0;
    for (size_t i = 0; i < work->count; i++) {
        const struct journal_entry *entry = migration_of(work, &work->list[i])->entry;
        if (entry) {
            work->list[i].is_moved = entry->position < furthest;
            furthest = entry->position > furthest ? entry->position : furthest;
        }
    }
}

struct synthesis *synthesize(struct arena *arena, const struct join *join, const size_t *databases,
                             size_t database_count, const struct synthesis_options *options) {
    struct synthesis *synthesis = arena_new(arena, struct synthesis);
    struct work work = {
        .arena = arena, .join = join, .databases = databases, .database_count = database_count, .synthesis = synthesis};
    synthesis->bytes = TEXT("");
    synthesis->of_migration = arena_array(arena, size_t, join->count);
    for (size_t i = 0; i < join->count; i++) {
        synthesis->of_migration[i] = SIZE_MAX;
    }
    synthesis->refusal = synthesis_find_refusal(join, databases, database_count, options->stale, &synthesis->database);
    if (synthesis->refusal != REFUSAL_NONE) {
        return synthesis;
    }
    work.conflicts = arena_array(arena, struct conflict, join->count + 1);
    synthesis->conflicts = work.conflicts;
    list_entries(&work);
    if (synthesis->conflict_count > 0) {
        synthesis->refusal = REFUSAL_CONFLICT;
        return synthesis;
    }
    choose_stamps(&work);
    choose_idx(&work, options->idx);
    mark_moved(&work);
    synthesis->entries = work.list;
    synthesis->count = work.count;
    for (size_t i = 0; i < work.count; i++) {
        synthesis->of_migration[work.list[i].migration] = i;
    }
    synthesis->is_rebuilt = join->journal->status == JOURNAL_UNREADABLE;
    synthesis_write(arena, join, synthesis);
    return synthesis;
}
