/* The order of the consistent journal. A database that has run a migration has also run those that
 * it needs; so the window of a needed migration begins no later, and sorting by the lower ends of
 * the windows gives an order that works. Among equal ones, listed entries keep the journal's order,
 * and unlisted ones are placed by their numbers. */
#include "synthesis/order.h"

#include <stdlib.h>

#include "migfs/util/sorted.h"

struct ordering {
    struct arena *arena;
    const struct join *join;
    struct synthesis_entry *list; /* the placed entries, by lower */
    size_t count;
};

/* A watermark is its upper bound then, and every watermark is below the highest timestamp. */
static bool has_run_somewhere(const struct synthesis_entry *entry) {
    return entry->upper < SYNTHESIS_HIGHEST_STAMP;
}

static struct text number_of(const struct ordering *ordering, const struct synthesis_entry *entry) {
    return ordering->join->migrations[entry->migration].number;
}

static struct text number_at(const struct ordering *ordering, size_t place) {
    return number_of(ordering, &ordering->list[place]);
}

/* ---- by number ---- */

static int compare_numbers(const void *context, size_t a, size_t b) {
    const struct ordering *ordering = context;
    return number_compare(number_at(ordering, a), number_at(ordering, b));
}

/* For each position, the start of the run of entries that ends there and whose numbers are not
 * below its own; a smaller number can be moved before the whole run. */
static size_t *find_jumps(struct ordering *ordering) {
    size_t *jumps = arena_array(ordering->arena, size_t, ordering->count);
    for (size_t i = 0; i < ordering->count; i++) {
        jumps[i] = i;
        while (jumps[i] > 0 && number_compare(number_at(ordering, jumps[i] - 1), number_at(ordering, i)) >= 0) {
            jumps[i] = jumps[jumps[i] - 1];
        }
    }
    return jumps;
}

struct sought {
    const struct ordering *ordering;
    const size_t *by_number;
    struct text number;
    int64_t lower;
};

static bool has_lower_below(const void *context, size_t position) {
    const struct sought *sought = context;
    return sought->ordering->list[position].lower < sought->lower;
}

static bool has_smaller_number(const void *context, size_t position) {
    const struct sought *sought = context;
    return number_compare(number_at(sought->ordering, sought->by_number[position]), sought->number) < 0;
}

static bool has_no_higher_number(const void *context, size_t position) {
    const struct sought *sought = context;
    return number_compare(number_at(sought->ordering, sought->by_number[position]), sought->number) <= 0;
}

/* Number of entries with a lower below this. */
static size_t count_below(const struct ordering *ordering, int64_t lower) {
    return sorted_find(ordering->count, has_lower_below, &(struct sought){.ordering = ordering, .lower = lower});
}

/* Number of entries with a number below this; with `or_same`, not above it. */
static size_t count_smaller(const struct ordering *ordering, const size_t *by_number, struct text number,
                            bool or_same) {
    struct sought sought = {.ordering = ordering, .by_number = by_number, .number = number};
    return sorted_find(ordering->count, or_same ? has_no_higher_number : has_smaller_number, &sought);
}

/* Places an entry among those with the same lower, after the last smaller number that precedes the
 * next higher number. So lower numbers of a late branch, at the end of the list, do not move it
 * there. If the nearest smaller number follows the nearest higher one, the place is unknown, and
 * the entry goes after all smaller numbers. A file without a number goes to the end. */
static size_t place_by_number(const struct ordering *ordering, const size_t *by_number, const size_t *jumps,
                              const struct synthesis_entry *entry) {
    size_t low = count_below(ordering, entry->lower), high = count_below(ordering, entry->lower + 1);
    struct text number = number_of(ordering, entry);
    size_t smaller = count_smaller(ordering, by_number, number, false);
    size_t higher = count_smaller(ordering, by_number, number, true);
    while (smaller > 0 && by_number[smaller - 1] >= high) {
        smaller--;
    }
    while (higher < ordering->count && (by_number[higher] < low || by_number[higher] >= high)) {
        higher++;
    }
    bool are_in_order = higher < ordering->count && (smaller == 0 || by_number[smaller - 1] < by_number[higher]);
    size_t place = are_in_order ? by_number[higher] : high;
    while (place > low && number_compare(number_at(ordering, place - 1), number) > 0) {
        place = jumps[place - 1];
    }
    return place > low ? place : low;
}

/* ---- the list ---- */

static size_t place_after_run(const struct ordering *ordering) {
    for (size_t i = ordering->count; i > 0; i--) {
        if (has_run_somewhere(&ordering->list[i - 1])) {
            return i;
        }
    }
    return 0;
}

/* An entry to insert at a position in the list. */
struct placed {
    const struct synthesis_entry *entry;
    size_t place;
    size_t turn; /* in file order */
};

static int compare_placed(const void *a, const void *b) {
    const struct placed *left = a, *right = b;
    if (left->place != right->place) {
        return left->place < right->place ? -1 : 1;
    }
    if (left->entry->lower != right->entry->lower) {
        return left->entry->lower < right->entry->lower ? -1 : 1;
    }
    return (left->turn > right->turn) - (left->turn < right->turn);
}

static void insert(struct ordering *ordering, struct placed *placed, size_t count) {
    qsort(placed, count, sizeof *placed, compare_placed);
    struct synthesis_entry *merged = arena_array(ordering->arena, struct synthesis_entry, ordering->count + count);
    size_t taken = 0, merged_count = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t place = i < count ? placed[i].place : ordering->count;
        while (taken < place) {
            merged[merged_count++] = ordering->list[taken++];
        }
        if (i < count) {
            merged[merged_count++] = *placed[i].entry;
        }
    }
    ordering->list = merged;
    ordering->count = merged_count;
}

static void insert_by_number(struct ordering *ordering, struct synthesis_list unlisted, bool have_run,
                             size_t earliest) {
    const size_t *by_number = sorted_all(ordering->arena, ordering->count, compare_numbers, ordering);
    const size_t *jumps = find_jumps(ordering);
    struct placed *placed = arena_array(ordering->arena, struct placed, unlisted.count);
    size_t count = 0;
    for (size_t i = 0; i < unlisted.count; i++) {
        const struct synthesis_entry *entry = &unlisted.entries[i];
        if (has_run_somewhere(entry) == have_run) {
            size_t place = place_by_number(ordering, by_number, jumps, entry);
            placed[count++] = (struct placed){entry, place > earliest ? place : earliest, i};
        }
    }
    insert(ordering, placed, count);
}

struct synthesis_list synthesis_order(struct arena *arena, const struct join *join, struct synthesis_list listed,
                                      struct synthesis_list unlisted, bool with_databases) {
    struct ordering ordering = {.arena = arena, .join = join, .list = listed.entries}; /* empty */
    struct placed *placed = arena_array(arena, struct placed, listed.count);
    for (size_t i = 0; i < listed.count; i++) {
        placed[i] = (struct placed){&listed.entries[i], 0, i};
    }
    insert(&ordering, placed, listed.count);
    insert_by_number(&ordering, unlisted, true, 0);
    /* A file that Drizzle has never run cannot be needed by one that has run; without a database,
     * everything listed may have run. */
    insert_by_number(&ordering, unlisted, false, with_databases ? place_after_run(&ordering) : ordering.count);
    return (struct synthesis_list){ordering.list, ordering.count};
}
