/* A digest of the statement's meaning that does not depend on its spelling; the part of it that
 * cannot run in a transaction; the constants and names in it. */
#include "schema/parse_source.h"

#include <string.h>

#include "migfs/util/digest.h"

enum { MOST = 64 }; /* constants, and names; EFFECT_MAYBE if there are more */

/* ---- the same, however it is written ---- */

/* True for locations and for an explicit schema `public`, neither of which changes the meaning. */
static bool says_nothing(const cJSON *node) {
    const char *key = node->string ? node->string : "";
    if (key[0] == 'l') {
        return strcmp(key, "location") == 0 || strcmp(key, "list_start") == 0 || strcmp(key, "list_end") == 0;
    }
    return key[0] == 's' && strcmp(key, "schemaname") == 0 && cJSON_IsString(node) &&
           strcmp(node->valuestring, "public") == 0;
}

/* True for the schema in a list of names: `public.mood`, or the pg_catalog that the parser adds to
 * `integer`. */
static bool is_usual_schema(const cJSON *list, const cJSON *item) {
    struct text name = tree_string(item);
    return cJSON_IsArray(list) && item == list->child && item->next && tree_as(item->next, "String") &&
           (text_is(name, "public") || text_is(name, "pg_catalog"));
}

struct form {
    struct arena *arena;
    char *bytes;
    size_t length, room;
};

static void add_bytes(struct form *form, const void *bytes, size_t length) {
    enum { FIRST = 4096 };
    if (length > form->room - form->length) {
        form->room = 2 * form->room + length + FIRST;
        form->bytes = arena_grow(form->arena, form->bytes, form->length, form->room, 1);
    }
    memcpy(form->bytes + form->length, bytes, length);
    form->length += length;
}

static void add_string(struct form *form, char kind, const char *string) {
    add_bytes(form, &kind, 1);
    add_bytes(form, string, strlen(string) + 1);
}

/* Serializes the tree without the nodes that do not change its meaning: name and value of a node,
 * each after a letter, then its children and a `-`. */
static void write_node(struct form *form, const cJSON *node) {
    if (node->string) {
        add_string(form, 'k', node->string);
    }
    if (cJSON_IsString(node)) {
        add_string(form, 's', node->valuestring);
    } else if (cJSON_IsNumber(node)) {
        add_bytes(form, "n", 1);
        add_bytes(form, &node->valuedouble, sizeof node->valuedouble);
    } else if (cJSON_IsBool(node)) {
        add_bytes(form, cJSON_IsTrue(node) ? "t" : "f", 1);
    } else {
        add_bytes(form, "+", 1);
        for (const cJSON *child = node->child; child; child = child->next) {
            if (!says_nothing(child) && !is_usual_schema(node, child)) {
                write_node(form, child);
            }
        }
        add_bytes(form, "-", 1);
    }
}

static struct digest digest_of_meaning(struct arena *arena, const cJSON *node) {
    struct form form = {.arena = arena};
    write_node(&form, node);
    return digest_of((struct text){form.bytes, form.length});
}

/* ---- what one transaction cannot hold ---- */

/* True if the list of options has this one. */
static bool has_option(const cJSON *options, const char *name) {
    for (const cJSON *item = options ? options->child : NULL; item; item = item->next) {
        if (tree_is(tree_as(item, "DefElem"), "defname", name)) {
            return true;
        }
    }
    return false;
}

static const char *reindex(const cJSON *is) {
    static const char *const kinds[][2] = {{"REINDEX_OBJECT_DATABASE", "REINDEX DATABASE"},
                                           {"REINDEX_OBJECT_SYSTEM", "REINDEX SYSTEM"},
                                           {"REINDEX_OBJECT_SCHEMA", "REINDEX SCHEMA"}};
    if (has_option(tree_at(is, "params"), "concurrently")) {
        return "REINDEX CONCURRENTLY";
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (tree_is(is, "kind", kinds[i][0])) {
            return kinds[i][1];
        }
    }
    return NULL;
}

