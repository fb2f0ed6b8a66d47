/* Problems that only the catalogs show: what ran by hand, what was recorded and is not there, and what the next run will hit. */
#include "migfs/join/effects_hold.h"
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

/* ---- of a whole database ---- */

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
          "its ledger has %zu rows, and nothing of what those migrations make is there (%s), so Drizzle runs none of "
          "them "
          "again and prints success; where it was emptied on purpose, drop the ledger, too, and all will run",
          finder->join->databases[database].ledger->count,
          effect_phrase_facts(finder->arena, finder->effects, facts, count).bytes);
}

/* Where each statement is guarded it does not abort. */
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
          "its ledger has no row, but the first %zu migration%s there, as after drizzle-kit push or a restore without "
          "the ledger: %s; databases/%s/baseline.sql, run with psql, records what is there",
          of->found_first, of->found_first == 1 ? " is" : "s are", next_run_of(finder, database).bytes, name);
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

/* What is not to be said again, since another tool's ledger says that it ran: where Drizzle has a ledger of its own, the rule that says so. */
static void find_tool(struct finder *finder, size_t database, size_t tools, const struct place *place) {
    const struct effects_ledger *ledgers = finder->effects->databases[database].ledgers;
    const char *name = name_of(finder, database), *tables = ledgers_of(finder, ledgers, tools);
    if (finder_is_another_tools(finder, database)) {
        bool is_one = ledgers[0].names == 1;
        found(finder, PROBLEM_LEDGER_ELSEWHERE, place,
              "Drizzle's ledger has no row, but %s, of another tool, names %zu migration%s of this folder, so %s here; "
              "Drizzle's runner does not know that table and would run all that is listed: deploy with the other tool; "
              "`ignore ledger-elsewhere %s` in .migfs leaves this line out",
              tables, ledgers[0].names, is_one ? "" : "s", is_one ? "that is no error" : "those are no errors", name);
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
             "besides Drizzle's ledger, %s, of another tool, names %zu migration%s of this folder%s%s%s", tables,
             ledgers[0].names, ledgers[0].names == 1 ? "" : "s",
             lines.count > 0 ? ", some without a row here: write " : "", phrase_list_end(&lines).bytes,
             lines.count > 0 ? " into .migfs" : "");
}

/* The database of another name in the view reads it. */
static bool is_attached(const struct finder *finder, const struct effects_ledger *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct ledger *ledger = finder->join->databases[i].ledger;
        if (text_equal(ledger->schema, it->schema) && text_equal(ledger->table, it->table)) {
            return true;
        }
    }
    return false;
}

/* Leaves out of `ledgers` those that are attached, and returns how many are left. */
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
                 "besides the ledger that was asked for, %s look%s like one; what has run by %s is not known here",
                 tables, others == 1 ? "s" : "", it);
        return;
    }
    found(finder, PROBLEM_LEDGER_ELSEWHERE, &place,
          "the ledger that was asked for %s, but %s look%s like one: what has run by %s is not known here; if that is "
          "this folder's, name it with --migrations-schema and --migrations-table",
          ledger->status == LEDGER_FRESH ? "is not there" : "has no row", tables, others == 1 ? "s" : "", it);
}

/* ---- of one migration ---- */

/* Of the next run by the journal on disk, else of that by the consistent one, where it is this migration that fails; or NULL. */
static const struct effects_failure *failure_at(const struct finder *finder, size_t migration, size_t database) {
    const struct deploys *deploys = &finder->deploys[database];
    return deploys->disk.failure.migration == migration   ? &deploys->disk.failure
           : deploys->here.failure.migration == migration ? &deploys->here.failure
                                                          : NULL;
}

static bool fails_at(const struct finder *finder, size_t migration, size_t database) {
    return failure_at(finder, migration, database) != NULL;
}

static const char *failure_of(const struct finder *finder, size_t migration, size_t database) {
    const struct effects_failure *failure = failure_at(finder, migration, database);
    bool is_of_disk = failure == &finder->deploys[database].disk.failure;
    return !failure
               ? ""
               : text_format(finder->arena, "; the next run%s aborts at line %u of it: %.*s",
                             is_of_disk ? "" : " by the consistent journal", failure->line, TEXT_ARGS(failure->what))
                     .bytes;
}

/* Not listed, and there in some databases only: no journal is served until a rule says whether it is to be listed. */
static void find_undecided(struct finder *finder, const struct migration *it, const struct place *place) {
    found(finder, PROBLEM_RAN_BY_HAND, place,
          "not in meta/_journal.json, and %s, where no row says that it ran, but not in every other, so no journal is "
          "served: into .migfs write `exclude %s` if the others are not to get it, else %s",
          evidence_all_there(finder, it), phrase_glob(finder->arena, it->tag).bytes, evidence_listing(finder, it));
}

