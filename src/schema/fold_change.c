/* Renames and moves objects, with everything that depends on them. */
#include "schema/fold_change.h"

#include "schema/fold_drop.h"
#include "schema/fold_try.h"

struct move {
    uint32_t schema, name, to_schema, to_name;
};

/* Moves the parts of the relation and the facts that refer to it. The caller moves the relation's
 * own fact. */
static void move_parts(struct fold *fold, const struct move *move) {
    bool changes_schema = move->schema != move->to_schema;
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact->is_erased) {
            continue;
        }
        bool owned = fact_is_owned(fact, move->schema, move->name);
        if (fact->table == move->name && fact->schema == move->schema && fact->kind != FACT_VALUE) {
            fact->schema = move->to_schema;
            fact->table = move->to_name;
        } else if (owned && changes_schema) {
            fact->schema = move->to_schema;
        }
        bool speaks_of_relation = fact->kind == FACT_RELATION || fact->kind == FACT_CONSTRAINT ||
                                  fact->kind == FACT_USE || fact->kind == FACT_CHILD;
        if (speaks_of_relation && fact->to_schema == move->schema && fact->to_table == move->name) {
            fact->to_schema = move->to_schema;
            fact->to_table = move->to_name;
        }
    }
    fold_reindex(fold);
    if (changes_schema) {
        fold_note_constraints(fold);
    }
}

static void move_type_parts(struct fold *fold, const struct move *move) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        bool speaks_of_type = fact->kind == FACT_COLUMN || fact->kind == FACT_BASE_TYPE || fact->kind == FACT_TYPE;
        if (fact->kind == FACT_VALUE && fact->schema == move->schema && fact->table == move->name) {
            fact->schema = move->to_schema;
            fact->table = move->to_name;
        } else if (speaks_of_type && fact->to_table == move->name &&
                   (fact->to_schema == move->schema ||
                    (fact->to_schema == 0 && move->schema == fold->default_schema))) {
            fact->to_schema = move->to_schema;
            fact->to_table = move->to_name;
        }
    }
    fold_reindex(fold);
}

/* The renaming migration becomes the writer of both names. */
static void move_fact(struct fold *fold, enum fact_kind kind, uint32_t table, const struct move *move, char class) {
    struct fact *old = fold_find(fold, kind, move->schema, table, move->name);
    struct fact was = old ? *old : (struct fact){.type = class};
    fold_put(fold, kind, move->schema, table, move->name, false)->type = was.type;
    struct fact *new = fold_put(fold, kind, move->to_schema, table, move->to_name, true);
    new->type = was.type;
    new->to_schema = was.to_schema;
    new->to_table = was.to_table;
    new->columns = was.columns;
    new->referred = was.referred;
    new->is_array = was.is_array;
    new->is_identity = was.is_identity;
}

static void move_constraint_of_index(struct fold *fold, uint32_t schema, uint32_t table, const struct move *move) {
    const struct fact *constraint = fold_find(fold, FACT_CONSTRAINT, schema, table, move->name);
    if (!constraint || !constraint->is_there) {
        return;
    }
    bool is_maybe = constraint->is_maybe;
    move_fact(fold, FACT_CONSTRAINT, table, move, 'u');
    fold_find(fold, FACT_CONSTRAINT, schema, table, move->name)->is_maybe = is_maybe;
    fold_find(fold, FACT_CONSTRAINT, move->to_schema, table, move->to_name)->is_maybe = is_maybe;
}

static void move_relation(struct fold *fold, const struct move *move, char class) {
    const struct fact *fact = fold_find(fold, FACT_RELATION, move->schema, 0, move->name);
    bool is_index = fact ? fact->type == 'i' : class == 'i';
    uint32_t of_schema = fact ? fact->to_schema : 0, of = fact ? fact->to_table : 0;
    move_fact(fold, FACT_RELATION, 0, move, class);
    if (!is_index) {
        move_parts(fold, move);
    } else if (of) {
        move_constraint_of_index(fold, of_schema, of, move);
    }
}

