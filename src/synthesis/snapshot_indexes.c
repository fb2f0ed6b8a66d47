/* CREATE, ALTER and DROP INDEX. */
#include "synthesis/snapshot_indexes.h"

#include <string.h>

#include "migfs/schema/object_name.h"
#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_constraints.h"

/* ---- The elements of an index ---- */

struct element {
    struct text expression, opclass;
    bool is_expression, is_down;
    const char *nulls; /* NULL: not given */
};

static const char *take_nulls(struct sql_reader *part) {
    return sql_take(part, "nulls first") ? "first" : sql_take(part, "nulls last") ? "last" : NULL;
}

/* Reads a column with operator class and order; false for anything else. */
static bool read_column(struct sql_reader *part, struct element *ret_element) {
    struct element element = {.opclass = TEXT("")};
    if (!sql_take_name(part, &element.expression) || sql_is_sign(part, '(') || sql_is_sign(part, '.')) {
        return false;
    }
    if (!sql_at_end(part) && !sql_is(part, "asc") && !sql_is(part, "desc") && !sql_is(part, "nulls")) {
        struct sql_name opclass;
        size_t from = part->at;
        if (!sql_take_qualified(part, &opclass)) {
            return false;
        }
        element.opclass = sql_slice(part, from, part->at);
    }
    element.is_down = sql_take(part, "desc");
    sql_take(part, "asc");
    element.nulls = take_nulls(part);
    if (!sql_at_end(part)) {
        return false;
    }
    *ret_element = element;
    return true;
}

/* drizzle-kit writes `"c"`, `"c" some_ops`, or the order with its NULLS; anything else is an
 * expression from the schema. */
static bool is_kit_column(const struct sql_reader *part, const struct element *element) {
    size_t last = part->count - 1;
    return part->tokens[part->at].kind == TOKEN_QUOTED &&
           (part->at == last || element->opclass.length > 0 || element->nulls != NULL);
}

static void read_expression(struct sql_reader *part, struct element *ret_element) {
    size_t from = part->at, to = part->count;
    struct sql_reader end = *part;
    end.at = to >= from + 2 ? to - 2 : to;
    ret_element->nulls = take_nulls(&end);
    to -= ret_element->nulls ? 2 : 0;
    end.at = to - 1;
    ret_element->is_down = to > from + 1 && sql_is(&end, "desc");
    to -= to > from + 1 && (ret_element->is_down || sql_is(&end, "asc"));
    ret_element->expression = sql_slice(part, from, to);
    ret_element->is_expression = true;
    ret_element->opclass = TEXT("");
}

static void add_index_element(struct making *making, struct cJSON *columns, struct sql_reader *part) {
    struct element element = {.opclass = TEXT("")};
    struct sql_reader start = *part;
    bool is_column = read_column(part, &element);
    *part = start;
    if (making->is_kit && !(is_column && is_kit_column(part, &element))) {
        element = (struct element){
            .expression = sql_slice(part, part->at, part->count), .is_expression = true, .opclass = TEXT("")};
    } else if (!is_column) {
        read_expression(part, &element);
    }
    struct cJSON *made = json_add_object(columns, NULL);
    json_add_text(made, "expression", element.expression);
    json_add_bool(made, "isExpression", element.is_expression);
    json_add_bool(made, "asc", !element.is_down);
    json_add_literal(made, "nulls", element.nulls ? element.nulls : element.is_down ? "first" : "last");
    if (element.opclass.length > 0) {
        json_add_text(made, "opclass", element.opclass);
    }
}

/* ---- CREATE INDEX ---- */

/* What the indexes of the folder's snapshot show of habits. */
static const struct snapshot_index_habits *index_habits(struct making *making) {
    struct snapshot_index_habits *habits = &making->index_habits;
    const struct cJSON *table, *index;
    if (habits->is_read) {
        return habits;
    }
    for (table = json_first(json_member(making->habits, "tables")); table; table = json_following(table)) {
        for (index = json_first(json_member(table, "indexes")); index; index = json_following(index)) {
            habits->has_concurrent = habits->has_concurrent || json_is_true(json_member(index, "concurrently"));
            habits->has_number = habits->has_number || json_is_number(json_first(json_member(index, "with")));
        }
    }
    habits->is_read = true;
    return habits;
}

