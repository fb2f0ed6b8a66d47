/* Compares the journal with that of the branch it will be merged into, to report before the merge
 * what Drizzle will skip after it. */
#include <inttypes.h>
#include <stdlib.h>

#include "migfs/drizzle/runner.h"
#include "migfs/util/sorted.h"
#include "report/find_in.h"
#include "report/phrases.h"

/* A journal, with its entries sorted by tag and by timestamp. */
struct listing {
    const struct journal *journal;
    size_t *by_tag, *by_when;
    size_t tag_count, when_count;
    const struct journal_entry *newest;
};

struct base {
    struct finder *finder;
    struct listing tip, merge_base, ours;
    bool *is_renamed; /* [merge_base.journal->count]: gone, and one of ours has its timestamp */
};

static int compare_tags(const void *context, size_t a, size_t b) {
    const struct journal *journal = context;
    return text_compare(journal->entries[a].tag, journal->entries[b].tag);
}

static int compare_whens(const void *context, size_t a, size_t b) {
    const struct journal *journal = context;
    int64_t left = journal->entries[a].when.number, right = journal->entries[b].when.number;
    return (left > right) - (left < right);
}

static struct listing list(struct arena *arena, const struct journal *journal) {
    struct listing listing = {.journal = journal,
                              .by_tag = arena_array(arena, size_t, journal->count),
                              .by_when = arena_array(arena, size_t, journal->count)};
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->tag_value.is_valid) {
            listing.by_tag[listing.tag_count++] = i;
        }
        if (entry->tag_value.is_valid && entry->when.is_valid) {
            listing.by_when[listing.when_count++] = i;
            bool is_newer = !listing.newest || entry->when.number > listing.newest->when.number;
            listing.newest = is_newer ? entry : listing.newest;
        }
    }
    sorted_order(listing.by_tag, listing.tag_count, compare_tags, journal);
    sorted_order(listing.by_when, listing.when_count, compare_whens, journal);
    return listing;
}

struct sought {
    const struct listing *listing;
    const struct journal_entry *entry;
};

static bool tag_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct journal_entry *entry = &sought->listing->journal->entries[sought->listing->by_tag[position]];
    return text_compare(entry->tag, sought->entry->tag) < 0;
}

static bool when_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct journal_entry *entry = &sought->listing->journal->entries[sought->listing->by_when[position]];
    return entry->when.number < sought->entry->when.number;
}

/* Returns the entry with the same tag, preferably one with the same timestamp, or NULL. */
static const struct journal_entry *find_tag(const struct listing *listing, const struct journal_entry *entry) {
    struct sought sought = {listing, entry};
    size_t at = sorted_find(listing->tag_count, tag_lies_before, &sought);
    const struct journal_entry *first = NULL;
    for (; at < listing->tag_count; at++) {
        const struct journal_entry *it = &listing->journal->entries[listing->by_tag[at]];
        if (!text_equal(it->tag, entry->tag)) {
            break;
        }
        first = first ? first : it;
        if (it->when.is_valid && entry->when.is_valid && it->when.number == entry->when.number) {
            return it;
        }
    }
    return first;
}

static struct place at_entry(const struct base *base, const struct journal_entry *entry) {
    size_t migration = base->finder->join->entry_migration[entry->position];
    return (struct place){.file = TEXT("meta/_journal.json"),
                          .line = entry->line,
                          .migration = migration == SIZE_MAX ? NULL : &base->finder->join->migrations[migration]};
}

static const char *tag_shown(const struct base *base, const struct journal_entry *entry) {
    return phrase_tag(base->finder->arena, entry->tag).bytes;
}

/* ---- moved ---- */

/* Returns whether an earlier entry of the base has the same or a later timestamp; if so, some
 * databases have never run this one. */
static bool was_out_of_order(const struct journal *base, const struct journal_entry *entry) {
    for (size_t i = 0; i < entry->position; i++) {
        if (base->entries[i].when.is_valid && base->entries[i].when.number >= entry->when.number) {
            return true;
        }
    }
    return false;
}

