/* Worlds whose SQL is read: the files are parsed in this process, and a database's catalogs hold
 * what other SQL makes, which is parsed likewise. */
#ifndef TESTS_UNIT_EFFECTS_H
#define TESTS_UNIT_EFFECTS_H

#include "fixture.h"

#include "migfs/schema/fold.h"
#include "schema/parse.h"

static inline struct effects effects_of_sql(struct arena *arena, struct text sql) {
    struct protocol_writer writer = {0};
    struct effects effects = {.status = EFFECTS_REFUSED, .reason = TEXT("syntax error"), .line = 1};
    uint32_t status = PROTOCOL_DONE;
    parse_effects(text_copy(arena, sql).bytes, sql.length, &writer, &status);
    if (status == PROTOCOL_DONE) {
        struct text answer = text_copy(arena, (struct text){writer.bytes, writer.length});
        assert_true(effects_decode(arena, answer, &effects));
    }
    free(writer.bytes);
    return effects;
}

static inline void effects_of_digest(void *context, struct arena *arena, const struct digest *digest,
                                     struct effects *ret_effects) {
    const struct world *world = context;
    const struct disk *disk = world->folder->disk;
    for (size_t i = 0; i < disk->count; i++) {
        struct text sql;
        struct error error;
        if (disk->entries[i].sql && digest_equal(&disk->entries[i].sql->digest, digest)) {
            assert_true(content_pin(disk->entries[i].content, &sql, &error));
            *ret_effects = effects_of_sql(arena, sql);
            content_unpin(disk->entries[i].content);
            return;
        }
    }
    fail_msg("no file has this digest");
}

static inline int effects_world_create(void **state) {
    world_create(state);
    struct world *world = *state;
    world->effects = calloc(1, sizeof *world->effects);
    assert_non_null(world->effects);
    *world->effects =
        (struct effects_input){.effects = effects_of_digest, .context = world, .catalogs = world->catalogs};
    return 0;
}

static inline int effects_world_destroy(void **state) {
    struct world *world = *state;
    free(world->effects);
    return world_destroy(state);
}

#define effects_test(function) cmocka_unit_test_setup_teardown(function, effects_world_create, effects_world_destroy)

/* ---- catalogs ---- */

struct made {
    struct arena *arena;
    struct fold *fold;
    struct catalog *catalog;
};

static inline void add_row(struct made *made, char kind, size_t object, size_t parent, uint32_t name, struct text a,
                           struct text b, struct text c, struct text d) {
    made->catalog->rows[made->catalog->count++] =
        (struct catalog_row){.kind = kind,
                             .object = (uint32_t)object,
                             .parent = (uint32_t)parent,
                             .fields = {names_text(made->fold->names, name), a, b, c, d}};
}

/* A fact's number among all stands for its oid, and a column's for its number in the table. */
static inline size_t oid_of_fact(const struct made *made, enum fact_kind kind, uint32_t schema, uint32_t name) {
    const struct fact *fact = fold_find(made->fold, kind, schema, 0, name);
    return fact && fact->is_there ? (size_t)(fact - made->fold->facts) + 1 : 0;
}

/* The schema of a column's type, which a fact of the migrations leaves out where the SQL does. */
static inline struct text schema_of_type(const struct made *made, const struct fact *column) {
    bool is_ours = oid_of_fact(made, FACT_TYPE, made->fold->default_schema, column->to_table) > 0;
    return column->to_schema ? names_text(made->fold->names, column->to_schema)
           : is_ours         ? TEXT("public")
                             : TEXT("pg_catalog");
}

static inline void add_fact(struct made *made, size_t at) {
    const struct fact *fact = &made->fold->facts[at];
    struct names *names = made->fold->names;
    struct text none = TEXT(""), type = text_format(made->arena, "%c", fact->type ? fact->type : 'r');
    size_t schema = oid_of_fact(made, FACT_SCHEMA, 0, fact->schema);
    size_t table = oid_of_fact(made, FACT_RELATION, fact->schema, fact->table);
    switch (fact->kind) {
    case FACT_SCHEMA:
        add_row(made, 'n', at + 1, 0, fact->name, none, none, none, none);
        break;
    case FACT_RELATION:
        add_row(made, 'r', at + 1, schema, fact->name, type, TEXT("f"), none, none);
        break;
    case FACT_COLUMN:
        add_row(made, 'a', table, at + 1, fact->name, TEXT("ff"), schema_of_type(made, fact),
                names_text(names, fact->to_table), fact->is_array ? TEXT("t") : TEXT("f"));
        break;
    case FACT_CONSTRAINT:
        add_row(made, 'c', at + 1, table, fact->name, type, none, none, none);
        break;
    case FACT_TYPE:
        add_row(made, 'T', at + 1, schema, fact->name, type, none, none, none);
        break;
    case FACT_VALUE:
        add_row(made, 'v', at + 1, oid_of_fact(made, FACT_TYPE, fact->schema, fact->table), fact->name, none, none,
                none, none);
        break;
    case FACT_FUNCTION:
        add_row(made, 'f', 0, schema, fact->name, none, none, none, none);
        break;
    default: /* attributes and what no test here asks for */
        break;
    }
}

/* What a database's catalogs hold once this SQL has run in it, which makes its schemas before what
 * is in them; `path` is its search path. */
static inline struct catalog *catalog_of_sql(struct arena *arena, const char *sql, const char *path) {
    struct made made = {.arena = arena, .fold = fold_create(arena, names_create(arena), TEXT("public"))};
    struct effects effects = effects_of_sql(arena, text_of(sql));
    char *bytes;
    assert_int_equal(effects.status, EFFECTS_KNOWN);
    fold_put(made.fold, FACT_SCHEMA, 0, 0, fold_number(made.fold, TEXT("public")), true);
    fold_apply(made.fold, &effects, 0, true);
    made.catalog = catalog_create(made.fold->count + 1, 0, &bytes);
    assert_non_null(made.catalog);
    made.catalog->count = 0;
    add_row(&made, 's', 0, 0, 0, text_of(path), TEXT(""), TEXT(""), TEXT(""));
    for (size_t i = 0; i < made.fold->count; i++) {
        if (made.fold->facts[i].is_there && !made.fold->facts[i].is_erased) {
            add_fact(&made, i);
        }
    }
    const struct text parts[] = {text_of(sql), text_of(path)};
    made.catalog->digest = digest_of_parts(parts, sizeof parts / sizeof *parts);
    return made.catalog;
}

/* The database added last has this in it. */
static inline void database_holds(struct world *world, const char *sql) {
    struct catalog **catalog = &world->catalogs[world->ledger_count - 1];
    catalog_unref(*catalog);
    *catalog = catalog_of_sql(world->arena, sql, "\"$user\", public");
}

/* ---- what comes out ---- */

/* "0000_a there 2/2, 0001_b missing 0/1": what of each migration is in a database; `found`: without
 * a row. */
static inline struct text effects_in(const struct world *world, size_t database) {
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < world->view->join->count; i++) {
        const struct effects_standing *standing = effects_standing_of(world->view->effects, i, database);
        buffer_add_string(&buffer, i > 0 ? ", " : "");
        buffer_add(&buffer, world->view->join->migrations[i].tag);
        buffer_format(&buffer, " %s %zu/%zu%s", effects_state_name(standing->state), standing->there, standing->of,
                      standing->is_found ? " found" : "");
    }
    return buffer_text(&buffer);
}

#define assert_effects(database, expected) assert_text(effects_in(world, database), expected)

#endif
