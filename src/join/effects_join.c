/* For each database: folds the migrations that ran, finds those whose effects exist, and then
 * judges. Databases of a fleet are often alike: what several have in common is computed once. */
#include "migfs/join/effects_join.h"

#include <string.h>

#include "join/effects_ran.h"
#include "join/effects_tables.h"
#include "join/effects_unknown.h"
#include "join/ledgers.h"
#include "join/tools.h"
#include "migfs/schema/catalog.h"
#include "migfs/schema/fold.h"
#include "migfs/util/sorted.h"

/* Limit on the facts visited for one migration, beyond which its effects are unknown. */
enum { OWN_LOOKS_MAXIMUM = 20000000 };

/* The properties of a database that its verdicts depend on. */
struct asked {
    const struct catalog *read; /* NULL: it cannot be judged */
    struct fold *catalog;       /* shared by databases with equal catalogs */
    uint32_t default_schema;
    bool *has_run;   /* [join->count]: by row or rule */
    size_t last_run; /* index of the last one in has_run + 1; 0: none */
    bool is_judged;
};

struct judging {
    struct arena *arena;
    struct arena *within; /* freed after judging */
    const struct join *join;
    struct effects_join *effects;
    struct names *names;
    struct effects_tables tables;
    struct fold *scratch;
    struct fold *empty;
    size_t database;
    struct fold *catalog;
    struct text default_schema;
    bool *has_run;       /* [join->count]: by row, rule or existing effects */
    size_t work, looked; /* in all folds that the database needed */
    struct effects_rans *rans;
    struct asked *asked; /* [databases] */
    size_t *order;       /* [databases]: by last_run, so that a fold often continues the one before */
};

/* ---- effects of a single migration ---- */

static void find_own(struct judging *judging, const struct effects_input *input, size_t i) {
    const struct migration *it = &judging->join->migrations[i];
    struct effects_own *own = &judging->effects->own[i];
    if (!it->file) {
        own->effects = (struct effects){.status = EFFECTS_FAILED};
        return;
    }
    input->effects(input->context, judging->arena, &it->file->sql->digest, &own->effects);
    struct fold *fold = judging->scratch; /* shared: even empty ones have room for hundreds of facts */
    fold_copy(fold, judging->empty);
    fold->work = 0;
    fold->most_work = OWN_LOOKS_MAXIMUM;
    fold_apply(fold, &own->effects, (uint32_t)i, true);
    if (fold_is_exhausted(fold)) {
        own->effects = (struct effects){.status = EFFECTS_FAILED};
        return;
    }
    size_t judged = 0;
    for (size_t k = 0; k < fold->count; k++) {
        judged += fact_is_judged(&fold->facts[k]);
    }
    own->facts = arena_array(judging->arena, struct fact, judged);
    for (size_t k = 0; k < fold->count; k++) {
        const struct fact *fact = &fold->facts[k];
        if (fact_is_judged(fact)) {
            own->facts[own->count++] = *fact;
            effects_tables_note(&judging->tables, fact);
        }
    }
}

/* ---- judging a migration ---- */

static bool has_row(const struct judging *judging, size_t i) {
    return standing_has_run(&judging->join->migrations[i].standings[judging->database]);
}

static void count_fact(struct judging *judging, struct effects_standing *standing, const struct fact *fact,
                       bool *ret_unknown) {
    bool is_there = schema_catalog_holds(judging->catalog, fact) == SCHEMA_THERE;
    if (!is_there && fact->is_maybe) {
        return;
    }
    if (!is_there && effects_are_unknown(judging->effects, judging->has_run, fact)) {
        *ret_unknown = true;
        return;
    }
    standing->of++;
    standing->there += is_there;
    standing->present += is_there && fact->is_there;
    standing->existence += fact_is_existence(fact);
    standing->existence_there += is_there && fact_is_existence(fact);
    if (!is_there) {
        standing->missing = arena_more(judging->arena, standing->missing, standing->missing_count,
                                       &standing->missing_capacity, sizeof *standing->missing);
        standing->missing[standing->missing_count++] = *fact;
    }
}

static enum effects_state state_of(const struct effects_own *own, const struct effects_standing *standing,
                                   bool has_unknown) {
    if (standing->there < standing->of) {
        return own->effects.is_opaque ? EFFECTS_UNKNOWN : standing->there > 0 ? EFFECTS_PARTLY : EFFECTS_MISSING;
    }
    if (standing->of > 0) {
        return EFFECTS_THERE;
    }
    if (has_unknown) {
        return EFFECTS_UNKNOWN;
    }
    return own->count > 0 ? EFFECTS_SUPERSEDED : EFFECTS_NONE;
}

