/* The schema files are searched for names, not executed. Whether the search is reliable is measured
 * on the rest of the snapshot: each of its tables must be found, else no missing name means
 * anything. The same goes for columns, and for indexes and constraints. */
#include "migfs/synthesis/snapshot_undeclared.h"

#include <string.h>

#include "synthesis/snapshot.h"
#include "synthesis/snapshot_renames.h"
#include "synthesis/snapshot_tables.h"

struct search {
    struct making making; /* a copy, with names of its own */
    const struct snapshots_schema *schema;
};

/* Indexes and constraints by name, and how a name ends that drizzle-kit derives where the schema gives
 * none. */
static const struct part {
    const char *key, *derived;
} parts[] = {{"indexes", "_index"}, {"uniqueConstraints", "_unique"}, {"foreignKeys", "_fk"}};

enum { PARTS = sizeof parts / sizeof *parts };

static bool is_in_schema(const struct search *search, struct text name, enum snapshots_named kind) {
    return search->schema->has(search->schema->context, name, kind);
}

static enum snapshots_named kind_of(const struct snapshot_put *put) {
    bool is_whole = strcmp(put->kind, "table") == 0 || strcmp(put->kind, "enum") == 0;
    return is_whole ? SNAPSHOTS_TABLE : strcmp(put->kind, "column") == 0 ? SNAPSHOTS_COLUMN : SNAPSHOTS_PART;
}

/* True if hand-written SQL has made it. For a table the name is not compared. */
static bool is_put(const struct search *search, const struct cJSON *table, struct text name,
                   enum snapshots_named kind) {
    const struct snapshot_puts *all = search->making.put;
    for (size_t i = 0; i < all->count; i++) {
        if (kind_of(&all->puts[i]) == kind && text_is(all->puts[i].key, json_key(table)) &&
            (kind == SNAPSHOTS_TABLE || text_equal(all->puts[i].name, name))) {
            return true;
        }
    }
    return false;
}

/* True if the schema files have all members of this part of the table that hand-written SQL has not
 * made. */
static bool has_members(const struct search *search, const struct cJSON *table, const char *part, const char *derived,
                        enum snapshots_named kind) {
    for (struct cJSON *it = json_first(json_member(table, part)); it; it = json_following(it)) {
        struct text name = text_of(json_key(it));
        if (!text_ends(name, derived) && !is_put(search, table, name, kind) && !is_in_schema(search, name, kind)) {
            return false;
        }
    }
    return true;
}

static bool has_parts(const struct search *search, const struct cJSON *table) {
    bool has = true;
    for (size_t i = 0; i < PARTS && has; i++) {
        has = has_members(search, table, parts[i].key, parts[i].derived, SNAPSHOTS_PART);
    }
    return has;
}

/* True if the schema files have all names of this kind that hand-written SQL has not made. At least
 * one table must be such. */
static bool has_all(const struct search *search, enum snapshots_named kind) {
    bool has_some = false, has = true;
    struct cJSON *tables = snapshot_part(&search->making, "tables");
    for (struct cJSON *it = json_first(tables); it && has; it = json_following(it)) {
        if (!is_put(search, it, TEXT(""), SNAPSHOTS_TABLE)) {
            has_some = true;
            has = kind == SNAPSHOTS_TABLE    ? is_in_schema(search, snapshot_text(it, "name"), kind)
                  : kind == SNAPSHOTS_COLUMN ? has_members(search, it, "columns", "\n", kind)
                                             : has_parts(search, it);
        }
    }
    return has && has_some;
}

static struct cJSON *table_of(const struct search *search, const struct snapshot_put *put) {
    return json_member(snapshot_part(&search->making, "tables"), put->key.bytes);
}

static void remove_table(struct search *search, const struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put);
    if (table && !is_in_schema(search, put->name, SNAPSHOTS_TABLE)) {
        snapshot_remove_table(&search->making, table);
    }
}

