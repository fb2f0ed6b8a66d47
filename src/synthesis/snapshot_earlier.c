/* Works with the same records as what is left out of a snapshot because the schema lacks it. */
#include "synthesis/snapshot_earlier.h"

#include <string.h>

#include "migfs/json/print.h"
#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_finish.h"
#include "synthesis/snapshot_renames.h"
#include "synthesis/snapshot_statement.h"
#include "synthesis/snapshot_tables.h"

struct snapshot_earlier snapshot_earlier_none(struct arena *arena) {
    return (struct snapshot_earlier){.tree = json_object(arena), .members = snapshot_members(arena)};
}

struct making snapshot_earlier_making(struct snapshot_earlier *earlier, struct arena *arena) {
    struct cJSON *none = json_object(arena);
    return (struct making){.arena = arena,
                           .tree = earlier->tree,
                           .members = earlier->members,
                           .original = none,
                           .habits = none,
                           .left = &earlier->left,
                           .notes = BUFFER(arena),
                           .put = &earlier->put,
                           .changes = &earlier->changes};
}

void snapshot_earlier_apply(struct snapshot_earlier *earlier, struct arena *arena, const struct tokens *tokens) {
    struct making making = snapshot_earlier_making(earlier, arena);
    for (size_t i = 0; i < tokens->count && snapshot_has_room(&making); i++) {
        if (tokens->statements[i].count > 0) {
            snapshot_apply(&making, tokens->sql, &tokens->statements[i]);
        }
    }
    snapshot_finish(&making);
}

static bool is_key_of_column(const struct snapshot_put *put) {
    return strcmp(put->kind, SNAPSHOT_KEY) == 0 && put->column.length > 0;
}

/* What statements can change of it: of a primary key without a name, that it is there. */
static struct text text_shown(const struct making *making, const struct snapshot_put *put, const struct cJSON *it) {
    if (!it || (is_key_of_column(put) && !json_is_true(json_member(it, "primaryKey")))) {
        return TEXT("");
    }
    return is_key_of_column(put) ? put->column : json_stringify(making->arena, it);
}

static bool has_key(const struct cJSON *table) {
    bool has_one = json_first(json_member(table, "compositePrimaryKeys"));
    for (struct cJSON *it = json_first(json_member(table, "columns")); it && !has_one; it = json_following(it)) {
        has_one = json_is_true(json_member(it, "primaryKey"));
    }
    return has_one;
}

static void note(struct making *making, struct cJSON *table, const struct cJSON *to, struct cJSON *it) {
    if (to == snapshot_part(making, "enums")) {
        snapshot_note_enum(making, it);
    } else if (to == snapshot_part(making, "tables")) {
        snapshot_note_table(making, it);
    } else {
        snapshot_note(making, table, json_key(to), it);
    }
}

/* Returns whether the tree lacked it and has it now. */
static bool add(struct making *making, const struct snapshot_earlier *earlier, struct snapshot_put *put) {
    const struct making from = {.arena = making->arena, .tree = earlier->tree, .members = earlier->members};
    struct cJSON *parent, *to, *it = snapshot_find_put(&from, put, &parent),
                               *there = snapshot_find_put(making, put, &to);
    struct cJSON *table = snapshot_member(making->members, snapshot_part(making, "tables"), put->key.bytes);
    bool is_key = strcmp(put->kind, SNAPSHOT_KEY) == 0;
    bool is_attribute = strcmp(put->kind, SNAPSHOT_DEFAULT) == 0 || strcmp(put->kind, SNAPSHOT_NOT_NULL) == 0;
    if (!it || is_attribute || (is_key && table && has_key(table))) {
        return false;
    }
    if (is_key_of_column(put)) {
        put->is_not_null = json_is_true(json_member(there, "notNull"));
        json_set_bool(there, "primaryKey", true);
        put->text = text_shown(making, put, there);
        return there;
    }
    to = table && strcmp(put->kind, "table") != 0 && strcmp(put->kind, "enum") != 0
             ? json_member(table, json_key(parent))
             : to;
    if (there || !to) {
        return false;
    }
    snapshot_add_copy(making->members, to, json_key(it), it);
    note(making, table, to, snapshot_member(making->members, to, json_key(it)));
    put->text = text_shown(making, put, it);
    return true;
}

