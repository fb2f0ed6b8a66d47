/* Drops objects, with everything that depends on them. */
#include "schema/fold_drop.h"

#include <string.h>

#include "schema/fold_doubt.h"

static void drop_table(struct fold *fold, uint32_t schema, uint32_t table, bool cascades);
static void drop_relation_in(struct fold *fold, struct fact *fact, bool cascades);

/* Records that the current migration drops the object. */
static void put_gone(struct fold *fold, const struct fact *was) {
    struct fact before = *was;
    struct fact *fact = fold_put(fold, before.kind, before.schema, before.table, before.name, false);
    fact->type = before.type;
}

/* ---- what depends on something ---- */

static void erase_parts(struct fold *fold, uint32_t schema, uint32_t relation) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact_is_part(fact, schema, relation) || fact_is_owned(fact, schema, relation)) {
            fact->is_erased = true;
        }
    }
}

/* Drops the views that read the relation. */
static void drop_views_of(struct fold *fold, uint32_t schema, uint32_t relation) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact use = fold->facts[i];
        if (!use.is_erased && use.kind == FACT_USE && use.to_schema == schema && use.to_table == relation) {
            fold->facts[i].is_erased = true;
            struct fact *view = fold_find(fold, FACT_RELATION, use.schema, 0, use.table);
            if (fact_is_view(view) && view->is_there) {
                put_gone(fold, view);
                erase_parts(fold, use.schema, use.table);
                drop_views_of(fold, use.schema, use.table);
            }
        }
    }
}

/* Drops the foreign keys that reference this key. */
static void drop_keys_on(struct fold *fold, const struct fact *key) {
    struct fact of = *key;
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        const struct fact *fact = &fold->facts[i];
        if (!fact->is_erased && fact->kind == FACT_CONSTRAINT && fact->type == 'f' && fact->is_there &&
            fact->to_schema == of.schema && fact->to_table == of.table &&
            (fact->referred ? fold_same_names(fold, fact->referred, of.columns) : of.type == 'p')) {
            put_gone(fold, fact);
        }
    }
}

static void drop_constraint_in(struct fold *fold, struct fact *constraint, bool cascades) {
    struct fact was = *constraint;
    put_gone(fold, constraint);
    if (was.type == 'p' || was.type == 'u' || was.type == 'x') {
        struct fact *index = fold_find(fold, FACT_RELATION, was.schema, 0, was.name);
        if (index && index->type == 'i') {
            put_gone(fold, index);
        }
        if (cascades) {
            drop_keys_on(fold, &was);
        }
    }
}

/* Drops other tables' foreign keys and views that reference the table, as CASCADE does. */
static void drop_dependents(struct fold *fold, uint32_t schema, uint32_t table) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        const struct fact *fact = &fold->facts[i];
        if (!fact->is_erased && fact->kind == FACT_CONSTRAINT && fact->type == 'f' && fact->is_there &&
            fact->to_schema == schema && fact->to_table == table && !fact_is_part(fact, schema, table)) {
            put_gone(fold, fact);
        }
    }
    drop_views_of(fold, schema, table);
}

/* Drops the tables that inherit: partitions always, others only with CASCADE. */
static void drop_children(struct fold *fold, uint32_t schema, uint32_t table, bool cascades) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact child = fold->facts[i];
        if (!child.is_erased && child.kind == FACT_CHILD && child.to_schema == schema && child.to_table == table) {
            fold->facts[i].is_erased = true;
            struct fact *relation = fold_find(fold, FACT_RELATION, child.schema, 0, child.table);
            if (relation && relation->is_there) {
                put_gone(fold, relation);
                drop_table(fold, child.schema, child.table, cascades);
            }
        }
    }
}

/* Erases the facts about the table's parts, and drops what depends on it. */
static void drop_table(struct fold *fold, uint32_t schema, uint32_t table, bool cascades) {
    erase_parts(fold, schema, table);
    drop_children(fold, schema, table, cascades);
    if (cascades) {
        drop_dependents(fold, schema, table);
    }
}

/* ---- parts ---- */

static void drop_column(struct fold *fold, uint32_t schema, uint32_t table, uint32_t column, bool cascades) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        bool is_here = fact_is_part(fact, schema, table) || fact_is_owned(fact, schema, table);
        if (!is_here) {
            continue;
        }
        if (fact->kind == FACT_CONSTRAINT && fact->is_there && fold_has(fold, fact->columns, column)) {
            drop_constraint_in(fold, fact, cascades);
        } else if (fact->kind == FACT_RELATION && fact->is_there && fold_has(fold, fact->columns, column)) {
            put_gone(fold, fact);
        } else if ((fact->kind == FACT_NOT_NULL || fact->kind == FACT_DEFAULT || fact->kind == FACT_BASE_TYPE) &&
                   fact->name == column) {
            fact->is_erased = true;
        } else if (cascades && (fact->kind == FACT_POLICY || fact->kind == FACT_TRIGGER)) {
            fact->is_maybe = true; /* it may refer to the column */
        }
    }
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact->is_erased || fact->to_schema != schema || fact->to_table != table) {
            continue;
        }
        if (fact->kind == FACT_USE && cascades) {
            struct fact *view = fold_find(fold, FACT_RELATION, fact->schema, 0, fact->table);
            if (view) {
                view->is_maybe = true;
            }
        } else if (fact->kind == FACT_CHILD) {
            fold_erase(fold_find(fold, FACT_COLUMN, fact->schema, fact->table, column));
        }
    }
    if (cascades) {
        fold_doubt_generated(fold, schema, table);
        fold_doubt_views(fold);
    }
    fold_put(fold, FACT_COLUMN, schema, table, column, false);
}

