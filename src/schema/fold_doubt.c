/* The effects do not say everything that depends on an object. What CASCADE may drop with it is
 * marked as "maybe": its absence proves nothing. */
#include "schema/fold_doubt.h"

static void doubt_column(struct fold *fold, uint32_t schema, uint32_t table, uint32_t column) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        bool is_here = fact_is_part(fact, schema, table) || fact_is_owned(fact, schema, table);
        bool is_key_on = fact->kind == FACT_CONSTRAINT && fact->to_schema == schema && fact->to_table == table &&
                         fold_has(fold, fact->referred, column);
        if (fact->is_there &&
            (is_key_on || (is_here && (fact->name == column || fold_has(fold, fact->columns, column))))) {
            fact->is_maybe = true;
        }
    }
}

void fold_doubt_generated(struct fold *fold, uint32_t schema, uint32_t table) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        const struct fact *fact = &fold->facts[i];
        if (fact_is_part(fact, schema, table) && fact->kind == FACT_COLUMN && fact->type == 'g') {
            doubt_column(fold, schema, table, fact->name);
        }
    }
}

void fold_doubt_views(struct fold *fold) {
    for (bool has_more = true; has_more;) {
        has_more = false;
        for (size_t i = 0; fold_goes_on(fold, i); i++) {
            struct fact *fact = &fold->facts[i];
            const struct fact *of = fold_find(fold, FACT_RELATION, fact->to_schema, 0, fact->to_table);
            struct fact *in_doubt =
                fact->kind == FACT_USE ? fold_find(fold, FACT_RELATION, fact->schema, 0, fact->table) : fact;
            if (!fact->is_erased && fact_is_view(of) && of->is_maybe && in_doubt && !in_doubt->is_maybe) {
                in_doubt->is_maybe = has_more = true;
            }
        }
    }
}

void fold_doubt_keys_on(struct fold *fold, const struct fact *index) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact->kind == FACT_CONSTRAINT && fact->is_there && fact->type == 'f' &&
            fact->to_schema == index->to_schema && fact->to_table == index->to_table &&
            fold_same_names(fold, fact->referred, index->columns)) {
            fact->is_maybe = true;
        }
    }
}

static bool is_function(const struct fact *fact) {
    return fact->kind == FACT_FUNCTION;
}

/* What can read a relation, apart from views: functions, by the row type of an argument or a
 * result, and policies with a subquery. */
static bool can_read(const struct fact *fact) {
    return is_function(fact) || (fact->kind == FACT_POLICY && fact->type == 'q');
}

/* What can have an expression, and so use a function or cast to a type; and triggers. */
static bool has_expression(const struct fact *fact) {
    switch (fact->kind) {
    case FACT_RELATION:
        return fact_is_view(fact) || fact->type == 'i';
    case FACT_CONSTRAINT:
        return fact->type == 'c' || fact->type == 'x';
    case FACT_COLUMN:
        return fact->type == 'g';
    default:
        return is_function(fact) || fact->kind == FACT_TRIGGER || fact->kind == FACT_POLICY ||
               fact->kind == FACT_DEFAULT;
    }
}

/* What an extension's types, functions and operators can be part of. */
static bool can_use_extension(const struct fact *fact) {
    return fact->kind != FACT_SCHEMA && fact->kind != FACT_EXTENSION &&
           (fact->kind != FACT_RELATION || has_expression(fact));
}

static void doubt_all(struct fold *fold, bool (*is_meant)(const struct fact *fact)) {
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact->is_erased || !fact->is_there || !is_meant(fact)) {
            continue;
        }
        fact->is_maybe = true;
        if (fact->kind == FACT_COLUMN) {
            doubt_column(fold, fact->schema, fact->table, fact->name);
        }
    }
}

void fold_doubt_dependents(struct fold *fold, enum fact_kind dropped) {
    if (dropped == FACT_EXTENSION) {
        doubt_all(fold, can_use_extension);
    } else if (dropped == FACT_FUNCTION || dropped == FACT_TYPE || dropped == FACT_SCHEMA) {
        doubt_all(fold, has_expression);
    } else {
        doubt_all(fold, can_read);
    }
    fold_doubt_views(fold);
}
