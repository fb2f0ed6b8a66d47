/* Interprets the rows of ledger/postgres/catalog_query.c. */
#include "migfs/schema/catalog.h"

#include <stdlib.h>
#include <string.h>

enum { NAME, A, B, C, D };

/* ---- the search path ---- */

static bool has_schema(const struct catalog *catalog, struct text name) {
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'n' && text_equal(catalog->rows[i].fields[NAME], name)) {
            return true;
        }
    }
    return false;
}

/* One name of the list, unquoted. */
static struct text unquoted(struct arena *arena, struct text name) {
    struct buffer buffer = BUFFER(arena);
    name = text_trim(name);
    bool is_quoted = name.length >= 2 && name.bytes[0] == '"';
    for (size_t i = is_quoted; i + is_quoted < name.length; i++) {
        i += is_quoted && name.bytes[i] == '"' && i + 2 < name.length;
        buffer_add_char(&buffer, name.bytes[i]);
    }
    return buffer_text(&buffer);
}

size_t schema_catalog_path(struct arena *arena, const struct catalog *catalog, const struct text **ret_schemas) {
    struct text *schemas = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        const struct catalog_row *row = &catalog->rows[i];
        struct text rest = row->kind == 's' ? row->fields[A] : TEXT("");
        while (rest.length > 0) {
            const char *comma = memchr(rest.bytes, ',', rest.length);
            size_t length = comma ? (size_t)(comma - rest.bytes) : rest.length;
            struct text name = unquoted(arena, text_slice(rest, 0, length));
            name = text_is(name, "$user") ? row->fields[NAME] : name;
            rest = text_slice(rest, length + 1, rest.length);
            if (has_schema(catalog, name)) {
                schemas = arena_more(arena, schemas, count, &capacity, sizeof *schemas);
                schemas[count++] = name;
            }
        }
    }
    *ret_schemas = schemas;
    return count;
}

/* ---- oids ---- */

struct place {
    uint32_t object;
    char kind, type;
    uint32_t schema, name;
};

struct making {
    const struct catalog *catalog;
    struct fold *fold;
    struct place *places; /* schemas, relations and types by OID */
    size_t count;
    const struct catalog_row **columns; /* by table and column number */
    size_t column_count;
};

static int compare_places(const void *a, const void *b) {
    const struct place *left = a, *right = b;
    return left->object != right->object ? (left->object > right->object) - (left->object < right->object)
                                         : (left->kind > right->kind) - (left->kind < right->kind);
}

static int compare_columns(const void *a, const void *b) {
    const struct catalog_row *left = *(const struct catalog_row *const *)a,
                             *right = *(const struct catalog_row *const *)b;
    return left->object != right->object ? (left->object > right->object) - (left->object < right->object)
                                         : (left->parent > right->parent) - (left->parent < right->parent);
}

static const struct place *place_of(const struct making *making, char kind, uint32_t object) {
    const struct place key = {.object = object, .kind = kind};
    return bsearch(&key, making->places, making->count, sizeof key, compare_places);
}

/* Adds the objects of one kind, except those in schemas that are not read. */
static void add_places(struct making *making, char kind, const struct making *schemas) {
    for (size_t i = 0; i < making->catalog->count; i++) {
        const struct catalog_row *row = &making->catalog->rows[i];
        const struct place *schema = schemas && row->kind == kind ? place_of(schemas, 'n', row->parent) : NULL;
        if (row->kind == kind && (schema || !schemas)) {
            making->places[making->count++] =
                (struct place){.object = row->object,
                               .kind = kind,
                               .schema = schema ? schema->name : 0,
                               .name = names_number(making->fold->names, row->fields[NAME])};
        }
    }
}

static void collect(struct making *making) {
    struct arena *arena = making->fold->arena;
    making->places = arena_array(arena, struct place, making->catalog->count);
    making->columns = arena_array(arena, const struct catalog_row *, making->catalog->count);
    add_places(making, 'n', NULL);
    qsort(making->places, making->count, sizeof *making->places, compare_places);
    const struct making schemas = *making;
    add_places(making, 'r', &schemas);
    add_places(making, 'T', &schemas);
    qsort(making->places, making->count, sizeof *making->places, compare_places);
    for (size_t i = 0; i < making->catalog->count; i++) {
        if (making->catalog->rows[i].kind == 'a') {
            making->columns[making->column_count++] = &making->catalog->rows[i];
        }
    }
    qsort(making->columns, making->column_count, sizeof(const struct catalog_row *), compare_columns);
}

