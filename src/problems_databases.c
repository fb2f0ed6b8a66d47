/* Problems of the ledgers: databases that cannot be read, watermarks that block or rerun everything, rows of nobody, and migrations that no
 * stamp serves. */
#include <inttypes.h>

#include "migfs/problems_find.h"

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

/* "ids 4, 9 and 12", at most five of them. */
static const char *ids_of_nobodys(const struct finder *finder, const struct database *database) {
    enum { NAMED = 5 };
    struct buffer buffer = BUFFER(finder->arena);
    size_t count = 0;
    for (size_t i = 0; i < database->ledger->count && count <= NAMED; i++) {
        if (database->row_migration[i] != SIZE_MAX) {
            continue;
        }
        struct text id = database->ledger->rows[i].id;
        count++;
        buffer_add_string(&buffer, count > NAMED ? ", …" : count > 1 ? ", " : "");
        buffer_add_escaped(&buffer, count > NAMED ? TEXT("") : id.length > 0 ? text_slice(id, 0, 40) : TEXT("?"));
    }
    return buffer_text(&buffer).bytes;
}

static void find_nobodys(struct finder *finder, const struct database *database, const struct place *place) {
    size_t count = database->ledger->count, nobodys = database->nobodys;
    if (nobodys == 0) {
        return;
    }
    if (nobodys >= 2 && nobodys * 2 > count) {
        found(
            finder, PROBLEM_SHARED_LEDGER, place,
            "%zu of its %zu rows are of no migration here: where another application shares the ledger, Drizzle skips "
            "what is older than the other's newest; give each its own migrationsTable, or attach the right database",
            nobodys, count);
    } else {
        found(finder, PROBLEM_UNKNOWN_ROW, place,
              "%zu of its %zu rows %s of no migration here (id %s), as of another branch, a file that is gone or a "
              "second run of one; for "
              "Drizzle %s created_at counts all the same: what is older and has not run, it skips",
              nobodys, count, nobodys == 1 ? "is" : "are", ids_of_nobodys(finder, database),
              nobodys == 1 ? "its" : "their");
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
        find_nobodys(finder, database, &place);
    }
    find_conflicts(finder);
}
