/* Roles and policies. drizzle-kit puts them into snapshots if the schema has them. For
 * hand-written SQL the schema seldom has them, and a snapshot with them would make the next
 * `generate` drop them. */
#include "synthesis/snapshot_objects.h"

#include <stdlib.h>
#include <string.h>

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_constraints.h"

/* ---- Names and changes ---- */

void snapshot_move_object(struct making *making, const char *part, struct cJSON *object, struct text schema,
                          struct text name) {
    struct snapshot_change change = {.kind = SNAPSHOT_CHANGED_NAME,
                                     .place = part,
                                     .key = snapshot_key(making->arena, (struct sql_name){schema, name}),
                                     .name = name,
                                     .before = text_copy(making->arena, snapshot_text(object, "name")),
                                     .schema_before = text_copy(making->arena, snapshot_text(object, "schema"))};
    snapshot_changes_move(making, text_copy(making->arena, text_of(json_key(object))), change.key, name);
    json_set_text(object, "name", name);
    json_set_text(object, "schema", schema);
    snapshot_rename(making->members, snapshot_part(making, part), object, change.key);
    snapshot_change(making, change);
}

void snapshot_change_object(struct making *making, const struct cJSON *table, const char *part,
                            const struct cJSON *before, const struct cJSON *object) {
    snapshot_change(making, (struct snapshot_change){.kind = SNAPSHOT_CHANGED_OBJECT,
                                                     .place = part,
                                                     .key = text_of(json_key(table ? table : object)),
                                                     .name = snapshot_text(object, "name"),
                                                     .previous = snapshot_copied(making->arena, before)});
}

/* ---- Roles ---- */

static bool set_role(struct cJSON *role, struct sql_reader *sql) {
    static const struct {
        const char *word, *key;
        bool value;
    } words[] = {{"createdb", "createDb", true},     {"nocreatedb", "createDb", false},
                 {"createrole", "createRole", true}, {"nocreaterole", "createRole", false},
                 {"inherit", "inherit", true},       {"noinherit", "inherit", false}};
    sql_take(sql, "with");
    while (!sql_at_end(sql)) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof words / sizeof *words && !is_known; i++) {
            is_known = sql_take(sql, words[i].word);
            if (is_known) {
                json_set_bool(role, words[i].key, words[i].value);
            }
        }
        if (!is_known) {
            return false;
        }
    }
    return true;
}

bool snapshot_create_role(struct making *making, struct sql_reader *sql) {
    struct text name;
    if (!sql_take_name(sql, &name)) {
        return snapshot_refuse(making, "its role cannot be read");
    }
    struct cJSON *role = json_object(making->arena);
    json_add_text(role, "name", name);
    json_add_bool(role, "createDb", false);
    json_add_bool(role, "createRole", false);
    json_add_bool(role, "inherit", true);
    if (!making->is_kit || !set_role(role, sql)) {
        return snapshot_leave(making, "role", name);
    }
    snapshot_set(making->members, snapshot_part(making, "roles"), name.bytes, role);
    return true;
}

bool snapshot_alter_role(struct making *making, struct sql_reader *sql) {
    struct text name, after;
    struct cJSON *roles = snapshot_part(making, "roles");
    struct cJSON *role = sql_take_name(sql, &name) ? snapshot_member(making->members, roles, name.bytes) : NULL;
    if (!role) {
        return true;
    }
    if (sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        snapshot_rename(making->members, roles, role, after);
        json_set_text(role, "name", after);
        snapshot_changes_move(making, name, after, after);
        snapshot_change(
            making, (struct snapshot_change){
                        .kind = SNAPSHOT_CHANGED_NAME, .place = "roles", .key = after, .name = after, .before = name});
    } else if (making->is_kit) {
        set_role(role, sql);
    }
    return true;
}

/* ---- Policies ---- */

static void set_roles(struct cJSON *policy, struct sql_reader *sql) {
    struct text *roles = NULL, role;
    size_t count = 0, capacity = 0;
    while (sql_take_name(sql, &role)) {
        roles = arena_more(sql->arena, roles, count, &capacity, sizeof *roles);
        roles[count++] = role;
        if (!sql_take_sign(sql, ',')) {
            break;
        }
    }
    if (count > 0) {
        qsort(roles, count, sizeof *roles, text_compare_elements);
    }
    json_remove_key(policy, "to");
    snapshot_add_texts(policy, "to", roles, count);
}

static void set_conditions(struct cJSON *policy, struct sql_reader *sql) {
    struct text text;
    if (sql_take(sql, "using") && sql_take_group(sql, NULL, &text)) {
        json_set_text(policy, "using", text);
    }
    if (sql_take(sql, "with check") && sql_take_group(sql, NULL, &text)) {
        json_set_text(policy, "withCheck", text);
    }
}

