/* Problems of a folder of drizzle v1. Its runner goes by names alone and says nothing, so all that goes wrong there goes wrong silently. */
#include "report/find_in.h"

#include "migfs/drizzle/names_v1.h"
#include "migfs/project/layout.h"
#include "report/v1.h"

static struct place place_of(const struct migration *it) {
    return (struct place){.file = it->file->path, .migration = it};
}

/* True when some attached database would still run it, or none is attached. */
static bool may_run(const struct join *join, const struct migration *it) {
    bool runs = join->database_count == 0;
    for (size_t i = 0; i < join->database_count; i++) {
        runs = runs || it->standings[i].state == STATE_UNKNOWN || v1_runs(it, i);
    }
    return runs;
}

static void find_date(struct finder *finder, const struct migration *it) {
    struct place place = place_of(it);
    int64_t date;
    if (!names_v1_date(it->tag, &date) && may_run(finder->join, it)) {
        found(finder, PROBLEM_NO_DATE, &place,
              "the name of its folder does not begin with fourteen digits, so the run that comes to it aborts and "
              "nothing of that "
              "run stays; before it runs anywhere, rename the folder to the UTC second and a name, such as "
              "20250101120000_name");
    }
}

static void find_same_second(struct finder *finder, const struct migration *before, const struct migration *it) {
    int64_t date, date_before;
    if (before && names_v1_date(it->tag, &date) && names_v1_date(before->tag, &date_before) && date == date_before &&
        may_run(finder->join, it) && may_run(finder->join, before)) {
        struct place place = place_of(it);
        found(finder, PROBLEM_SAME_SECOND, &place,
              "its folder has the second of %s, so their names decide which of them runs first, and %s does; if that "
              "is not meant, "
              "rename this one to a later second before it runs anywhere",
              shown(finder, before->tag), shown(finder, before->tag));
    }
}

/* A row of no folder with its hash or its second: it ran, and the runner does not know. */
static void find_rerun(struct finder *finder, const struct migration *it, size_t database) {
    const struct join *join = finder->join;
    const struct standing *standing = &it->standings[database];
    const struct ledger_row *row = standing->lookalike;
    struct place place = place_of(it);
    place.database = join->databases[database].name;
    if (standing->state != STATE_RERUN || !row) {
        return;
    }
    if (row->name.length == 0) {
        found(finder, PROBLEM_RERUN, &place,
              "has run in database %s and runs there again: row %s is its own and has no name, as a 0.x runner writes "
              "it; set the "
              "name of that row to %s, and let no 0.x runner deploy there any more",
              shown(finder, place.database), shown(finder, row->id), shown(finder, it->tag));
    } else {
        found(finder, PROBLEM_RERUN, &place,
              "has run in database %s as %s and runs there again, since its folder has another name now; rename the "
              "folder back, or "
              "set the name of row %s to %s",
              shown(finder, place.database), shown(finder, row->name), shown(finder, row->id), shown(finder, it->tag));
    }
}

static void find_modified(struct finder *finder, const struct migration *it) {
    const char *databases = finder_databases(finder, it, STATE_MODIFIED);
    struct place place = place_of(it);
    if (databases[0]) {
        found(finder, PROBLEM_MODIFIED, &place,
              "has changed since it ran in %s; Drizzle goes by its name and does nothing about it, so a new database "
              "gets something "
              "else: restore it and put the change into a new migration",
              databases);
    }
}

static void find_in_database(struct finder *finder, size_t index) {
    const struct join *join = finder->join;
    const struct database *database = &join->databases[index];
    struct place place = {.file = text_format(finder->arena, "database %.*s", TEXT_ARGS(database->name)),
                          .database = database->name};
    if (database->ledger->status == LEDGER_UNREADABLE) {
        found(finder, PROBLEM_DATABASE_UNREADABLE, &place, "%s", shown(finder, database->ledger->reason));
        return;
    }
    if (database->v1_throws) {
        found(finder, PROBLEM_V1_LEDGER, &place,
              "its ledger is one of 0.x, and %zu of its rows match no folder here by second or hash, so every run of "
              "v1 throws and "
              "changes nothing; restore their migrations, or delete those rows once 0.x no longer deploys there",
              database->unmatched);
    }
    const struct migration *newest = NULL;
    for (size_t i = join->v1_count; i-- > 0;) {
        const struct migration *it = &join->migrations[join->v1_order[i]];
        if (it->standings[index].state == STATE_PENDING && newest) {
            struct place late = place_of(it);
            late.database = database->name;
            found(finder, PROBLEM_LATE_FOLDER, &late,
                  "has no row in database %s and runs at the next deploy, after %s, though its date is an earlier one",
                  shown(finder, database->name), shown(finder, newest->tag));
        }
        newest = !newest && it->standings[index].row ? it : newest;
    }
}

void find_in_v1(struct finder *finder) {
    const struct join *join = finder->join;
    if (join->has_stray_journal) {
        found(
            finder, PROBLEM_STRAY_JOURNAL, &(struct place){.file = TEXT("meta/_journal.json")},
            "is there, so every run of drizzle v1 aborts, whatever it holds; it lists no file that is here: delete it");
    }
    for (size_t i = 0; i < join->v1_count; i++) {
        const struct migration *it = &join->migrations[join->v1_order[i]];
        struct place place = place_of(it);
        find_in_text(finder, it, &place);
        find_date(finder, it);
        find_same_second(finder, i > 0 ? &join->migrations[join->v1_order[i - 1]] : NULL, it);
        find_modified(finder, it);
        for (size_t d = 0; d < join->database_count; d++) {
            find_rerun(finder, it, d);
        }
    }
    for (size_t i = join->v1_count; i < join->count; i++) {
        struct place place = place_of(&join->migrations[i]);
        found(finder, PROBLEM_UNREAD, &place,
              "is never read by drizzle v1, which reads NAME/migration.sql alone; if it was meant to run, make it a "
              "migration of its own "
              "with `drizzle-kit generate --custom`, else delete it");
    }
    for (size_t i = 0; i < join->database_count; i++) {
        find_in_database(finder, i);
    }
}
