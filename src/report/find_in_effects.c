/* Problems that only the catalogs show: those of whole databases, and failures of the next run. */
#include "report/effect_phrases.h"
#include "report/evidence.h"
#include "report/find_in.h"
#include "report/phrases.h"

static struct place at_migration(const struct finder *finder, size_t migration, size_t database, uint32_t line) {
    const struct migration *it = &finder->join->migrations[migration];
    return (struct place){.file = it->file ? it->file->path : it->tag,
                          .line = line,
                          .migration = it,
                          .database = database == SIZE_MAX ? TEXT("") : finder->join->databases[database].name};
}

static const char *name_of(const struct finder *finder, size_t database) {
    return text_copy(finder->arena, finder->join->databases[database].name).bytes;
}

/* ---- whole databases ---- */

static void find_emptied(struct finder *finder, size_t database) {
    const struct effects_database *of = &finder->effects->databases[database];
    struct fact *facts = arena_array(finder->arena, struct fact, of->fact_count);
    size_t count = 0;
    for (size_t i = 0; i < of->fact_count; i++) {
        const struct fact *fact = &of->facts[i].fact;
        if (fact->kind == FACT_RELATION && fact->is_there && fact->type == 'r') {
            facts[count++] = *fact;
        }
    }
    const char *name = name_of(finder, database);
    struct place place = {.file = text_format(finder->arena, "database %s", name),
                          .database = finder->join->databases[database].name};
    found(finder, PROBLEM_EMPTIED, &place,
          "its ledger has %zu rows, but nothing that those migrations make is there (%s), so Drizzle runs none of them "
          "again and prints success; if it was emptied on purpose, drop the ledger as well, and everything will run",
          finder->join->databases[database].ledger->count,
          effect_phrase_facts(finder->arena, finder->effects, facts, count).bytes);
}

/* The run does not abort if every statement is guarded. */
static struct text next_run_of(struct finder *finder, size_t database) {
    const struct deploy *deploy = &finder->deploys[database].disk;
    if (!deploy_fails(deploy)) {
        return TEXT("the next run runs them again");
    }
    return deploy->failure.position == 0
               ? TEXT("the next run aborts at the first")
               : text_format(finder->arena, "the next run aborts at %s",
                             shown(finder, finder->join->migrations[deploy->failure.migration].tag));
}

static void find_ledger_lost(struct finder *finder, size_t database) {
    const struct effects_database *of = &finder->effects->databases[database];
    const char *name = name_of(finder, database);
    struct place place = {.file = text_format(finder->arena, "database %s", name),
                          .database = finder->join->databases[database].name};
    found(finder, PROBLEM_LEDGER_LOST, &place,
          "its ledger has no row, but the first %s there, as after drizzle-kit push or a restore without the ledger: "
          "%s; databases/%s/baseline.sql, run with psql, records what is there%s",
          of->found_first == 1 ? "migration is"
                               : text_format(finder->arena, "%zu migrations are", of->found_first).bytes,
          next_run_of(finder, database).bytes, name,
          evidence_uncomment(finder->arena, evidence_unseen(finder, database), 1));
}

/* Names the first few. */
static const char *ledgers_of(const struct finder *finder, const struct effects_ledger *ledgers, size_t count) {
    enum { NAMED = 5 };
    struct phrase_list tables = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < count; i++) {
        phrase_list_add(&tables, text_format(finder->arena, "%s.%s", shown(finder, ledgers[i].schema),
                                             shown(finder, ledgers[i].table)));
    }
    return phrase_list_end(&tables).bytes;
}

/* Reports another tool's ledger once, in place of the problems of the migrations that it records.
 * If Drizzle has rows of its own there, it names the rules that mark those migrations as run. */
static void find_tool(struct finder *finder, size_t database, size_t tools, const struct place *place) {
    const struct effects_ledger *ledgers = finder->effects->databases[database].ledgers;
    const char *name = name_of(finder, database), *tables = ledgers_of(finder, ledgers, tools);
    if (finder_is_another_tools(finder, database)) {
        bool is_one = ledgers[0].names == 1;
        found(finder, PROBLEM_LEDGER_ELSEWHERE, place,
              "Drizzle's ledger has no row, but %s, which is another tool's, names %zu migration%s of this folder, so "
              "%s here; Drizzle's runner does not know that table and would run everything that is listed: deploy with "
              "the other tool; `ignore ledger-elsewhere %s` in .migfs hides this line",
              tables, ledgers[0].names, is_one ? "" : "s", is_one ? "that is not an error" : "those are not errors",
              name);
        return;
    }
    struct phrase_list lines = phrase_list(finder->arena, 3);
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        if (migration_counts(it) && finder_named_elsewhere(finder, it, database)) {
            phrase_list_add(
                &lines, text_format(finder->arena, "`applied %s %s`", phrase_glob(finder->arena, it->tag).bytes, name));
        }
    }
    found_as(finder, lines.count > 0 ? SEVERITY_WARNING : SEVERITY_NOTE, PROBLEM_LEDGER_ELSEWHERE, place,
             "besides Drizzle's ledger, %s, which is another tool's, names %zu migration%s of this folder%s%s%s",
             tables, ledgers[0].names, phrase_s(ledgers[0].names),
             lines.count > 0 ? ", some without a row here: write " : "", phrase_list_end(&lines).bytes,
             lines.count > 0 ? " into .migfs" : "");
}

