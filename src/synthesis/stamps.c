/* A published timestamp is kept if it lies in its window, even below the previous one: a database
 * that is not attached may have run it. A new one is above all published ones if possible, so that
 * no such database skips it, and carries its tag's mark. */
#include "synthesis/stamps.h"

#include <stdlib.h>

struct choosing {
    struct arena *arena;
    const struct join *join;
    const size_t *databases;
    size_t database_count;
    int64_t *seconds; /* seconds with a row in the databases, and 0, ascending; NULL: not read */
    size_t second_count;
    int64_t published; /* the highest valid `when` on disk before the year 2100; INT64_MIN: none */
};

static bool fits(const struct synthesis_entry *entry, int64_t stamp) {
    return stamp > entry->lower && stamp <= entry->upper;
}

/* ---- what is known ---- */

static int64_t higher(const struct journal_value *when, int64_t highest) {
    return when->is_valid && when->number < STAMP_FUTURE && when->number > highest ? when->number : highest;
}

/* Includes dropped entries, and the other side's values of entries that both sides of a merge have:
 * they may have been deployed too. */
static int64_t highest_published(const struct join *join) {
    int64_t highest = INT64_MIN;
    for (size_t i = 0; i < join->journal->count; i++) {
        highest = higher(&join->journal->entries[i].when, highest);
        highest = higher(&join->journal->entries[i].fused_when, highest);
    }
    for (size_t i = 0; i < join->journal->other_count; i++) {
        highest = higher(&join->journal->other_entries[i].when, highest);
    }
    return highest;
}

static int compare_seconds(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void know_seconds(struct choosing *choosing) {
    size_t capacity = 1;
    for (size_t i = 0; i < choosing->database_count; i++) {
        capacity += choosing->join->databases[choosing->databases[i]].ledger->count;
    }
    choosing->seconds = arena_array(choosing->arena, int64_t, capacity);
    choosing->seconds[choosing->second_count++] = 0; /* base of the very first timestamp */
    for (size_t i = 0; i < choosing->database_count; i++) {
        const struct ledger *ledger = choosing->join->databases[choosing->databases[i]].ledger;
        for (size_t row = 0; row < ledger->count; row++) {
            if (ledger->rows[row].has_created_at) {
                choosing->seconds[choosing->second_count++] = stamp_second(ledger->rows[row].created_at);
            }
        }
    }
    qsort(choosing->seconds, choosing->second_count, sizeof *choosing->seconds, compare_seconds);
}

static bool has_run_somewhere(const struct choosing *choosing, const struct migration *it) {
    for (size_t i = 0; i < choosing->database_count; i++) {
        if (standing_has_run(&it->standings[choosing->databases[i]])) {
            return true;
        }
    }
    return false;
}

/* ---- one timestamp ---- */

static bool stamp_of_row(const struct choosing *choosing, const struct synthesis_entry *entry, int64_t *ret_stamp) {
    const struct migration *it = &choosing->join->migrations[entry->migration];
    for (size_t i = 0; i < choosing->database_count; i++) {
        const struct ledger_row *row = it->standings[choosing->databases[i]].row;
        if (row && row->has_created_at && fits(entry, row->created_at)) {
            *ret_stamp = row->created_at;
            return true;
        }
    }
    return false;
}

/* The highest timestamp with this mark that is at most `limit` and will be recognized, that is,
 * that counts from the second of a row. */
static bool highest_marked(struct choosing *choosing, struct stamp_mark mark, int64_t limit, int64_t *ret_stamp) {
    if (!choosing->seconds) {
        know_seconds(choosing);
    }
    for (size_t i = choosing->second_count; i-- > 0;) {
        int64_t stamp = stamp_marked(mark, choosing->seconds[i] * 1000);
        if (stamp <= limit) {
            *ret_stamp = stamp;
            return true;
        }
    }
    return false;
}

static int64_t below_upper(struct choosing *choosing, const struct synthesis_entry *entry, struct stamp_mark mark) {
    int64_t marked;
    return highest_marked(choosing, mark, entry->upper, &marked) ? marked : entry->upper;
}

/* Returns the first candidate inside the window. With nothing below it, the timestamp is as high as
 * possible: a database that is not attached and is behind then fails instead of skipping it. */
static int64_t make_stamp(struct choosing *choosing, const struct synthesis_entry *entry, int64_t previous) {
    const struct migration *it = &choosing->join->migrations[entry->migration];
    struct stamp_mark mark = stamp_mark(it->tag);
    int64_t base = previous > entry->lower ? previous : entry->lower;
    if (!has_run_somewhere(choosing, it) && choosing->published > base) {
        base = choosing->published;
    }
    if (base == INT64_MIN && entry->upper < SYNTHESIS_HIGHEST_STAMP) {
        return below_upper(choosing, entry, mark);
    }
    int64_t above = base == INT64_MIN ? 0 : base;
    if (fits(entry, stamp_marked(mark, above))) {
        return stamp_marked(mark, above);
    }
    bool has_lower = entry->lower != INT64_MIN;
    if (has_lower && fits(entry, stamp_marked(mark, entry->lower))) {
        return stamp_marked(mark, entry->lower);
    }
    if (fits(entry, above + 1)) {
        return above + 1;
    }
    if (has_lower) {
        return entry->lower + 1;
    }
    return below_upper(choosing, entry, mark);
}

void synthesis_choose_stamps(struct arena *arena, const struct join *join, const size_t *databases,
                             size_t database_count, struct synthesis_list list) {
    struct choosing choosing = {.arena = arena,
                                .join = join,
                                .databases = databases,
                                .database_count = database_count,
                                .published = highest_published(join)};
    int64_t previous = INT64_MIN;
    for (size_t i = 0; i < list.count; i++) {
        struct synthesis_entry *entry = &list.entries[i];
        int64_t own = 0;
        bool has_own = migration_when(&join->migrations[entry->migration], &own);
        if (has_own && fits(entry, own)) {
            entry->when = own;
        } else if (!stamp_of_row(&choosing, entry, &entry->when)) {
            entry->when = make_stamp(&choosing, entry, previous);
            entry->is_made = true;
        }
        entry->is_when_new = !has_own || entry->when != own;
        previous = entry->when > previous ? entry->when : previous;
    }
}
