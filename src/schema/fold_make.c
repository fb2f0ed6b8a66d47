/* Creates objects and sets attributes. */
#include "schema/fold_make.h"

#include <string.h>

#include "schema/fold_choose.h"
#include "schema/fold_try.h"

/* False if the object already exists; the statement then does nothing or fails. */
static bool may_make(struct fold *fold, const char *sqlstate, enum fact_kind kind, char type, uint32_t schema,
                     uint32_t table, uint32_t name) {
    const struct fact *before = fold_find(fold, kind, schema, table, name);
    bool is_guarded = fold->flags & EFFECT_GUARDED;
    if (!before || !before->is_there) {
        /* An object that the fold does not know may have existed before all migrations. */
        fold->has_maybe_parts = is_guarded && fold->is_unrecorded && !before && !fold->is_complete;
        return true;
    }
    if (fold->is_in_try && !before->is_maybe && !(fold->flags & (EFFECT_MAYBE | EFFECT_REPLACE))) {
        fold_try_undo(fold);
        return false;
    }
    if (fold->flags & (EFFECT_MAYBE | EFFECT_REPLACE)) {
        fold->skips_parts = true;
        return false;
    }
    if (is_guarded) {
        fold->skips_parts = !before->is_maybe;
        fold->has_maybe_parts = before->is_maybe;
        return false;
    }
    if (before->is_maybe) {
        return true;
    }
    fold_fail(fold, sqlstate, kind, type, schema, table, name);
    return !fold->failure.sqlstate;
}

/* Records that the object certainly exists, even if its parts are "maybe". */
static struct fact *put_certain(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table,
                                uint32_t name) {
    bool has_maybe_parts = fold->has_maybe_parts;
    fold->has_maybe_parts = false;
    struct fact *fact = fold_put(fold, kind, schema, table, name, true);
    fold->has_maybe_parts = has_maybe_parts;
    return fact;
}

static void make_schema(struct fold *fold, const struct effect *effect) {
    uint32_t name = fold_number(fold, effect->fields[0]);
    if (may_make(fold, "42P06", FACT_SCHEMA, 0, 0, 0, name)) {
        put_certain(fold, FACT_SCHEMA, 0, 0, name);
    }
}

static void make_relation(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), name = fold_number(fold, effect->fields[1]);
    char type = fact_letter(effect->fields[2], 'r');
    if (!may_make(fold, "42P07", FACT_RELATION, type, schema, 0, name)) {
        return;
    }
    bool may_have_parts = fold_has_spoken_of(fold, schema, name);
    put_certain(fold, FACT_RELATION, schema, 0, name)->type = type;
    for (size_t i = 0; may_have_parts && fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (fact_is_part(fact, schema, name) || fact_is_owned(fact, schema, name)) {
            fact->is_erased = true; /* parts of an earlier relation of this name */
        }
    }
}

/* An unqualified type is the one in the schema of unqualified names if the fold knows it; otherwise
 * it may be one of PostgreSQL's own. */
static void set_type(struct fold *fold, struct fact *fact, struct text schema, struct text type) {
    fact->is_array = text_ends(type, "[]");
    fact->to_table = fold_number(fold, text_slice(type, 0, type.length - (fact->is_array ? 2 : 0)));
    fact->to_schema = schema.length > 0 ? fold_number(fold, schema) : 0;
    if (schema.length == 0 && fold_find(fold, FACT_TYPE, fold->path, 0, fact->to_table)) {
        fact->to_schema = fold->path;
    }
}

static void make_column(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             name = fold_number(fold, effect->fields[2]);
    bool is_new = effect->flags & EFFECT_NEW;
    if (!is_new && fold->is_complete && !fold_find(fold, FACT_RELATION, schema, 0, table)) {
        return;
    }
    if (is_new && fold->is_in_try && fold_knows(fold, FACT_COLUMN, schema, table, name)) {
        fold_try_undo(fold);
        return;
    }
    if (is_new || may_make(fold, "42701", FACT_COLUMN, 0, schema, table, name)) {
        struct fact *fact = is_new ? fold_put(fold, FACT_COLUMN, schema, table, name, true)
                                   : put_certain(fold, FACT_COLUMN, schema, table, name);
        fact->type = text_is(effect->fields[5], "t") ? 'g' : '\0';
        set_type(fold, fact, effect->fields[3], effect->fields[4]);
    }
}

