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
    bool is_unsure; /* what the schema may declare is sought, too */
    /* of each that was put in and is a part of a table: before any of them is removed */
    enum snapshots_declared *parts;
};

/* Indexes and constraints by name, how a name ends that drizzle-kit derives where the schema gives
 * none, and how the schema is asked whether the table may have one of those. */
static const struct part {
    const char *key, *derived;
    enum snapshots_named of;
} parts[] = {
    {"indexes", "_index", SNAPSHOTS_OF_INDEX},
    {"uniqueConstraints", "_unique", SNAPSHOTS_OF_UNIQUE},
    {"foreignKeys", "_fk", SNAPSHOTS_OF_REFERENCE},
    {"checkConstraints", "\n", SNAPSHOTS_PART}, /* each has a name of its own */
};

enum { PARTS = sizeof parts / sizeof *parts };

static enum snapshots_declared ask(const struct search *search, struct text name, enum snapshots_named kind) {
    size_t most;
    return search->schema->has(search->schema->context, name, TEXT(""), kind, &most);
}

static enum snapshots_declared ask_column(const struct search *search, const struct cJSON *table, struct text column,
                                          enum snapshots_named kind) {
    size_t most;
    return search->schema->has(search->schema->context, snapshot_text(table, "name"), column, kind, &most);
}

/* True if the schema has it, or may have it. */
static bool is_in_schema(const struct search *search, struct text name, enum snapshots_named kind) {
    return ask(search, name, kind) != SNAPSHOTS_ABSENT;
}

static enum snapshots_named kind_of(const struct snapshot_put *put) {
    bool is_whole = strcmp(put->kind, "table") == 0 || strcmp(put->kind, "enum") == 0;
    return is_whole                                    ? SNAPSHOTS_TABLE
           : strcmp(put->kind, "column") == 0          ? SNAPSHOTS_COLUMN
           : strcmp(put->kind, SNAPSHOT_KEY) == 0      ? SNAPSHOTS_OF_KEY
           : strcmp(put->kind, SNAPSHOT_DEFAULT) == 0  ? SNAPSHOTS_OF_DEFAULT
           : strcmp(put->kind, SNAPSHOT_NOT_NULL) == 0 ? SNAPSHOTS_OF_NOT_NULL
                                                       : SNAPSHOTS_PART;
}

/* True if hand-written SQL has made it. For a table and its primary key the name is not compared. */
static bool is_put(const struct search *search, const struct cJSON *table, struct text name,
                   enum snapshots_named kind) {
    const struct snapshot_puts *all = search->making.put;
    for (size_t i = 0; i < all->count; i++) {
        if (kind_of(&all->puts[i]) == kind && text_is(all->puts[i].key, json_key(table)) &&
            (kind == SNAPSHOTS_TABLE || kind == SNAPSHOTS_OF_KEY || text_equal(all->puts[i].name, name))) {
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
        bool is_there = kind == SNAPSHOTS_COLUMN ? ask_column(search, table, name, kind) != SNAPSHOTS_ABSENT
                                                 : is_in_schema(search, name, kind);
        if (!is_there && !text_ends(name, derived) && !is_put(search, table, name, kind)) {
            return false;
        }
    }
    return true;
}

/* True if it may have got its name from drizzle-kit: no file has the name. */
static bool is_derived(const struct search *search, const struct part *part, struct text name) {
    return text_ends(name, part->derived) && ask(search, name, SNAPSHOTS_PART) != SNAPSHOTS_DECLARED;
}

/* True if the schema may declare parts with derived names where the table has such. */
static bool has_derived(const struct search *search, const struct cJSON *table, const struct part *part) {
    for (struct cJSON *it = json_first(json_member(table, part->key)); it; it = json_following(it)) {
        struct text name = text_of(json_key(it));
        if (is_derived(search, part, name) && !is_put(search, table, name, SNAPSHOTS_PART)) {
            return is_in_schema(search, snapshot_text(table, "name"), part->of);
        }
    }
    return true;
}

/* Whether the schema declares this part of a table. Of parts without names of their own it is not
 * certain which are declared where the table has more of them than that. */
static enum snapshots_declared ask_part(const struct search *search, const struct cJSON *table, const struct part *part,
                                        struct text name) {
    size_t most, count = 0;
    if (!is_derived(search, part, name)) {
        return ask(search, name, SNAPSHOTS_PART);
    }
    for (struct cJSON *it = json_first(json_member(table, part->key)); it; it = json_following(it)) {
        count += is_derived(search, part, text_of(json_key(it)));
    }
    enum snapshots_declared declared =
        search->schema->has(search->schema->context, snapshot_text(table, "name"), TEXT(""), part->of, &most);
    return declared == SNAPSHOTS_DECLARED && count > most ? SNAPSHOTS_UNSURE : declared;
}

static bool has_parts(const struct search *search, const struct cJSON *table) {
    bool has = true;
    for (size_t i = 0; i < PARTS && has; i++) {
        has = has_members(search, table, parts[i].key, parts[i].derived, SNAPSHOTS_PART) &&
              has_derived(search, table, &parts[i]);
    }
    return has;
}

/* True if the schema may declare a primary key where the table has one that hand-written SQL has not
 * made. */
static bool has_key(const struct search *search, const struct cJSON *table) {
    bool has_one = json_first(json_member(table, "compositePrimaryKeys"));
    for (struct cJSON *it = json_first(json_member(table, "columns")); it && !has_one; it = json_following(it)) {
        has_one = json_is_true(json_member(it, "primaryKey"));
    }
    return !has_one || is_put(search, table, TEXT(""), SNAPSHOTS_OF_KEY) ||
           is_in_schema(search, snapshot_text(table, "name"), SNAPSHOTS_OF_KEY);
}

static bool has_of(const struct search *search, const struct cJSON *table, enum snapshots_named kind) {
    switch (kind) {
    case SNAPSHOTS_TABLE:
        return is_in_schema(search, snapshot_text(table, "name"), kind);
    case SNAPSHOTS_COLUMN:
        return has_members(search, table, "columns", "\n", kind);
    case SNAPSHOTS_OF_KEY:
        return has_key(search, table);
    default:
        return has_parts(search, table);
    }
}

/* True if the schema files have all names of this kind that hand-written SQL has not made. At least
 * one table must be such. */
static bool has_all(const struct search *search, enum snapshots_named kind) {
    bool has_some = false, has = true;
    struct cJSON *tables = snapshot_part(&search->making, "tables");
    for (struct cJSON *it = json_first(tables); it && has; it = json_following(it)) {
        if (!is_put(search, it, TEXT(""), SNAPSHOTS_TABLE)) {
            has_some = true;
            has = has_of(search, it, kind);
        }
    }
    return has && has_some;
}

static struct cJSON *table_of(const struct search *search, const struct snapshot_put *put) {
    return json_member(snapshot_part(&search->making, "tables"), put->key.bytes);
}

/* True if it is to be removed from its table. What is not certain is left in a table that
 * hand-written SQL has made: that was made as a whole. */
static bool is_removed(const struct search *search, const struct cJSON *table, enum snapshots_declared declared) {
    return search->is_unsure ? declared != SNAPSHOTS_DECLARED && !is_put(search, table, TEXT(""), SNAPSHOTS_TABLE)
                             : declared == SNAPSHOTS_ABSENT;
}

static void remove_table(struct search *search, struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put);
    if (table && !is_in_schema(search, put->name, SNAPSHOTS_TABLE)) {
        snapshot_remove_table(&search->making, table);
        put->is_undeclared = true;
    }
}

