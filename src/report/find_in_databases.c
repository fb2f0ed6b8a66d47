/* Problems of the ledgers: databases that cannot be read, watermarks that block or rerun
 * everything, unmatched rows, and migrations for which no timestamp is right. */
#include <inttypes.h>

#include "report/find_in.h"
#include "report/phrases.h"

static struct place at_database(const struct finder *finder, const struct database *database) {
    struct text file = text_format(finder->arena, "database %.*s", TEXT_ARGS(database->name));
    return (struct place){.file = file, .database = database->name};
}

static void find_bad_watermark(struct finder *finder, const struct database *database, const struct place *place) {
    size_t nulls = 0;
    for (size_t i = 0; i < database->ledger->count; i++) {
        nulls += !database->ledger->rows[i].has_created_at;
    }
    if (nulls > 0) {
        found(finder, PROBLEM_NULL_CREATED_AT, place,
              "%zu of its %zu rows %s no created_at, so Drizzle runs every migration again at each deploy; set it to "
              "the when of the migration that databases/%.*s/ledger names for it, or delete the row if none is named",
              nulls, database->ledger->count, nulls == 1 ? "has" : "have", TEXT_ARGS(database->name));
    } else if (database->watermark.kind == WATERMARK_STAMP && database->watermark.stamp >= STAMP_FUTURE) {
        found(finder, PROBLEM_WATERMARK_FUTURE, place,
              "its newest created_at, %" PRId64 ", is after the year 2099, so Drizzle skips every migration generated "
              "from now on; give that row and its entry a real timestamp",
              database->watermark.stamp);
    }
}

enum { NAMED = 5 };

/* "3, 4, 5": the ids of the rows that `chooses` accepts. */
static const char *ids_of(const struct finder *finder, const struct database *database, int64_t above,
                          bool (*chooses)(const struct database *database, size_t row, int64_t above)) {
    struct phrase_list ids = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < database->ledger->count; i++) {
        if (chooses(database, i, above)) {
            struct text id = database->ledger->rows[i].id;
            phrase_list_add(&ids, id.length > 0 ? text_slice(id, 0, 40) : TEXT("?"));
        }
    }
    return phrase_list_end(&ids).bytes;
}

static bool is_again(const struct database *database, size_t row, int64_t above) {
    (void)above;
    return database->row_match[row] == MATCH_AGAIN;
}

static void find_repeated_rows(struct finder *finder, const struct database *database, const struct place *place) {
    struct phrase_list tags = phrase_list(finder->arena, NAMED);
    size_t count = 0, last = SIZE_MAX;
    for (size_t i = 0; i < database->ledger->count; i++) {
        if (database->row_match[i] == MATCH_AGAIN) {
            count++;
            if (database->row_migration[i] != last) {
                last = database->row_migration[i];
                phrase_list_add(&tags, finder->join->migrations[last].tag);
            }
        }
    }
    if (count > 0) {
        found(finder, PROBLEM_REPEATED_ROW, place,
              "%zu of its %zu rows %s from a second run of %s (id %s), or copied; Drizzle still counts %s created_at "
              "and skips what is older and has not run; if that is known, write `ignore repeated-row %.*s` into .migfs",
              count, database->ledger->count, count == 1 ? "is" : "are", phrase_list_end(&tags).bytes,
              ids_of(finder, database, 0, is_again), count == 1 ? "its" : "their", TEXT_ARGS(database->name));
    }
}

/* What to do if an unmatched row belongs to a migration that counts as not run; empty if there is
 * no such migration. */
static const char *if_it_ran(const struct finder *finder, size_t database) {
    const struct join *join = finder->join;
    struct phrase_list lines = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (migration_counts(it) && !standing_has_run(&it->standings[database])) {
            phrase_list_add(&lines,
                            text_format(finder->arena, "`applied %s %.*s`", phrase_glob(finder->arena, it->tag).bytes,
                                        TEXT_ARGS(join->databases[database].name)));
        }
    }
    return lines.count == 0
               ? ""
               : text_format(
                     finder->arena,
                     "; if the newest belongs to a migration that has no row, write %s into .migfs before you deploy",
                     phrase_list_end(&lines).bytes)
                     .bytes;
}

/* ---- unmatched rows ---- */

static bool is_contested(const struct database *database, size_t row, int64_t above) {
    (void)above;
    return database->contested > 0 && database->is_contested[row];
}

/* Excludes the rows that find_contested_rows() reports. */
static bool is_unmatched(const struct database *database, size_t row) {
    return database->row_migration[row] == SIZE_MAX && database->ledger->rows[row].has_created_at &&
           !is_contested(database, row, 0);
}