static void make_sequence(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             column = fold_number(fold, effect->fields[2]);
    bool is_named = effect->fields[4].length > 0;
    uint32_t in = is_named && effect->fields[3].length > 0 ? fold_number(fold, effect->fields[3]) : schema;
    uint32_t name = is_named ? fold_number(fold, effect->fields[4])
                             : fold_choose_relation(fold, schema, table, effect->fields[2], "seq", false);
    fold_speak_of(fold, schema, table);
    struct fact *fact = fold_put(fold, FACT_RELATION, in, 0, name, true);
    fact->type = 'S';
    fact->to_schema = schema;
    fact->to_table = table;
    fact->is_identity = text_is(effect->fields[5], "t");
    fact->columns = fold_list_of(fold, &column, 1);
}

static void own_sequence(struct fold *fold, const struct effect *effect) {
    bool is_owned = effect->fields[3].length > 0;
    uint32_t schema = is_owned ? fold_schema(fold, effect->fields[2]) : 0,
             table = is_owned ? fold_number(fold, effect->fields[3]) : 0, column = fold_number(fold, effect->fields[4]);
    if (is_owned) {
        fold_speak_of(fold, schema, table);
    }
    struct fact *fact =
        fold_find(fold, FACT_RELATION, fold_schema(fold, effect->fields[0]), 0, fold_number(fold, effect->fields[1]));
    if (fact) {
        fact->to_schema = schema;
        fact->to_table = table;
        fact->columns = is_owned ? fold_list_of(fold, &column, 1) : 0;
    }
}

/* ---- constraints and indexes ---- */

static uint32_t list_of_fields(struct fold *fold, const struct text *fields, size_t count) {
    uint32_t list, *names = fold_list_new(fold, count, &list);
    for (size_t i = 0; i < count; i++) {
        names[i] = fold_number(fold, fields[i]);
    }
    return list;
}

static struct fact *put_index(struct fold *fold, uint32_t schema, uint32_t table, uint32_t name, uint32_t columns) {
    fold_speak_of(fold, schema, table);
    struct fact *fact = fold_put(fold, FACT_RELATION, schema, 0, name, true);
    fact->type = 'i';
    fact->to_schema = schema;
    fact->to_table = table;
    fact->columns = columns;
    return fact;
}

/* A primary key makes its columns not null; this overrides earlier facts. */
static void require_not_null(struct fold *fold, uint32_t schema, uint32_t table, uint32_t columns) {
    size_t count;
    const uint32_t *names = fold_list(fold, columns, &count);
    for (size_t i = 0; i < count; i++) {
        struct fact *fact = fold_find(fold, FACT_NOT_NULL, schema, table, names[i]);
        if (fact && !fact->is_there) {
            fact->is_there = true;
            fact->writer = fold->writer;
        }
    }
}

static uint32_t choose_constraint(struct fold *fold, uint32_t schema, uint32_t table, char type,
                                  const struct text *columns, size_t count) {
    struct text joined = fold_choose_joined(fold, columns, count);
    switch (type) {
    case 'p':
        return fold_choose_relation(fold, schema, table, TEXT(""), "pkey", true);
    case 'u':
        return fold_choose_relation(fold, schema, table, joined, "key", true);
    case 'x':
        return fold_choose_relation(fold, schema, table, joined, "excl", true);
    case 'f':
        return fold_choose_constraint(fold, schema, table, joined, "fkey");
    default:
        return fold_choose_constraint(fold, schema, table, count == 1 ? columns[0] : TEXT(""), "check");
    }
}

static void make_constraint(struct fold *fold, const struct effect *effect) {
    const struct text *fields = effect->fields;
    uint32_t schema = fold_schema(fold, fields[0]), table = fold_number(fold, fields[1]);
    char type = fact_letter(fields[3], 'c');
    int64_t counted = 0;
    text_to_int64(fields[6], &counted);
    size_t count = (size_t)counted;
    uint32_t name = fields[2].length > 0 ? fold_number(fold, fields[2])
                                         : choose_constraint(fold, schema, table, type, fields + 7, count);
    bool has_index = type == 'p' || type == 'u' || type == 'x';
    if (fields[2].length > 0 && has_index && fold_knows(fold, FACT_RELATION, schema, 0, name) &&
        !may_make(fold, "42P07", FACT_RELATION, 'i', schema, 0, name)) {
        return;
    }
    if (fields[2].length > 0 && !may_make(fold, "42710", FACT_CONSTRAINT, type, schema, table, name)) {
        return;
    }
    uint32_t columns = list_of_fields(fold, fields + 7, count),
             referred = list_of_fields(fold, fields + 7 + count, effect->count - 7 - count);
    struct fact *fact = fold_put(fold, FACT_CONSTRAINT, schema, table, name, true);
    fact->type = type;
    fact->columns = columns;
    fact->referred = referred;
    if (type == 'f') {
        fact->to_schema = fold_schema(fold, fields[4]);
        fact->to_table = fold_number(fold, fields[5]);
    }
    if (has_index) {
        put_index(fold, schema, table, name, columns);
    }
    if (type == 'p') {
        require_not_null(fold, schema, table, columns);
    }
}