/* ---- what was changed ---- */

static struct cJSON *whole_of(struct snapshot_members *members, const struct cJSON *tree,
                              const struct snapshot_change *change) {
    bool is_of_enum = strcmp(change->place, "enums") == 0 || strcmp(change->place, "values") == 0;
    return snapshot_member(members, json_member(tree, is_of_enum ? "enums" : "tables"), change->key.bytes);
}

/* The object under its name before, if the tree does not have the one of now. */
static struct cJSON *whole_before(struct making *making, const struct snapshot_change *change) {
    struct sql_name before = {change->schema_before, change->before};
    struct cJSON *all = snapshot_part(making, change->place);
    return snapshot_member(making->members, all, change->key.bytes)
               ? NULL
               : snapshot_member(making->members, all, snapshot_key(making->arena, before).bytes);
}

/* Renames again. Returns whether the tree had the name before. */
static bool rename_again(struct making *making, const struct snapshot_earlier *earlier,
                         const struct snapshot_change *change) {
    const struct cJSON *now = whole_of(earlier->members, earlier->tree, change);
    struct text schema = text_copy(making->arena, snapshot_text(now, "schema"));
    bool is_table = strcmp(change->place, "tables") == 0;
    if (is_table || strcmp(change->place, "enums") == 0) {
        struct cJSON *it = whole_before(making, change);
        if (!now || !it) {
            return false;
        }
        if (!is_table) {
            snapshot_rename_enum(making, it, schema, change->name);
        }
        return !is_table || snapshot_rename_table(making, it, schema, change->name);
    }
    struct cJSON *table = whole_of(making->members, making->tree, change),
                 *it = snapshot_in(making, table, change->place, change->before);
    if (!it || snapshot_in(making, table, change->place, change->name) ||
        !snapshot_member(earlier->members, json_member(now, change->place), change->name.bytes)) {
        return false;
    }
    if (strcmp(change->place, "columns") == 0) {
        snapshot_rename_column(making, table, it, change->name);
    } else {
        snapshot_rename(making->members, json_member(table, change->place), it, change->name);
        json_set_text(it, "name", change->name);
        snapshot_note(making, table, change->place, it);
    }
    return true;
}

static bool has_value(struct snapshot_members *members, const struct cJSON *of, struct text value) {
    return snapshot_has_value(members, json_member(of, "values"), value);
}

/* Does again what an earlier file did and the tree has not. */
static bool change_again(struct making *making, const struct snapshot_earlier *earlier,
                         const struct snapshot_change *change) {
    struct cJSON *to = whole_of(making->members, making->tree, change), *it;
    const struct cJSON *from = whole_of(earlier->members, earlier->tree, change);
    switch (change->kind) {
    case SNAPSHOT_CHANGED_NAME:
        return rename_again(making, earlier, change);
    case SNAPSHOT_CHANGED_VALUE:
        if (!to || has_value(making->members, to, change->name) || !has_value(earlier->members, from, change->name)) {
            return false;
        }
        snapshot_add_value(making->members, json_member(to, "values"), NULL, change->name);
        return true;
    case SNAPSHOT_DROPPED_PART:
        it = snapshot_in(making, to, change->place, change->name);
        if (!it || !from || snapshot_member(earlier->members, json_member(from, change->place), change->name.bytes)) {
            return false;
        }
        snapshot_remove(making->members, json_member(to, change->place), it);
        return true;
    default:
        return false; /* no statement is refused for it */
    }
}

static void add_changes(struct making *making, const struct snapshot_earlier *earlier) {
    struct snapshot_changes *all = making->changes;
    for (size_t i = 0; i < earlier->changes.count; i++) {
        struct snapshot_change change = earlier->changes.changes[i];
        if (change.key.length > 0 && change_again(making, earlier, &change)) {
            change.is_earlier = true;
            all->changes = arena_more(making->arena, all->changes, all->count, &all->capacity, sizeof *all->changes);
            all->changes[all->count++] = change;
        }
    }
}

