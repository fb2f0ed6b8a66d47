/* The schema files are searched for names, not executed. Whether the search is reliable is measured
 * on the rest of the snapshot: each of its tables must be found, else no missing name means
 * anything. The same goes for columns, and for indexes and constraints. */

#include "synthesis/snapshot_undeclared.h"

#include <string.h>

#include "migfs/json/print.h"

#include "synthesis/snapshot_renames.h"
#include "synthesis/snapshot_search.h"
#include "synthesis/snapshot_tables.h"
#include "synthesis/snapshot_unchanged.h"
#include "synthesis/snapshot_unchanged_names.h"
#include "synthesis/snapshot_views.h"

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
static bool is_put(const struct snapshot_search *search, const struct cJSON *table, struct text name,
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
static bool has_members(const struct snapshot_search *search, const struct cJSON *table, const char *part,
                        const char *derived, enum snapshots_named kind) {
    for (struct cJSON *it = json_first(json_member(table, part)); it; it = json_following(it)) {
        struct text name = text_of(json_key(it));
        bool is_there = kind == SNAPSHOTS_COLUMN ? snapshot_search_column(search, table, name, kind) != SNAPSHOTS_ABSENT
                                                 : snapshot_search_may_have(search, name, kind);
        if (!is_there && !text_ends(name, derived) && !is_put(search, table, name, kind)) {
            return false;
        }
    }
    return true;
}

/* True if the schema may declare parts with derived names where the table has such. */
static bool has_derived(const struct snapshot_search *search, const struct cJSON *table,
                        const struct snapshot_part_kind *part) {
    for (struct cJSON *it = json_first(json_member(table, part->key)); it; it = json_following(it)) {
        struct text name = text_of(json_key(it));
        if (snapshot_search_is_derived(search, part, name) && !is_put(search, table, name, SNAPSHOTS_PART)) {
            return snapshot_search_may_have(search, snapshot_text(table, "name"), part->of);
        }
    }
    return true;
}

static bool has_parts(const struct snapshot_search *search, const struct cJSON *table) {
    bool has = true;
    for (size_t i = 0; i < SNAPSHOT_PART_KINDS && has; i++) {
        has = has_members(search, table, snapshot_part_kinds[i].key, snapshot_part_kinds[i].derived, SNAPSHOTS_PART) &&
              has_derived(search, table, &snapshot_part_kinds[i]);
    }
    return has;
}

/* True if the schema may declare a primary key where the table has one that hand-written SQL has not
 * made. */
static bool has_key(const struct snapshot_search *search, const struct cJSON *table) {
    bool has_one = json_first(json_member(table, "compositePrimaryKeys"));
    for (struct cJSON *it = json_first(json_member(table, "columns")); it && !has_one; it = json_following(it)) {
        has_one = json_is_true(json_member(it, "primaryKey"));
    }
    return !has_one || is_put(search, table, TEXT(""), SNAPSHOTS_OF_KEY) ||
           snapshot_search_may_have(search, snapshot_text(table, "name"), SNAPSHOTS_OF_KEY);
}

static bool has_of(const struct snapshot_search *search, const struct cJSON *table, enum snapshots_named kind) {
    switch (kind) {
    case SNAPSHOTS_TABLE:
        return snapshot_search_may_have(search, snapshot_text(table, "name"), kind);
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
static bool has_all(const struct snapshot_search *search, enum snapshots_named kind) {
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

static struct cJSON *table_of(const struct snapshot_search *search, const struct snapshot_put *put) {
    return snapshot_member(search->making.members, snapshot_part(&search->making, "tables"), put->key.bytes);
}

/* True if it is to be removed from its table. What is not certain is left in a table that
 * hand-written SQL has made: that was made as a whole. */
static bool is_removed(const struct snapshot_search *search, const struct cJSON *table,
                       enum snapshots_declared declared) {
    return search->is_unsure ? declared != SNAPSHOTS_DECLARED && !is_put(search, table, TEXT(""), SNAPSHOTS_TABLE)
                             : declared == SNAPSHOTS_ABSENT;
}

static void remove_table(struct snapshot_search *search, struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put);
    if (table && !snapshot_search_may_have(search, put->name, SNAPSHOTS_TABLE)) {
        snapshot_remove_table(&search->making, table);
        put->is_undeclared = true;
    }
}

static void remove_column(struct snapshot_search *search, struct snapshot_put *put) {
    struct cJSON *table = table_of(search, put),
                 *column = table ? snapshot_in(&search->making, table, "columns", put->name) : NULL;
    if (column && is_removed(search, table, snapshot_search_column(search, table, put->name, SNAPSHOTS_COLUMN))) {
        snapshot_drop_column(&search->making, table, column);
        put->is_undeclared = true;
    }
}

static void remove_part(struct snapshot_search *search, struct snapshot_put *put) {
    const struct snapshot_part_kind *part;
    struct cJSON *table = table_of(search, put), *it = snapshot_search_find_part(search, table, put->name, &part);
    if (it && is_removed(search, table, search->parts[put - search->making.put->puts])) {
        snapshot_remove(search->making.members, json_member(table, part->key), it);
        put->is_undeclared = true;
    }
}

static void ask_parts(struct snapshot_search *search) {
    const struct snapshot_puts *all = search->making.put;
    search->parts = arena_array(search->making.arena, enum snapshots_declared, all->count);
    for (size_t i = 0; i < all->count; i++) {
        const struct snapshot_part_kind *part;
        const struct cJSON *table = table_of(search, &all->puts[i]);
        search->parts[i] = snapshot_search_find_part(search, table, all->puts[i].name, &part)
                               ? snapshot_search_part(search, table, part, all->puts[i].name)
                               : SNAPSHOTS_DECLARED;
    }
}

/* A table can have no second key, so what counts is not its name, but that the schema declares
 * none. */
static void remove_key(struct snapshot_search *search, struct snapshot_put *put) {
    struct cJSON *parent, *it = snapshot_find_put(&search->making, put, &parent);
    if (!it || !is_removed(search, table_of(search, put), snapshot_search_ask(search, put->name, SNAPSHOTS_OF_KEY))) {
        return;
    }
    if (put->column.length == 0) {
        snapshot_remove(search->making.members, parent, it);
    } else {
        json_set_bool(it, "primaryKey", false);
        json_set_bool(it, "notNull", put->is_not_null);
    }
    put->is_undeclared = true;
}

/* Whether the schema gives the column this default. */
static enum snapshots_declared ask_value(const struct snapshot_search *search, const struct cJSON *table,
                                         struct text column, const struct cJSON *value) {
    struct text text = json_chars(value) ? text_of(json_chars(value)) : json_stringify(search->making.arena, value);
    return search->schema->says(search->schema->context, snapshot_text(table, "name"), column, SNAPSHOTS_OF_DEFAULT,
                                text);
}

/* Gives the column back what it had before. What it may have been declared with stays with a column
 * that hand-written SQL has made. */
static void remove_attribute(struct snapshot_search *search, struct snapshot_put *put, enum snapshots_named kind) {
    struct cJSON *column, *it = snapshot_find_put(&search->making, put, &column), *table = table_of(search, put);
    bool is_key = kind == SNAPSHOTS_OF_NOT_NULL && json_is_true(json_member(column, "primaryKey"));
    if (!it || is_key || put->is_undeclared || (search->is_unsure && put->is_within && !put->previous)) {
        return;
    }
    enum snapshots_declared declared = snapshot_search_column(search, table, put->name, kind);
    if (declared == SNAPSHOTS_DECLARED && put->previous) {
        declared = ask_value(search, table, put->name, it);
        put->is_other = declared == SNAPSHOTS_ABSENT;
    }
    if (!is_removed(search, table, declared)) {
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

static void remove_default(struct snapshot_search *search, struct snapshot_put *put) {
    remove_attribute(search, put, SNAPSHOTS_OF_DEFAULT);
}

static void remove_not_null(struct snapshot_search *search, struct snapshot_put *put) {
    remove_attribute(search, put, SNAPSHOTS_OF_NOT_NULL);
}

/* True if a column that is left has the type, or may have it. */
static bool is_used(const struct snapshot_search *search, struct text type) {
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

static void remove_enum(struct snapshot_search *search, struct snapshot_put *put) {
    struct cJSON *enums = snapshot_part(&search->making, "enums"),
                 *it = snapshot_member(search->making.members, enums, put->key.bytes);
    if (it && !snapshot_search_may_have(search, put->name, SNAPSHOTS_TABLE) && !is_used(search, put->name)) {
        snapshot_remove(search->making.members, enums, it);
        put->is_undeclared = true;
    }
}

static void remove_each(struct snapshot_search *search, const char *kind,
                        void (*remove)(struct snapshot_search *search, struct snapshot_put *put)) {
    for (size_t i = 0; i < search->making.put->count; i++) {
        if (strcmp(search->making.put->puts[i].kind, kind) == 0) {
            remove(search, &search->making.put->puts[i]);
        }
    }
}

enum presence { PRESENT_NOT, PRESENT_TABLE, PRESENT };

/* Whether the tree has it, or at least its table. */
static enum presence presence_of(const struct snapshot_search *search, const struct snapshot_put *put) {
    struct cJSON *parent;
    return snapshot_find_put(&search->making, put, &parent) ? PRESENT
           : table_of(search, put)                          ? PRESENT_TABLE
                                                            : PRESENT_NOT;
}

/* What no file names, where other names are found. */
static void remove_certain(struct snapshot_search *search) {
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

static void remove_unsure(struct snapshot_search *search) {
    search->is_unsure = true;
    remove_each(search, "column", remove_column);
    remove_each(search, "index", remove_part);
    remove_each(search, "constraint", remove_part);
    remove_each(search, SNAPSHOT_KEY, remove_key);
    remove_each(search, SNAPSHOT_DEFAULT, remove_default);
    remove_each(search, SNAPSHOT_NOT_NULL, remove_not_null);
}

/* Removes, and marks what is gone. Returns whether something is. */
static bool remove_with(struct snapshot_search *search, void (*remove)(struct snapshot_search *search)) {
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

static struct snapshot_puts copy_puts(struct arena *arena, const struct snapshot_puts *all) {
    struct snapshot_puts copy = {arena_array(arena, struct snapshot_put, all->count), all->count, all->count};
    for (size_t i = 0; i < all->count; i++) {
        copy.puts[i] = all->puts[i];
        copy.puts[i].is_undeclared = copy.puts[i].is_unsure = copy.puts[i].is_other = false;
    }
    return copy;
}

static struct snapshot_changes copy_changes(struct arena *arena, const struct snapshot_changes *all) {
    struct snapshot_changes copy = {arena_array(arena, struct snapshot_change, all->count), all->count, all->count};
    for (size_t i = 0; i < all->count; i++) {
        copy.changes[i] = all->changes[i];
        copy.changes[i].is_undone = copy.changes[i].is_unsure = copy.changes[i].is_again = false;
    }
    return copy;
}

/* What was found is kept under the names that the next statements use. */
static void keep_marks(struct making *making, const struct making *copy, bool is_judged) {
    for (size_t i = 0; i < making->put->count; i++) {
        making->put->puts[i].is_undeclared = copy->put->puts[i].is_undeclared;
        making->put->puts[i].is_unsure = copy->put->puts[i].is_unsure;
        making->put->puts[i].is_other = copy->put->puts[i].is_other;
    }
    for (size_t i = 0; i < making->changes->count; i++) {
        making->changes->changes[i].is_judged = is_judged;
        making->changes->changes[i].is_undone = copy->changes->changes[i].is_undone;
        making->changes->changes[i].is_unsure = copy->changes->changes[i].is_unsure;
        making->changes->changes[i].is_again = copy->changes->changes[i].is_again;
    }
}

static bool has_names(const struct snapshot_changes *changes) {
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->changes[i].kind == SNAPSHOT_CHANGED_NAME && changes->changes[i].key.length > 0) {
            return true;
        }
    }
    return false;
}

bool snapshot_remove_undeclared(struct making *making, const struct snapshots_schema *schema) {
    struct snapshot_names left = {0};
    struct snapshot_puts puts = copy_puts(making->arena, making->put);
    struct snapshot_changes changes = copy_changes(making->arena, making->changes);
    struct snapshot_search search = {.making = *making, .schema = schema};
    search.making.put = &puts;
    search.making.changes = &changes;
    search.making.is_kit = true; /* what is undone is not recorded */
    if (has_names(&changes)) {   /* the names of now stay if no table is found */
        search.making.tree = snapshot_copied(making->arena, making->tree);
    }
    bool is_changed = snapshot_unchanged_names(&search);
    if (!has_all(&search, SNAPSHOTS_TABLE)) {
        puts = copy_puts(making->arena, making->put);
        changes = copy_changes(making->arena, making->changes);
        keep_marks(making, &search.making, false);
        return false;
    }
    is_changed = snapshot_unchanged(&search) || is_changed;
    search.making.left = &left;
    is_changed = remove_with(&search, remove_certain) || is_changed;
    is_changed = remove_with(&search, remove_unsure) || is_changed;
    if (is_changed) {
        snapshot_finish_views(&search.making);
    }
    keep_marks(making, &search.making, true);
    making->tree = search.making.tree;
    return is_changed;
}
