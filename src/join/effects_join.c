/* For each database: the fold of what ran, then what was found to be there, then the verdicts. */
#include "migfs/join/effects_join.h"

#include "join/effects_unknown.h"
#include "join/ledgers.h"
#include "join/tools.h"
#include "migfs/schema/catalog.h"
#include "migfs/schema/fold.h"

/* So many effects are folded for one database at most, to see whether what has no row is there; what is left is unknown. */
enum { WORK_MAXIMUM = 4000000 };

/* So many facts are looked at for one migration by itself, else its effects are unknown; and for one database, else nothing is known of it. */
enum { OWN_LOOKS_MAXIMUM = 20000000, LOOKS_MAXIMUM = 500000000 };

struct judging {
    struct arena *arena;
    const struct join *join;
    struct effects_join *effects;
    struct names *names;
    struct fold *scratch;
    struct fold *empty;
    size_t database;
    struct fold *catalog;
    struct text default_schema;
    bool *has_run;   /* [join->count]: a row, a rule, or found */
    size_t last_run; /* the last of them, or SIZE_MAX */
    size_t work;
    size_t looked;         /* facts looked at in all folds */
    size_t *first_written; /* [join->count]: see index_writers() */
    size_t *next_written;  /* [facts of the fold] */
};

/* ---- what a migration does by itself ---- */

static void find_own(struct judging *judging, const struct effects_input *input, size_t i) {
    const struct migration *it = &judging->join->migrations[i];
    struct effects_own *own = &judging->effects->own[i];
    if (!it->file) {
        own->effects = (struct effects){.status = EFFECTS_FAILED};
        return;
    }
    input->effects(input->context, judging->arena, &it->file->sql->digest, &own->effects);
    struct fold *fold = judging->scratch; /* one for all: an empty fold has room for hundreds of facts */
    fold_copy(fold, judging->empty);
    fold->work = 0;
    fold->most_work = OWN_LOOKS_MAXIMUM;
    fold_apply(fold, &own->effects, (uint32_t)i, true);
    if (fold_is_exhausted(fold)) {
        own->effects = (struct effects){.status = EFFECTS_FAILED};
        return;
    }
    own->facts = arena_array(judging->arena, struct fact, fold->count);
    for (size_t k = 0; k < fold->count; k++) {
        if (fact_is_judged(&fold->facts[k])) {
            own->facts[own->count++] = fold->facts[k];
        }
    }
}

/* ---- R8: unqualified names ---- */

static size_t unqualified_in(const struct judging *judging, struct text schema) {
    uint32_t public = names_number(judging->names, TEXT("public")), in = names_number(judging->names, schema);
    size_t count = 0;
    for (size_t i = 0; i < judging->join->count; i++) {
        const struct effects_own *own = &judging->effects->own[i];
        for (size_t k = 0; k < own->count; k++) {
            const struct fact *fact = &own->facts[k];
            const struct fact *found = fact->kind == FACT_RELATION && fact->schema == public && fact->type == 'r'
                                           ? fold_find(judging->catalog, FACT_RELATION, in, 0, fact->name)
                                           : NULL;
            count += found && found->is_there;
        }
    }
    return count;
}

/* The one that has most of them; none or several alike: *ret_best is 0, or stays the most that one has. */
static struct text find_best(const struct judging *judging, const struct text *schemas, size_t count,
                             size_t *ret_best) {
    struct text found = TEXT("public");
    size_t best = 0, ties = 0;
    for (size_t i = 0; i < count; i++) {
        size_t tables = unqualified_in(judging, schemas[i]);
        ties = tables == best ? ties + 1 : tables > best ? 0 : ties;
        found = tables > best ? schemas[i] : found;
        best = tables > best ? tables : best;
    }
    *ret_best = best;
    return best == 0 || ties > 0 ? TEXT("public") : found;
}

/* Where a schema for each tenant holds the tables, the connection's search path may lead past all of them. The ledger's own schema is where
 * they belong if it has them; otherwise it is not known which of those that do is meant, and what is absent is not missing. */
static bool find_default_schema(struct judging *judging, const struct catalog *catalog,
                                struct effects_database *database) {
    const struct text *schemas;
    struct text own = judging->join->databases[judging->database].ledger->schema;
    size_t best, count = schema_catalog_path(judging->arena, catalog, &schemas);
    judging->default_schema = find_best(judging, schemas, count, &best);
    if (best > 0) {
        return true;
    }
    if (unqualified_in(judging, own) > 0) {
        judging->default_schema = own;
        return true;
    }
    database->elsewhere = arena_array(judging->arena, struct text, catalog->count);
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'n' && unqualified_in(judging, catalog->rows[i].fields[0]) > 0) {
            database->elsewhere[database->elsewhere_count++] = text_copy(judging->arena, catalog->rows[i].fields[0]);
        }
    }
    return database->elsewhere_count == 0;
}

/* ---- folding ---- */