/* The row has the entry's timestamp, so that a lower one that has yet to run is passed over from then on. */
static const char *baseline_of(const struct finder *finder, const struct migration *it, size_t database) {
    const struct migration *lower = NULL;
    for (size_t i = 0; it->entry && i < finder->join->count && !lower; i++) {
        const struct migration *other = &finder->join->migrations[i];
        bool is_found = effects_standing_of(finder->effects, i, database)->is_found;
        if (migration_counts(other) && other->entry && other->entry->when.number < it->entry->when.number &&
            !standing_has_run(&other->standings[database]) && !is_found) {
            lower = other;
        }
    }
    const char *then =
        lower ? text_format(finder->arena, " (%s then needs `migfs fix`)", phrase_tag(finder->arena, lower->tag).bytes)
                    .bytes
              : "";
    return text_format(finder->arena, "databases/%s/baseline.sql, run with psql, records it%s",
                       name_of(finder, database), then)
        .bytes;
}

/* How it is said that it has run: by a row, or by a rule where that leaves a timestamp that is right for all that are attached. */
static const char *recording(const struct finder *finder, size_t migration, size_t database) {
    const struct migration *it = &finder->join->migrations[migration];
    const char *name = name_of(finder, database), *glob = phrase_glob(finder->arena, it->tag).bytes;
    bool has_row = finder->join->is_v1 || it->entry || plan_entry(finder->synthesis, migration);
    bool has_rule = !finder->join->is_v1 && plan_may_be_applied(finder->join, it); /* v1 goes by rows alone */
    const char *rule =
        has_rule ? text_format(finder->arena,
                               "where every database that lacks it is attached, `applied %s %s` in .migfs says so",
                               glob, name)
                       .bytes
                 : "";
    const char *row = has_row ? baseline_of(finder, it, database) : "";
    return text_format(finder->arena, "%s%s%s", row, *rule && *row ? "; or, " : "", rule).bytes;
}

static bool is_first_there(const struct migration *it, size_t database) {
    size_t first = 0;
    while (first < database && !it->standings[first].is_there) {
        first++;
    }
    return first == database;
}

/* Where what is missing is meant to be. */
static const char *if_on_purpose(const struct finder *finder, const struct migration *it, const char *code) {
    return text_format(finder->arena, "where it was dropped on purpose, write `ignore %s %s` into .migfs", code,
                       phrase_glob(finder->arena, it->tag).bytes)
        .bytes;
}

static void find_unrecorded(struct finder *finder, size_t migration, size_t database) {
    const struct effects_standing *standing = effects_standing_of(finder->effects, migration, database);
    const struct migration *it = &finder->join->migrations[migration];
    struct place place = at_migration(finder, migration, database, 0);
    const char *name = name_of(finder, database);
    if (it->standings[database].lookalike) {
        return; /* a row of another name or of none shows that it ran: `rerun` says it */
    }
    if (standing->is_found) {
        bool is_harmless = finder->effects->own[migration].effects.is_guarded && !fails_at(finder, migration, database);
        if (effects_hold_applies(finder->join, it)) {
            if (is_first_there(it, database)) {
                find_undecided(finder, it, &place);
            }
            return;
        }
        found_as(finder, is_harmless ? SEVERITY_NOTE : SEVERITY_ERROR, PROBLEM_RAN_BY_HAND, &place,
                 "has no row in database %s, but all of what it does is there (%zu of %zu)%s; %s", name,
                 standing->there, standing->of, failure_of(finder, migration, database),
                 recording(finder, migration, database));
    } else if (standing->state == EFFECTS_PARTLY && standing->existence_there + standing->there > 0) {
        found_as(finder, fails_at(finder, migration, database) ? SEVERITY_ERROR : SEVERITY_WARNING, PROBLEM_HALF_THERE,
                 &place,
                 "has no row in database %s, and %zu of %zu of what it does is there, missing: %s%s; drop what is "
                 "there, or make the rest by hand and record it as the next check says",
                 name, standing->there, standing->of,
                 effect_phrase_facts(finder->arena, finder->effects, standing->missing, standing->missing_count).bytes,
                 failure_of(finder, migration, database));
    }
}