static void drop_typed_table(struct fold *fold, const struct fact *use) {
    struct fact *table = fold_find(fold, FACT_RELATION, use->schema, 0, use->table);
    if (table && table->is_there && (table->type == 'r' || table->type == 'p')) {
        drop_relation_in(fold, table, true);
    }
}

static void drop_type(struct fold *fold, uint32_t schema, uint32_t type, bool cascades) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (!fact->is_erased && fact->kind == FACT_VALUE && fact->schema == schema && fact->table == type) {
            fact->is_erased = true;
        }
    }
    for (size_t i = 0; cascades && fold_goes_on(fold, i); i++) {
        struct fact fact = fold->facts[i];
        bool is_its = !fact.is_erased && fact.is_there && fact.to_table == type &&
                      (fact.to_schema == schema || fact.to_schema == 0);
        if (is_its && fact.kind == FACT_COLUMN) {
            drop_column(fold, fact.schema, fact.table, fact.name, true);
        } else if (is_its && fact.kind == FACT_USE) {
            drop_typed_table(fold, &fact);
        } else if (is_its && fact.kind == FACT_TYPE) {
            put_gone(fold, &fact);
            drop_type(fold, fact.schema, fact.name, true);
        }
    }
}

/* Drops everything in the schema, and what depends on it elsewhere. */
static void drop_schema(struct fold *fold, uint32_t schema) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact fact = fold->facts[i];
        if (fact.is_erased || fact.schema != schema || fact.kind == FACT_SCHEMA) {
            continue;
        }
        if (fact.kind == FACT_RELATION && fact.is_there) {
            drop_relation_in(fold, &fold->facts[i], true);
        } else if (fact.kind == FACT_TYPE && fact.is_there) {
            drop_type(fold, fact.schema, fact.name, true);
        }
    }
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        if (fold->facts[i].schema == schema && fold->facts[i].kind != FACT_SCHEMA) {
            fold->facts[i].is_erased = true;
        }
    }
}

/* ---- DROP ---- */

static void drop_relation_in(struct fold *fold, struct fact *fact, bool cascades) {
    struct fact was = *fact;
    put_gone(fold, fact);
    if (was.type == 'r' || was.type == 'p' || was.type == 'f') {
        drop_table(fold, was.schema, was.name, cascades);
    } else if (fact_is_view(&was)) {
        erase_parts(fold, was.schema, was.name);
        if (cascades) {
            drop_views_of(fold, was.schema, was.name);
        }
    } else if (was.type == 'i' && cascades) {
        fold_doubt_keys_on(fold, &was);
    } else if (was.type == 'S' && was.columns) {
        fold_erase(fold_find(fold, FACT_DEFAULT, was.to_schema, was.to_table, fold->lists[was.columns + 1]));
    }
}

static void drop_relation(struct fold *fold, uint32_t schema, uint32_t name, char class, bool cascades) {
    struct fact *fact = fold_find(fold, FACT_RELATION, schema, 0, name);
    if (fact && fact->is_there) {
        drop_relation_in(fold, fact, cascades);
        return;
    }
    fold_put(fold, FACT_RELATION, schema, 0, name, false)->type = class;
    if (class == 'r') {
        drop_table(fold, schema, name, cascades);
    }
}

static void drop_function(struct fold *fold, uint32_t schema, uint32_t name, struct text types) {
    struct fact *fact = fold_find(fold, FACT_FUNCTION, schema, 0, name);
    uint32_t several = fold_number(fold, TEXT("*"));
    if (!fact || !fact->is_there) {
        return;
    }
    if (fact->to_table != several && (text_is(types, "*") || fact->to_table == fold_number(fold, types))) {
        put_gone(fold, fact);
    } else {
        fold_erase(fact); /* other functions may have the same name */
    }
}

enum fact_kind fold_drop_kind(char class) {
    switch (class) {
    case 'T':
        return FACT_TYPE;
    case 'n':
        return FACT_SCHEMA;
    case 'p':
        return FACT_POLICY;
    case 't':
        return FACT_TRIGGER;
    case 'e':
        return FACT_EXTENSION;
    case 'F':
        return FACT_FUNCTION;
    case 'a':
        return FACT_COLUMN;
    case 'k':
        return FACT_CONSTRAINT;
    default:
        return FACT_RELATION;
    }
}