static const char *take_one_of(struct sql_reader *sql, const char *const *words, size_t count,
                               const char *const *results) {
    for (size_t i = 0; i < count; i++) {
        if (sql_take(sql, words[i])) {
            return results[i];
        }
    }
    return NULL;
}

bool snapshot_create_policy(struct making *making, struct sql_reader *sql) {
    static const char *const kinds[] = {"permissive", "restrictive"}, *const kinds_written[] = {"PERMISSIVE",
                                                                                                "RESTRICTIVE"};
    static const char *const commands[] = {"all", "select", "insert", "update", "delete"}, *const commands_written[] = {
                                                                                               "ALL", "SELECT",
                                                                                               "INSERT", "UPDATE",
                                                                                               "DELETE"};
    struct text name;
    struct sql_name table_name;
    if (!sql_take_name(sql, &name) || !sql_take(sql, "on") || !sql_take_qualified(sql, &table_name)) {
        return snapshot_refuse(making, "its policy cannot be read");
    }
    const char *kind = sql_take(sql, "as") ? take_one_of(sql, kinds, 2, kinds_written) : NULL;
    const char *command = sql_take(sql, "for") ? take_one_of(sql, commands, 5, commands_written) : NULL;
    if (!making->is_kit || !kind || !command || !sql_take(sql, "to")) {
        return snapshot_leave(making, "policy", name);
    }
    struct cJSON *table = snapshot_table(making, table_name);
    struct cJSON *policies = table ? json_member(table, "policies") : snapshot_part(making, "policies");
    snapshot_remove_key(making->members, policies, name.bytes);
    struct cJSON *policy = snapshot_add(making->members, policies, name.bytes);
    json_add_text(policy, "name", name);
    json_add_literal(policy, "as", kind);
    json_add_literal(policy, "for", command);
    set_roles(policy, sql);
    set_conditions(policy, sql);
    if (!table) { /* the schema only references the table */
        json_add_text(policy, "schema", snapshot_schema(table_name));
        json_add_text(
            policy, "on",
            text_format(making->arena, "\"%s\".\"%s\"", snapshot_schema(table_name).bytes, table_name.name.bytes));
    }
    return true;
}

/* The policy named after ALTER or DROP POLICY, and its parent; NULL if the snapshot does not have
 * it. */
static struct cJSON *find_policy(struct making *making, struct sql_reader *sql, struct cJSON **ret_parent,
                                 struct cJSON **ret_table) {
    struct text name;
    struct sql_name table_name;
    if (!sql_take_name(sql, &name) || !sql_take(sql, "on") || !sql_take_qualified(sql, &table_name)) {
        return NULL;
    }
    struct cJSON *table = *ret_table = snapshot_table(making, table_name);
    *ret_parent = table ? json_member(table, "policies") : snapshot_part(making, "policies");
    return snapshot_member(making->members, *ret_parent, name.bytes);
}

bool snapshot_alter_policy(struct making *making, struct sql_reader *sql) {
    struct cJSON *parent, *table, *policy = find_policy(making, sql, &parent, &table);
    struct text after;
    if (!policy) {
        return true;
    }
    if (sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        if (table) {
            snapshot_rename_part(making, table, "policies", policy, after);
        } else {
            snapshot_rename(making->members, parent, policy, after);
            json_set_text(policy, "name", after);
        }
        return true;
    }
    const struct cJSON *before = snapshot_copied(making->arena, policy);
    if (sql_take(sql, "to")) {
        set_roles(policy, sql);
    }
    set_conditions(policy, sql);
    if (table) {
        snapshot_change_object(making, table, "policies", before, policy);
    }
    return true;
}

bool snapshot_drop_policy(struct making *making, struct sql_reader *sql) {
    sql_take(sql, "if exists");
    struct cJSON *parent, *table, *policy = find_policy(making, sql, &parent, &table);
    if (policy && table) {
        snapshot_change_drop(making, table, "policies", policy);
    }
    if (policy) {
        snapshot_remove(making->members, parent, policy);
    }
    return true;
}

bool snapshot_drop_object(struct making *making, struct sql_reader *sql, const char *part) {
    struct cJSON *parent = snapshot_part(making, part);
    struct sql_name name;
    sql_take(sql, "if exists");
    do {
        if (!sql_take_qualified(sql, &name)) {
            return snapshot_refuse(making, "what it drops cannot be read");
        }
        bool is_role = text_is(text_of(part), "roles");
        struct text key = is_role ? name.name : snapshot_key(making->arena, name);
        struct cJSON *found = snapshot_member(making->members, parent, key.bytes);
        if (found) {
            snapshot_change_drop(making, NULL, part, found);
            snapshot_remove(making->members, parent, found);
        }
    } while (sql_take_sign(sql, ','));
    return true;
}
