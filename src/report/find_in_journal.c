/* Problems of meta/_journal.json itself, independent of files and databases. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/find_in.h"
#include "report/phrases.h"

#define JOURNAL_NAME TEXT("meta/_journal.json")

static struct place at_entry(const struct finder *finder, const struct journal_entry *entry) {
    size_t migration = finder->join->entry_migration[entry->position];
    return (struct place){.file = JOURNAL_NAME,
                          .line = entry->line,
                          .migration = migration == SIZE_MAX ? NULL : &finder->join->migrations[migration]};
}

/* "0019_webauthn_mfa", or "entry 3" if it has no tag. */
static const char *name_of(const struct finder *finder, const struct journal_entry *entry) {
    return entry->tag.length > 0 ? phrase_tag(finder->arena, entry->tag).bytes
                                 : text_format(finder->arena, "entry %zu", entry->position).bytes;
}

static void find_unreadable(struct finder *finder) {
    const struct journal *journal = finder->join->journal;
    struct place place = {.file = JOURNAL_NAME, .line = journal->line, .column = journal->column};
    const char *reason = shown(finder, journal->reason);
    if (disk_unreachable(finder->join->disk)) {
        return; /* reported as source-missing */
    }
    if (journal->status == JOURNAL_MISSING) {
        bool is_alone = finder->join->database_count == 0;
        if (finder->join->count == 0) {
            found(finder, PROBLEM_JOURNAL_MISSING, &place,
                  "there is none, and no .sql file either, so Drizzle aborts with \"Can't find meta/_journal.json "
                  "file\"; is this the migrations folder?");
            return;
        }
        found(finder, PROBLEM_JOURNAL_MISSING, &place,
              "there is none, so Drizzle aborts with \"Can't find meta/_journal.json file\"; %s, naming this folder, "
              "which migfs does not find by itself without a journal",
              is_alone ? "attach the databases that have run any of these files, and run `migfs fix` with them"
                       : finder->advice);
    } else if (journal->status == JOURNAL_CONFLICTED) {
        found(finder, PROBLEM_JOURNAL_UNREADABLE, &place,
              "%s, so Drizzle cannot read the file and aborts; finish the merge, or %s, which writes the entries of "
              "both sides, each once",
              reason, finder->advice);
    } else if (journal->has_conflict_markers) {
        found(finder, PROBLEM_JOURNAL_UNREADABLE, &place,
              "%s, so Drizzle cannot read the file and aborts; finish the merge", reason);
    } else if (journal->is_too_large) {
        found(
            finder, PROBLEM_JOURNAL_UNREADABLE, &place,
            "%s, and a file that large was not written by drizzle-kit and is not read; put the right file in its place",
            reason);
    } else if (journal->status == JOURNAL_UNREADABLE) {
        found(finder, PROBLEM_JOURNAL_UNREADABLE, &place, "%s, so Drizzle cannot read it and aborts; %s", reason,
              journal->is_empty ? "restore it from version control" : "correct the file");
    }
    if (finder->synthesis->is_rebuilt) {
        found(finder, PROBLEM_JOURNAL_REBUILT, &place,
              "the _journal.json here is rebuilt from the ledgers and the files; compare it with your last good one, "
              "then %s",
              finder->advice);
    }
}

/* Returns whether unlisted migrations are reported one by one, which replaces
 * journal-incomplete. */
static bool is_some_unjournaled(const struct finder *finder) {
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        if (migration_counts(it) && !it->entry && finder_lacks_somewhere(finder, it)) {
            return true;
        }
    }
    return false;
}

/* The journal need not list migrations that another tool runs. */
static bool is_another_tools(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder_named_elsewhere(finder, it, i)) {
            return true;
        }
    }
    return false;
}

static void find_incomplete(struct finder *finder) {
    const struct join *join = finder->join;
    size_t listed = 0, all = 0;
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        bool counts = migration_counts(it) && (it->entry || !is_another_tools(finder, it));
        all += counts;
        listed += counts && join->migrations[i].entry;
    }
    if (journal_lists(join->journal) && listed < all && !is_some_unjournaled(finder)) {
        bool is_served = finder->synthesis->refusal == REFUSAL_NONE;
        found(finder, PROBLEM_JOURNAL_INCOMPLETE, &(struct place){.file = JOURNAL_NAME},
              "it lists %zu of %zu migrations, so a database that Drizzle sets up from it lacks %zu%s%s%s", listed, all,
              all - listed, is_served ? "; " : "", is_served ? finder->advice : "", finder_doubt(finder, NULL));
    }
}

static bool has_file(const struct finder *finder, const struct journal_entry *entry) {
    size_t migration = finder->join->entry_migration[entry->position];
    return migration != SIZE_MAX && finder->join->migrations[migration].file;
}

/* Returns whether the consistent journal has the entry, too. */
static bool is_kept(const struct finder *finder, const struct journal_entry *entry) {
    return has_file(finder, entry) &&
           finder->join->migrations[finder->join->entry_migration[entry->position]].kind == MIGRATION_COUNTS;
}