/* Returns whether the attached databases that have rows need the new timestamp, or have recorded
 * it, and none of them is harmed by it. */
static bool is_proved(const struct base *base, const struct journal_entry *entry, int64_t before) {
    const struct join *join = base->finder->join;
    size_t migration = join->entry_migration[entry->position];
    bool is_needed = false;
    for (size_t i = 0; i < join->database_count; i++) {
        const struct database *database = &join->databases[i];
        const struct standing *standing = &join->migrations[migration].standings[i];
        if (database->is_wrong || database->ledger->count == 0) {
            continue;
        }
        bool has_run = standing_has_run(standing);
        if (database->ledger->status == LEDGER_UNREADABLE ||
            runner_is_above(database->watermark, entry->when.number) == has_run) {
            return false;
        }
        /* A row that is recognized by this timestamp alone proves nothing about it. */
        bool is_recorded = standing->row && standing->row->has_created_at &&
                           standing->row->created_at == entry->when.number && !standing->is_told_by_when_alone;
        is_needed = is_needed || is_recorded || runner_is_above(database->watermark, before) == has_run;
    }
    return is_needed;
}

static void find_moved(const struct base *base, const struct journal_entry *entry, const struct journal *journal,
                       const struct journal_entry *before) {
    struct place place = at_entry(base, entry);
    if (!before->when.is_valid || before->when.number == entry->when.number ||
        is_proved(base, entry, before->when.number)) {
        return;
    }
    base->finder->is_judged_by_base[entry->position] = true;
    if (was_out_of_order(journal, before)) {
        found_as(base->finder, SEVERITY_WARNING, PROBLEM_BASE_MOVED, &place,
                 "when of %s was published as %" PRId64 ", below an earlier one, and is now %" PRId64
                 ": wherever both ran in one run it runs again; attach production to be sure",
                 tag_shown(base, entry), before->when.number, entry->when.number);
    } else {
        found(base->finder, PROBLEM_BASE_MOVED, &place,
              "when of %s was published as %" PRId64 " and is now %" PRId64
              ": databases that ran it recorded the old one; set it to %" PRId64 " again",
              tag_shown(base, entry), before->when.number, entry->when.number, before->when.number);
    }
}

/* ---- new, and renamed ---- */

/* Returns the entry of the merge base that has the same timestamp and whose tag is gone, or
 * NULL. */
static const struct journal_entry *renamed_from(const struct base *base, const struct journal_entry *entry) {
    const struct listing *listing = &base->merge_base;
    struct sought sought = {listing, entry};
    size_t at = sorted_find(listing->when_count, when_lies_before, &sought);
    for (; at < listing->when_count; at++) {
        const struct journal_entry *it = &listing->journal->entries[listing->by_when[at]];
        if (it->when.number != entry->when.number) {
            return NULL;
        }
        if (!find_tag(&base->ours, it)) {
            return it;
        }
    }
    return NULL;
}

static void find_other_text(const struct base *base, const struct journal_entry *entry,
                            const struct journal_entry *before) {
    const struct report_base *given = base->finder->base;
    struct place place = at_entry(base, entry);
    struct digest digest;
    bool is_known = place.migration && place.migration->file && given->read_text &&
                    given->read_text(given->context, before->tag, &digest);
    if (is_known && base->tip.newest && digest_compare(&digest, &place.migration->file->sql->digest) != 0) {
        found(base->finder, PROBLEM_BASE_RENAMED, &place,
              "%s has the when of %s, which is gone, but different SQL: databases that ran that one skip it; give it a "
              "when above %" PRId64 ", and put %s back",
              tag_shown(base, entry), tag_shown(base, before), base->tip.newest->when.number, tag_shown(base, before));
    }
}

/* Returns whether a rule says so for any database: comparing branches requires no attached
 * database. */
static bool is_said_to_have_run(const struct base *base, const struct journal_entry *entry) {
    return rules_applied_anywhere(base->finder->join->rules, entry->tag) != NULL;
}