static void use_index(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             index = fold_number(fold, effect->fields[4]);
    uint32_t name = effect->fields[2].length > 0 ? fold_number(fold, effect->fields[2]) : index;
    char type = fact_letter(effect->fields[3], 'u');
    if (!may_make(fold, "42710", FACT_CONSTRAINT, type, schema, table, name)) {
        return;
    }
    const struct fact *before = fold_find(fold, FACT_RELATION, schema, 0, index);
    uint32_t columns = before ? before->columns : 0;
    if (name != index) {
        fold_put(fold, FACT_RELATION, schema, 0, index, false)->type = 'i';
        put_index(fold, schema, table, name, columns);
    }
    struct fact *fact = fold_put(fold, FACT_CONSTRAINT, schema, table, name, true);
    fact->type = type;
    fact->columns = columns;
    if (type == 'p') {
        require_not_null(fold, schema, table, columns);
    }
}

static void make_index(struct fold *fold, const struct effect *effect) {
    const struct text *fields = effect->fields;
    uint32_t schema = fold_schema(fold, fields[0]), table = fold_number(fold, fields[1]);
    int64_t counted = 0;
    text_to_int64(fields[3], &counted);
    size_t count = (size_t)counted;
    if (fold->is_complete && fold_lacks(fold, FACT_RELATION, schema, 0, table)) {
        fold_fail(fold, "42P01", FACT_RELATION, 'r', schema, 0, table);
        return;
    }
    uint32_t name =
        fields[2].length > 0
            ? fold_number(fold, fields[2])
            : fold_choose_relation(fold, schema, table, fold_choose_joined(fold, fields + 4, count), "idx", false);
    if (fields[2].length > 0 && !may_make(fold, "42P07", FACT_RELATION, 'i', schema, 0, name)) {
        return;
    }
    fold->has_maybe_parts = false;
    put_index(fold, schema, table, name, list_of_fields(fold, fields + 4 + count, effect->count - 4 - count));
}

/* ---- types ---- */

static void make_type(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), name = fold_number(fold, effect->fields[1]);
    char type = fact_letter(effect->fields[2], 'e');
    if (may_make(fold, "42710", FACT_TYPE, type, schema, 0, name)) {
        struct fact *fact = put_certain(fold, FACT_TYPE, schema, 0, name);
        fact->type = type;
        if (effect->count >= 5) {
            set_type(fold, fact, effect->fields[3], effect->fields[4]);
        }
    }
}

static void make_value(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), type = fold_number(fold, effect->fields[1]),
             label = fold_number(fold, effect->fields[2]);
    if ((effect->flags & EFFECT_NEW) || may_make(fold, "42710", FACT_VALUE, 0, schema, type, label)) {
        fold->has_maybe_parts = fold->has_maybe_parts && (effect->flags & EFFECT_NEW);
        fold_put(fold, FACT_VALUE, schema, type, label, true);
    }
}

static void rename_value(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), type = fold_number(fold, effect->fields[1]);
    fold_put(fold, FACT_VALUE, schema, type, fold_number(fold, effect->fields[2]), false);
    fold_put(fold, FACT_VALUE, schema, type, fold_number(fold, effect->fields[3]), true);
}

/* ---- of a table, and the rest ---- */

static void make_on_table(struct fold *fold, const struct effect *effect, enum fact_kind kind) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             name = fold_number(fold, effect->fields[2]);
    if (may_make(fold, "42710", kind, 0, schema, table, name)) {
        put_certain(fold, kind, schema, table, name)->type = text_is(effect->fields[3], "t") ? 'q' : '\0';
    }
}

static void make_extension(struct fold *fold, const struct effect *effect) {
    uint32_t name = fold_number(fold, effect->fields[0]);
    if (may_make(fold, "42710", FACT_EXTENSION, 0, 0, 0, name)) {
        put_certain(fold, FACT_EXTENSION, 0, 0, name);
    }
}