/* "; the consistent journal gives it a number: run …"; empty if that journal does not have the
 * entry. */
static const char *given_by_consistent(const struct finder *finder, const struct journal_entry *entry,
                                       const char *what) {
    return is_kept(finder, entry)
               ? text_format(finder->arena, "; the consistent journal gives it %s: %s", what, finder->advice).bytes
               : "";
}

static void find_bad_tag(struct finder *finder, const struct journal_entry *entry) {
    struct place place = at_entry(finder, entry);
    struct text tag = entry->tag;
    size_t at;
    const char *name = phrase_tag(finder->arena, tag).bytes;
    if (!entry->tag_value.is_valid) {
        found(finder, PROBLEM_BAD_TAG, &place,
              "entry %zu has no tag that is a string, so Drizzle finds no file for it and aborts; correct it, or let "
              "the consistent journal leave it out: %s",
              entry->position, finder->advice);
    } else if (text_find(tag, "/", &at)) {
        found(finder, PROBLEM_BAD_TAG, &place, "the tag \"%s\" leads to another folder%s", name,
              join_find(finder->join, tag)->is_out_of_reach
                  ? ": Drizzle follows it, and _journal.json is refused, since migfs does not; move the file into the "
                    "folder, and put its name into the entry"
                  : text_format(finder->arena,
                                ", where no such file is, so Drizzle aborts; correct it, or let the consistent journal "
                                "leave it out: %s",
                                finder->advice)
                        .bytes);
    } else if (tag.length == 0 || memchr(tag.bytes, '\0', tag.length) || tag.length > 251) {
        found(finder, PROBLEM_BAD_TAG, &place,
              "the tag \"%s\" cannot be the name of a file, so Drizzle aborts; correct it, or let the consistent "
              "journal leave it out: %s",
              name, finder->advice);
    } else if (text_ends(tag, ".sql") && !has_file(finder, entry)) {
        found(finder, PROBLEM_BAD_TAG, &place,
              "the tag \"%s\" ends in .sql, so Drizzle looks for %s.sql and aborts; write it without .sql", name, name);
    }
}

/* What the runner does with a `when` that is not a timestamp. */
static const char *outcome_of_bad_stamp(const struct journal_entry *entry) {
    struct text value = entry->when.text;
    if (value.length == 0) {
        return ": Drizzle skips it, and fails on an empty database";
    }
    if (json_type(value) == JSON_NULL) {
        return ": Drizzle skips it, and on an empty database records a row that makes everything run again";
    }
    if (json_type(value) == JSON_ARRAY) {
        return ", a list: Drizzle takes the number out of a list of one; otherwise it skips the entry, or fails";
    }
    bool is_large = json_type(value) == JSON_NUMBER && json_number(value) >= (double)STAMP_LIMIT;
    return is_large ? ", more than JavaScript represents exactly: Drizzle fails, or skips everything after it"
                    : ", not a whole number: Drizzle skips it, or fails";
}

static void find_bad_stamp(struct finder *finder, const struct journal_entry *entry) {
    struct place place = at_entry(finder, entry);
    const char *name = name_of(finder, entry);
    const char *value = shown(finder, text_slice(entry->when.text, 0, 60));
    if (!entry->when.is_valid) {
        found(finder, PROBLEM_WHEN_INVALID, &place, "when of %s is %s%s%s", name,
              entry->when.text.length > 0 ? value : "missing", outcome_of_bad_stamp(entry),
              given_by_consistent(finder, entry, "a timestamp"));
        return;
    }
    int64_t when = entry->when.number;
    if (when >= INT64_C(10000000000000) && when < INT64_C(100000000000000)) {
        found(finder, PROBLEM_WHEN_UNIT, &place,
              "when of %s has 14 digits, like a date and not like milliseconds: once it has run, Drizzle skips every "
              "migration with a real timestamp; change the entry's timestamp before it runs anywhere",
              name);
    } else if (when >= STAMP_FUTURE) {
        found(finder, PROBLEM_WHEN_FUTURE, &place,
              "when of %s is after the year 2099: once it has run, Drizzle skips every migration generated later; give "
              "the entry a real timestamp before it runs anywhere",
              name);
    } else if (when >= INT64_C(100000000) && when < INT64_C(10000000000) &&
               !(place.migration && finder_has_run_somewhere(finder, place.migration))) {
        found(finder, PROBLEM_WHEN_UNIT, &place,
              "when of %s looks like seconds, not milliseconds: where one in milliseconds has run, Drizzle skips it; "
              "multiply it "
              "by 1000 before it runs anywhere",
              name);
    }
}