static void find_new(const struct base *base, const struct journal_entry *entry) {
    const struct journal_entry *before = renamed_from(base, entry), *newest = base->tip.newest;
    if (before) {
        base->is_renamed[before->position] = true;
        find_other_text(base, entry, before);
        return;
    }
    if (!newest || entry->when.number > newest->when.number) {
        return;
    }
    base->finder->is_judged_by_base[entry->position] = true;
    if (!is_said_to_have_run(base, entry)) {
        struct place place = at_entry(base, entry);
        found(base->finder, PROBLEM_BASE_BELOW, &place,
              "when of %s, %" PRId64 ", is not above %" PRId64
              ", the newest of the base (%s): databases that ran the base never run it; delete it with its entry and "
              "its snapshot, and generate it again on top of the base (docs/branches.md)",
              tag_shown(base, entry), entry->when.number, newest->when.number, tag_shown(base, newest));
    }
}

/* ---- gone ---- */

static void find_gone(const struct base *base) {
    enum { NAMED = 3 };
    const struct journal *journal = base->merge_base.journal;
    struct phrase_list tags = phrase_list(base->finder->arena, NAMED);
    size_t published = 0;
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        published += entry->tag_value.is_valid;
        if (entry->tag_value.is_valid && !base->is_renamed[i] && !find_tag(&base->ours, entry)) {
            phrase_list_add(&tags, entry->tag);
        }
    }
    const struct journal_entry *newest = base->merge_base.newest, *ours = base->ours.newest;
    bool is_above = ours && (!newest || ours->when.number > newest->when.number);
    bool is_squash = tags.count == published && is_above;
    const char *step = is_squash
                           ? text_format(base->finder->arena,
                                         "or, in a squash, give each such database `applied %s DATABASE` in .migfs",
                                         phrase_glob(base->finder->arena, base->ours.journal->entries[0].tag).bytes)
                                 .bytes
                           : "or, if they are meant to go, write `ignore base-gone` into .migfs until this is merged";
    if (tags.count > 0) {
        bool is_settled = tags.count == published && is_said_to_have_run(base, &base->ours.journal->entries[0]);
        found_as(base->finder,
                 is_settled  ? SEVERITY_NOTE
                 : is_squash ? SEVERITY_ERROR
                             : SEVERITY_WARNING,
                 PROBLEM_BASE_GONE, &(struct place){.file = TEXT("meta/_journal.json")},
                 "%zu of %zu published entries %s gone (%s)%s; put %s back, %s", tags.count, published,
                 tags.count == 1 ? "is" : "are", phrase_list_end(&tags).bytes,
                 is_squash ? ", and what replaces them runs in every database that ran them" : "",
                 tags.count == 1 ? "it" : "them", step);
    }
}

void find_in_base(struct finder *finder) {
    if (!finder->base || finder->join->journal->status != JOURNAL_READ) {
        return;
    }
    struct base base = {.finder = finder,
                        .tip = list(finder->arena, finder->base->tip),
                        .merge_base = list(finder->arena, finder->base->merge_base),
                        .ours = list(finder->arena, finder->join->journal)};
    base.is_renamed = arena_array(finder->arena, bool, base.merge_base.journal->count);
    finder->is_judged_by_base = arena_array(finder->arena, bool, base.ours.journal->count);
    for (size_t i = 0; i < base.ours.journal->count; i++) {
        const struct journal_entry *entry = &base.ours.journal->entries[i];
        if (!entry->tag_value.is_valid || !entry->when.is_valid) {
            continue; /* reported as when-invalid */
        }
        const struct journal_entry *published = find_tag(&base.merge_base, entry), *merged = find_tag(&base.tip, entry);
        if (published && published->when.is_valid) {
            find_moved(&base, entry, base.merge_base.journal, published);
        } else if (merged && merged->when.is_valid) {
            find_moved(&base, entry, base.tip.journal, merged);
        } else {
            find_new(&base, entry);
        }
    }
    find_gone(&base);
}
