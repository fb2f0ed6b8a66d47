#include "synthesis/snapshot_changes.h"

#include <string.h>

#include "migfs/json/print.h"

bool snapshot_has_room(struct making *making) {
    size_t count = making->left->count + making->put->count + (making->changes ? making->changes->count : 0);
    return count < SNAPSHOT_BY_HAND ||
           snapshot_refuse(making, "hand-written SQL makes or changes more than %d objects", SNAPSHOT_BY_HAND);
}

struct cJSON *snapshot_copied(struct arena *arena, const struct cJSON *value) {
    struct cJSON *holder = json_object(arena);
    if (!value) {
        return NULL;
    }
    json_set_copy(holder, "it", value);
    return json_member(holder, "it");
}

static bool is_same_place(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "") == 0;
}

struct snapshot_change *snapshot_change_of(const struct making *making, enum snapshot_change_kind kind,
                                           const char *place, struct text key, struct text name) {
    for (size_t i = 0; making->changes && i < making->changes->count; i++) {
        struct snapshot_change *it = &making->changes->changes[i];
        if (it->kind == kind && is_same_place(it->place, place) && text_equal(it->key, key) &&
            text_equal(it->name, name)) {
            return it;
        }
    }
    return NULL;
}

bool snapshot_change_is_at(const struct snapshot_change *change, const char *place) {
    return strcmp(change->place, place) == 0;
}

void snapshot_change_forget(struct snapshot_change *change) {
    if (change) {
        change->key = TEXT("");
    }
}

static bool is_of_put(const struct making *making, const struct snapshot_change *change) {
    bool is_of_column = change->kind == SNAPSHOT_CHANGED_COLUMN || snapshot_change_is_at(change, "columns");
    for (size_t i = 0; i < making->put->count; i++) {
        const struct snapshot_put *it = &making->put->puts[i];
        bool is_whole = strcmp(it->kind, "table") == 0 || strcmp(it->kind, "enum") == 0;
        bool is_column = is_of_column && strcmp(it->kind, "column") == 0 && text_equal(it->name, change->name);
        if (text_equal(it->key, change->key) && (is_whole || is_column)) {
            return true;
        }
    }
    return false;
}

/* True if it is what it was. */
static bool is_nothing(const struct snapshot_change *change, struct text schema) {
    return change->kind == SNAPSHOT_CHANGED_NAME && text_equal(change->before, change->name) &&
           text_equal(change->schema_before, schema);
}

/* The schema in the key of a table or an enum, as names have it. */
static struct text schema_of(struct text key, struct text name) {
    bool has_one = key.length > name.length + 1 && text_ends(key, name.bytes);
    return has_one ? text_slice(key, 0, key.length - name.length - 1) : TEXT("");
}

void snapshot_change(struct making *making, struct snapshot_change change) {
    struct snapshot_changes *all = making->changes;
    if (!all) {
        return;
    }
    struct snapshot_change *it = snapshot_change_of(making, change.kind, change.place, change.key, change.name);
    if (making->is_kit) {
        snapshot_change_forget(it);
        return;
    }
    if (!it) {
        all->changes = arena_more(making->arena, all->changes, all->count, &all->capacity, sizeof *all->changes);
        it = &all->changes[all->count++];
        *it = change;
        it->is_of_put = is_of_put(making, it);
    }
    if (is_nothing(it, change.schema_before.length > 0 ? schema_of(it->key, it->name) : TEXT(""))) {
        snapshot_change_forget(it);
    }
}

/* ---- columns ---- */

static const char *const members[] = {"type", "default", "notNull", "identity", "generated"};

static bool has(const struct cJSON *column, const char *member) {
    return strcmp(member, "notNull") == 0 ? json_is_true(json_member(column, member))
                                          : json_member(column, member) != NULL;
}

static struct text shown(struct making *making, const struct cJSON *column, const char *member) {
    return has(column, member) ? json_stringify(making->arena, json_member(column, member)) : TEXT("");
}

void snapshot_change_column(struct making *making, const struct cJSON *table, const struct cJSON *before,
                            struct cJSON *column) {
    struct text key = text_of(json_key(table)), name = snapshot_text(column, "name");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *member = members[i];
        bool is_attribute = strcmp(member, "default") == 0 || strcmp(member, "notNull") == 0;
        if (text_equal(shown(making, before, member), shown(making, column, member))) {
            continue;
        }
        if (is_attribute && has(column, member)) { /* recorded as put in */
            struct snapshot_put *put = snapshot_put_of(making, SNAPSHOT_DEFAULT, key, name);
            if (put && strcmp(member, "default") == 0 && !put->previous) {
                put->previous = json_member(before, "default");
            }
            continue;
        }
        bool is_type = strcmp(member, "type") == 0;
        snapshot_change(making, (struct snapshot_change){
                                    .kind = SNAPSHOT_CHANGED_COLUMN,
                                    .place = member,
                                    .key = key,
                                    .table = snapshot_text(table, "name"),
                                    .name = name,
                                    .previous = is_type ? snapshot_copied(making->arena, before)
                                                        : snapshot_copied(making->arena, json_member(before, member)),
                                });
    }
}