/* Functions are facts by name only: `to_table` is the argument types of the one known function, or
 * an impossible type "*" if there are several. */
static void make_function(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), name = fold_number(fold, effect->fields[1]),
             types = fold_number(fold, effect->fields[2]), several = fold_number(fold, TEXT("*"));
    struct fact *before = fold_find(fold, FACT_FUNCTION, schema, 0, name);
    if (before && before->is_there) {
        before->to_table = before->to_table == types ? types : several;
        return;
    }
    fold_put(fold, FACT_FUNCTION, schema, 0, name, true)->to_table = types;
}

static void set_attribute(struct fold *fold, const struct effect *effect, enum fact_kind kind) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             column = fold_number(fold, effect->fields[2]);
    if (text_is(effect->fields[3], "-")) {
        fold_erase(fold_find(fold, kind, schema, table, column));
    } else {
        fold_put(fold, kind, schema, table, column, text_is(effect->fields[3], "t"));
    }
}

static void set_base_type(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             column = fold_number(fold, effect->fields[2]);
    struct fact *fact = fold_put(fold, FACT_BASE_TYPE, schema, table, column, true);
    set_type(fold, fact, effect->fields[3], effect->fields[4]);
    fact = fold_find(fold, FACT_COLUMN, schema, table, column);
    if (fact) {
        set_type(fold, fact, effect->fields[3], effect->fields[4]);
    }
}

static void set_row_security(struct fold *fold, const struct effect *effect) {
    fold_put(fold, FACT_ROW_SECURITY, fold_schema(fold, effect->fields[0]), fold_number(fold, effect->fields[1]), 0,
             text_is(effect->fields[2], "t"));
}

static void drop_identity(struct fold *fold, const struct effect *effect) {
    uint32_t schema = fold_schema(fold, effect->fields[0]), table = fold_number(fold, effect->fields[1]),
             column = fold_number(fold, effect->fields[2]);
    for (size_t i = 0; fold_goes_on(fold, i); i++) {
        struct fact *fact = &fold->facts[i];
        if (!fact->is_erased && fact->kind == FACT_RELATION && fact->type == 'S' && fact->is_there &&
            fact->is_identity && fact->to_schema == schema && fact->to_table == table &&
            fold_has(fold, fact->columns, column)) {
            fold_put(fold, FACT_RELATION, fact->schema, 0, fact->name, false)->type = 'S';
        }
    }
}

void fold_make(struct fold *fold, const struct effect *effect) {
    switch (effect->kind) {
    case EFFECT_SCHEMA:
        make_schema(fold, effect);
        break;
    case EFFECT_RELATION:
        make_relation(fold, effect);
        break;
    case EFFECT_COLUMN:
        make_column(fold, effect);
        break;
    case EFFECT_SEQUENCE:
        make_sequence(fold, effect);
        break;
    case EFFECT_OWNED_BY:
        own_sequence(fold, effect);
        break;
    case EFFECT_CONSTRAINT:
        make_constraint(fold, effect);
        break;
    case EFFECT_USING_INDEX:
        use_index(fold, effect);
        break;
    case EFFECT_INDEX:
        make_index(fold, effect);
        break;
    case EFFECT_TYPE:
        make_type(fold, effect);
        break;
    case EFFECT_VALUE:
        make_value(fold, effect);
        break;
    case EFFECT_VALUE_RENAMED:
        rename_value(fold, effect);
        break;
    case EFFECT_POLICY:
        make_on_table(fold, effect, FACT_POLICY);
        break;
    case EFFECT_TRIGGER:
        make_on_table(fold, effect, FACT_TRIGGER);
        break;
    case EFFECT_EXTENSION:
        make_extension(fold, effect);
        break;
    case EFFECT_FUNCTION:
        make_function(fold, effect);
        break;
    case EFFECT_NOT_NULL:
        set_attribute(fold, effect, FACT_NOT_NULL);
        break;
    case EFFECT_DEFAULT:
        set_attribute(fold, effect, FACT_DEFAULT);
        break;
    case EFFECT_BASE_TYPE:
        set_base_type(fold, effect);
        break;
    case EFFECT_ROW_SECURITY:
        set_row_security(fold, effect);
        break;
    case EFFECT_IDENTITY_DROPPED:
        drop_identity(fold, effect);
        break;
    default:
        break;
    }
}