/* Judges a migration without a row by the facts that it would change; NULL: not known. */
static struct effects_standing judge_evidence(struct judging *judging, const struct effects_evidence *evidence,
                                              size_t migration) {
    const struct effects_own *own = &judging->effects->own[migration];
    struct effects_standing standing = {.state = EFFECTS_UNKNOWN};
    bool has_unknown = own->effects.is_opaque;
    if (own->effects.status != EFFECTS_KNOWN || !evidence) {
        return standing;
    }
    for (size_t i = 0; i < evidence->count; i++) {
        count_fact(judging, &standing, &evidence->facts[i], &has_unknown);
    }
    standing.state = state_of(own, &standing, has_unknown);
    standing.is_found = standing.state == EFFECTS_THERE && standing.existence_there > 0;
    return standing;
}

/* Judges a migration by all facts that it wrote last. */
static struct effects_standing judge_promises(struct judging *judging, const struct effects_ran *ran,
                                              size_t migration) {
    const struct effects_own *own = &judging->effects->own[migration];
    struct effects_standing standing = {.state = EFFECTS_UNKNOWN};
    bool has_unknown = own->effects.is_opaque;
    if (own->effects.status != EFFECTS_KNOWN) {
        return standing;
    }
    for (size_t i = ran->first_written[migration]; i < ran->fold->count; i = ran->next_written[i]) {
        if (fact_is_judged(&ran->fold->facts[i])) {
            count_fact(judging, &standing, &ran->fold->facts[i], &has_unknown);
        }
    }
    standing.state = state_of(own, &standing, has_unknown);
    return standing;
}

static bool may_have_run(const struct migration *it) {
    return it->file && it->kind != MIGRATION_EXCLUDED;
}

static struct effects_standing *standing_at(const struct judging *judging, size_t migration) {
    return &judging->effects->standings[migration * judging->join->database_count + judging->database];
}

static struct effects_ran *find_ran(struct judging *judging) {
    return effects_ran_find(judging->rans, judging->has_run, names_number(judging->names, judging->default_schema));
}

/* Returns whether the effects of another migration were found. */
static bool find_unrecorded(struct judging *judging) {
    struct effects_ran *ran = find_ran(judging);
    bool has_found = false, is_spent = judging->work > EFFECTS_RAN_WORK;
    for (size_t i = 0; i < judging->join->count; i++) {
        if (judging->has_run[i] || !may_have_run(&judging->join->migrations[i])) {
            continue;
        }
        const struct effects_evidence *evidence = is_spent ? NULL : effects_ran_evidence(judging->rans, ran, i);
        *standing_at(judging, i) = judge_evidence(judging, evidence, i);
    }
    judging->work += ran->work;
    judging->looked += ran->looked;
    for (size_t i = 0; i < judging->join->count; i++) {
        if (!judging->has_run[i] && standing_at(judging, i)->is_found) {
            judging->has_run[i] = has_found = true;
        }
    }
    return has_found && judging->looked <= EFFECTS_RAN_LOOKS;
}

/* Returns whether this migration drops something that the other migrations in has_run had created,
 * and that is gone. */
static bool drops_what_was_made(struct judging *judging, size_t migration) {
    judging->has_run[migration] = false;
    const struct fold *without = find_ran(judging)->fold;
    judging->has_run[migration] = true;
    const struct effects_ran *ran = find_ran(judging);
    judging->work += ran->work + (ran->fold->count + without->count) / 16;
    for (size_t i = ran->first_written[migration]; i < ran->fold->count; i = ran->next_written[i]) {
        const struct fact *fact = &ran->fold->facts[i];
        if (fact->is_there || !fact_is_judged(fact)) {
            continue;
        }
        const struct fact *before =
            fold_find(without, (enum fact_kind)fact->kind, fact->schema, fact->table, fact->name);
        if (before && before->is_there && schema_catalog_holds(judging->catalog, fact) == SCHEMA_THERE) {
            return true;
        }
    }
    return false;
}

static void forget_finding(struct judging *judging, size_t migration) {
    struct effects_standing *standing = standing_at(judging, migration);
    *standing =
        (struct effects_standing){.state = EFFECTS_MISSING, .of = standing->of, .existence = standing->existence};
}

/* The absence of an object proves nothing unless a migration that ran had created it. */
static void discard_absences(struct judging *judging) {
    for (size_t i = 0; i < judging->join->count; i++) {
        const struct effects_standing *standing = standing_at(judging, i);
        if (has_row(judging, i) || standing->present > 0 || standing->there == 0) {
            continue;
        }
        if (!standing->is_found) {
            forget_finding(judging, i);
        } else if (judging->work > EFFECTS_RAN_WORK || !drops_what_was_made(judging, i)) {
            judging->has_run[i] = false;
            forget_finding(judging, i);
        }
    }
}

