/* Timestamps of the journal that do not rise with it. The culprits are the entries outside the
 * longest strictly rising sequence, so one entry with a timestamp in the future is one problem, not
 * one for each correct entry after it. */
#include <inttypes.h>

#include "migfs/drizzle/stamp.h"
#include "migfs/util/sorted.h"
#include "report/find_in.h"
#include "report/phrases.h"

struct series {
    struct finder *finder;
    const struct journal_entry **entries; /* those with a tag and a timestamp */
    bool *is_kept;                        /* is in the longest rising sequence */
    bool *is_culprit, *is_too_high;
    size_t *next_kept; /* the next kept entry after each; SIZE_MAX: none */
    size_t count;
};

static int64_t when_of(const struct series *series, size_t at) {
    return series->entries[at]->when.number;
}

/* An entry to append, and the sequences that it may follow. */
struct appended {
    const struct series *series;
    const size_t *last_of_length;
    size_t entry;
};

static bool ends_below(const void *context, size_t position) {
    const struct appended *it = context;
    return when_of(it->series, it->last_of_length[position]) < when_of(it->series, it->entry);
}

/* By patience sorting. Of sequences of equal length it keeps the one with the lowest end, of equal
 * timestamps the later entry. */
static void keep_longest(struct series *series) {
    struct arena *arena = series->finder->arena;
    size_t *last_of_length = arena_array(arena, size_t, series->count); /* entry that ends the best of each length */
    size_t *before = arena_array(arena, size_t, series->count), longest = 0;
    for (size_t i = 0; i < series->count; i++) {
        size_t shorter = sorted_find(longest, ends_below, &(struct appended){series, last_of_length, i});
        before[i] = shorter > 0 ? last_of_length[shorter - 1] : SIZE_MAX;
        last_of_length[shorter] = i;
        longest = shorter < longest ? longest : shorter + 1;
    }
    size_t at = longest > 0 ? last_of_length[longest - 1] : SIZE_MAX;
    while (at != SIZE_MAX) {
        series->is_kept[at] = true;
        at = before[at];
    }
}

static const struct migration *migration_at(const struct series *series, size_t at) {
    const struct join *join = series->finder->join;
    return &join->migrations[join->entry_migration[series->entries[at]->position]];
}

static bool is_skipped_somewhere(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder_is_in(finder, it, i, STATE_SKIPPED)) {
            return true;
        }
    }
    return false;
}

/* Returns whether migfs made the timestamp: it has the tag's mark, based on the second of another
 * entry. */
static bool is_of_our_making(const struct series *series, size_t at) {
    struct stamp_mark mark = stamp_mark(series->entries[at]->tag);
    if (stamp_milliseconds(when_of(series, at)) != mark.milliseconds) {
        return false;
    }
    int64_t second = stamp_base_second(mark, when_of(series, at));
    for (size_t i = 0; i < series->count; i++) {
        if (i != at && stamp_second(when_of(series, i)) == second) {
            return true;
        }
    }
    return false;
}

/* Marks an entry as a culprit if it can still do harm: some database lacks it or an entry that it
 * shadows, and neither is reported as `skipped`. */
static void find_culprits(struct series *series) {
    const struct finder *finder = series->finder;
    /* Of the later entries. */
    int64_t lowest_kept = INT64_MAX, lowest_open = INT64_MAX, lowest_said = INT64_MAX;
    size_t next = SIZE_MAX;
    for (size_t i = series->count; i-- > 0;) {
        const struct migration *it = migration_at(series, i);
        int64_t when = when_of(series, i);
        bool is_open = finder_lacks_somewhere(finder, it), is_said = is_skipped_somewhere(finder, it);
        bool is_ours = is_of_our_making(series, i);
        series->next_kept[i] = next;
        series->is_too_high[i] = when >= lowest_kept;
        bool shadows_open = series->is_too_high[i] && lowest_open <= when;
        bool shadows_said = series->is_too_high[i] && lowest_said <= when;
        series->is_culprit[i] =
            !series->is_kept[i] && !is_ours && (is_open || shadows_open) && !is_said && !shadows_said;
        next = series->is_kept[i] ? i : next;
        lowest_kept = series->is_kept[i] ? when : lowest_kept;
        lowest_open = is_open && when < lowest_open ? when : lowest_open;
        lowest_said = is_said && when < lowest_said ? when : lowest_said;
    }
}

/* Returns the kept entry before a low one, which has a higher timestamp. */
static size_t kept_before(const struct series *series, size_t at) {
    while (at-- > 0) {
        if (series->is_kept[at]) {
            return at;
        }
    }
    return SIZE_MAX;
}

