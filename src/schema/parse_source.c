/* A number for the statement's meaning, whatever its spelling; what of it no transaction can hold; and the constants and names in it. */
#include "schema/parse_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 64 }; /* constants, and names; a statement of more is said to be cut */

/* ---- the same, however it is written ---- */

struct hash {
    uint64_t first, second;
};

static void hash_add(struct hash *hash, const char *text) {
    enum { SHIFT = 7 };
    for (; *text; text++) {
        hash->first = (hash->first ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
        hash->second = (hash->second + (unsigned char)*text) * UINT64_C(0x9e3779b97f4a7c15);
        hash->second ^= hash->second >> SHIFT;
    }
    hash->first = (hash->first ^ 0x1f) * UINT64_C(0x100000001b3);
}

/* Where it stands says nothing, and the schema that is meant where none is named may be named. */
static bool says_nothing(const cJSON *node) {
    static const char *const places[] = {"location", "stmt_location", "stmt_len", "list_start", "list_end", NULL};
    for (size_t i = 0; node->string && places[i]; i++) {
        if (strcmp(node->string, places[i]) == 0) {
            return true;
        }
    }
    return node->string && strcmp(node->string, "schemaname") == 0 && cJSON_IsString(node) &&
           strcmp(node->valuestring, "public") == 0;
}

/* The first of several names in a list, as in `public.mood` and in what the parser makes of `integer`. */
static bool is_usual_schema(const cJSON *list, const cJSON *item) {
    struct text name = tree_string(item);
    return cJSON_IsArray(list) && item == list->child && item->next && tree_as(item->next, "String") &&
           (text_is(name, "public") || text_is(name, "pg_catalog"));
}

static void hash_node(struct hash *hash, const cJSON *node) {
    hash_add(hash, node->string ? node->string : "");
    if (cJSON_IsString(node)) {
        hash_add(hash, node->valuestring);
    } else if (cJSON_IsNumber(node)) {
        char number[32];
        snprintf(number, sizeof number, "%.17g", node->valuedouble);
        hash_add(hash, number);
    } else if (cJSON_IsBool(node)) {
        hash_add(hash, cJSON_IsTrue(node) ? "true" : "false");
    }
    hash_add(hash, node->child ? "{" : "");
    for (const cJSON *child = node->child; child; child = child->next) {
        if (!says_nothing(child) && !is_usual_schema(node, child)) {
            hash_node(hash, child);
        }
    }
    hash_add(hash, node->child ? "}" : "");
}

/* ---- what one transaction cannot hold ---- */

/* Whether a list of options has this one. */
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

/* Statements that no transaction holds, whatever is in them. */
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
        return; /* too long for a name or a value of an enum */
    }
    found->is_cut = found->is_cut || list->count == MOST;
    if (!found->is_cut) {
        tree_add(walk, list, text);
    }
}

static void find(struct tree_walk *walk, struct found *found, const cJSON *node) {
    for (const cJSON *child = node->child; child && !found->is_cut; child = child->next) {
        const char *key = child->string ? child->string : "";
        if (strcmp(key, "A_Const") == 0) {
            add(walk, found, &found->constants, tree_text(tree_at(child, "sval"), "sval"));
        } else if (strcmp(key, "relname") == 0 && cJSON_IsString(child)) {
            add(walk, found, &found->names, text_of(child->valuestring));
        } else if (strcmp(key, "names") == 0 && child->child) {
            add(walk, found, &found->names, tree_path_of(walk, child).name);
        }
        find(walk, found, child);
    }
}

void parse_source(struct tree_walk *walk, const cJSON *node) {
    struct hash hash = {UINT64_C(0xcbf29ce484222325), UINT64_C(0x243f6a8885a308d3)};
    struct found found = {.is_cut = false};
    const char *what = what_is_forbidden(node);
    hash_node(&hash, node);
    find(walk, &found, node);
    struct text same = text_format(walk->arena, "%016" PRIx64 "%016" PRIx64, hash.first, hash.second);
    struct text constants = text_format(walk->arena, "%zu", found.constants.count);
    const struct text fields[] = {same, text_of(what ? what : ""), constants, TREE_END};
    tree_write(walk, EFFECT_SOURCE, found.is_cut ? EFFECT_MAYBE : 0, fields, &found.constants, &found.names);
}