/* The names of the columns with these numbers, which may have any separators; 0 stands for an
 * expression and is skipped. */
static uint32_t list_of(struct making *making, uint32_t table, struct text numbers) {
    uint32_t *names = arena_array(making->fold->arena, uint32_t, numbers.length / 2 + 1);
    size_t count = 0;
    for (size_t i = 0; i < numbers.length;) {
        uint32_t number = 0;
        size_t from = i;
        for (; i < numbers.length && numbers.bytes[i] >= '0' && numbers.bytes[i] <= '9'; i++) {
            number = number * 10 + (uint32_t)(numbers.bytes[i] - '0');
        }
        const struct catalog_row key = {.object = table, .parent = number}, *wanted = &key;
        const struct catalog_row **found = number == 0 ? NULL
                                                       : bsearch(&wanted, making->columns, making->column_count,
                                                                 sizeof(const struct catalog_row *), compare_columns);
        if (found) {
            names[count++] = names_number(making->fold->names, (*found)->fields[NAME]);
        }
        i += i == from;
    }
    return fold_list_of(making->fold, names, count);
}

/* ---- facts ---- */

static uint32_t oid_of(struct text text) {
    int64_t number = 0;
    return text_to_int64(text, &number) ? (uint32_t)number : 0;
}

static void put_relation(struct making *making, const struct catalog_row *row) {
    struct fold *fold = making->fold;
    const struct place *place = place_of(making, 'r', row->object);
    if (!place) {
        return;
    }
    char type = fact_letter(row->fields[A], 'r');
    uint32_t table_oid = oid_of(row->fields[C]), columns = table_oid ? list_of(making, table_oid, row->fields[D]) : 0;
    struct fact *fact = fold_put(fold, FACT_RELATION, place->schema, 0, place->name, true);
    const struct place *table = table_oid ? place_of(making, 'r', table_oid) : NULL;
    fact->type = type;
    if (type == 'I') {
        fact->type = 'i'; /* of a partitioned table */
    }
    fact->columns = columns;
    if (table) {
        fact->to_schema = table->schema;
        fact->to_table = table->name;
    }
    if (type == 'r' || type == 'p') {
        fold_put(fold, FACT_ROW_SECURITY, place->schema, place->name, 0, text_starts(row->fields[B], "t"));
    }
}

static void put_column(struct making *making, const struct catalog_row *row) {
    struct fold *fold = making->fold;
    const struct place *table = place_of(making, 'r', row->object);
    if (!table) {
        return;
    }
    uint32_t name = names_number(fold->names, row->fields[NAME]);
    bool is_array = text_is(row->fields[D], "t");
    uint32_t type_schema = names_number(fold->names, row->fields[B]), type = names_number(fold->names, row->fields[C]);
    for (int i = 0; i < 2; i++) {
        struct fact *fact =
            fold_put(fold, i == 0 ? FACT_COLUMN : FACT_BASE_TYPE, table->schema, table->name, name, true);
        fact->to_schema = type_schema;
        fact->to_table = type;
        fact->is_array = is_array;
    }
    bool is_flagged = row->fields[A].length == 2;
    fold_put(fold, FACT_NOT_NULL, table->schema, table->name, name, is_flagged && row->fields[A].bytes[0] == 't');
    fold_put(fold, FACT_DEFAULT, table->schema, table->name, name, is_flagged && row->fields[A].bytes[1] == 't');
}

static void put_constraint(struct making *making, const struct catalog_row *row) {
    struct fold *fold = making->fold;
    const struct place *table = place_of(making, 'r', row->parent);
    if (!table) {
        return;
    }
    uint32_t to = oid_of(row->fields[C]), columns = list_of(making, row->parent, row->fields[B]),
             referred = to ? list_of(making, to, row->fields[D]) : 0;
    const struct place *place = to ? place_of(making, 'r', to) : NULL;
    struct fact *fact =
        fold_put(fold, FACT_CONSTRAINT, table->schema, table->name, names_number(fold->names, row->fields[NAME]), true);
    fact->type = fact_letter(row->fields[A], 'c');
    fact->columns = columns;
    fact->referred = referred;
    if (place) {
        fact->to_schema = place->schema;
        fact->to_table = place->name;
    }
}