static void rename_column(struct fold *fold, uint32_t table, const struct move *move) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact->is_erased) {
            continue;
        }
        if (fact_is_part(fact, move->schema, table) || fact_is_owned(fact, move->schema, table)) {
            fold_replace(fold, &fact->columns, move->name, move->to_name);
            bool is_attribute =
                fact->kind == FACT_NOT_NULL || fact->kind == FACT_DEFAULT || fact->kind == FACT_BASE_TYPE;
            fact->name = is_attribute && fact->name == move->name ? move->to_name : fact->name;
        }
        if (fact->to_schema == move->schema && fact->to_table == table) {
            if (fact->kind == FACT_CONSTRAINT) {
                fold_replace(fold, &fact->referred, move->name, move->to_name);
            } else if (fact->kind == FACT_CHILD) {
                fold_erase(fold_find(fold, FACT_COLUMN, fact->schema, fact->table, move->name));
            }
        }
    }
    fold_reindex(fold);
    move_fact(fold, FACT_COLUMN, table, move, 0);
}

static void rename_constraint(struct fold *fold, uint32_t table, const struct move *move) {
    const struct fact *fact = fold_find(fold, FACT_CONSTRAINT, move->schema, table, move->name);
    bool has_index = fact && (fact->type == 'p' || fact->type == 'u' || fact->type == 'x');
    move_fact(fold, FACT_CONSTRAINT, table, move, 'c');
    if (has_index) {
        move_fact(fold, FACT_RELATION, 0, move, 'i');
    }
}

static void rename_schema(struct fold *fold, const struct move *move) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact->kind != FACT_SCHEMA) {
            fact->schema = fact->schema == move->name ? move->to_name : fact->schema;
            fact->to_schema = fact->to_schema == move->name ? move->to_name : fact->to_schema;
        }
    }
    fold_reindex(fold);
    fold_note_constraints(fold);
    move_fact(fold, FACT_SCHEMA, 0, move, 0);
}

/* Handles a rename under a condition: the old name, the new name and the parts all become "maybe".
 * Returns false if there is no condition. */
static bool rename_is_open(struct fold *fold, enum fact_kind kind, uint32_t table, const struct move *move) {
    bool is_open = fold_drop_is_open(fold, kind, move->schema, table, move->name);
    const struct fact *new = fold_find(fold, kind, move->to_schema, table, move->to_name);
    if (is_open && (!new || !new->is_there)) {
        fold_put(fold, kind, move->to_schema, table, move->to_name, true);
        for (size_t i = 0; kind == FACT_RELATION && fold_goes_on(fold, i); i++) {
            struct fact *fact = &fold->facts[i];
            fact->is_maybe = fact->is_maybe || fact_is_part(fact, move->schema, move->name);
        }
    }
    return is_open;
}

/* True if the statement's guard may or may not have found the object. */
static bool is_in_doubt(const struct fold *fold, const struct fact *fact) {
    return fact ? fact->is_maybe : !fold->is_complete;
}

/* True if the new name is already taken. */
static bool rename_meets(const struct fold *fold, enum fact_kind kind, char class, uint32_t table,
                         const struct move *move) {
    const struct fact *old = fold_find(fold, kind, move->schema, table, move->name);
    bool has_index = class == 'k' && old && (old->type == 'p' || old->type == 'u' || old->type == 'x');
    return fold_knows(fold, kind, move->to_schema, table, move->to_name) ||
           (has_index && fold_knows(fold, FACT_RELATION, move->to_schema, 0, move->to_name));
}

static void rename_object(struct fold *fold, const struct effect *effect) {
    const struct text *fields = effect->fields;
    char class = fact_letter(fields[0], 'r');
    enum fact_kind kind = fold_drop_kind(class);
    uint32_t schema = class == 'n' ? 0 : fold_schema(fold, fields[1]), table = fold_number(fold, fields[4]);
    struct move move = {schema, fold_number(fold, fields[2]), schema, fold_number(fold, fields[3])};
    bool is_guarded = fold->flags & EFFECT_GUARDED;
    if (is_guarded && is_in_doubt(fold, fold_find(fold, kind, schema, table, move.name))) {
        fold->flags |= EFFECT_MAYBE;
    }
    if (rename_is_open(fold, kind, table, &move)) {
        return;
    }
    if (fold_lacks(fold, kind, schema, table, move.name)) {
        if (is_guarded) {
            return;
        }
        if (kind == FACT_RELATION) {
            fold_fail(fold, "42P01", kind, class, schema, 0, move.name);
        }
    }
    if (fold->is_in_try && rename_meets(fold, kind, class, table, &move)) {
        fold_try_undo(fold);
        return;
    }
    if (kind == FACT_RELATION && fold_knows(fold, kind, schema, 0, move.to_name)) {
        fold_fail(fold, "42P07", kind, class, schema, 0, move.to_name);
    } else if (kind == FACT_COLUMN && fold_knows(fold, kind, schema, table, move.to_name)) {
        fold_fail(fold, "42701", kind, 0, schema, table, move.to_name);
    }
    if (fold->failure.sqlstate) {
        return;
    }
    if (class == 'a') {
        rename_column(fold, table, &move);
    } else if (class == 'k') {
        rename_constraint(fold, table, &move);
    } else if (class == 'n') {
        rename_schema(fold, &move);
    } else if (kind == FACT_RELATION) {
        move_relation(fold, &move, class);
    } else {
        move_fact(fold, kind, class == 'p' || class == 't' ? table : 0, &move, 0);
        if (class == 'T') {
            move_type_parts(fold, &move);
        }
    }
}

