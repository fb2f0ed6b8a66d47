/* The timestamps, order and numbers of the consistent journal. The runner runs an entry if and only
 * if its timestamp is above the watermark read at the start. So for each migration the timestamps
 * that are right in every database form a window, which is known beforehand; what remains is to
 * choose the value in it that changes least. */
#include "migfs/synthesis/synthesis.h"

#include "migfs/synthesis/refusal.h"
#include "synthesis/numbers.h"
#include "synthesis/order.h"
#include "synthesis/stamps.h"
#include "synthesis/text.h"

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

/* The watermark as a number: without any row, everything is above it. */
static int64_t watermark_stamp(const struct database *database) {
    return database->watermark.kind == WATERMARK_NONE ? INT64_MIN : database->watermark.stamp;
}

/* Returns false if the window is empty; *ret_conflict then names the two databases that make it
 * so. */
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
        conflict.lacks = SIZE_MAX; /* no other database is involved */
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

/* The migration of the first tag in an entry that holds two, or SIZE_MAX. */
static size_t first_of_fused(const struct join *join, const struct journal_entry *entry) {
    const struct migration *first = entry->fused_tag_value.is_valid ? join_find(join, entry->fused_tag) : NULL;
    bool is_here = first && first->fused == entry && migration_counts(first);
    return is_here ? (size_t)(first - join->migrations) : SIZE_MAX;
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
        size_t first = first_of_fused(join, &join->journal->entries[i]);
        if (first != SIZE_MAX) {
            listed.entries[listed.count] = make_entry(work, first, true);
            listed.entries[listed.count++].is_split = true;
        }
        if (migration_counts(it) && it->entry == &join->journal->entries[i]) {
            listed.entries[listed.count] = make_entry(work, migration, false);
            listed.entries[listed.count++].is_split = first != SIZE_MAX;
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (migration_counts(it) && !it->entry && !it->fused) {
            unlisted.entries[unlisted.count++] = make_entry(work, i, true);
        }
    }
    struct synthesis_list ordered = synthesis_order(work->arena, join, listed, unlisted, work->database_count > 0);
    work->list = ordered.entries;
    work->count = ordered.count;
}

/* An entry is moved if it follows one that it preceded on disk. */
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
    synthesis->refusal = synthesis_find_refusal(join, databases, database_count, options->stale, synthesis);
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
    struct synthesis_list list = {work.list, work.count};
    synthesis_choose_stamps(arena, join, databases, database_count, list);
    synthesis_choose_numbers(arena, join, list, options->idx);
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