/* Returns whether the view has this ledger attached, under another database name. */
static bool is_attached(const struct finder *finder, const struct effects_ledger *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct ledger *ledger = finder->join->databases[i].ledger;
        if (text_equal(ledger->schema, it->schema) && text_equal(ledger->table, it->table)) {
            return true;
        }
    }
    return false;
}

/* Removes attached ledgers from `ledgers` and returns how many are left. */
static size_t not_attached(const struct finder *finder, struct effects_ledger *ledgers, size_t count) {
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        ledgers[left] = ledgers[i];
        left += !is_attached(finder, &ledgers[i]);
    }
    return left;
}

static void find_ledger_elsewhere(struct finder *finder, size_t database) {
    const struct effects_database *of = &finder->effects->databases[database];
    const struct ledger *ledger = finder->join->databases[database].ledger;
    const char *name = name_of(finder, database);
    struct place place = {.file = text_format(finder->arena, "database %s", name),
                          .database = finder->join->databases[database].name};
    size_t tools = 0;
    while (tools < of->ledger_count && of->ledgers[tools].names > 0) {
        tools++;
    }
    size_t others = of->ledger_count - tools;
    struct effects_ledger *rest = arena_array(finder->arena, struct effects_ledger, others);
    if (tools > 0) {
        find_tool(finder, database, tools, &place);
    }
    for (size_t i = 0; i < others; i++) {
        rest[i] = of->ledgers[tools + i];
    }
    others = not_attached(finder, rest, others);
    if (others == 0) {
        return;
    }
    const char *tables = ledgers_of(finder, rest, others), *it = others == 1 ? "it" : "them";
    if (ledger->count > 0) {
        found_as(finder, SEVERITY_NOTE, PROBLEM_LEDGER_ELSEWHERE, &place,
                 "besides the configured ledger, %s look%s like one; what has run according to %s is not known here",
                 tables, others == 1 ? "s" : "", it);
        return;
    }
    found(finder, PROBLEM_LEDGER_ELSEWHERE, &place,
          "the configured ledger %s, but %s look%s like one: what has run according to %s is not known here; if that "
          "is this folder's, name it with --migrations-schema and --migrations-table",
          ledger->status == LEDGER_FRESH ? "is not there" : "has no row", tables, others == 1 ? "s" : "", it);
}

/* ---- the next run ---- */

/* Returns whether the failure comes from a migration that is listed twice, which is reported
 * separately. */
static bool is_second_run(const struct deploy *deploy) {
    for (size_t i = 0; i < deploy->failure.position; i++) {
        if (deploy->runs[i] == deploy->runs[deploy->failure.position]) {
            return true;
        }
    }
    return false;
}

static bool is_run_before(const struct deploy *deploy, const struct migration *it) {
    for (size_t i = 0; i < deploy->failure.position; i++) {
        if (deploy->runs[i] == it) {
            return true;
        }
    }
    return false;
}

/* Returns whether it fails because another migration with the same SQL ran before: `same-sql` says
 * so, and what to do. */
static bool is_repeat(const struct finder *finder, size_t database, const struct deploy *deploy) {
    for (size_t i = 0; i < finder->repeat_count; i++) {
        const struct finder_repeat *it = &finder->repeats[i];
        bool is_here = it->migration == &finder->join->migrations[deploy->failure.migration] &&
                       (it->line == 0 || it->line == deploy->failure.line);
        if (is_here && (standing_has_run(&it->other->standings[database]) || is_run_before(deploy, it->other))) {
            return true;
        }
    }
    return false;
}

/* Returns the failure of the next run in a database, or NULL if another problem reports it. */
static const struct effects_failure *abort_of(const struct finder *finder, size_t database,
                                              const struct deploy *deploy) {
    const struct effects_failure *failure = &deploy->failure;
    if (!deploy_fails(deploy) || is_second_run(deploy) || is_repeat(finder, database, deploy)) {
        return NULL;
    }
    const struct effects_standing *standing = effects_standing_of(finder->effects, failure->migration, database);
    enum state state = finder->join->migrations[failure->migration].standings[database].state;
    bool is_said = standing->is_found || standing->state == EFFECTS_PARTLY || state == STATE_RERUN;
    return is_said ? NULL : failure;
}