/* ---- drops ---- */

static bool is_put(const struct making *making, const char *place, struct text key, struct text name) {
    const char *kind = strcmp(place, "tables") == 0    ? "table"
                       : strcmp(place, "columns") == 0 ? "column"
                       : strcmp(place, "enums") == 0   ? "enum"
                       : strcmp(place, "indexes") == 0 ? "index"
                                                       : "constraint";
    return snapshot_put_of(making, kind, key, name) != NULL;
}

void snapshot_change_drop(struct making *making, const struct cJSON *table, const char *place, const struct cJSON *it) {
    bool is_part = table && strcmp(place, "columns") != 0;
    struct text key = text_copy(making->arena, text_of(json_key(table ? table : it)));
    struct text name = text_copy(making->arena, snapshot_text(it, "name"));
    bool is_column = table && !is_part;
    struct snapshot_change *renamed = snapshot_change_of(making, SNAPSHOT_CHANGED_NAME, place, key, name);
    struct cJSON *previous = snapshot_copied(making->arena, it);
    if (is_put(making, place, key, name) || (renamed && !table)) {
        snapshot_change_forget(renamed);
        return; /* the snapshot before does not have it, at least not under this name */
    }
    if (renamed) { /* it has this part under the name before */
        name = renamed->before;
        json_set_text(previous, "name", name);
        snapshot_change_forget(renamed);
    }
    snapshot_change(making, (struct snapshot_change){
                                .kind = is_part ? SNAPSHOT_DROPPED_PART : SNAPSHOT_DROPPED,
                                .place = place,
                                .key = key,
                                .table = is_column ? snapshot_text(table, "name") : TEXT(""),
                                .name = name,
                                .previous = previous,
                            });
}

/* ---- names ---- */

void snapshot_changes_move(struct making *making, struct text key_before, struct text key, struct text name) {
    for (size_t i = 0; making->changes && i < making->changes->count; i++) {
        struct snapshot_change *it = &making->changes->changes[i];
        bool is_whole = it->kind == SNAPSHOT_CHANGED_SECURITY || it->kind == SNAPSHOT_DROPPED_KEY ||
                        strcmp(it->place, "tables") == 0 || strcmp(it->place, "enums") == 0 ||
                        strcmp(it->place, "sequences") == 0 || strcmp(it->place, "views") == 0 ||
                        strcmp(it->place, "roles") == 0 || strcmp(it->place, "schemas") == 0;
        if (text_equal(it->key, key_before)) {
            it->key = key;
            it->table = it->table.length > 0 ? name : it->table;
            it->name = is_whole ? name : it->name;
        }
    }
}

void snapshot_changes_rename(struct making *making, const char *place, struct text key, struct text before,
                             struct text name) {
    for (size_t i = 0; making->changes && i < making->changes->count; i++) {
        struct snapshot_change *it = &making->changes->changes[i];
        bool is_of_column = it->kind == SNAPSHOT_CHANGED_COLUMN && strcmp(place, "columns") == 0;
        if (text_equal(it->key, key) && text_equal(it->name, before) &&
            (is_of_column || (it->kind != SNAPSHOT_CHANGED_COLUMN && strcmp(it->place, place) == 0))) {
            it->name = name;
        }
    }
}

/* ---- printing ---- */

static const struct {
    const char *place, *noun;
} nouns[] = {
    {"type", "type of"},
    {"default", "default of"},
    {"notNull", "NOT NULL of"},
    {"identity", "identity of"},
    {"generated", "expression of"},
    {"tables", "table"},
    {"columns", "column"},
    {"enums", "enum"},
    {"values", "value"},
    {"indexes", "index"},
    {"policies", "policy"},
    {"sequences", "sequence"},
    {"views", "view"},
    {"roles", "role"},
    {"schemas", "schema"},
    {"keys", "primary key of"},
    {"isRLSEnabled", "row security of"},
};

void snapshot_change_print(struct buffer *list, const struct snapshot_change *change) {
    const char *noun = "constraint";
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
        noun = strcmp(change->place, nouns[i].place) == 0 ? nouns[i].noun : noun;
    }
    buffer_add_string(list, change->kind == SNAPSHOT_CHANGED_NAME ? "name of " : "");
    buffer_format(list, "%s ", noun);
    buffer_add_escaped(list, change->table);
    buffer_add_string(list, change->table.length > 0 ? "." : "");
    buffer_add_escaped(list, change->name);
}
