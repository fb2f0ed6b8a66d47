/* Compares the tables and enums of a snapshot with the fold of a database's catalogs. */
#include "migfs/synthesis/snapshot_witness.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/drizzle/snapshot.h"
#include "migfs/schema/catalog.h"
#include "migfs/util/sorted.h"

enum { NAMED = 3 };

struct comparing {
    struct arena *arena;
    struct fold *fold; /* the database's catalogs */
    struct text default_schema;
    const struct fact **parts; /* columns and values, by owner */
    size_t part_count;
    struct buffer differences;
    size_t count;
};

/* Truncated as PostgreSQL truncates names, at a character boundary. */
static struct text cut(struct text name) {
    enum { LONGEST = 63 };
    size_t length = name.length < LONGEST ? name.length : LONGEST;
    while (length > 0 && length < name.length && ((unsigned char)name.bytes[length] & 0xc0) == 0x80) {
        length--;
    }
    return text_slice(name, 0, length);
}

static uint32_t number(const struct comparing *comparing, const char *name) {
    return names_number(comparing->fold->names, cut(text_of(name)));
}

/* Counts a difference; only the first few are named. */
static void differ(struct comparing *comparing, const char *noun, struct text name, const char *how) {
    if (comparing->count++ < NAMED) {
        buffer_format(&comparing->differences, "%s%s ", comparing->count > 1 ? ", " : "", noun);
        buffer_add_escaped(&comparing->differences, name);
        buffer_format(&comparing->differences, " %s", how);
    }
}

static struct text name_of_part(const struct comparing *comparing, const char *whole, uint32_t part) {
    struct text name = names_text(comparing->fold->names, part);
    return text_format(comparing->arena, "%s.%.*s", whole, TEXT_ARGS(name));
}

/* ---- what belongs to one table or enum in the database ---- */

static int compare_parts(const void *a, const void *b) {
    const struct fact *left = *(const struct fact *const *)a, *right = *(const struct fact *const *)b;
    if (left->schema != right->schema) {
        return left->schema < right->schema ? -1 : 1;
    }
    if (left->table != right->table) {
        return left->table < right->table ? -1 : 1;
    }
    return (left > right) - (left < right);
}

static void sort_parts(struct comparing *comparing) {
    const struct fold *fold = comparing->fold;
    comparing->parts = arena_array(comparing->arena, const struct fact *, fold->count);
    for (size_t i = 0; i < fold->count; i++) {
        const struct fact *it = &fold->facts[i];
        if ((it->kind == FACT_COLUMN || it->kind == FACT_VALUE) && it->is_there && !it->is_erased) {
            comparing->parts[comparing->part_count++] = it;
        }
    }
    qsort(comparing->parts, comparing->part_count, sizeof(const struct fact *), compare_parts);
}

struct parts_of {
    const struct comparing *comparing;
    uint32_t schema, whole;
};

static bool lies_before_parts(const void *context, size_t position) {
    const struct parts_of *sought = context;
    const struct fact *it = sought->comparing->parts[position];
    return it->schema < sought->schema || (it->schema == sought->schema && it->table < sought->whole);
}

static size_t first_part(const struct comparing *comparing, uint32_t schema, uint32_t whole) {
    struct parts_of sought = {comparing, schema, whole};
    return sorted_find(comparing->part_count, lies_before_parts, &sought);
}

/* Reports columns or values that the snapshot does not have. */
static void find_more(struct comparing *comparing, enum fact_kind kind, uint32_t schema, uint32_t whole,
                      const char *name,
                      bool (*has)(const struct comparing *comparing, const struct cJSON *it, uint32_t part),
                      const struct cJSON *it) {
    for (size_t i = first_part(comparing, schema, whole); i < comparing->part_count; i++) {
        const struct fact *part = comparing->parts[i];
        if (part->schema != schema || part->table != whole) {
            return;
        }
        if (part->kind == kind && !has(comparing, it, part->name)) {
            differ(comparing, kind == FACT_COLUMN ? "column" : "value", name_of_part(comparing, name, part->name),
                   "is there but not in the snapshot");
        }
    }
}

