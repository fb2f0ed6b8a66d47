/* A new fold continues an existing one if possible. Its cost is counted as if it did not, so that a
 * verdict does not depend on which other databases are attached. */
#include "join/effects_ran.h"

#include <string.h>

#include "migfs/schema/fold.h"

/* The cache holds at most KEPT folds, and only the newest ones if they have too many facts. */
enum { KEPT = 6, KEPT_LEAST = 2, KEPT_FACTS = 500000 };

struct effects_rans {
    struct arena *arena;
    const struct effects_join *effects;
    struct names *names;
    struct fold *scratch;
    struct effects_ran *kept[KEPT];
    size_t used;
};

struct effects_rans *effects_rans_create(struct arena *arena, const struct effects_join *effects, struct names *names) {
    struct effects_rans *rans = arena_new(arena, struct effects_rans);
    *rans = (struct effects_rans){.arena = arena, .effects = effects, .names = names};
    rans->scratch = fold_create(arena, names, TEXT("public"));
    return rans;
}

static void apply(struct effects_rans *rans, struct effects_ran *ran, struct fold *fold, size_t migration,
                  bool has_run) {
    const struct effects *effects = &rans->effects->own[migration].effects;
    ran->work += effects->count + 1;
    fold->work = ran->looked;
    fold->most_work = EFFECTS_RAN_LOOKS;
    fold_apply(fold, effects, (uint32_t)migration, has_run);
    ran->looked = fold->work;
}

/* Applies the migrations that ran from `first` on, plus `extra` (SIZE_MAX: none). */
static void apply_from(struct effects_rans *rans, struct effects_ran *ran, struct fold *fold, size_t first,
                       size_t extra) {
    for (size_t i = first; i < rans->effects->join->count; i++) {
        if (ran->has_run[i] || i == extra) {
            apply(rans, ran, fold, i, ran->has_run[i]);
        }
    }
}

/* ---- what ran ---- */

static struct effects_ran *find_kept(struct effects_rans *rans, const bool *has_run, uint32_t default_schema) {
    size_t bytes = rans->effects->join->count * sizeof *has_run;
    for (size_t i = 0; i < KEPT; i++) {
        struct effects_ran *it = rans->kept[i];
        if (it && it->default_schema == default_schema && memcmp(it->has_run, has_run, bytes) == 0) {
            return it;
        }
    }
    return NULL;
}

/* Returns the longest existing fold of which `has_run` is a continuation, or NULL. */
static const struct effects_ran *find_beginning(const struct effects_rans *rans, const bool *has_run,
                                                uint32_t default_schema) {
    const struct effects_ran *found = NULL;
    for (size_t i = 0; i < KEPT; i++) {
        const struct effects_ran *it = rans->kept[i];
        if (it && it->default_schema == default_schema && it->last_run != SIZE_MAX &&
            (!found || it->last_run > found->last_run) &&
            memcmp(it->has_run, has_run, (it->last_run + 1) * sizeof *has_run) == 0) {
            found = it;
        }
    }
    return found;
}

/* Drops the least recently used folds until there is room for another. */
static void make_room(struct effects_rans *rans) {
    for (;;) {
        size_t count = 0, facts = 0, oldest = 0;
        for (size_t i = 0; i < KEPT; i++) {
            const struct effects_ran *it = rans->kept[i];
            count += it != NULL;
            facts += it ? it->fold->count : 0;
            oldest = it && (!rans->kept[oldest] || it->used < rans->kept[oldest]->used) ? i : oldest;
        }
        if (count < KEPT && (count < KEPT_LEAST || facts < KEPT_FACTS)) {
            return;
        }
        arena_destroy(rans->kept[oldest]->arena);
        rans->kept[oldest] = NULL;
    }
}

/* Builds a linked list of the facts that each migration wrote last, in order; SIZE_MAX ends the
 * list. */
static void index_writers(struct effects_ran *ran, size_t migrations) {
    ran->first_written = arena_array(ran->arena, size_t, migrations);
    ran->next_written = arena_array(ran->arena, size_t, ran->fold->count);
    for (size_t i = 0; i < migrations; i++) {
        ran->first_written[i] = SIZE_MAX;
    }
    for (size_t i = ran->fold->count; i-- > 0;) {
        uint32_t writer = ran->fold->facts[i].writer;
        if (writer < migrations) {
            ran->next_written[i] = ran->first_written[writer];
            ran->first_written[writer] = i;
        }
    }
}

