/* ChooseRelationName() and ChooseConstraintName() of PostgreSQL 15. */
#include "schema/fold_choose.h"

#include "migfs/schema/object_name.h"

/* If the fact that occupies the name is only "maybe", the object that gets the next name is too. */
static bool is_in_the_way(struct fold *fold, const struct fact *fact) {
    fold->flags |= fact->is_maybe ? EFFECT_MAYBE : 0U;
    return true;
}

static bool constraint_is_there(struct fold *fold, uint32_t schema, uint32_t name) {
    if (!fold_may_have_constraint(fold, schema, name)) {
        return false;
    }
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        const struct fact *fact = &fold->facts[i];
        if (fact->kind == FACT_CONSTRAINT && fact->name == name && fact->schema == schema && fact->is_there &&
            !fact->is_erased) {
            return is_in_the_way(fold, fact);
        }
    }
    return false;
}

static bool relation_is_there(struct fold *fold, uint32_t schema, uint32_t name) {
    const struct fact *fact = fold_find(fold, FACT_RELATION, schema, 0, name);
    return fact && fact->is_there && is_in_the_way(fold, fact);
}

static uint32_t choose(struct fold *fold, uint32_t schema, uint32_t table, struct text middle, const char *label,
                       bool is_relation, bool is_constraint) {
    enum { LOOKS_OF_A_NAME = 64 };
    for (unsigned counter = fold->first_counter;; counter++) {
        struct text tried = counter > 0 ? text_format(fold->arena, "%s%u", label, counter) : text_of(label);
        fold->work += LOOKS_OF_A_NAME;
        char bytes[OBJECT_NAME_MAXIMUM];
        uint32_t name = names_number(fold->names, object_name_of(bytes, names_text(fold->names, table), middle, tried));
        if (fold_is_exhausted(fold) || ((!is_relation || !relation_is_there(fold, schema, name)) &&
                                        (!is_constraint || !constraint_is_there(fold, schema, name)))) {
            return name;
        }
        struct fact *maybe = fold->flags & EFFECT_MAYBE ? fold_find(fold, FACT_RELATION, schema, 0, name) : NULL;
        if (maybe) {
            maybe->is_maybe = true; /* the new object may have this name instead */
        }
    }
}

uint32_t fold_choose_relation(struct fold *fold, uint32_t schema, uint32_t table, struct text middle, const char *label,
                              bool is_constraint) {
    return choose(fold, schema, table, middle, label, true, is_constraint);
}

uint32_t fold_choose_constraint(struct fold *fold, uint32_t schema, uint32_t table, struct text middle,
                                const char *label) {
    return choose(fold, schema, table, middle, label, false, true);
}

struct text fold_choose_joined(struct fold *fold, const struct text *names, size_t count) {
    struct buffer buffer = BUFFER(fold->arena);
    for (size_t i = 0; i < count && buffer.length <= OBJECT_NAME_MAXIMUM; i++) {
        if (i > 0) {
            buffer_add_char(&buffer, '_');
        }
        buffer_add(&buffer, names[i]);
    }
    return buffer_text(&buffer);
}
