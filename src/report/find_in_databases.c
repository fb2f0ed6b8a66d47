/* Problems of the ledgers: databases that cannot be read, watermarks that block or rerun everything, unmatched rows, and migrations that no
 * timestamp is right for. */
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
              "the when of the migration that databases/%.*s/ledger names, or delete a row of which it names none",
              nulls, database->ledger->count, nulls == 1 ? "has" : "have", TEXT_ARGS(database->name));
    } else if (database->watermark.kind == WATERMARK_STAMP && database->watermark.stamp >= STAMP_FUTURE) {
        found(finder, PROBLEM_WATERMARK_FUTURE, place,
              "its newest created_at, %" PRId64
              ", lies after the year 2099, so Drizzle skips every migration generated from now "
              "on; give that row, and the entry it is of, a real timestamp",
              database->watermark.stamp);
    }
}

enum { NAMED = 5 };

/* "3, 4, 5": the ids of the rows that `chooses` picks. */
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
        found(
            finder, PROBLEM_REPEATED_ROW, place,
            "%zu of its %zu rows %s of a second run of %s (id %s), or copied; for Drizzle %s created_at counts all the "
            "same: what is older and has not run, it skips; where that is known, write `ignore repeated-row %.*s` into "
            ".migfs",
            count, database->ledger->count, count == 1 ? "is" : "are", phrase_list_end(&tags).bytes,
            ids_of(finder, database, 0, is_again), count == 1 ? "its" : "their", TEXT_ARGS(database->name));
    }
}

/* What to do in case an unmatched row is that of a migration that counts as not run; empty when there is none. */
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
               : text_format(finder->arena,
                             "; if it is of a migration that has no row, write %s into .migfs before you deploy",
                             phrase_list_end(&lines).bytes)
                     .bytes;
}

/* ---- unmatched rows ---- */

static bool is_unmatched(const struct database *database, size_t row) {
    return database->row_migration[row] == SIZE_MAX && database->ledger->rows[row].has_created_at;
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

/* The created_at of the newest and of the oldest row that is of a migration here; false when there is none. */
static bool matched_range(const struct database *database, int64_t *ret_oldest, int64_t *ret_newest) {
    bool is_first = true;
    *ret_oldest = *ret_newest = INT64_MIN;
    for (size_t i = 0; i < database->ledger->count; i++) {
        const struct ledger_row *row = &database->ledger->rows[i];
        if (database->row_migration[i] != SIZE_MAX && row->has_created_at) {
            *ret_oldest = is_first ? row->created_at : *ret_oldest; /* the rows come by created_at */
            *ret_newest = row->created_at;
            is_first = false;
        }
    }
    return !is_first;
}

/* A row below the newest that is known can do nothing any more: the watermark is that of a migration here. */
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
    if (above > 0 && between > 0) {
        found(
            finder, PROBLEM_SHARED_LEDGER, place,
            "%zu of its %zu rows are of no migration here, the newest among them, and some lie between rows that are: "
            "where another application shares the ledger, Drizzle skips what is older than the other's newest; give "
            "each its own migrationsTable, or write `foreign %.*s` into .migfs%s",
            above + below, count, TEXT_ARGS(database->name), if_it_ran(finder, index));
    } else if (above > 0) {
        const char *ids = ids_of(finder, database, newest, is_unmatched_above);
        found(
            finder, PROBLEM_UNKNOWN_ROW, place,
            "%zu of its %zu rows %s newer than all that %s of a migration here (id %s), as of another branch, or of a "
            "file that is gone: what is older than %s and has not run, Drizzle skips%s; where that is known, write "
            "`ignore unknown-row %.*s` into .migfs",
            above, count, above == 1 ? "is" : "are", above == 1 ? "is" : "are", ids, above == 1 ? "it" : "they",
            if_it_ran(finder, index), TEXT_ARGS(database->name));
    } else if (below > 0) {
        found_as(finder, SEVERITY_NOTE, PROBLEM_UNKNOWN_ROW, place,
                 "%zu of its %zu rows %s of no migration here (id %s) and older than the newest that is: Drizzle looks "
                 "at the newest alone, so there is nothing to do",
                 below, count, below == 1 ? "is" : "are", ids_of(finder, database, newest, is_unmatched_below));
    }
}

/* The first migration that Drizzle would run there, as the one that a squash is. */
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
    const char *squash = first ? text_format(finder->arena,
                                             "; or, where %s replaces what has run there (a squash), "
                                             "`applied %s %s`",
                                             phrase_tag(finder->arena, first->tag).bytes,
                                             phrase_glob(finder->arena, first->tag).bytes, name)
                                     .bytes
                               : "";
    found(finder, PROBLEM_WRONG_DATABASE, place,
          "its ledger has %zu row%s, and none is of a migration here, so no journal is made for it: is it the database "
          "of "
          "another project, or another ledger (--migrations-schema, --migrations-table)? Attach the right one; where "
          "the rows are another application's and nothing of this folder has run, write `foreign %s` into .migfs%s",
          count, count == 1 ? "" : "s", name, squash);
}

static void find_conflicts(struct finder *finder) {
    const struct join *join = finder->join;
    for (size_t i = 0; i < finder->synthesis->conflict_count; i++) {
        const struct conflict *conflict = &finder->synthesis->conflicts[i];
        const struct migration *it = &join->migrations[conflict->migration];
        struct place place = {.file = it->file->name, .migration = it};
        const struct database *has = &join->databases[conflict->has];
        if (conflict->lacks == SIZE_MAX) {
            found(
                finder, PROBLEM_CONFLICT, &place,
                "a rule says it ran in database %.*s, whose ledger has no row, so that Drizzle runs everything there; "
                "take the rule away, or record the row",
                TEXT_ARGS(has->name));
            continue;
        }
        const struct database *lacks = &join->databases[conflict->lacks];
        found(finder, PROBLEM_CONFLICT, &place,
              "no timestamp is right for every database: %.*s has run it and needs one of at most %" PRId64
              ", %.*s has not and needs one above %" PRId64 "; %s",
              TEXT_ARGS(has->name), has->watermark.stamp, TEXT_ARGS(lacks->name), lacks->watermark.stamp,
              finder->advice);
    }
}

void find_in_databases(struct finder *finder) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct database *database = &finder->join->databases[i];
        struct place place = at_database(finder, database);
        if (database->ledger->status == LEDGER_UNREADABLE) {
            found(finder, PROBLEM_DATABASE_UNREADABLE, &place, "cannot be read, so %s: %s",
                  finder->synthesis->refusal == REFUSAL_DATABASE ? "_journal.json is refused"
                  : finder->synthesis->refusal == REFUSAL_NONE   ? "_journal.json goes by what was read last"
                                                                 : "what has run there is not known",
                  shown(finder, database->ledger->reason));
            continue;
        }
        if (database->is_wrong) {
            find_wrong_database(finder, database, &place);
            continue;
        }
        find_bad_watermark(finder, database, &place);
        find_repeated_rows(finder, database, &place);
        find_unmatched_rows(finder, i, &place);
    }
    find_conflicts(finder);
}