static const char *name_at(const struct series *series, size_t at) {
    return phrase_tag(series->finder->arena, series->entries[at]->tag).bytes;
}

/* What to do. If one of them has run, its timestamp is published and stays, unless a database needs
 * another one. */
static const char *advise(const struct series *series, size_t from, size_t to, bool is_high, int64_t bound) {
    enum { NAMED = 3 };
    const struct join *join = series->finder->join;
    struct phrase_list names = phrase_list(series->finder->arena, NAMED);
    for (size_t database = 0; database < join->database_count; database++) {
        bool has_run = false;
        for (size_t i = from; i < to; i++) {
            has_run = has_run || standing_has_run(&migration_at(series, i)->standings[database]);
        }
        if (has_run) {
            phrase_list_add(&names, join->databases[database].name);
        }
    }
    bool is_one = to - from == 1;
    if (names.count > 0) {
        return text_format(
                   series->finder->arena,
                   "%s run in database%s %s, so leave %s timestamp as it is; a deploy that runs both at once is "
                   "fine",
                   is_one ? "it has" : "some have", phrase_s(names.count), phrase_list_end(&names).bytes,
                   is_one ? "its" : "each")
            .bytes;
    }
    return text_format(series->finder->arena, "while %s run nowhere, set %s when%s %s %" PRId64,
                       is_one ? "it has" : "they have", is_one ? "its" : "their", is_one ? "" : "s",
                       is_high ? "below" : "above", bound)
        .bytes;
}

/* One problem for the adjacent entries `from` to `to`, which are all too high or all too low. */
static void say_culprits(const struct series *series, size_t from, size_t to, bool is_high) {
    enum { NAMED = 3 };
    struct phrase_list tags = phrase_list(series->finder->arena, NAMED);
    for (size_t i = from; i < to; i++) {
        phrase_list_add(&tags, series->entries[i]->tag);
    }
    size_t other = is_high ? series->next_kept[to - 1] : kept_before(series, from);
    struct place place = {.file = TEXT("meta/_journal.json"),
                          .line = series->entries[from]->line,
                          .migration = migration_at(series, from)};
    int64_t bound = other == SIZE_MAX ? 0 : when_of(series, other);
    const char *whose = other == SIZE_MAX ? "" : name_at(series, other);
    const char *names = phrase_list_end(&tags).bytes;
    bool is_one = tags.count == 1;
    const char *step = advise(series, from, to, is_high, bound);
    if (is_high) {
        found(series->finder, PROBLEM_WHEN_ORDER, &place,
              "when of %s, %" PRId64 ", is too high: %s after %s is %" PRId64
              ", and where %s ran without it, Drizzle never runs it; %s",
              names, when_of(series, from), whose, is_one ? "it" : "them", bound, is_one ? "this" : "they", step);
    } else {
        found(series->finder, PROBLEM_WHEN_ORDER, &place,
              "when of %s, %" PRId64 ", is too low: %s before %s is %" PRId64
              ", and where that ran without %s, Drizzle never runs %s; %s",
              names, when_of(series, from), whose, is_one ? "it" : "them", bound, is_one ? "it" : "them",
              is_one ? "it" : "them", step);
    }
}

void find_in_order(struct finder *finder) {
    const struct journal *journal = finder->join->journal;
    struct series series = {.finder = finder,
                            .entries = arena_array(finder->arena, const struct journal_entry *, journal->count),
                            .is_kept = arena_array(finder->arena, bool, journal->count),
                            .is_culprit = arena_array(finder->arena, bool, journal->count),
                            .is_too_high = arena_array(finder->arena, bool, journal->count),
                            .next_kept = arena_array(finder->arena, size_t, journal->count)};
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        size_t migration = finder->join->entry_migration[i];
        bool is_first = migration != SIZE_MAX && finder->join->migrations[migration].entry == entry;
        /* One that --base reports is the culprit; without it, the order of the others counts. */
        bool is_said = finder->is_judged_by_base && finder->is_judged_by_base[i];
        if (entry->when.is_valid && is_first && !is_said) {
            series.entries[series.count++] = entry;
        }
    }
    keep_longest(&series);
    find_culprits(&series);
    for (size_t from = 0; from < series.count;) {
        size_t to = from + 1;
        if (series.is_culprit[from]) {
            bool is_high = series.is_too_high[from];
            while (to < series.count && series.is_culprit[to] && series.is_too_high[to] == is_high) {
                to++;
            }
            say_culprits(&series, from, to, is_high);
        }
        from = to;
    }
}