enum by { BY_DISK, BY_CONSISTENT };

/* A failure by both journals is reported once. */
static const struct effects_failure *abort_by(const struct finder *finder, size_t database, enum by by) {
    const struct deploys *deploys = &finder->deploys[database];
    if (by == BY_DISK) {
        return abort_of(finder, database, &deploys->disk);
    }
    return deploys->here.failure.migration == deploys->disk.failure.migration
               ? NULL
               : abort_of(finder, database, &deploys->here);
}

static bool same_failure(const struct effects_failure *a, const struct effects_failure *b) {
    return a && b && a->migration == b->migration && a->line == b->line && text_equal(a->what, b->what);
}

/* A text that is rejected as such cannot be fixed in the database. */
static const char *way_out(const struct finder *finder, const struct effects_failure *failure, size_t databases) {
    return failure->is_syntax
               ? "close it; in a baseline of `drizzle-kit pull`, delete its `/*` and `*/`"
               : text_format(finder->arena, "fix the migration, or the database%s", phrase_s(databases)).bytes;
}

/* One problem for all databases in which the run fails the same way; `first` is the first of
 * them. */
static void find_will_abort(struct finder *finder, const bool *is_asked, size_t first, enum by by) {
    enum { NAMED = 5 };
    const struct effects_failure *failure = abort_by(finder, first, by);
    struct phrase_list names = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (is_asked[i] && same_failure(abort_by(finder, i, by), failure)) {
            phrase_list_add(&names, text_escaped(finder->arena, finder->join->databases[i].name));
        }
    }
    struct place place = at_migration(finder, failure->migration, names.count == 1 ? first : SIZE_MAX, failure->line);
    found(finder, PROBLEM_WILL_ABORT, &place,
          "the next run in database%s %s%s aborts here, and nothing of that run stays: %.*s; %s", phrase_s(names.count),
          phrase_list_end(&names).bytes, by == BY_DISK ? "" : ", from the consistent journal,",
          TEXT_ARGS(phrase_refused(finder->arena, finder->join, failure)), way_out(finder, failure, names.count));
}

static void find_aborts(struct finder *finder, const bool *is_asked, enum by by) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct effects_failure *failure = is_asked[i] ? abort_by(finder, i, by) : NULL;
        size_t before = 0;
        while (before < i && !(is_asked[before] && same_failure(abort_by(finder, before, by), failure))) {
            before++;
        }
        if (failure && before == i) {
            find_will_abort(finder, is_asked, i, by);
        }
    }
}

/* Returns whether the failure of the database's next run is to be reported. */
static bool find_in_database(struct finder *finder, size_t database) {
    const struct effects_database *of = &finder->effects->databases[database];
    bool is_another_tools = finder_is_another_tools(finder, database);
    bool is_lost = of->found_first > 0 && !is_another_tools;
    if (of->is_emptied) {
        find_emptied(finder, database);
    }
    if (is_lost && of->ledger_count == 0) {
        find_ledger_lost(finder, database); /* else the other ledger was reported already */
    }
    return !is_lost && !of->is_emptied && !is_another_tools;
}

static bool is_said_to_fail(const struct finder *finder, size_t migration) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (evidence_failure_at(finder, migration, i)) {
            return true;
        }
    }
    return false;
}

static void find_unknown(struct finder *finder) {
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct effects *own = &finder->effects->own[i].effects;
        bool is_unknown = (own->status == EFFECTS_REFUSED && !is_said_to_fail(finder, i)) ||
                          own->status == EFFECTS_FAILED || own->is_opaque;
        if (finder->join->migrations[i].file && finder->join->migrations[i].kind == MIGRATION_COUNTS && is_unknown) {
            struct place place = at_migration(finder, i, SIZE_MAX, own->line);
            found(finder, PROBLEM_EFFECTS_UNKNOWN, &place, "its effects are unknown: %s",
                  effect_phrase_unknown(finder->arena, own).bytes);
        }
    }
}

void find_in_effects(struct finder *finder) {
    if (!finder->effects) {
        return;
    }
    bool *is_asked = arena_array(finder->arena, bool, finder->join->database_count);
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct effects_database *of = &finder->effects->databases[i];
        if (of->ledger_count > 0) {
            find_ledger_elsewhere(finder, i);
        }
        if (of->is_known && !finder->join->databases[i].is_wrong) {
            is_asked[i] = find_in_database(finder, i);
        }
    }
    find_in_standings(finder);
    find_aborts(finder, is_asked, BY_DISK);
    find_aborts(finder, is_asked, BY_CONSISTENT);
    find_unknown(finder);
}
