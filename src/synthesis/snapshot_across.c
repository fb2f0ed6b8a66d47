/* What is found may be gone, or have another name since: it is looked at when it is asked for, and
 * forgotten then. */
#include "synthesis/snapshot_across.h"

#include <string.h>

enum by {
    BY_NAME,
    BY_TARGET,
    BY_TYPE,
    BY_SCHEMA,
    GENERATED, /* of a table */
    IS_INDEXED,
    LISTED, /* where an item is listed by its name; by its target, … */
};

struct key {
    const struct cJSON *all; /* tables, or enums; or one table */
    enum by by;
    struct text name;
};

static struct snapshot_found **list_of(const struct making *making, const struct key *key) {
    return snapshot_members_at(making->members, key->all, (int)key->by, key->name);
}

static struct snapshot_found *put(const struct making *making, const struct key *key,
                                  const struct snapshot_found *found) {
    struct snapshot_found **list = list_of(making, key), *made = arena_new(making->arena, struct snapshot_found);
    *made = *found;
    made->next = *list;
    return *list = made;
}

/* An item is found under one name, target, … at a time. */
static void list(const struct making *making, const struct key *key, const struct snapshot_found *found) {
    struct snapshot_found **listed = snapshot_members_at(making->members, found->item, LISTED + (int)key->by, TEXT(""));
    if (*listed) {
        (*listed)->item = NULL;
    }
    *listed = put(making, key, found);
}

/* ---- How it is found ---- */

/* Types of arrays have brackets behind. */
static struct text without_brackets(struct text type) {
    size_t end;
    return text_find(type, "[", &end) ? text_slice(type, 0, end) : type;
}

static bool is_relation(const char *place) {
    return strcmp(place, "indexes") == 0 || strcmp(place, "uniqueConstraints") == 0 ||
           strcmp(place, "compositePrimaryKeys") == 0;
}

/* False: not at all. */
static bool key_of_part(const struct cJSON *tables, const char *place, const struct cJSON *item, struct key *ret_key) {
    *ret_key = (struct key){.all = tables, .by = BY_NAME};
    if (is_relation(place)) {
        ret_key->name = text_of(json_key(item));
    } else if (strcmp(place, "foreignKeys") == 0) {
        ret_key->by = BY_TARGET;
        ret_key->name = snapshot_text(item, "tableTo");
    } else if (strcmp(place, "columns") == 0 && json_member(item, "typeSchema")) {
        ret_key->by = BY_TYPE;
        ret_key->name = without_brackets(snapshot_text(item, "type"));
    } else {
        return false;
    }
    return true;
}

static void list_part(const struct making *making, const struct cJSON *tables, struct cJSON *table, const char *place,
                      struct cJSON *item) {
    struct key key;
    if (key_of_part(tables, place, item, &key)) {
        list(making, &key, &(struct snapshot_found){.whole = table, .place = place, .item = item});
    }
}

static void list_name(const struct making *making, const struct cJSON *tables, struct cJSON *table) {
    const struct snapshot_found found = {.whole = table, .item = table};
    list(making, &(struct key){tables, BY_NAME, snapshot_text(table, "name")}, &found);
    list(making, &(struct key){tables, BY_SCHEMA, snapshot_text(table, "schema")}, &found);
}

static void list_table(const struct making *making, const struct cJSON *tables, struct cJSON *table) {
    static const char *const places[] = {"indexes", "uniqueConstraints", "compositePrimaryKeys", "foreignKeys",
                                         "columns"};
    list_name(making, tables, table);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (struct cJSON *it = json_first(json_member(table, places[i])); it; it = json_following(it)) {
            list_part(making, tables, table, places[i], it);
        }
    }
}

static void list_enum(const struct making *making, const struct cJSON *enums, struct cJSON *it) {
    list(making, &(struct key){enums, BY_NAME, snapshot_text(it, "name")},
         &(struct snapshot_found){.whole = it, .item = it});
}

/* ---- What is indexed when it is first asked for ---- */

typedef void list_whole(const struct making *making, const struct cJSON *all, struct cJSON *whole);

static bool is_indexed(const struct making *making, const struct cJSON *all) {
    return *list_of(making, &(struct key){all, IS_INDEXED, TEXT("")});
}

static const struct cJSON *indexed(const struct making *making, const char *part, list_whole *list_one) {
    const struct cJSON *all = snapshot_part(making, part);
    if (!is_indexed(making, all)) {
        for (struct cJSON *it = json_first(all); it; it = json_following(it)) {
            list_one(making, all, it);
        }
        put(making, &(struct key){all, IS_INDEXED, TEXT("")}, &(struct snapshot_found){0});
    }
    return all;
}