/* Synthesis splits an object in which a merge has fused two entries. */
static const char *way_out_of_fused(const struct finder *finder, const struct journal_entry *entry) {
    const struct synthesis_entry *kept = plan_entry(finder->synthesis, finder->join->entry_migration[entry->position]);
    return kept && kept->is_split
               ? text_format(finder->arena, "the consistent journal splits it in two again: %s", finder->advice).bytes
               : "see which one is lost, and correct the entry";
}

static void find_bad_parts(struct finder *finder, const struct journal_entry *entry) {
    struct place place = at_entry(finder, entry);
    if (!entry->is_object) {
        found(finder, PROBLEM_BAD_ENTRY, &place,
              "entry %zu is not an object, so Drizzle finds no file for it and aborts; correct it, or let the "
              "consistent journal leave it out: %s",
              entry->position, finder->advice);
        return;
    }
    find_bad_tag(finder, entry);
    find_bad_stamp(finder, entry);
    if (!entry->idx.is_valid) {
        found(finder, PROBLEM_BAD_IDX, &place,
              "idx of %s is %s: Drizzle ignores it, but the next `drizzle-kit generate` counts on from it%s",
              name_of(finder, entry),
              entry->idx.text.length > 0 ? shown(finder, text_slice(entry->idx.text, 0, 60)) : "missing",
              given_by_consistent(finder, entry, "a number"));
    }
    if (entry->repeated_key.length > 0) {
        found(finder, PROBLEM_DUPLICATE_KEY, &place,
              "entry %zu has \"%s\" twice, and Drizzle takes the last: a merge may have fused two entries into one; %s",
              entry->position, shown(finder, text_slice(entry->repeated_key, 0, 60)), way_out_of_fused(finder, entry));
    }
}

static void find_duplicate_tags(struct finder *finder) {
    const struct join *join = finder->join;
    for (size_t i = 0; i < join->journal->count; i++) {
        const struct journal_entry *entry = &join->journal->entries[i];
        const struct migration *it =
            join->entry_migration[i] == SIZE_MAX ? NULL : &join->migrations[join->entry_migration[i]];
        if (it && it->entry != entry) {
            struct place place = at_entry(finder, entry);
            found(finder, PROBLEM_DUPLICATE_TAG, &place,
                  "%s is listed a second time (first in line %zu): where it has not run, Drizzle runs it twice; the "
                  "consistent journal keeps the first: %s",
                  name_of(finder, entry), it->entry->line, finder->advice);
        }
    }
}

static int compare_idx(const void *a, const void *b, void *context) {
    const struct journal_entry *entries = context;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    int64_t l = entries[left].idx.number, r = entries[right].idx.number;
    return l != r ? (l > r) - (l < r) : (left > right) - (left < right);
}

static void find_duplicate_idx(struct finder *finder) {
    const struct journal *journal = finder->join->journal;
    size_t *sorted = arena_array(finder->arena, size_t, journal->count), count = 0;
    for (size_t i = 0; i < journal->count; i++) {
        if (journal->entries[i].idx.is_valid) {
            sorted[count++] = i;
        }
    }
    if (count > 0) {
        void *entries = (void *)journal->entries; /* qsort_r takes its context without const */
        qsort_r(sorted, count, sizeof *sorted, compare_idx, entries);
    }
    for (size_t i = 1; i < count; i++) {
        const struct journal_entry *first = &journal->entries[sorted[i - 1]], *second = &journal->entries[sorted[i]];
        if (first->idx.number == second->idx.number && !text_equal(first->tag, second->tag)) {
            struct place place = at_entry(finder, second);
            found(finder, PROBLEM_DUPLICATE_IDX, &place,
                  "%s has the idx %" PRId64
                  " of %s: Drizzle ignores that, but the next `drizzle-kit generate` may reuse a number%s",
                  name_of(finder, second), second->idx.number, name_of(finder, first),
                  given_by_consistent(finder, second, "its own"));
        }
    }
}

void find_in_journal(struct finder *finder) {
    const struct journal *journal = finder->join->journal;
    find_unreadable(finder);
    find_incomplete(finder);
    if (journal->repeated_key.length > 0) {
        found(finder, PROBLEM_DUPLICATE_KEY, &(struct place){.file = JOURNAL_NAME},
              "it has \"%s\" twice, and Drizzle takes the last: a merge may have fused two journals; see what is "
              "lost, and write it once",
              shown(finder, text_slice(journal->repeated_key, 0, 60)));
    }
    if (journal->dialect.length > 0 && !text_is(journal->dialect, "postgresql") && !text_is(journal->dialect, "pg")) {
        found(finder, PROBLEM_DIALECT, &(struct place){.file = JOURNAL_NAME},
              "its dialect is \"%s\", and what migfs says about Drizzle applies only to PostgreSQL; use the folder for "
              "PostgreSQL instead",
              shown(finder, text_slice(journal->dialect, 0, 60)));
    }
    for (size_t i = 0; i < journal->count; i++) {
        find_bad_parts(finder, &journal->entries[i]);
    }
    find_duplicate_tags(finder);
    find_duplicate_idx(finder);
}