static void apply(struct judging *judging, struct fold *fold, size_t migration, bool has_row) {
    const struct effects *effects = &judging->effects->own[migration].effects;
    judging->work += effects->count + 1;
    fold->work = judging->looked;
    fold->most_work = LOOKS_MAXIMUM;
    fold_apply(fold, effects, (uint32_t)migration, has_row);
    judging->looked = fold->work;
}

static bool has_row(const struct judging *judging, size_t i) {
    return standing_has_run(&judging->join->migrations[i].standings[judging->database]);
}

/* What ran and was found, in order, with `extra` among them (SIZE_MAX: none). */
static struct fold *fold_all(struct judging *judging, size_t extra) {
    struct fold *fold = fold_create(judging->arena, judging->names, judging->default_schema);
    for (size_t i = 0; i < judging->join->count; i++) {
        if (judging->has_run[i] || i == extra) {
            apply(judging, fold, i, judging->has_run[i]);
        }
    }
    return fold;
}

/* The fold with the migration added; `base` is the fold without it. */
static struct fold *fold_with(struct judging *judging, const struct fold *base, size_t migration) {
    if (judging->last_run != SIZE_MAX && judging->last_run > migration) {
        return fold_all(judging, migration);
    }
    judging->work += base->count / 16;
    fold_copy(judging->scratch, base);
    apply(judging, judging->scratch, migration, false);
    return judging->scratch;
}

/* ---- one migration ---- */

static bool changes(const struct fold *base, const struct fact *fact) {
    const struct fact *before = fold_find(base, (enum fact_kind)fact->kind, fact->schema, fact->table, fact->name);
    return !before || before->is_maybe || before->is_there != fact->is_there || before->type != fact->type ||
           (fact->kind == FACT_BASE_TYPE && before->to_table != fact->to_table);
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
        standing->missing = arena_grow(judging->arena, standing->missing, standing->missing_count,
                                       standing->missing_count + 1, sizeof *standing->missing);
        standing->missing[standing->missing_count++] = *fact;
    }
}

/* `base`: only what the migration changes there counts; NULL: all that it wrote last. */
static struct effects_standing judge(struct judging *judging, const struct fold *fold, const struct fold *base,
                                     size_t migration) {
    size_t i = base ? 0 : judging->first_written[migration];
    const struct effects_own *own = &judging->effects->own[migration];
    struct effects_standing standing = {.state = EFFECTS_UNKNOWN};
    bool has_unknown = own->effects.is_opaque;
    if (own->effects.status != EFFECTS_KNOWN) {
        return standing;
    }
    for (; i < fold->count; i = base ? i + 1 : judging->next_written[i]) {
        const struct fact *fact = &fold->facts[i];
        if (fact->writer == migration && fact_is_judged(fact) && (!base || changes(base, fact))) {
            count_fact(judging, &standing, fact, &has_unknown);
        }
    }
    if (standing.there < standing.of) {
        standing.state = standing.there > 0 ? EFFECTS_PARTLY : EFFECTS_MISSING;
        standing.state = own->effects.is_opaque ? EFFECTS_UNKNOWN : standing.state;
    } else if (standing.of > 0) {
        standing.state = EFFECTS_THERE;
    } else if (has_unknown) {
        standing.state = EFFECTS_UNKNOWN;
    } else {
        standing.state = own->count > 0 ? EFFECTS_SUPERSEDED : EFFECTS_NONE;
    }
    standing.is_found = base && standing.state == EFFECTS_THERE && standing.existence_there > 0;
    return standing;
}

static bool may_have_run(const struct migration *it) {
    return it->file && it->kind != MIGRATION_EXCLUDED;
}

static struct effects_standing *standing_at(const struct judging *judging, size_t migration) {
    return &judging->effects->standings[migration * judging->join->database_count + judging->database];
}

/* Returns whether one more was found to be there. */
static bool find_unrecorded(struct judging *judging) {
    struct fold *base = fold_all(judging, SIZE_MAX);
    bool has_found = false;
    for (size_t i = 0; i < judging->join->count; i++) {
        struct effects_standing *standing = standing_at(judging, i);
        if (judging->has_run[i] || !may_have_run(&judging->join->migrations[i])) {
            continue;
        }
        *standing = (struct effects_standing){.state = EFFECTS_UNKNOWN};
        if (judging->work > WORK_MAXIMUM) {
            continue;
        }
        *standing = judge(judging, fold_with(judging, base, i), base, i);
        has_found = has_found || standing->is_found;
    }
    for (size_t i = 0; i < judging->join->count; i++) {
        if (!judging->has_run[i] && standing_at(judging, i)->is_found) {
            judging->has_run[i] = true;
            judging->last_run = judging->last_run == SIZE_MAX || i > judging->last_run ? i : judging->last_run;
        }
    }
    return has_found;
}