static void list_generated(const struct making *making, struct cJSON *table, struct cJSON *column) {
    if (json_member(column, "generated")) {
        list(making, &(struct key){table, GENERATED, TEXT("")},
             &(struct snapshot_found){.whole = table, .place = "columns", .item = column});
    }
}

void snapshot_note(const struct making *making, struct cJSON *table, const char *place, struct cJSON *item) {
    const struct cJSON *tables = snapshot_part(making, "tables");
    if (is_indexed(making, tables)) {
        list_part(making, tables, table, place, item);
    }
    if (strcmp(place, "columns") == 0 && is_indexed(making, table)) {
        list_generated(making, table, item);
    }
}

void snapshot_note_table(const struct making *making, struct cJSON *table) {
    const struct cJSON *tables = snapshot_part(making, "tables");
    if (is_indexed(making, tables)) {
        list_table(making, tables, table);
    }
}

void snapshot_note_name(const struct making *making, struct cJSON *table) {
    const struct cJSON *tables = snapshot_part(making, "tables");
    if (is_indexed(making, tables)) {
        list_name(making, tables, table);
    }
}

void snapshot_note_enum(const struct making *making, struct cJSON *it) {
    const struct cJSON *enums = snapshot_part(making, "enums");
    if (is_indexed(making, enums)) {
        list_enum(making, enums, it);
    }
}

/* ---- Finding ---- */

static bool is_there(const struct making *making, const struct key *key, const struct snapshot_found *found) {
    struct key now;
    if (!found->item || (key->by != GENERATED && !snapshot_is_member(making->members, key->all, found->whole))) {
        return false;
    }
    if (!found->place) {
        return text_equal(key->name, snapshot_text(found->whole, key->by == BY_SCHEMA ? "schema" : "name"));
    }
    if (key->by == GENERATED) {
        return snapshot_is_member(making->members, json_member(found->whole, found->place), found->item);
    }
    return snapshot_is_member(making->members, json_member(found->whole, found->place), found->item) &&
           key_of_part(key->all, found->place, found->item, &now) && now.by == key->by &&
           text_equal(now.name, key->name);
}

static const struct snapshot_found *find_all(const struct making *making, const struct cJSON *all, enum by by,
                                             struct text name) {
    const struct key key = {all, by, name};
    struct snapshot_found **first = list_of(making, &key), **link = first;
    while (*link) {
        if (is_there(making, &key, *link)) {
            link = &(*link)->next;
        } else {
            *link = (*link)->next;
        }
    }
    return *first;
}

const struct snapshot_found *snapshot_relations(const struct making *making, struct text name) {
    return find_all(making, indexed(making, "tables", list_table), BY_NAME, name);
}

const struct snapshot_found *snapshot_references(const struct making *making, struct text name) {
    return find_all(making, indexed(making, "tables", list_table), BY_TARGET, name);
}

const struct snapshot_found *snapshot_columns_of(const struct making *making, struct text type) {
    return find_all(making, indexed(making, "tables", list_table), BY_TYPE, without_brackets(type));
}

const struct snapshot_found *snapshot_tables_in(const struct making *making, struct text schema) {
    return find_all(making, indexed(making, "tables", list_table), BY_SCHEMA, schema);
}

const struct snapshot_found *snapshot_generated(const struct making *making, struct cJSON *table) {
    if (!is_indexed(making, table)) {
        for (struct cJSON *it = json_first(json_member(table, "columns")); it; it = json_following(it)) {
            list_generated(making, table, it);
        }
        put(making, &(struct key){table, IS_INDEXED, TEXT("")}, &(struct snapshot_found){0});
    }
    return find_all(making, table, GENERATED, TEXT(""));
}

static struct cJSON *find_whole(const struct making *making, const char *part, struct sql_name name,
                                list_whole *list_one) {
    struct cJSON *found =
        snapshot_member(making->members, snapshot_part(making, part), snapshot_key(making->arena, name).bytes);
    if (found || name.schema.length > 0) {
        return found;
    }
    size_t count = 0;
    const struct snapshot_found *it = find_all(making, indexed(making, part, list_one), BY_NAME, name.name);
    for (; it; it = it->next) {
        if (!it->place) {
            found = it->item;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

struct cJSON *snapshot_table(const struct making *making, struct sql_name name) {
    return find_whole(making, "tables", name, list_table);
}

struct cJSON *snapshot_enum(const struct making *making, struct sql_name name) {
    return find_whole(making, "enums", name, list_enum);
}