static void find_recorded(struct finder *finder, size_t migration, size_t database) {
    const struct effects_standing *standing = effects_standing_of(finder->effects, migration, database);
    const struct migration *it = &finder->join->migrations[migration];
    struct place place = at_migration(finder, migration, database, 0);
    const char *name = name_of(finder, database);
    struct text missing =
        effect_phrase_facts(finder->arena, finder->effects, standing->missing, standing->missing_count);
    if (standing->state == EFFECTS_MISSING && standing->existence > 0) {
        found(finder, PROBLEM_NOT_EFFECTIVE, &place,
              "has a row in database %s, but nothing of what it does is there (missing: %s), and Drizzle never runs it "
              "again; run its SQL there by hand; %s",
              name, missing.bytes, if_on_purpose(finder, it, "not-effective"));
    } else if (standing->state == EFFECTS_PARTLY || standing->state == EFFECTS_MISSING) {
        found(finder, PROBLEM_PARTLY_EFFECTIVE, &place,
              "has a row in database %s, but %zu of %zu of what it does is there (missing: %s), and Drizzle never "
              "repairs it; make what is missing by hand, or by a new migration; %s",
              name, standing->there, standing->of, missing.bytes, if_on_purpose(finder, it, "partly-effective"));
    }
}

/* True of what fails because it is listed twice: that has a line of its own. */
static bool is_second_run(const struct deploy *deploy) {
    for (size_t i = 0; i < deploy->failure.position; i++) {
        if (deploy->runs[i] == deploy->runs[deploy->failure.position]) {
            return true;
        }
    }
    return false;
}

static void find_will_abort(struct finder *finder, size_t database, const struct deploy *deploy, const char *journal) {
    const struct effects_failure *failure = &deploy->failure;
    if (!deploy_fails(deploy) || is_second_run(deploy)) {
        return;
    }
    const struct effects_standing *standing = effects_standing_of(finder->effects, failure->migration, database);
    enum state state = finder->join->migrations[failure->migration].standings[database].state;
    if (!standing->is_found && standing->state != EFFECTS_PARTLY && state != STATE_RERUN) {
        struct place place = at_migration(finder, failure->migration, database, failure->line);
        found(finder, PROBLEM_WILL_ABORT, &place,
              "the next run in database %s%s aborts here, and nothing of that run stays: %.*s; put the migration "
              "right, or "
              "the database",
              name_of(finder, database), journal, TEXT_ARGS(phrase_refused(finder->arena, finder->join, failure)));
    }
}

/* What fails by both journals is said once. */
static void find_aborts(struct finder *finder, size_t database) {
    const struct deploys *deploys = &finder->deploys[database];
    find_will_abort(finder, database, &deploys->disk, "");
    if (deploys->here.failure.migration != deploys->disk.failure.migration) {
        find_will_abort(finder, database, &deploys->here, ", by the consistent journal,");
    }
}

static void find_in_database(struct finder *finder, size_t database) {
    const struct effects_database *of = &finder->effects->databases[database];
    bool is_another_tools = finder_is_another_tools(finder, database);
    bool is_lost = of->found_first > 0 && !is_another_tools;
    if (of->is_emptied) {
        find_emptied(finder, database);
    }
    if (is_lost && of->ledger_count == 0) {
        find_ledger_lost(finder, database); /* else what it was lost to is named already */
    }
    for (size_t i = 0, seen = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        const struct effects_standing *standing = effects_standing_of(finder->effects, i, database);
        if (!it->file || it->kind != MIGRATION_COUNTS || it->standings[database].state == STATE_UNKNOWN) {
            continue;
        }
        bool is_covered =
            is_lost && standing->is_found && seen < of->found_first && !effects_hold_applies(finder->join, it);
        seen += standing->is_found;
        if (it->standings[database].row && !of->is_emptied) {
            find_recorded(finder, i, database);
        } else if (!standing_has_run(&it->standings[database]) && !is_covered &&
                   !finder_named_elsewhere(finder, it, database)) {
            find_unrecorded(finder, i, database);
        }
    }
    if (!is_lost && !of->is_emptied && !is_another_tools) {
        find_aborts(finder, database);
    }
}

static void find_unknown(struct finder *finder) {
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct effects *own = &finder->effects->own[i].effects;
        bool is_unknown = own->status == EFFECTS_REFUSED || own->status == EFFECTS_FAILED || own->is_opaque;
        if (finder->join->migrations[i].file && finder->join->migrations[i].kind == MIGRATION_COUNTS && is_unknown) {
            struct place place = at_migration(finder, i, SIZE_MAX, own->line);
            found(finder, PROBLEM_EFFECTS_UNKNOWN, &place, "what it does is not known: %s",
                  effect_phrase_unknown(finder->arena, own).bytes);
        }
    }
}

void find_in_effects(struct finder *finder) {
    if (!finder->effects) {
        return;
    }
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct effects_database *of = &finder->effects->databases[i];
        if (of->ledger_count > 0) {
            find_ledger_elsewhere(finder, i);
        }
        if (of->is_known && !finder->join->databases[i].is_wrong) {
            find_in_database(finder, i);
        }
    }
    find_unknown(finder);
}