/* True when something that this migration drops is gone, and is there without it by all that ran or was found. */
static bool drops_what_was_made(struct judging *judging, size_t migration) {
    judging->has_run[migration] = false;
    const struct fold *without = fold_all(judging, SIZE_MAX);
    judging->has_run[migration] = true;
    const struct fold *fold = fold_all(judging, SIZE_MAX);
    judging->work += (fold->count + without->count) / 16;
    for (size_t i = 0; i < fold->count; i++) {
        const struct fact *fact = &fold->facts[i];
        if (fact->writer != migration || fact->is_there || !fact_is_judged(fact)) {
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

/* That a thing is gone is not an evidence where nothing that ran had made it: it was never there. */
static void discard_absences(struct judging *judging) {
    for (size_t i = 0; i < judging->join->count; i++) {
        const struct effects_standing *standing = standing_at(judging, i);
        if (has_row(judging, i) || standing->present > 0 || standing->there == 0) {
            continue;
        }
        if (!standing->is_found) {
            forget_finding(judging, i);
        } else if (judging->work > WORK_MAXIMUM || !drops_what_was_made(judging, i)) {
            judging->has_run[i] = false;
            forget_finding(judging, i);
        }
    }
}

/* Of each migration the facts that it wrote last, in their order: a list of places that ends beyond the last. */
static void index_writers(struct judging *judging, const struct fold *fold) {
    judging->first_written = arena_array(judging->arena, size_t, judging->join->count);
    judging->next_written = arena_array(judging->arena, size_t, fold->count);
    for (size_t i = 0; i < judging->join->count; i++) {
        judging->first_written[i] = SIZE_MAX;
    }
    for (size_t i = fold->count; i-- > 0;) {
        if (fold->facts[i].writer < judging->join->count) {
            judging->next_written[i] = judging->first_written[fold->facts[i].writer];
            judging->first_written[fold->facts[i].writer] = i;
        }
    }
}

/* Promises of what ran; of what was found the evidence, judged among all others. */
static void judge_recorded(struct judging *judging, const struct fold *fold) {
    index_writers(judging, fold);
    for (size_t i = 0; i < judging->join->count; i++) {
        if (judging->has_run[i]) {
            bool is_found = !has_row(judging, i);
            struct effects_standing *standing = standing_at(judging, i);
            *standing = judge(judging, fold, NULL, i);
            standing->is_found = is_found && standing->state == EFFECTS_THERE;
        }
    }
}

/* ---- a database ---- */

static void list_facts(struct judging *judging, struct effects_database *database, const struct fold *fold) {
    database->facts = arena_array(judging->arena, struct effects_fact, fold->count);
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

/* Two or more ran, and nothing that they promise to be there is. */
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

static void judge_database(struct judging *judging, const struct catalog *catalog) {
    const struct join *join = judging->join;
    struct effects_database *database = &judging->effects->databases[judging->database];
    const struct ledger *ledger = join->databases[judging->database].ledger;
    forget_all(judging);
    if (!catalog || catalog->is_cut || ledger->status == LEDGER_UNREADABLE) {
        return;
    }
    judging->catalog = schema_catalog_fold(judging->arena, judging->names, catalog, TEXT("public"));
    tools_find(judging->arena, join, catalog, database);
    ledgers_find(judging->arena, catalog, database);
    if (!find_default_schema(judging, catalog, database)) {
        return;
    }
    judging->has_run = arena_array(judging->arena, bool, join->count);
    judging->last_run = SIZE_MAX;
    judging->work = judging->looked = 0;
    for (size_t i = 0; i < join->count; i++) {
        judging->has_run[i] = has_row(judging, i) && join->migrations[i].file;
        judging->last_run = judging->has_run[i] ? i : judging->last_run;
    }
    while (find_unrecorded(judging)) {
    }
    discard_absences(judging);
    const struct fold *fold = fold_all(judging, SIZE_MAX);
    if (judging->looked > LOOKS_MAXIMUM) {
        forget_all(judging);
        return;
    }
    judge_recorded(judging, fold);
    database->is_known = true;
    database->default_schema = judging->default_schema;
    list_facts(judging, database, fold);
    database->is_emptied = is_emptied(judging, database);
    database->found_first = ledger->count == 0 ? count_found_first(judging) : 0;
    judging->catalog->default_schema = judging->catalog->path = names_number(judging->names, judging->default_schema);
    database->catalog = judging->catalog;
}

struct effects_join *effects_join_create(struct arena *arena, const struct join *join,
                                         const struct effects_input *input) {
    struct effects_join *effects = arena_new(arena, struct effects_join);
    struct judging judging = {.arena = arena, .join = join, .effects = effects, .names = names_create(arena)};
    effects->join = join;
    effects->own = arena_array(arena, struct effects_own, join->count);
    effects->standings = arena_array(arena, struct effects_standing, join->count * join->database_count);
    effects->databases = arena_array(arena, struct effects_database, join->database_count);
    effects->names_of = judging.scratch = fold_create(arena, judging.names, TEXT("public"));
    judging.empty = fold_create(arena, judging.names, TEXT("public"));
    for (size_t i = 0; i < join->count; i++) {
        find_own(&judging, input, i);
    }
    effects_find_doubts(arena, effects);
    for (size_t i = 0; i < join->database_count; i++) {
        judging.database = i;
        judge_database(&judging, input->catalogs ? input->catalogs[i] : NULL);
    }
    return effects;
}
