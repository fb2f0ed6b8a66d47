/* A digest of the statement's meaning that does not depend on its spelling; the part of it that
 * cannot run in a transaction; the constants and names in it. */
#include "schema/parse_source.h"

#include <string.h>

#include "migfs/util/digest.h"

enum { MOST = 64 }; /* constants, and names; EFFECT_MAYBE if there are more */

/* ---- the same, however it is written ---- */

/* The node in `{"stmt":{…},"stmt_location":12,"stmt_len":34}`, where numbers that are 0 are left
 * out. */
static struct text node_of(struct text statement) {
    static const char *const numbers[] = {",\"stmt_len\":", ",\"stmt_location\":"};
    struct text node = text_slice(statement, strlen("{\"stmt\":"), statement.length - 1);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct text before = node;
        while (before.length > 0 && before.bytes[before.length - 1] >= '0' && before.bytes[before.length - 1] <= '9') {
            before.length--;
        }
        if (before.length < node.length && text_ends(before, numbers[i])) {
            node = text_slice(before, 0, before.length - strlen(numbers[i]));
        }
    }
    return node;
}

/* An explicit schema `public` of a relation, and the comma beside it. */
static const char public_relation[] = "\"schemaname\":\"public\"";

/* The schema in front of a list of names: the one in `public.mood`, or the pg_catalog that the
 * parser adds to `integer`. Cannot match inside a string, where quotes are escaped, as the one
 * above. */
static const char usual_list[] = "[{\"String\":{\"sval\":\"p";
static const char *const usual_schemas[] = {"public\"}},{\"String\":", "pg_catalog\"}},{\"String\":"};

static const char *find_in(struct text text, const char *from, const char *what) {
    return memmem(from, (size_t)(text.bytes + text.length - from), what, strlen(what));
}

/* The next list that begins with a usual schema; the length of that element and its comma. */
static const char *next_usual_list(struct text text, const char *from, size_t *ret_length) {
    const size_t before = strlen(usual_list) - 1, behind = strlen("{\"String\":"); /* of the name */
    for (const char *at = from; (at = find_in(text, at, usual_list)); at++) {
        struct text name = text_slice(text, (size_t)(at - text.bytes) + before, text.length);
        for (size_t i = 0; i < sizeof usual_schemas / sizeof *usual_schemas; i++) {
            if (text_starts(name, usual_schemas[i])) {
                *ret_length = before - 1 + strlen(usual_schemas[i]) - behind;
                return at + 1;
            }
        }
    }
    return NULL;
}

/* Of what the parser printed of the statement, without its place and without what does not change its
 * meaning. */
static struct digest digest_of_meaning(struct tree_walk *walk, struct text statement) {
    struct text node = node_of(statement);
    struct buffer *form = &walk->form;
    const char *from = node.bytes, *end = node.bytes + node.length;
    size_t list_length = 0, relation_length = strlen(public_relation);
    const char *relation = find_in(node, from, public_relation), *list = next_usual_list(node, from, &list_length);
    form->length = 0;
    while (relation || list) {
        bool is_list = list && (!relation || list < relation);
        const char *at = is_list ? list : relation, *behind = at + (is_list ? list_length : relation_length);
        bool has_comma = !is_list && behind < end && *behind == ',';
        bool has_comma_before = !is_list && !has_comma && at > from && at[-1] == ',';
        buffer_add(form, (struct text){from, (size_t)(at - from) - has_comma_before});
        from = behind + has_comma;
        relation = is_list ? relation : find_in(node, from, public_relation);
        list = is_list ? next_usual_list(node, from, &list_length) : list;
    }
    buffer_add(form, (struct text){from, (size_t)(end - from)});
    return digest_of(buffer_text(form));
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

void parse_source(struct tree_walk *walk, const cJSON *node, struct text printed, bool is_inner) {
    struct digest meaning = digest_of_meaning(walk, printed);
    struct found found = {.is_cut = false};
    const char *what = what_is_forbidden(node);
    find(walk, &found, node);
    struct buffer constants = BUFFER(walk->arena);
    buffer_add_number(&constants, (int64_t)found.constants.count);
    const struct text fields[] = {{(const char *)meaning.bytes, sizeof meaning.bytes},
                                  text_of(what ? what : ""),
                                  buffer_text(&constants),
                                  TREE_END};
    unsigned flags = (found.is_cut ? EFFECT_MAYBE : 0U) | (is_inner ? EFFECT_INNER : 0U);
    tree_write(walk, EFFECT_SOURCE, flags, fields, &found.constants, &found.names);
}