/* True if dropping `gone` may also drop the fact's object. */
static bool may_go_with(struct fold *fold, const struct fact *fact, const struct fact *gone, bool cascades) {
    bool points_there = fact->to_schema == gone->schema && fact->to_table == gone->name;
    bool is_part = fact_is_part(fact, gone->schema, gone->name) || fact_is_owned(fact, gone->schema, gone->name);
    bool is_neighbour = fact_is_part(fact, gone->schema, gone->table) || fact_is_owned(fact, gone->schema, gone->table);
    bool points_to_table = fact->to_schema == gone->schema && fact->to_table == gone->table;
    switch (gone->kind) {
    case FACT_SCHEMA:
        return fact->schema == gone->name || (cascades && fact->to_schema == gone->name);
    case FACT_RELATION:
        return is_part || (cascades && points_there);
    case FACT_TYPE:
        return (fact->kind == FACT_VALUE && fact->schema == gone->schema && fact->table == gone->name) ||
               (cascades && fact->to_table == gone->name);
    case FACT_COLUMN:
        return (is_neighbour && (fact->name == gone->name || fold_has(fold, fact->columns, gone->name))) ||
               (cascades && (is_neighbour || points_to_table));
    case FACT_CONSTRAINT:
        return (fact->kind == FACT_RELATION && fact->schema == gone->schema && fact->name == gone->name) ||
               (cascades && points_to_table);
    default:
        return false;
    }
}

/* Marks everything that may be dropped with the object as "maybe". */
bool fold_drop_is_open(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name) {
    if (!(fold->flags & EFFECT_MAYBE)) {
        return false;
    }
    struct fact *known = fold_find(fold, kind, schema, table, name);
    const struct fact gone = {.kind = (uint8_t)kind, .schema = schema, .table = table, .name = name};
    if (known) {
        known->is_maybe = true;
    }
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (!fact->is_erased && may_go_with(fold, fact, &gone, fold->flags & EFFECT_CASCADE)) {
            fact->is_maybe = true;
            struct fact *view =
                fact->kind == FACT_USE ? fold_find(fold, FACT_RELATION, fact->schema, 0, fact->table) : NULL;
            if (view) {
                view->is_maybe = true;
            }
        }
    }
    if (fold->flags & EFFECT_CASCADE) {
        fold_doubt_dependents(fold, kind);
    }
    return true;
}

static const char *sqlstate_of_missing(char class) {
    return strchr("rSvm", class) ? "42P01" : NULL;
}

static void drop(struct fold *fold, const struct effect *effect) {
    const struct text *fields = effect->fields;
    char class = fact_letter(fields[0], 'r');
    enum fact_kind kind = fold_drop_kind(class);
    bool has_schema = class != 'n' && class != 'e', cascades = fold->flags & EFFECT_CASCADE;
    uint32_t schema = has_schema ? fold_schema(fold, fields[1]) : 0, name = fold_number(fold, fields[2]),
             table = fold_number(fold, fields[3]);
    if (fold_drop_is_open(fold, kind, schema, table, name)) {
        return;
    }
    if (fold_lacks(fold, kind, schema, table, name)) {
        if (!(fold->flags & EFFECT_GUARDED) && sqlstate_of_missing(class)) {
            fold_fail(fold, sqlstate_of_missing(class), kind, class, schema, table, name);
        }
        if (fold->flags & EFFECT_GUARDED) {
            return; /* already dropped: no effect */
        }
    }
    if (fold->failure.sqlstate) {
        return;
    }
    if (cascades) {
        fold_doubt_dependents(fold, kind);
    }
    if (class == 'F') {
        drop_function(fold, schema, name, fields[4]);
    } else if (kind == FACT_RELATION) {
        drop_relation(fold, schema, name, class, cascades);
    } else {
        fold_put(fold, kind, schema, table, name, false);
        if (class == 'T') {
            drop_type(fold, schema, name, cascades);
        } else if (class == 'n') {
            drop_schema(fold, name);
        }
    }
}

static void drop_part(struct fold *fold, const struct effect *effect, enum fact_kind kind) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             name = fold_number(fold, effect->fields[2]);
    bool cascades = fold->flags & EFFECT_CASCADE;
    if (fold_drop_is_open(fold, kind, schema, table, name) ||
        ((fold->flags & EFFECT_GUARDED) && fold_lacks(fold, kind, schema, table, name))) {
        return;
    }
    if (cascades) {
        fold_doubt_dependents(fold, kind);
    }
    struct fact *fact = fold_find(fold, kind, schema, table, name);
    if (kind == FACT_COLUMN) {
        drop_column(fold, schema, table, name, cascades);
    } else if (fact && fact->is_there) {
        drop_constraint_in(fold, fact, cascades);
    } else {
        fold_put(fold, kind, schema, table, name, false);
    }
}

void fold_drop(struct fold *fold, const struct effect *effect) {
    if (effect->kind == EFFECT_DROP) {
        drop(fold, effect);
    } else {
        drop_part(fold, effect, effect->kind == EFFECT_DROP_COLUMN ? FACT_COLUMN : FACT_CONSTRAINT);
    }
}