static const char *transaction(const cJSON *is) {
    static const char *const kinds[][2] = {{"TRANS_STMT_COMMIT", "COMMIT"},
                                           {"TRANS_STMT_ROLLBACK", "ROLLBACK"},
                                           {"TRANS_STMT_PREPARE", "PREPARE TRANSACTION"},
                                           {"TRANS_STMT_COMMIT_PREPARED", "COMMIT PREPARED"},
                                           {"TRANS_STMT_ROLLBACK_PREPARED", "ROLLBACK PREPARED"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (tree_is(is, "kind", kinds[i][0])) {
            return kinds[i][1];
        }
    }
    return NULL;
}

static bool detaches_concurrently(const cJSON *alter) {
    const cJSON *commands = tree_at(alter, "cmds");
    for (const cJSON *item = commands ? commands->child : NULL; item; item = item->next) {
        const cJSON *partition = tree_as(tree_at(tree_as(item, "AlterTableCmd"), "def"), "PartitionCmd");
        if (partition && tree_flag(partition, "concurrent")) {
            return true;
        }
    }
    return false;
}

/* Statements that can never run in a transaction. */
static const char *const forbidden[][2] = {{"AlterSystemStmt", "ALTER SYSTEM"},
                                           {"CreatedbStmt", "CREATE DATABASE"},
                                           {"DropdbStmt", "DROP DATABASE"},
                                           {"CreateTableSpaceStmt", "CREATE TABLESPACE"},
                                           {"DropTableSpaceStmt", "DROP TABLESPACE"},
                                           {"CreateSubscriptionStmt", "CREATE SUBSCRIPTION"},
                                           {"DropSubscriptionStmt", "DROP SUBSCRIPTION"}};

static const char *what_is_forbidden(const cJSON *node) {
    const cJSON *is;
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        if (tree_as(node, forbidden[i][0])) {
            return forbidden[i][1];
        }
    }
    if ((is = tree_as(node, "IndexStmt"))) {
        return tree_flag(is, "concurrent") ? "CREATE INDEX CONCURRENTLY" : NULL;
    }
    if ((is = tree_as(node, "DropStmt"))) {
        return tree_flag(is, "concurrent") ? "DROP INDEX CONCURRENTLY" : NULL;
    }
    if ((is = tree_as(node, "VacuumStmt"))) {
        return tree_flag(is, "is_vacuumcmd") ? "VACUUM" : NULL;
    }
    if ((is = tree_as(node, "AlterTableStmt"))) {
        return detaches_concurrently(is) ? "DETACH PARTITION CONCURRENTLY" : NULL;
    }
    if ((is = tree_as(node, "AlterDatabaseStmt"))) {
        return has_option(tree_at(is, "options"), "tablespace") ? "ALTER DATABASE … SET TABLESPACE" : NULL;
    }
    if ((is = tree_as(node, "DiscardStmt"))) {
        return tree_is(is, "target", "DISCARD_ALL") ? "DISCARD ALL" : NULL;
    }
    if ((is = tree_as(node, "ClusterStmt"))) {
        return tree_at(is, "relation") ? NULL : "CLUSTER";
    }
    if ((is = tree_as(node, "ReindexStmt"))) {
        return reindex(is);
    }
    return (is = tree_as(node, "TransactionStmt")) ? transaction(is) : NULL;
}

/* ---- constants and names ---- */

struct found {
    struct tree_list constants, names;
    bool is_cut;
};

static void add(struct tree_walk *walk, struct found *found, struct tree_list *list, struct text text) {
    if (text.length == 0 || tree_name(text).length < text.length) {
        return; /* too long for a name or an enum value */
    }
    found->is_cut = found->is_cut || list->count == MOST;
    if (!found->is_cut) {
        tree_add(walk, list, text);
    }
}

static void find(struct tree_walk *walk, struct found *found, const cJSON *node) {
    for (const cJSON *child = node->child; child && !found->is_cut; child = child->next) {
        const char *key = child->string ? child->string : "";
        if (key[0] == 'A' && strcmp(key, "A_Const") == 0) {
            add(walk, found, &found->constants, tree_text(tree_at(child, "sval"), "sval"));
        } else if (key[0] == 'r' && strcmp(key, "relname") == 0 && cJSON_IsString(child)) {
            add(walk, found, &found->names, text_of(child->valuestring));
        } else if (key[0] == 'n' && strcmp(key, "names") == 0 && child->child) {
            add(walk, found, &found->names, tree_path_of(walk, child).name);
        }
        if (child->child) {
            find(walk, found, child);
        }
    }
}

void parse_source(struct tree_walk *walk, const cJSON *node, bool is_inner) {
    struct digest meaning = digest_of_meaning(walk->arena, node);
    struct found found = {.is_cut = false};
    const char *what = what_is_forbidden(node);
    find(walk, &found, node);
    struct text constants = text_format(walk->arena, "%zu", found.constants.count);
    const struct text fields[] = {
        {(const char *)meaning.bytes, sizeof meaning.bytes}, text_of(what ? what : ""), constants, TREE_END};
    unsigned flags = (found.is_cut ? EFFECT_MAYBE : 0U) | (is_inner ? EFFECT_INNER : 0U);
    tree_write(walk, EFFECT_SOURCE, flags, fields, &found.constants, &found.names);
}