void snapshot_earlier_add(struct making *making, const struct snapshot_earlier *earlier) {
    add_changes(making, earlier);
    for (size_t i = 0; i < earlier->put.count; i++) {
        struct snapshot_put put = earlier->put.puts[i];
        if (add(making, earlier, &put)) {
            put.is_absent = put.is_within = true;
            struct snapshot_puts *all = making->put;
            all->puts = arena_more(making->arena, all->puts, all->count, &all->capacity, sizeof *all->puts);
            all->puts[all->count++] = put;
        }
    }
    for (size_t i = 0; i < earlier->left.count; i++) {
        snapshot_add_name(making->arena, making->left, earlier->left.names[i]);
    }
}

static void take_away(struct making *making, const struct snapshot_put *put) {
    struct cJSON *parent, *it = snapshot_find_put(making, put, &parent);
    if (!it) {
        return;
    }
    if (is_key_of_column(put)) {
        json_set_bool(it, "primaryKey", false);
        json_set_bool(it, "notNull", put->is_not_null);
    } else if (strcmp(put->kind, "table") == 0) {
        snapshot_remove_table(making, it);
    } else if (strcmp(put->kind, "column") == 0) {
        snapshot_drop_column(making, snapshot_member(making->members, snapshot_part(making, "tables"), put->key.bytes),
                             it);
    } else {
        snapshot_remove(making->members, parent, it);
    }
}

/* What an earlier file has dropped is like what never was: it may be made again. */
static void forget_dropped(struct snapshot_puts *all) {
    for (size_t i = 0; i < all->count; i++) {
        struct snapshot_put *put = &all->puts[i];
        if (put->is_absent && put->text.length == 0) {
            put->is_absent = put->is_changed = false;
        }
    }
}

/* True if the schema certainly declares it, as when it was added there since: a column, or a table
 * with all its columns. */
static bool is_declared(struct making *making, const struct snapshots_schema *schema, const struct snapshot_put *put) {
    size_t most;
    const struct cJSON *table = snapshot_member(making->members, snapshot_part(making, "tables"), put->key.bytes);
    struct text of = snapshot_text(table, "name");
    if (!schema || !table || (strcmp(put->kind, "table") != 0 && strcmp(put->kind, "column") != 0)) {
        return false;
    }
    if (strcmp(put->kind, "column") == 0) {
        return schema->has(schema->context, of, put->name, SNAPSHOTS_WHOLE, &most) == SNAPSHOTS_DECLARED;
    }
    bool is_whole = schema->has(schema->context, of, TEXT(""), SNAPSHOTS_WHOLE, &most) == SNAPSHOTS_DECLARED;
    for (struct cJSON *it = json_first(json_member(table, "columns")); it && is_whole; it = json_following(it)) {
        is_whole =
            schema->has(schema->context, of, text_of(json_key(it)), SNAPSHOTS_WHOLE, &most) == SNAPSHOTS_DECLARED;
    }
    return is_whole;
}

bool snapshot_earlier_remove(struct making *making, const struct snapshots_schema *schema) {
    struct snapshot_puts *all = making->put;
    forget_dropped(all);
    for (size_t i = 0; i < all->count; i++) {
        struct snapshot_put *put = &all->puts[i];
        if (put->is_absent && is_declared(making, schema, put)) {
            put->is_absent = put->is_changed = put->is_within = false;
        }
    }
    bool *was_there = arena_array(making->arena, bool, all->count), is_removed = false;
    struct cJSON *parent;
    for (size_t i = 0; i < all->count; i++) {
        struct snapshot_put *put = &all->puts[i];
        struct cJSON *it = snapshot_find_put(making, put, &parent);
        was_there[i] = it;
        if (put->is_absent) {
            struct text now = text_shown(making, put, it);
            put->is_changed = !text_equal(now, put->text);
            put->text = now;
        }
    }
    for (size_t i = 0; i < all->count; i++) {
        if (all->puts[i].is_absent) {
            take_away(making, &all->puts[i]);
            is_removed = true;
        }
    }
    /* What the file has added to what is absent needs no line of its own. */
    for (size_t i = 0; i < all->count; i++) {
        bool is_gone = was_there[i] && !snapshot_find_put(making, &all->puts[i], &parent);
        all->puts[i].is_within = all->puts[i].is_within || is_gone;
    }
    return is_removed;
}