static struct effects_ran *make(struct effects_rans *rans, const bool *has_run, uint32_t default_schema) {
    const struct effects_ran *beginning = find_beginning(rans, has_run, default_schema);
    size_t count = rans->effects->join->count, first = beginning ? beginning->last_run + 1 : 0;
    struct arena *arena = arena_within(rans->arena);
    struct effects_ran *ran = arena_new(arena, struct effects_ran);
    *ran = (struct effects_ran){.arena = arena, .last_run = SIZE_MAX, .default_schema = default_schema};
    ran->has_run = arena_array(arena, bool, count);
    memcpy(ran->has_run, has_run, count * sizeof *has_run);
    ran->evidence = arena_array(arena, struct effects_evidence, count);
    ran->fold = fold_create(arena, rans->names, names_text(rans->names, default_schema));
    if (beginning) {
        fold_copy(ran->fold, beginning->fold);
        ran->looked = beginning->fold->work;
    }
    for (size_t i = 0; i < count; i++) {
        ran->last_run = has_run[i] ? i : ran->last_run;
        ran->work += has_run[i] && i < first ? rans->effects->own[i].effects.count + 1 : 0;
    }
    ran->fold->work = ran->looked;
    apply_from(rans, ran, ran->fold, first, SIZE_MAX);
    index_writers(ran, count);
    return ran;
}

struct effects_ran *effects_ran_find(struct effects_rans *rans, const bool *has_run, uint32_t default_schema) {
    struct effects_ran *ran = find_kept(rans, has_run, default_schema);
    if (!ran) {
        size_t room = 0;
        ran = make(rans, has_run, default_schema);
        make_room(rans);
        while (rans->kept[room]) {
            room++;
        }
        rans->kept[room] = ran;
    }
    ran->used = ++rans->used;
    return ran;
}

bool effects_ran_is_exhausted(const struct effects_ran *ran) {
    return ran->looked > EFFECTS_RAN_LOOKS;
}

/* ---- what has not run ---- */

/* Returns the fold with one more migration added. */
static struct fold *fold_with(struct effects_rans *rans, struct effects_ran *ran, size_t migration) {
    if (ran->last_run != SIZE_MAX && ran->last_run > migration) {
        struct fold *fold =
            fold_create(arena_within(ran->arena), rans->names, names_text(rans->names, ran->default_schema));
        apply_from(rans, ran, fold, 0, migration);
        return fold;
    }
    ran->work += ran->fold->count / 16;
    fold_copy(rans->scratch, ran->fold);
    apply(rans, ran, rans->scratch, migration, false);
    return rans->scratch;
}

static bool changes(const struct fold *base, const struct fact *fact) {
    const struct fact *before = fold_find(base, (enum fact_kind)fact->kind, fact->schema, fact->table, fact->name);
    return !before || before->is_maybe || before->is_there != fact->is_there || before->type != fact->type ||
           (fact->kind == FACT_BASE_TYPE && before->to_table != fact->to_table);
}

/* Returns whether the column's type is recreated by this migration under the same name, so that the
 * catalogs look the same before and after. */
static bool is_of_remade_type(const struct fold *fold, const struct fold *base, const struct fact *fact) {
    if (fact->kind != FACT_BASE_TYPE) {
        return false;
    }
    const struct fact *type = fold_find(fold, FACT_TYPE, fact->to_schema, 0, fact->to_table),
                      *before = fold_find(base, FACT_TYPE, fact->to_schema, 0, fact->to_table);
    return type && before && before->is_there && type->writer == fact->writer;
}

static bool is_evidence(const struct fold *fold, const struct fold *base, const struct fact *fact, size_t migration) {
    return fact->writer == migration && fact_is_judged(fact) && changes(base, fact) &&
           !is_of_remade_type(fold, base, fact);
}

static void make_evidence(struct effects_rans *rans, struct effects_ran *ran, size_t migration) {
    struct effects_evidence *evidence = &ran->evidence[migration];
    struct fold *fold = fold_with(rans, ran, migration);
    struct fact *facts = NULL;
    size_t room = 0;
    for (size_t i = 0; i < fold->count; i++) {
        if (is_evidence(fold, ran->fold, &fold->facts[i], migration)) {
            facts = arena_more(ran->arena, facts, evidence->count, &room, sizeof *facts);
            facts[evidence->count++] = fold->facts[i];
        }
    }
    evidence->facts = facts;
    evidence->is_made = true;
    if (fold != rans->scratch) {
        arena_destroy(fold->arena);
    }
}

const struct effects_evidence *effects_ran_evidence(struct effects_rans *rans, struct effects_ran *ran,
                                                    size_t migration) {
    if (!ran->evidence[migration].is_made && ran->work <= EFFECTS_RAN_WORK) {
        make_evidence(rans, ran, migration);
    }
    return ran->evidence[migration].is_made ? &ran->evidence[migration] : NULL;
}