static bool is_unmatched_above(const struct database *database, size_t row, int64_t above) {
    return is_unmatched(database, row) && database->ledger->rows[row].created_at > above;
}

static bool is_unmatched_below(const struct database *database, size_t row, int64_t above) {
    return is_unmatched(database, row) && !is_unmatched_above(database, row, above);
}

static size_t count_rows(const struct database *database, int64_t above,
                         bool (*chooses)(const struct database *database, size_t row, int64_t above)) {
    size_t count = 0;
    for (size_t i = 0; i < database->ledger->count; i++) {
        count += chooses(database, i, above);
    }
    return count;
}

/* Gets created_at of the newest and the oldest row that match a migration; returns false if no row
 * does. */
static bool matched_range(const struct database *database, int64_t *ret_oldest, int64_t *ret_newest) {
    bool is_first = true;
    *ret_oldest = *ret_newest = INT64_MIN;
    for (size_t i = 0; i < database->ledger->count; i++) {
        const struct ledger_row *row = &database->ledger->rows[i];
        if (database->row_migration[i] != SIZE_MAX && row->has_created_at) {
            *ret_oldest = is_first ? row->created_at : *ret_oldest; /* rows are sorted by created_at */
            *ret_newest = row->created_at;
            is_first = false;
        }
    }
    return !is_first;
}

/* Only a person can say which migration these rows belong to. Until then none of the candidates
 * counts as run. */
static void find_contested_rows(struct finder *finder, size_t index, const struct place *place) {
    const struct join *join = finder->join;
    const struct database *database = &join->databases[index];
    struct phrase_list tags = phrase_list(finder->arena, NAMED), lines = tags;
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (it->standings[index].is_claimant && !standing_has_run(&it->standings[index])) {
            phrase_list_add(&tags, it->tag);
            phrase_list_add(&lines, text_format(finder->arena, "`applied %s %.*s`",
                                                phrase_glob(finder->arena, it->tag).bytes, TEXT_ARGS(database->name)));
        }
    }
    if (tags.count > 0) {
        bool is_one = database->contested == 1;
        found(finder, PROBLEM_UNKNOWN_ROW, place,
              "%zu of its %zu rows (id %s) %s a timestamp that may have been made for any of %s, so %s taken for that "
              "of none; for each of them that has run there write %s into .migfs before you deploy",
              database->contested, database->ledger->count, ids_of(finder, database, 0, is_contested),
              is_one ? "has" : "have", phrase_list_end(&tags).bytes, is_one ? "it is" : "they are",
              phrase_list_end(&lines).bytes);
    }
}

/* Rows older than the newest matched one have no effect any more, since the watermark comes from a
 * matched row. */
static void find_unmatched_rows(struct finder *finder, size_t index, const struct place *place) {
    const struct database *database = &finder->join->databases[index];
    int64_t oldest, newest;
    bool has_matched = matched_range(database, &oldest, &newest);
    size_t above = count_rows(database, newest, is_unmatched_above);
    size_t below = count_rows(database, newest, is_unmatched_below);
    size_t between = has_matched ? below - count_rows(database, oldest, is_unmatched_below) : 0;
    size_t count = database->ledger->count;
    if (rules_foreign(finder->join->rules, database->name)) {
        return;
    }
    find_contested_rows(finder, index, place);
    if (above > 0 && between > 0) {
        found(finder, PROBLEM_SHARED_LEDGER, place,
              "%zu of its %zu rows match no migration here, the newest among them, and some are between rows that do: "
              "if another application shares the ledger, Drizzle skips what is older than that application's newest "
              "row; give each its own migrationsTable, or write `foreign %.*s` into .migfs%s",
              above + below, count, TEXT_ARGS(database->name), if_it_ran(finder, index));
    } else if (above > 0) {
        const char *ids = ids_of(finder, database, newest, is_unmatched_above);
        found(
            finder, PROBLEM_UNKNOWN_ROW, place,
            "%zu of its %zu rows %s newer than every matched row and %s no migration here (id %s), perhaps of another "
            "branch or of a file that is gone: Drizzle skips what is older than %s and has not run%s; if that is "
            "known, "
            "write `ignore unknown-row %.*s` into .migfs",
            above, count, above == 1 ? "is" : "are", above == 1 ? "matches" : "match", ids, above == 1 ? "it" : "they",
            if_it_ran(finder, index), TEXT_ARGS(database->name));
    } else if (below > 0) {
        found_as(finder, SEVERITY_NOTE, PROBLEM_UNKNOWN_ROW, place,
                 "%zu of its %zu rows %s unmatched (id %s) and older than the newest matched row: Drizzle looks only "
                 "at the newest row, so there is nothing to do",
                 below, count, below == 1 ? "is" : "are", ids_of(finder, database, newest, is_unmatched_below));
    }
}