static void remove_column(struct search *search, struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put), *column = table ? snapshot_in(table, "columns", put->name) : NULL;
    if (column && is_removed(search, table, ask_column(search, table, put->name, SNAPSHOTS_COLUMN))) {
        snapshot_drop_column(&search->making, table, column);
        put->is_undeclared = true;
    }
}

/* The part of the table, if it is there; *ret_part: of which kind it is. */
static struct cJSON *find_part(const struct cJSON *table, const struct snapshot_put *put,
                               const struct part **ret_part) {
    for (size_t i = 0; table && i < PARTS; i++) {
        struct cJSON *it = snapshot_in(table, parts[i].key, put->name);
        if (it) {
            *ret_part = &parts[i];
            return it;
        }
    }
    return NULL;
}

static void remove_part(struct search *search, struct snapshot_put *put) {
    const struct part *part;
    struct cJSON *table = table_of(search, put), *it = find_part(table, put, &part);
    if (it && is_removed(search, table, search->parts[put - search->making.put->puts])) {
        json_remove(json_member(table, part->key), it);
        put->is_undeclared = true;
    }
}

static void ask_parts(struct search *search) {
    const struct snapshot_puts *all = search->making.put;
    search->parts = arena_array(search->making.arena, enum snapshots_declared, all->count);
    for (size_t i = 0; i < all->count; i++) {
        const struct part *part;
        const struct cJSON *table = table_of(search, &all->puts[i]);
        search->parts[i] = find_part(table, &all->puts[i], &part) ? ask_part(search, table, part, all->puts[i].name)
                                                                  : SNAPSHOTS_DECLARED;
    }
}

/* A table can have no second key, so what counts is not its name, but that the schema declares
 * none. */
static void remove_key(struct search *search, struct snapshot_put *put) {
    struct cJSON *parent, *it = snapshot_find_put(&search->making, put, &parent);
    if (!it || !is_removed(search, table_of(search, put), ask(search, put->name, SNAPSHOTS_OF_KEY))) {
        return;
    }
    if (put->column.length == 0) {
        json_remove(parent, it);
    } else {
        json_set_bool(it, "primaryKey", false);
        json_set_bool(it, "notNull", put->is_not_null);
    }
    put->is_undeclared = true;
}

/* Gives the column back what it had before. What it may have been declared with stays with a column
 * that hand-written SQL has made. */