/* ---- tables ---- */

static bool has_column(const struct comparing *comparing, const struct cJSON *table, uint32_t part) {
    const struct cJSON *it = json_first(json_member(table, "columns"));
    while (it && number(comparing, json_key(it)) != part) {
        it = json_following(it);
    }
    return it != NULL;
}

/* True if the server makes the column not null anyway: in a key, serial or identity. */
static bool is_never_null(const struct cJSON *table, const struct cJSON *column) {
    const char *type = json_chars(json_member(column, "type"));
    if (json_is_true(json_member(column, "primaryKey")) || (type && strstr(type, "serial")) ||
        !json_is_empty(json_member(column, "identity"))) {
        return true;
    }
    for (const struct cJSON *key = json_first(json_member(table, "compositePrimaryKeys")); key;
         key = json_following(key)) {
        for (const struct cJSON *it = json_first(json_member(key, "columns")); it; it = json_following(it)) {
            if (strcmp(json_chars(it) ? json_chars(it) : "", json_key(column)) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void compare_column(struct comparing *comparing, uint32_t schema, uint32_t table, const struct cJSON *of,
                           const struct cJSON *column) {
    uint32_t name = number(comparing, json_key(column));
    struct text shown = text_format(comparing->arena, "%s.%s", json_chars(json_member(of, "name")), json_key(column));
    if (!fold_knows(comparing->fold, FACT_COLUMN, schema, table, name)) {
        differ(comparing, "column", shown, "is not there");
        return;
    }
    const struct fact *not_null = fold_find(comparing->fold, FACT_NOT_NULL, schema, table, name);
    bool is_not_null = not_null && not_null->is_there;
    if (not_null && is_not_null != json_is_true(json_member(column, "notNull")) && !is_never_null(of, column)) {
        differ(comparing, "column", shown, is_not_null ? "is NOT NULL there" : "may be null there");
    }
}

static uint32_t schema_of(const struct comparing *comparing, const struct cJSON *it) {
    const char *schema = json_chars(json_member(it, "schema"));
    bool is_default = !schema || schema[0] == '\0' || strcmp(schema, "public") == 0;
    return is_default ? names_number(comparing->fold->names, comparing->default_schema) : number(comparing, schema);
}

static void compare_table(struct comparing *comparing, const struct cJSON *table) {
    const char *name = json_chars(json_member(table, "name"));
    if (!name) {
        return;
    }
    uint32_t schema = schema_of(comparing, table), it = number(comparing, name);
    if (!fold_knows(comparing->fold, FACT_RELATION, schema, 0, it)) {
        differ(comparing, "table", text_of(name), "is not there");
        return;
    }
    for (const struct cJSON *column = json_first(json_member(table, "columns")); column;
         column = json_following(column)) {
        compare_column(comparing, schema, it, table, column);
    }
    find_more(comparing, FACT_COLUMN, schema, it, name, has_column, table);
}

/* ---- enums ---- */

static bool has_value(const struct comparing *comparing, const struct cJSON *type, uint32_t part) {
    const struct cJSON *it = json_first(json_member(type, "values"));
    while (it && (!json_chars(it) || number(comparing, json_chars(it)) != part)) {
        it = json_following(it);
    }
    return it != NULL;
}

static void compare_enum(struct comparing *comparing, const struct cJSON *type) {
    const char *name = json_chars(json_member(type, "name"));
    if (!name) {
        return;
    }
    uint32_t schema = schema_of(comparing, type), it = number(comparing, name);
    if (!fold_knows(comparing->fold, FACT_TYPE, schema, 0, it)) {
        differ(comparing, "type", text_of(name), "is not there");
        return;
    }
    for (const struct cJSON *value = json_first(json_member(type, "values")); value; value = json_following(value)) {
        if (json_chars(value) &&
            !fold_knows(comparing->fold, FACT_VALUE, schema, it, number(comparing, json_chars(value)))) {
            differ(comparing, "value", text_format(comparing->arena, "%s.%s", name, json_chars(value)), "is not there");
        }
    }
    find_more(comparing, FACT_VALUE, schema, it, name, has_value, type);
}

/* ---- one database ---- */

/* Of a large database only the objects that the SQL names are known; a snapshot may list others. */
static bool was_asked_for(const struct catalog *catalog, const struct cJSON *objects) {
    for (const struct cJSON *it = json_first(objects); it; it = json_following(it)) {
        const char *name = json_chars(json_member(it, "name"));
        if (catalog->is_partial && name && !catalog_names_have(catalog->names, cut(text_of(name)))) {
            return false;
        }
    }
    return true;
}

/* Number of entries that have run in the database; SIZE_MAX if one has run and an earlier one has
 * not. */
static size_t count_run(const struct join *join, const struct synthesis *synthesis, size_t database) {
    size_t count = 0;
    for (size_t i = 0; i < synthesis->count; i++) {
        if (standing_has_run(&join->migrations[synthesis->entries[i].migration].standings[database])) {
            if (count < i) {
                return SIZE_MAX;
            }
            count++;
        }
    }
    return count;
}

static struct snapshots_made *made_of(struct snapshots *snapshots, size_t migration) {
    for (size_t i = 0; i < snapshots->count; i++) {
        if (snapshots->made[i].migration == migration) {
            return &snapshots->made[i];
        }
    }
    return NULL;
}

/* Gets the differences of the database from the snapshot, empty for none. Returns false if not all
 * of its objects were looked for. */
static bool compare(struct arena *arena, const struct catalog *catalog, struct text default_schema,
                    const struct snapshots_made *made, struct text *ret_differences) {
    struct text reason;
    const struct cJSON *tree = snapshot_read(arena, made->content, &reason);
    if (!was_asked_for(catalog, json_member(tree, "tables")) || !was_asked_for(catalog, json_member(tree, "enums"))) {
        return false;
    }
    struct comparing comparing = {.arena = arena, .default_schema = default_schema, .differences = BUFFER(arena)};
    comparing.fold = schema_catalog_fold(arena, names_create(arena), catalog, default_schema);
    sort_parts(&comparing);
    for (const struct cJSON *it = json_first(json_member(tree, "tables")); it; it = json_following(it)) {
        compare_table(&comparing, it);
    }
    for (const struct cJSON *it = json_first(json_member(tree, "enums")); it; it = json_following(it)) {
        compare_enum(&comparing, it);
    }
    if (comparing.count > NAMED) {
        buffer_format(&comparing.differences, " and %zu more", comparing.count - NAMED);
    }
    *ret_differences = buffer_text(&comparing.differences);
    return true;
}

static void add_differences(struct arena *arena, struct snapshots_made *made, struct text database,
                            struct text differences) {
    struct buffer buffer = BUFFER(arena);
    buffer_add(&buffer, made->differs);
    buffer_add_string(&buffer, made->differs.length > 0 ? "; in database " : "in database ");
    buffer_add_escaped(&buffer, database);
    buffer_add_string(&buffer, " ");
    buffer_add(&buffer, differences);
    made->differs = buffer_text(&buffer);
}

void snapshot_witness_ask(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                          const struct effects_join *effects, struct catalog *const *catalogs,
                          struct snapshots *snapshots) {
    for (size_t i = 0; i < join->database_count && snapshots->count > 0; i++) {
        size_t count = count_run(join, synthesis, i);
        if (!catalogs || !catalogs[i] || !effects->databases[i].is_known || count == 0 || count == SIZE_MAX) {
            continue;
        }
        struct snapshots_made *made = made_of(snapshots, synthesis->entries[count - 1].migration);
        struct text differences;
        if (!made || !compare(arena, catalogs[i], effects->databases[i].default_schema, made, &differences)) {
            continue;
        }
        if (differences.length > 0) {
            add_differences(arena, made, join->databases[i].name, differences);
            continue;
        }
        for (struct snapshots_made *it = snapshots->made; it <= made; it++) {
            it->confirmed = it->confirmed.length > 0 ? it->confirmed : join->databases[i].name;
        }
    }
}