/* Returns the first migration that Drizzle would run there; if the folder was squashed, this is the
 * squash. */
static const struct migration *first_listed(const struct join *join) {
    for (size_t i = 0; i < join->journal->count; i++) {
        size_t migration = join->entry_migration[i];
        if (migration != SIZE_MAX && migration_counts(&join->migrations[migration])) {
            return &join->migrations[migration];
        }
    }
    return NULL;
}

static void find_wrong_database(struct finder *finder, const struct database *database, const struct place *place) {
    const struct migration *first = first_listed(finder->join);
    size_t count = database->ledger->count;
    const char *name = text_copy(finder->arena, database->name).bytes;
    const char *squash =
        first ? text_format(finder->arena, "; or, if %s replaces what has run there (a squash), `applied %s %s`",
                            phrase_tag(finder->arena, first->tag).bytes, phrase_glob(finder->arena, first->tag).bytes,
                            name)
                    .bytes
              : "";
    found(finder, PROBLEM_WRONG_DATABASE, place,
          "its ledger has %zu row%s, and none matches a migration here, so %s: is this another project's database, or "
          "another ledger (--migrations-schema, --migrations-table)? Attach the right one; if the rows are another "
          "application's and nothing in this folder has run, write `foreign %s` into .migfs%s",
          count, phrase_s(count),
          finder->join->layout->has_journal ? "no journal is made for it" : "the next deploy runs everything there",
          name, squash);
}

/* ", so Drizzle never runs it in database a, and runs it again in database b", by the journal on
 * disk; empty for one that is not listed. */
static const char *what_drizzle_does(const struct finder *finder, const struct migration *it) {
    const char *skipped = finder_databases(finder, it, STATE_SKIPPED),
               *rerun = finder_databases(finder, it, STATE_RERUN);
    if (!*skipped && !*rerun) {
        return "";
    }
    return text_format(finder->arena, ", so Drizzle %s%s%s%s%s", *skipped ? "never runs it in " : "", skipped,
                       *skipped && *rerun ? ", and " : "", *rerun ? "runs it again in " : "", rerun)
        .bytes;
}

static void find_conflict(struct finder *finder, const struct migration *it) {
    const struct conflict *conflict = finder_conflict(finder, it);
    if (!conflict) {
        return;
    }
    struct place place = {.file = it->file->name, .migration = it};
    const struct database *has = &finder->join->databases[conflict->has];
    if (conflict->lacks == SIZE_MAX) {
        found(finder, PROBLEM_CONFLICT, &place,
              "a rule says it ran in database %.*s, whose ledger has no row, so Drizzle runs everything there; "
              "remove the rule, or record the row",
              TEXT_ARGS(has->name));
        return;
    }
    const struct database *lacks = &finder->join->databases[conflict->lacks];
    const char *applied = finder_applied_lines(finder, it, STATE_SKIPPED);
    found(finder, PROBLEM_CONFLICT, &place,
          "no timestamp is right for every database: %.*s has run it and needs one of at most %" PRId64
          ", %.*s has not and needs one above %" PRId64 "%s; %s%s%s%s",
          TEXT_ARGS(has->name), has->watermark.stamp, TEXT_ARGS(lacks->name), lacks->watermark.stamp,
          what_drizzle_does(finder, it), *applied ? "if it was run there by hand, write " : "", applied,
          *applied ? " into .migfs; else " : "", finder->advice);
}

static void find_conflicts(struct finder *finder) {
    for (size_t i = 0; i < finder->synthesis->conflict_count; i++) {
        find_conflict(finder, &finder->join->migrations[finder->synthesis->conflicts[i].migration]);
    }
}

void find_in_databases(struct finder *finder) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct database *database = &finder->join->databases[i];
        struct place place = at_database(finder, database);
        if (database->ledger->status == LEDGER_UNREADABLE) {
            found(finder, PROBLEM_DATABASE_UNREADABLE, &place, "cannot be read, so %s: %s",
                  finder->synthesis->refusal == REFUSAL_DATABASE ? "_journal.json is refused"
                  : finder->synthesis->refusal == REFUSAL_NONE   ? "_journal.json is made from what was last read"
                                                                 : "what has run there is not known",
                  shown(finder, database->ledger->reason));
            continue;
        }
        if (database->is_wrong) {
            find_wrong_database(finder, database, &place);
            continue;
        }
        /* v1 ignores rows that it does not know. */
        if (finder->join->layout->runner->selection == RUNNER_RUNS_ABOVE_NEWEST) {
            find_bad_watermark(finder, database, &place);
            find_repeated_rows(finder, database, &place);
            find_unmatched_rows(finder, i, &place);
        }
    }
    find_conflicts(finder);
}
