/* Problems of the ledgers: databases that cannot be read, watermarks that block or rerun everything, rows of nobody, and migrations that no
 * stamp serves. */
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
              "the when of the migration that databases/%.*s/ledger tells",
              nulls, database->ledger->count, nulls == 1 ? "has" : "have", TEXT_ARGS(database->name));
    } else if (database->watermark.kind == WATERMARK_STAMP && database->watermark.stamp >= STAMP_FUTURE) {
        found(finder, PROBLEM_WATERMARK_FUTURE, place,
              "its newest created_at, %" PRId64
              ", lies after the year 2099, so Drizzle skips every migration generated from now "
              "on; give that row, and the entry it is of, a real stamp",
              database->watermark.stamp);
    }
}

enum { NAMED = 5 };

/* "3, 4, 5": the ids of the rows told like this. */
static const char *ids_of(const struct finder *finder, const struct database *database, enum match match) {
    struct phrase_list ids = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < database->ledger->count; i++) {
        if (database->row_match[i] == match) {
            struct text id = database->ledger->rows[i].id;
            phrase_list_add(&ids, id.length > 0 ? text_slice(id, 0, 40) : TEXT("?"));
        }
    }
    return phrase_list_end(&ids).bytes;
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
            "same: what is older and has not run, it skips",
            count, database->ledger->count, count == 1 ? "is" : "are", phrase_list_end(&tags).bytes,
            ids_of(finder, database, MATCH_AGAIN), count == 1 ? "its" : "their");
    }
}

/* What to do in case a row of nobody is that of a migration that counts as not run; empty when there is none. */
static const char *if_it_ran(const struct finder *finder, size_t database) {
    const struct join *join = finder->join;
    struct phrase_list tags = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (migration_counts(it) && !standing_has_run(&it->standings[database])) {
            phrase_list_add(&tags, it->tag);
        }
    }
    return tags.count == 0
               ? ""
               : text_format(finder->arena,
                             "; what has no row counts as not run (%s): if it did run, write `applied TAG %.*s` into "
                             ".migfs before you deploy",
                             phrase_list_end(&tags).bytes, TEXT_ARGS(join->databases[database].name))
                     .bytes;
}

static void find_rows_of_nobody(struct finder *finder, size_t index, const struct place *place) {
    const struct database *database = &finder->join->databases[index];
    size_t count = database->ledger->count, nobodys = database->nobodys;
    if (nobodys >= 2 && nobodys * 2 > count) {
        found(finder, PROBLEM_SHARED_LEDGER, place,
              "%zu of its %zu rows are of no migration here: where another application shares the ledger, Drizzle "
              "skips what is older than the other's newest; give each its own migrationsTable, or attach the right "
              "database%s",
              nobodys, count, if_it_ran(finder, index));
    } else if (nobodys > 0) {
        found(finder, PROBLEM_UNKNOWN_ROW, place,
              "%zu of its %zu rows %s of no migration here (id %s), as of another branch, or of a file that is gone or "
              "has changed; for Drizzle %s created_at counts all the same: what is older and has not run, it skips%s",
              nobodys, count, nobodys == 1 ? "is" : "are", ids_of(finder, database, MATCH_NONE),
              nobodys == 1 ? "its" : "their", if_it_ran(finder, index));
    }
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
              "no stamp serves every database: %.*s has run it and needs one of at most %" PRId64
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
        find_bad_watermark(finder, database, &place);
        find_repeated_rows(finder, database, &place);
        find_rows_of_nobody(finder, i, &place);
    }
    find_conflicts(finder);
}
