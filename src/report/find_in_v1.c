/* Problems of a folder of drizzle v1. Its runner goes by names alone and prints no warning, so
 * every mistake there is silent. */
#include "report/find_in.h"

#include "migfs/drizzle/names_v1.h"
#include "report/phrases.h"
#include "report/v1.h"

static struct place place_of(const struct migration *it) {
    return (struct place){.file = it->file->path, .migration = it};
}

/* Returns whether some attached database would still run it, or none is attached. */
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
              "the name of its folder does not begin with fourteen digits, so the run that gets to it aborts and "
              "nothing of that run stays; before it runs anywhere, rename the folder to the UTC second and a name, "
              "such as 20250101120000_name");
    }
}

static void find_same_second(struct finder *finder, const struct migration *before, const struct migration *it) {
    int64_t date, date_before;
    if (before && names_v1_date(it->tag, &date) && names_v1_date(before->tag, &date_before) && date == date_before &&
        may_run(finder->join, it) && may_run(finder->join, before)) {
        struct place place = place_of(it);
        found(finder, PROBLEM_SAME_SECOND, &place,
              "its folder has the same second as %s, so their names decide which of them runs first, and %s does; if "
              "that is not intended, rename this one to a later second before it runs anywhere",
              shown(finder, before->tag), shown(finder, before->tag));
    }
}

enum { NAMED = 5 };

/* "database a", "databases a and b". */
static const char *databases_of(const struct finder *finder, struct phrase_list *names) {
    const char *kind = names->count == 1 ? "database" : "databases";
    return text_format(finder->arena, "%s %s", kind, phrase_list_end(names).bytes).bytes;
}

static const struct ledger_row *lookalike_in(const struct finder *finder, const struct migration *it, size_t database) {
    bool runs_again = finder_is_in(finder, it, database, STATE_RERUN);
    return runs_again ? it->standings[database].lookalike : NULL;
}

/* Reports a migration whose row exists under another name or none, with its hash or its second: it
 * ran, and the runner does not know. Databases whose rows have the same id and name are reported
 * together. */
static void find_rerun(struct finder *finder, const struct migration *it, size_t database, bool *is_said) {
    const struct join *join = finder->join;
    const struct ledger_row *row = lookalike_in(finder, it, database);
    struct place place = place_of(it);
    struct phrase_list names = phrase_list(finder->arena, NAMED);
    if (!row || is_said[database]) {
        return;
    }
    for (size_t i = database; i < join->database_count; i++) {
        const struct ledger_row *other = lookalike_in(finder, it, i);
        if (other && text_equal(other->name, row->name) && text_equal(other->id, row->id)) {
            is_said[i] = true;
            phrase_list_add(&names, join->databases[i].name);
        }
    }
    bool is_one = names.count == 1;
    place.database = is_one ? join->databases[database].name : TEXT("");
    const char *in = databases_of(finder, &names), *tag = shown(finder, it->tag), *id = shown(finder, row->id);
    if (row->name.length == 0) {
        found(finder, PROBLEM_RERUN, &place,
              "has run in %s and runs there again: its row, %s, has no name, as a 0.x runner writes it; set "
              "the name of that row to %s%s, and let no 0.x runner deploy there any more",
              in, id, tag, is_one ? "" : " in each");
    } else {
        found(finder, PROBLEM_RERUN, &place,
              "has run in %s as %s and runs there again, since its folder now has another name; rename the folder "
              "back, or%s set the name of row %s to %s",
              in, shown(finder, row->name), is_one ? "" : ", in each,", id, tag);
    }
}

/* [databases]: the last folder in run order that has a row there, or NULL. */
static const struct migration **find_newest(const struct finder *finder) {
    const struct join *join = finder->join;
    const struct migration **newest = arena_array(finder->arena, const struct migration *, join->database_count);
    for (size_t i = 0; i < join->item_count; i++) {
        const struct migration *it = &join->migrations[join->items[i].migration];
        for (size_t d = 0; d < join->database_count; d++) {
            newest[d] = it->standings[d].row ? it : newest[d];
        }
    }
    return newest;
}

/* passed[d]: the loop over the folders has reached newest[d]. */
static void find_late(struct finder *finder, const struct migration *it, const struct migration *const *newest,
                      const bool *passed) {
    const struct join *join = finder->join;
    struct phrase_list names = phrase_list(finder->arena, NAMED);
    const struct migration *after = NULL;
    bool is_one_newest = true;
    struct place late = place_of(it);
    for (size_t d = 0; d < join->database_count; d++) {
        if (newest[d] && !passed[d] && finder_is_in(finder, it, d, STATE_PENDING)) {
            is_one_newest = is_one_newest && (!after || after == newest[d]);
            after = newest[d];
            late.database = names.count == 0 ? join->databases[d].name : TEXT("");
            phrase_list_add(&names, join->databases[d].name);
        }
    }
    if (after) {
        found(finder, PROBLEM_LATE_FOLDER, &late,
              "has no row in %s and runs at the next deploy, after %s, although its date is earlier",
              databases_of(finder, &names), is_one_newest ? shown(finder, after->tag) : "later ones");
    }
}

static void find_in_ledger(struct finder *finder, const struct database *database) {
    struct place place = {.file = text_format(finder->arena, "database %.*s", TEXT_ARGS(database->name)),
                          .database = database->name};
    if (database->v1_throws) {
        found(finder, PROBLEM_V1_LEDGER, &place,
              "its ledger is from 0.x, and %zu of its rows match no folder here by second or hash, so every run of "
              "v1 throws and changes nothing; restore their migrations, or delete those rows once 0.x no longer "
              "deploys there",
              database->unmatched);
    }
}

void find_in_v1(struct finder *finder) {
    const struct join *join = finder->join;
    const struct migration **newest = find_newest(finder);
    bool *passed = arena_array(finder->arena, bool, join->database_count);
    if (join->has_stray_journal) {
        found(finder, PROBLEM_STRAY_JOURNAL, &(struct place){.file = TEXT("meta/_journal.json")},
              "exists, so every run of Drizzle v1 aborts, whatever it contains; it lists no file that is here: delete "
              "it");
    }
    if (join->aborting_folder) {
        found(finder, PROBLEM_BAD_FILE, &(struct place){.file = join->aborting_folder->path},
              "is a directory, so every run of Drizzle v1 aborts; rename it, or put the file in its place");
    }
    for (size_t i = 0; i < join->item_count; i++) {
        const struct migration *it = &join->migrations[join->items[i].migration];
        struct place place = place_of(it);
        bool *is_said = arena_array(finder->arena, bool, join->database_count);
        find_in_text(finder, it, &place);
        find_date(finder, it);
        find_same_second(finder, i > 0 ? &join->migrations[join->items[i - 1].migration] : NULL, it);
        find_modified(finder, it, &place);
        find_late(finder, it, newest, passed);
        for (size_t d = 0; d < join->database_count; d++) {
            find_rerun(finder, it, d, is_said);
            passed[d] = passed[d] || newest[d] == it;
        }
    }
    for (size_t i = join->item_count; i < join->count; i++) { /* the files that v1 reads come first */
        struct place place = place_of(&join->migrations[i]);
        found(finder, PROBLEM_UNREAD, &place,
              "is never read by Drizzle v1, which reads only NAME/migration.sql; if it was meant to run, make it a "
              "migration of its own with `drizzle-kit generate --custom`, else delete it");
    }
    for (size_t i = 0; i < join->database_count; i++) {
        find_in_ledger(finder, &join->databases[i]);
    }
}