static void remove_column(struct search *search, const struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put), *column = table ? snapshot_in(table, "columns", put->name) : NULL;
    if (column && !is_in_schema(search, put->name, SNAPSHOTS_COLUMN)) {
        snapshot_drop_column(&search->making, table, column);
    }
}

/* Not a primary key: a table can have no second one, which the schema may declare by another name. */
static void remove_part(struct search *search, const struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put);
    for (size_t i = 0; table && i < PARTS; i++) {
        struct cJSON *it = snapshot_in(table, parts[i].key, put->name);
        if (it && !text_ends(put->name, parts[i].derived) && !is_in_schema(search, put->name, SNAPSHOTS_PART)) {
            json_remove(json_member(table, parts[i].key), it);
        }
    }
}

/* True if a column that is left has the type, or may have it. */
static bool is_used(const struct search *search, struct text type) {
    struct cJSON *tables = snapshot_part(&search->making, "tables");
    for (struct cJSON *table = json_first(tables); table; table = json_following(table)) {
        for (struct cJSON *it = json_first(json_member(table, "columns")); it; it = json_following(it)) {
            if (text_starts(snapshot_text(it, "type"), type.bytes)) {
                return true;
            }
        }
    }
    return false;
}

static void remove_enum(struct search *search, const struct snapshot_put *put) {
    struct cJSON *enums = snapshot_part(&search->making, "enums"), *it = json_member(enums, put->key.bytes);
    if (it && !is_in_schema(search, put->name, SNAPSHOTS_TABLE) && !is_used(search, put->name)) {
        json_remove(enums, it);
    }
}

static void remove_each(struct search *search, const char *kind,
                        void (*remove)(struct search *search, const struct snapshot_put *put)) {
    for (size_t i = 0; i < search->making.put->count; i++) {
        if (strcmp(search->making.put->puts[i].kind, kind) == 0) {
            remove(search, &search->making.put->puts[i]);
        }
    }
}

enum presence { PRESENT_NOT, PRESENT_TABLE, PRESENT };

/* Whether the tree has it, or at least its table. */
static enum presence presence_of(const struct search *search, const struct snapshot_put *put) {
    static const char *const keys[] = {"columns", "indexes", "foreignKeys", "uniqueConstraints",
                                       "compositePrimaryKeys"};
    const struct cJSON *table = table_of(search, put);
    if (strcmp(put->kind, "enum") == 0) {
        return json_member(snapshot_part(&search->making, "enums"), put->key.bytes) ? PRESENT : PRESENT_NOT;
    }
    for (size_t i = 0; table && i < sizeof keys / sizeof *keys; i++) {
        if (snapshot_in(table, keys[i], put->name)) {
            return PRESENT;
        }
    }
    return table ? PRESENT_TABLE : PRESENT_NOT;
}

bool snapshot_remove_undeclared(struct making *making, const struct snapshots_schema *schema) {
    struct snapshot_names left = {0};
    struct search search = {.making = *making, .schema = schema};
    struct snapshot_puts *all = making->put;
    enum presence *before = arena_array(making->arena, enum presence, all->count);
    bool is_removed = false;
    search.making.left = &left;
    for (size_t i = 0; i < all->count; i++) {
        before[i] = presence_of(&search, &all->puts[i]);
    }
    if (has_all(&search, SNAPSHOTS_TABLE)) {
        remove_each(&search, "table", remove_table);
        if (has_all(&search, SNAPSHOTS_COLUMN)) {
            remove_each(&search, "column", remove_column);
        }
        if (has_all(&search, SNAPSHOTS_PART)) {
            remove_each(&search, "index", remove_part);
            remove_each(&search, "constraint", remove_part);
        }
        remove_each(&search, "enum", remove_enum);
    }
    for (size_t i = 0; i < all->count; i++) {
        all->puts[i].is_undeclared = presence_of(&search, &all->puts[i]) < before[i];
        is_removed = is_removed || all->puts[i].is_undeclared;
    }
    return is_removed;
}