/* Judges the promises of migrations that ran; found ones are judged again, among all others. */
static void judge_recorded(struct judging *judging, const struct effects_ran *ran) {
    for (size_t i = 0; i < judging->join->count; i++) {
        if (judging->has_run[i]) {
            bool is_found = !has_row(judging, i);
            struct effects_standing *standing = standing_at(judging, i);
            *standing = judge_promises(judging, ran, i);
            standing->is_found = is_found && standing->state == EFFECTS_THERE;
        }
    }
}

/* ---- databases ---- */

static void list_facts(struct judging *judging, struct effects_database *database, const struct fold *fold) {
    size_t judged = 0;
    for (size_t i = 0; i < fold->count; i++) {
        judged += fact_is_judged(&fold->facts[i]);
    }
    database->facts = arena_array(judging->arena, struct effects_fact, judged);
    for (size_t i = 0; i < fold->count; i++) {
        const struct fact *fact = &fold->facts[i];
        bool is_there = fact_is_judged(fact) && schema_catalog_holds(judging->catalog, fact) == SCHEMA_THERE;
        if (fact_is_judged(fact) && (is_there || !fact->is_maybe)) {
            database->facts[database->fact_count++] = (struct effects_fact){
                .fact = *fact,
                .is_there = is_there,
                .is_unknown = !is_there && effects_are_unknown(judging->effects, judging->has_run, fact)};
        }
    }
}

/* Returns whether at least two migrations ran and none of the objects that they promise exists. */
static bool is_emptied(const struct judging *judging, const struct effects_database *database) {
    size_t writers = 0, last = SIZE_MAX;
    for (size_t i = 0; i < database->fact_count; i++) {
        const struct effects_fact *it = &database->facts[i];
        if (!fact_is_existence(&it->fact) || !it->fact.is_there || !has_row(judging, it->fact.writer)) {
            continue;
        }
        if (it->is_there || it->is_unknown) {
            return false;
        }
        writers += it->fact.writer != last;
        last = it->fact.writer;
    }
    return writers >= 2;
}

static size_t count_found_first(const struct judging *judging) {
    size_t count = 0;
    for (size_t i = 0; i < judging->join->count; i++) {
        const struct effects_standing *standing = standing_at(judging, i);
        const struct migration *it = &judging->join->migrations[i];
        if (it->kind != MIGRATION_COUNTS || !it->file || standing->state == EFFECTS_NONE) {
            continue;
        }
        if (!standing->is_found) {
            break;
        }
        count++;
    }
    return count;
}

static void forget_all(struct judging *judging) {
    for (size_t i = 0; i < judging->join->count; i++) {
        *standing_at(judging, i) = (struct effects_standing){.state = EFFECTS_UNKNOWN};
    }
}

/* ---- databases that are alike ---- */

static bool is_alike(const struct judging *judging, const struct asked *a, const struct asked *b) {
    size_t of_a = (size_t)(a - judging->asked), of_b = (size_t)(b - judging->asked);
    const struct database *databases = judging->join->databases;
    return a->catalog == b->catalog && a->default_schema == b->default_schema &&
           (databases[of_a].ledger->count == 0) == (databases[of_b].ledger->count == 0) &&
           memcmp(a->has_run, b->has_run, judging->join->count * sizeof *a->has_run) == 0;
}

/* Copies all verdicts of an earlier database that does not differ in what they depend on. Returns
 * whether there is one. */
static bool copy_verdicts(struct judging *judging, size_t place) {
    const struct asked *asked = &judging->asked[judging->database];
    for (size_t i = 0; i < place; i++) {
        size_t other = judging->order[i];
        if (!judging->asked[other].is_judged || !is_alike(judging, &judging->asked[other], asked)) {
            continue;
        }
        struct effects_database *database = &judging->effects->databases[judging->database];
        const struct effects_database own = *database;
        size_t count = judging->join->database_count;
        for (size_t k = 0; k < judging->join->count; k++) {
            *standing_at(judging, k) = judging->effects->standings[k * count + other];
        }
        *database = judging->effects->databases[other];
        database->ledgers = own.ledgers; /* of other tools, which are no part of what is compared */
        database->ledger_count = own.ledger_count;
        database->ledger_capacity = own.ledger_capacity;
        database->is_named = own.is_named;
        effects_mark_unseen(judging->effects, judging->database);
        return true;
    }
    return false;
}

/* Returns the fold of the catalogs, which is that of an earlier database if it has equal ones: the
 * same rows, as after CREATE DATABASE … TEMPLATE, or the same names under other oids. */
static struct fold *find_catalog(struct judging *judging, const struct catalog *catalog, size_t place) {
    for (size_t i = 0; i < place; i++) {
        const struct asked *it = &judging->asked[judging->order[i]];
        if (it->catalog && digest_equal(&it->read->digest, &catalog->digest)) {
            return it->catalog;
        }
    }
    struct arena *own = arena_within(judging->arena);
    struct fold *fold = schema_catalog_fold(own, judging->names, catalog, TEXT("public"));
    for (size_t i = 0; i < place; i++) {
        struct fold *before = judging->asked[judging->order[i]].catalog;
        if (before && fold_equal(before, fold)) {
            arena_destroy(own);
            return before;
        }
    }
    return fold;
}