/* `of`: part of a relation ('r') or a type ('T'). */
static void put_part(struct making *making, const struct catalog_row *row, enum fact_kind kind, char of) {
    const struct place *place = place_of(making, of, row->parent);
    if (place) {
        fold_put(making->fold, kind, place->schema, place->name, names_number(making->fold->names, row->fields[NAME]),
                 true);
    }
}

static void put_in_schema(struct making *making, const struct catalog_row *row, enum fact_kind kind) {
    const struct place *schema = place_of(making, 'n', row->parent);
    if (schema) {
        struct fact *fact =
            fold_put(making->fold, kind, schema->name, 0, names_number(making->fold->names, row->fields[NAME]), true);
        fact->type = fact_letter(row->fields[A], 0);
        fact->to_table = kind == FACT_FUNCTION ? names_number(making->fold->names, TEXT("*")) : 0;
    }
}

static void own_sequence(struct making *making, const struct catalog_row *row) {
    const struct place *sequence = place_of(making, 'r', row->object), *table = place_of(making, 'r', row->parent);
    if (sequence && table) {
        uint32_t columns = list_of(making, row->parent, row->fields[B]);
        struct fact *fact = fold_find(making->fold, FACT_RELATION, sequence->schema, 0, sequence->name);
        fact->to_schema = table->schema;
        fact->to_table = table->name;
        fact->columns = columns;
        fact->is_identity = text_is(row->fields[A], "i");
    }
}

static void put(struct making *making, const struct catalog_row *row) {
    struct fold *fold = making->fold;
    switch (row->kind) {
    case 'n':
        fold_put(fold, FACT_SCHEMA, 0, 0, names_number(fold->names, row->fields[NAME]), true);
        break;
    case 'r':
        put_relation(making, row);
        break;
    case 'a':
        put_column(making, row);
        break;
    case 'T':
        put_in_schema(making, row, FACT_TYPE);
        break;
    case 'v':
        put_part(making, row, FACT_VALUE, 'T');
        break;
    case 'c':
        put_constraint(making, row);
        break;
    case 'p':
        put_part(making, row, FACT_POLICY, 'r');
        break;
    case 'g':
        put_part(making, row, FACT_TRIGGER, 'r');
        break;
    case 'f':
        put_in_schema(making, row, FACT_FUNCTION);
        break;
    case 'x':
        fold_put(fold, FACT_EXTENSION, 0, 0, names_number(fold->names, row->fields[NAME]), true);
        break;
    default:
        break;
    }
}

struct fold *schema_catalog_fold(struct arena *arena, struct names *names, const struct catalog *catalog,
                                 struct text default_schema) {
    struct making making = {.catalog = catalog, .fold = fold_create(arena, names, default_schema)};
    making.fold->writer = FOLD_NO_WRITER;
    making.fold->is_complete = true;
    collect(&making);
    for (size_t i = 0; i < catalog->count; i++) {
        put(&making, &catalog->rows[i]);
    }
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'd') {
            own_sequence(&making, &catalog->rows[i]);
        }
    }
    return making.fold;
}

/* ---- comparing ---- */

static bool same_relkind(char a, char b) {
    bool a_is_table = a == 'r' || a == 'p', b_is_table = b == 'r' || b == 'p';
    return a == b || (a_is_table && b_is_table);
}

enum schema_presence schema_catalog_holds(const struct fold *catalog, const struct fact *fact) {
    const struct fact *found = fold_find(catalog, (enum fact_kind)fact->kind, fact->schema, fact->table, fact->name);
    bool is_there = found && found->is_there;
    if (is_there && fact->kind == FACT_RELATION) {
        is_there = same_relkind(found->type, fact->type);
    } else if (is_there && fact->kind == FACT_CONSTRAINT) {
        is_there = found->type == fact->type;
    } else if (is_there && fact->kind == FACT_BASE_TYPE) {
        is_there = found->to_table == fact->to_table && found->is_array == fact->is_array &&
                   (fact->to_schema == 0 || found->to_schema == fact->to_schema);
    }
    if (!fact_is_existence(fact) && !found) {
        return SCHEMA_MISSING;
    }
    return is_there == fact->is_there ? SCHEMA_THERE : SCHEMA_MISSING;
}