static void add_with(struct making *making, struct cJSON *index, struct sql_reader *sql) {
    struct cJSON *with = json_add_object(index, "with");
    struct sql_reader list, part;
    struct text key;
    if (!sql_take(sql, "with") || !sql_take_group(sql, &list, NULL)) {
        return;
    }
    while (sql_next_part(&list, &part)) {
        if (!sql_take_name(&part, &key)) {
            continue;
        }
        sql_take_sign(&part, '=');
        struct text value = sql_slice(&part, part.at, part.count);
        if (index_habits(making)->has_number) {
            json_add_double(with, key.bytes, json_number(text_copy(making->arena, value)));
        } else {
            json_add_text(with, key.bytes, value);
        }
    }
}

static bool read_index(struct making *making, struct cJSON *index, struct sql_reader *sql, bool is_unique,
                       bool is_concurrently) {
    struct text method = TEXT("btree");
    struct sql_reader list, part;
    if (sql_take(sql, "using") && !sql_take_name(sql, &method)) {
        return snapshot_refuse(making, "its method cannot be read");
    }
    if (!sql_take_group(sql, &list, NULL)) {
        return snapshot_refuse(making, "its columns cannot be read");
    }
    struct cJSON *columns = json_add_array(index, "columns");
    while (sql_next_part(&list, &part)) {
        add_index_element(making, columns, &part);
    }
    json_add_bool(index, "isUnique", is_unique);
    if (sql_take(sql, "include")) {
        sql_skip(sql);
    }
    sql_take(sql, "nulls not distinct");
    sql_take(sql, "nulls distinct");
    struct cJSON *options = json_object(making->arena);
    add_with(making, options, sql);
    if (sql_take(sql, "tablespace")) {
        sql_skip(sql);
    }
    if (sql_take(sql, "where")) {
        json_add_text(index, "where", sql_slice(sql, sql->at, sql->count));
    }
    json_add_bool(index, "concurrently", is_concurrently && index_habits(making)->has_concurrent);
    json_add_text(index, "method", method);
    json_set_copy(index, "with", json_member(options, "with"));
    return true;
}

/* ---- The name of an index without one ---- */

/* True if a table of the schema, an index of it or that of a constraint has the name. */
static bool is_taken(const struct making *making, struct text schema, struct text name) {
    const struct snapshot_found *it = making ? snapshot_relations(making, name) : NULL;
    while (it && !text_equal(snapshot_text(it->whole, "schema"), schema)) {
        it = it->next;
    }
    return it;
}

/* What the index is of, as PostgreSQL writes it into the name; "" where the parser has not said. */
static struct text parts_of_index(const struct making *making, uint32_t on) {
    const struct token_index *index = NULL;
    struct buffer joined = BUFFER(making->arena);
    for (size_t i = 0; i < making->index_count; i++) {
        index = making->indexes[i].on == on ? &making->indexes[i] : index;
    }
    for (size_t i = 0; index && i < index->count; i++) {
        buffer_add_string(&joined, i > 0 ? "_" : "");
        buffer_add(&joined, index->parts[i]);
    }
    return buffer_text(&joined);
}

/* The name that PostgreSQL gives to it (ChooseIndexName() of PostgreSQL 15). What is left out of the
 * snapshot is in the way, too. */
static bool choose_name(struct making *making, const struct cJSON *table, uint32_t on, struct text *ret_name) {
    enum { MOST = 100 }; /* of one name */
    struct arena *arena = making->arena;
    struct text middle = parts_of_index(making, on), label = TEXT("idx"), of = snapshot_text(table, "name");
    if (middle.length == 0) {
        return snapshot_refuse(making, "its index has no name, and PostgreSQL's choice is not known");
    }
    struct text schema = snapshot_text(table, "schema");
    for (int number = 1; number <= MOST; number++) {
        *ret_name = object_name(arena, of, middle, label);
        if (!is_taken(making, schema, *ret_name) && !is_taken(making->history, schema, *ret_name)) {
            return true;
        }
        label = text_format(arena, "idx%d", number);
    }
    return snapshot_refuse(making, "its index has no name, and %d have the one that PostgreSQL would give it", MOST);
}