static void set_schema(struct fold *fold, const struct effect *effect) {
    const struct text *fields = effect->fields;
    char class = fact_letter(fields[0], 'r');
    enum fact_kind kind = fold_drop_kind(class);
    uint32_t name = fold_number(fold, fields[2]);
    struct move move = {fold_schema(fold, fields[1]), name, fold_number(fold, fields[3]), name};
    if ((fold->flags & EFFECT_GUARDED) && is_in_doubt(fold, fold_find(fold, kind, move.schema, 0, name))) {
        fold->flags |= EFFECT_MAYBE;
    }
    if (move.schema == move.to_schema || rename_is_open(fold, kind, 0, &move)) {
        return;
    }
    if (kind == FACT_RELATION && fold_lacks(fold, kind, move.schema, 0, name)) {
        if (fold->flags & EFFECT_GUARDED) {
            return;
        }
        fold_fail(fold, "42P01", kind, class, move.schema, 0, name);
    }
    if (fold->failure.sqlstate) {
        return;
    }
    if (fold->is_in_try && fold_knows(fold, kind, move.to_schema, 0, name)) {
        fold_try_undo(fold);
    } else if (kind == FACT_RELATION) {
        move_relation(fold, &move, class);
    } else {
        move_fact(fold, kind, 0, &move, 0);
        if (class == 'T') {
            move_type_parts(fold, &move);
        }
    }
}

/* ---- the rest ---- */

static void alter(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), name = fold_number(fold, effect->fields[1]);
    bool is_guarded = (fold->flags & EFFECT_GUARDED) && !fold->is_in_try;
    if (is_guarded && !fold->is_complete && !fold_knows(fold, FACT_RELATION, schema, 0, name)) {
        fold->skips_statement = fold_lacks(fold, FACT_RELATION, schema, 0, name);
        fold->is_maybe_statement = true;
    } else if (fold_lacks(fold, FACT_RELATION, schema, 0, name)) {
        fold->skips_statement = is_guarded;
        if (!is_guarded) {
            fold_fail(fold, "42P01", FACT_RELATION, 'r', schema, 0, name);
        }
    }
}

/* Records a fact that is never judged: a relation's reference to another relation. */
static void relate(struct fold *fold, const struct effect *effect, enum fact_kind kind) {
    uint32_t to_schema = fold_schema(fold, effect->fields[2]), to = fold_number(fold, effect->fields[3]);
    struct fact *fact =
        fold_put(fold, kind, fold_schema(fold, effect->fields[0]), fold_number(fold, effect->fields[1]), to, true);
    fact->to_schema = to_schema;
    fact->to_table = to;
}

/* The table is no longer dropped with its parent. */
static void leave(struct fold *fold, const struct effect *effect) {
    if (!(fold->flags & EFFECT_MAYBE)) {
        fold_erase(fold_find(fold, FACT_CHILD, fold_schema(fold, effect->fields[0]),
                             fold_number(fold, effect->fields[1]), fold_number(fold, effect->fields[3])));
    }
}

void fold_change(struct fold *fold, const struct effect *effect) {
    switch (effect->kind) {
    case EFFECT_ALTER:
        alter(fold, effect);
        break;
    case EFFECT_DROP:
    case EFFECT_DROP_COLUMN:
    case EFFECT_DROP_CONSTRAINT:
        fold_drop(fold, effect);
        break;
    case EFFECT_RENAME:
        rename_object(fold, effect);
        break;
    case EFFECT_SET_SCHEMA:
        set_schema(fold, effect);
        break;
    case EFFECT_USES:
        relate(fold, effect, FACT_USE);
        break;
    case EFFECT_INHERITS:
        relate(fold, effect, FACT_CHILD);
        break;
    case EFFECT_LEAVES:
        leave(fold, effect);
        break;
    default:
        break;
    }
}