/* ---- all databases ---- */

static void judge_alone(struct judging *judging) {
    struct effects_database *database = &judging->effects->databases[judging->database];
    const struct asked *asked = &judging->asked[judging->database];
    memcpy(judging->has_run, asked->has_run, judging->join->count * sizeof *asked->has_run);
    judging->work = judging->looked = 0;
    while (find_unrecorded(judging)) {
    }
    discard_absences(judging);
    const struct effects_ran *ran = find_ran(judging);
    if (judging->looked > EFFECTS_RAN_LOOKS || effects_ran_is_exhausted(ran)) {
        forget_all(judging);
        return;
    }
    judge_recorded(judging, ran);
    effects_mark_unseen(judging->effects, judging->database);
    database->is_known = true;
    database->default_schema = judging->default_schema;
    list_facts(judging, database, ran->fold);
    database->is_emptied = is_emptied(judging, database);
    database->found_first =
        judging->join->databases[judging->database].ledger->count == 0 ? count_found_first(judging) : 0;
    database->catalog = judging->catalog;
}

static void judge_database(struct judging *judging, size_t place) {
    struct asked *asked = &judging->asked[judging->database];
    struct effects_database *database = &judging->effects->databases[judging->database];
    database->first_alike = judging->database;
    forget_all(judging);
    if (!asked->read) {
        return;
    }
    judging->catalog = asked->catalog = find_catalog(judging, asked->read, place);
    tools_find(judging->arena, judging->join, asked->read, database);
    ledgers_find(judging->arena, asked->read, database);
    if (!effects_tables_find_schema(&judging->tables, judging->arena, judging->catalog, asked->read,
                                    judging->join->databases[judging->database].ledger->schema, database,
                                    &judging->default_schema)) {
        return;
    }
    asked->default_schema = names_number(judging->names, judging->default_schema);
    if (!copy_verdicts(judging, place)) {
        judge_alone(judging);
    }
    asked->is_judged = true;
}

static void find_asked(struct judging *judging, size_t i, const struct catalog *catalog) {
    const struct join *join = judging->join;
    struct asked *asked = &judging->asked[i];
    bool is_read = catalog && !catalog->is_cut && join->databases[i].ledger->status != LEDGER_UNREADABLE;
    asked->read = is_read ? catalog : NULL;
    asked->has_run = arena_array(judging->within, bool, join->count);
    for (size_t k = 0; k < join->count; k++) {
        asked->has_run[k] = standing_has_run(&join->migrations[k].standings[i]) && join->migrations[k].file;
        asked->last_run = asked->has_run[k] ? k + 1 : asked->last_run;
    }
}

static int compare_asked(const void *context, size_t a, size_t b) {
    const struct asked *asked = context;
    return (asked[a].last_run > asked[b].last_run) - (asked[a].last_run < asked[b].last_run);
}

static void judge_databases(struct judging *judging, const struct effects_input *input) {
    size_t count = judging->join->database_count;
    judging->rans = effects_rans_create(judging->within, judging->effects, judging->names);
    judging->asked = arena_array(judging->within, struct asked, count);
    judging->has_run = arena_array(judging->within, bool, judging->join->count);
    for (size_t i = 0; i < count; i++) {
        find_asked(judging, i, input->catalogs ? input->catalogs[i] : NULL);
    }
    judging->order = sorted_all(judging->within, count, compare_asked, judging->asked);
    for (size_t i = 0; i < count; i++) {
        judging->database = judging->order[i];
        judge_database(judging, i);
    }
}

struct effects_join *effects_join_create(struct arena *arena, const struct join *join,
                                         const struct effects_input *input) {
    struct effects_join *effects = arena_new(arena, struct effects_join);
    struct judging judging = {
        .arena = arena, .within = arena_within(arena), .join = join, .effects = effects, .names = names_create(arena)};
    judging.tables = (struct effects_tables){.arena = judging.within, .names = judging.names};
    effects->join = join;
    effects->own = arena_array(arena, struct effects_own, join->count);
    effects->standings = arena_array(arena, struct effects_standing, join->count * join->database_count);
    effects->databases = arena_array(arena, struct effects_database, join->database_count);
    effects->names_of = judging.empty = fold_create(arena, judging.names, TEXT("public"));
    judging.scratch = fold_create(judging.within, judging.names, TEXT("public"));
    for (size_t i = 0; i < join->count; i++) {
        find_own(&judging, input, i);
    }
    effects_find_doubts(arena, effects);
    judge_databases(&judging, input);
    arena_destroy(judging.within);
    return effects;
}