bool snapshot_create_index(struct making *making, struct sql_reader *sql, bool is_unique) {
    bool is_concurrently = sql_take(sql, "concurrently");
    bool is_guarded = sql_take(sql, "if not exists") || making->is_tolerant;
    struct sql_name table_name;
    struct text name = TEXT("");
    if (!sql_is(sql, "on")) {
        sql_take_name(sql, &name);
    }
    uint32_t on = sql_at_end(sql) ? 0 : sql->tokens[sql->at].start;
    if (!sql_take(sql, "on")) {
        return snapshot_refuse(making, "its table cannot be read");
    }
    sql_take(sql, "only");
    if (!sql_take_qualified(sql, &table_name)) {
        return snapshot_refuse(making, "its table cannot be read");
    }
    struct cJSON *table = snapshot_table(making, table_name);
    if (!table) {
        return snapshot_is_left(making, table_name.name) ||
               snapshot_member(making->members, snapshot_part(making, "views"),
                               snapshot_key(making->arena, table_name).bytes) != NULL ||
               snapshot_refuse(making, "table \"%s\" is not in the snapshot before", table_name.name.bytes);
    }
    if (name.length == 0 && !choose_name(making, table, on, &name)) {
        return false;
    }
    struct cJSON *indexes = json_member(table, "indexes");
    if (snapshot_member(making->members, indexes, name.bytes)) {
        return is_guarded || snapshot_refuse(making, "index \"%s\" is already in the snapshot before", name.bytes);
    }
    struct cJSON *index = snapshot_add(making->members, indexes, name.bytes);
    snapshot_note(making, table, "indexes", index);
    snapshot_put(making, (struct snapshot_put){.kind = "index", .key = text_of(json_key(table)), .name = name});
    json_add_text(index, "name", name);
    return read_index(making, index, sql, is_unique, is_concurrently);
}

/* ---- DROP and ALTER INDEX ---- */

/* The first of the tables in the snapshot's order. */
static struct cJSON *first_of(const struct making *making, struct cJSON *a, struct cJSON *b) {
    struct cJSON *it = json_first(snapshot_part(making, "tables"));
    while (a && it != a && it != b) {
        it = json_following(it);
    }
    return a ? it : b;
}

static struct cJSON *find_index(const struct making *making, struct sql_name name, struct cJSON **ret_table) {
    *ret_table = NULL;
    for (const struct snapshot_found *it = snapshot_relations(making, name.name); it; it = it->next) {
        struct sql_name own = {snapshot_text(it->whole, "schema"), name.name};
        if (it->place && strcmp(it->place, "indexes") == 0 &&
            (name.schema.length == 0 || text_equal(snapshot_schema(own), name.schema))) {
            *ret_table = first_of(making, *ret_table, it->whole);
        }
    }
    return *ret_table ? snapshot_in(making, *ret_table, "indexes", name.name) : NULL;
}

bool snapshot_drop_index(struct making *making, struct sql_reader *sql) {
    sql_take(sql, "concurrently");
    bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
    struct sql_name name;
    struct cJSON *table;
    do {
        if (!sql_take_qualified(sql, &name)) {
            return snapshot_refuse(making, "its index cannot be read");
        }
        struct cJSON *index = find_index(making, name, &table);
        if (index) {
            snapshot_change_drop(making, table, "indexes", index);
            snapshot_remove(making->members, json_member(table, "indexes"), index);
        } else if (!is_guarded && !snapshot_is_left(making, name.name)) {
            return snapshot_refuse(making, "index \"%s\" is not in the snapshot before", name.name.bytes);
        }
    } while (sql_take_sign(sql, ','));
    return true;
}

/* Renames a unique or key with its index: both have the same name. */
static bool rename_constraint_of_index(struct making *making, struct sql_name name, struct text after) {
    struct cJSON *table = NULL;
    for (const struct snapshot_found *it = snapshot_relations(making, name.name); it; it = it->next) {
        if (it->place && strcmp(it->place, "indexes") != 0) {
            table = first_of(making, table, it->whole);
        }
    }
    if (table) {
        return snapshot_rename_constraint(making, table, name.name, after);
    }
    return text_ends(name.name, "_pkey") || snapshot_is_left(making, name.name) ||
           snapshot_refuse(making, "index \"%s\" is not in the snapshot before", name.name.bytes);
}

bool snapshot_alter_index(struct making *making, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
    struct sql_name name;
    struct text after;
    struct cJSON *table;
    if (!sql_take_qualified(sql, &name)) {
        return true; /* ALL IN TABLESPACE */
    }
    if (!sql_take(sql, "rename to") || !sql_take_name(sql, &after)) {
        return true; /* tablespaces, storage parameters, partitions */
    }
    struct cJSON *index = find_index(making, name, &table);
    if (!index) {
        return is_guarded || rename_constraint_of_index(making, name, after);
    }
    snapshot_rename_part(making, table, "indexes", index, after);
    return true;
}