static void remove_attribute(struct search *search, struct snapshot_put *put, enum snapshots_named kind) {
    struct cJSON *column, *it = snapshot_find_put(&search->making, put, &column), *table = table_of(search, put);
    bool is_key = kind == SNAPSHOTS_OF_NOT_NULL && json_is_true(json_member(column, "primaryKey"));
    if (!it || is_key || (search->is_unsure && put->is_within) ||
        !is_removed(search, table, ask_column(search, table, put->name, kind))) {
        return;
    }
    if (kind == SNAPSHOTS_OF_NOT_NULL) {
        json_set_bool(column, "notNull", false);
    } else if (put->previous) {
        json_set_copy(column, "default", put->previous);
    } else {
        json_remove_key(column, "default");
    }
    put->is_undeclared = true;
}

static void remove_default(struct search *search, struct snapshot_put *put) {
    remove_attribute(search, put, SNAPSHOTS_OF_DEFAULT);
}

static void remove_not_null(struct search *search, struct snapshot_put *put) {
    remove_attribute(search, put, SNAPSHOTS_OF_NOT_NULL);
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

static void remove_enum(struct search *search, struct snapshot_put *put) {
    struct cJSON *enums = snapshot_part(&search->making, "enums"), *it = json_member(enums, put->key.bytes);
    if (it && !is_in_schema(search, put->name, SNAPSHOTS_TABLE) && !is_used(search, put->name)) {
        json_remove(enums, it);
        put->is_undeclared = true;
    }
}

static void remove_each(struct search *search, const char *kind,
                        void (*remove)(struct search *search, struct snapshot_put *put)) {
    for (size_t i = 0; i < search->making.put->count; i++) {
        if (strcmp(search->making.put->puts[i].kind, kind) == 0) {
            remove(search, &search->making.put->puts[i]);
        }
    }
}

enum presence { PRESENT_NOT, PRESENT_TABLE, PRESENT };

/* Whether the tree has it, or at least its table. */
static enum presence presence_of(const struct search *search, const struct snapshot_put *put) {
    struct cJSON *parent;
    return snapshot_find_put(&search->making, put, &parent) ? PRESENT
           : table_of(search, put)                          ? PRESENT_TABLE
                                                            : PRESENT_NOT;
}

/* What no file names, where other names are found. */
static void remove_certain(struct search *search) {
    remove_each(search, "table", remove_table);
    if (has_all(search, SNAPSHOTS_COLUMN)) {
        remove_each(search, "column", remove_column);
        remove_each(search, SNAPSHOT_DEFAULT, remove_default);
        remove_each(search, SNAPSHOT_NOT_NULL, remove_not_null);
    }
    if (has_all(search, SNAPSHOTS_PART)) {
        remove_each(search, "index", remove_part);
        remove_each(search, "constraint", remove_part);
    }
    if (has_all(search, SNAPSHOTS_OF_KEY)) {
        remove_each(search, SNAPSHOT_KEY, remove_key);
    }
    remove_each(search, "enum", remove_enum);
}

static void remove_unsure(struct search *search) {
    search->is_unsure = true;
    remove_each(search, "column", remove_column);
    remove_each(search, "index", remove_part);
    remove_each(search, "constraint", remove_part);
    remove_each(search, SNAPSHOT_KEY, remove_key);
    remove_each(search, SNAPSHOT_DEFAULT, remove_default);
    remove_each(search, SNAPSHOT_NOT_NULL, remove_not_null);
}

/* Removes, and marks what is gone. Returns whether something is. */
static bool remove_with(struct search *search, void (*remove)(struct search *search)) {
    struct snapshot_puts *all = search->making.put;
    enum presence *before = arena_array(search->making.arena, enum presence, all->count);
    bool *was_undeclared = arena_array(search->making.arena, bool, all->count), is_any_gone = false;
    for (size_t i = 0; i < all->count; i++) {
        before[i] = presence_of(search, &all->puts[i]);
        was_undeclared[i] = all->puts[i].is_undeclared;
    }
    ask_parts(search);
    remove(search);
    for (size_t i = 0; i < all->count; i++) {
        struct snapshot_put *it = &all->puts[i];
        bool is_gone = presence_of(search, it) < before[i];
        is_any_gone = is_any_gone || is_gone || (it->is_undeclared && !was_undeclared[i]);
        it->is_undeclared = it->is_undeclared || (is_gone && !it->is_within);
        it->is_unsure = it->is_unsure || (search->is_unsure && it->is_undeclared && !was_undeclared[i]);
    }
    return is_any_gone;
}

bool snapshot_remove_undeclared(struct making *making, const struct snapshots_schema *schema) {
    struct snapshot_names left = {0};
    struct search search = {.making = *making, .schema = schema};
    search.making.left = &left;
    for (size_t i = 0; i < making->put->count; i++) {
        making->put->puts[i].is_undeclared = making->put->puts[i].is_unsure = false;
    }
    if (!has_all(&search, SNAPSHOTS_TABLE)) {
        return false;
    }
    bool is_removed = remove_with(&search, remove_certain);
    return remove_with(&search, remove_unsure) || is_removed;
}
