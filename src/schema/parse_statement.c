/* Dispatches on the kind of statement; handles those without facts, and those that may change any. */
#include "schema/parse_statement.h"

#include <string.h>

#include "schema/parse_change.h"
#include "schema/parse_object.h"
#include "schema/parse_opaque.h"
#include "schema/parse_table.h"

/* PostgreSQL's own functions that migrations call for data or session state. Any other function may
 * run any SQL. */
static bool is_harmless(struct tree_path function) {
    static const char *const names[] = {"setval",
                                        "nextval",
                                        "currval",
                                        "now",
                                        "count",
                                        "max",
                                        "min",
                                        "sum",
                                        "avg",
                                        "coalesce",
                                        "lower",
                                        "upper",
                                        "length",
                                        "trim",
                                        "btrim",
                                        "ltrim",
                                        "rtrim",
                                        "replace",
                                        "concat",
                                        "concat_ws",
                                        "md5",
                                        "random",
                                        "gen_random_uuid",
                                        "uuid_generate_v4",
                                        "row_number",
                                        "rank",
                                        "dense_rank",
                                        "lag",
                                        "lead",
                                        "date_trunc",
                                        "extract",
                                        "to_char",
                                        "to_timestamp",
                                        "to_date",
                                        "to_json",
                                        "to_jsonb",
                                        "unnest",
                                        "generate_series",
                                        "substring",
                                        "substr",
                                        "split_part",
                                        "left",
                                        "right",
                                        "floor",
                                        "ceil",
                                        "round",
                                        "abs",
                                        "greatest",
                                        "least",
                                        "string_agg",
                                        "array_agg",
                                        "array_length",
                                        "cardinality",
                                        "bool_and",
                                        "bool_or",
                                        "clock_timestamp",
                                        "version",
                                        "current_setting",
                                        "set_config",
                                        "format",
                                        "quote_ident",
                                        "quote_literal",
                                        "exists",
                                        "nullif",
                                        "encode",
                                        "decode",
                                        "digest",
                                        "timezone",
                                        "age",
                                        "position",
                                        "strpos",
                                        "repeat",
                                        "translate",
                                        "regexp_replace",
                                        "regexp_matches",
                                        "to_tsvector",
                                        "setweight",
                                        "txid_current",
                                        "every",
                                        "first_value",
                                        "last_value",
                                        "overlay",
                                        "date_part"};
    static const char *const prefixes[] = {"json",   "array_", "pg_get_",  "pg_notify", "pg_sleep", "pg_advisory",
                                           "to_reg", "has_",   "current_", "regexp_",   "string_to"};
    if (function.schema.length > 0 && !text_is(function.schema, "pg_catalog")) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (text_is(function.name, names[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (text_starts(function.name, prefixes[i])) {
            return true;
        }
    }
    return false;
}

static void set_path(struct tree_walk *walk, const cJSON *arguments) {
    struct text schema = tree_text(tree_at(tree_as(arguments ? arguments->child : NULL, "A_Const"), "sval"), "sval");
    bool is_usual = text_starts(schema, "\"$user\"") || text_is(schema, "$user");
    if (!is_usual) {
        tree_effect(walk, EFFECT_PATH, 0, memchr(schema.bytes, ',', schema.length) ? TEXT("") : tree_name(schema));
    }
}

/* Returns the first function that may run any SQL, or NULL. */
static const cJSON *find_function(struct tree_walk *walk, const cJSON *node) {
    for (const cJSON *child = node ? node->child : NULL; child; child = child->next) {
        const cJSON *found = find_function(walk, child);
        if (found) {
            return found;
        }
        if (child->string && strcmp(child->string, "FuncCall") == 0) {
            const struct tree_walk unqualified = {.arena = walk->arena, .schema = TEXT("")};
            struct tree_path function = tree_path_of(&unqualified, tree_at(child, "funcname"));
            const cJSON *arguments = tree_at(child, "args");
            if (text_is(function.name, "set_config") && arguments && arguments->child &&
                text_is(tree_text(tree_at(tree_as(arguments->child, "A_Const"), "sval"), "sval"), "search_path")) {
                const cJSON second = {.child = arguments->child->next};
                set_path(walk, &second);
            } else if (!is_harmless(function)) {
                return child;
            }
        }
    }
    return NULL;
}

static void select_statement(struct tree_walk *walk, const cJSON *select) {
    const cJSON *into = tree_at(tree_at(select, "intoClause"), "rel"), *called = find_function(walk, select);
    if (into && tree_is_temporary(walk, into)) {
        tree_add_temporary(walk, tree_name(tree_text(into, "relname")));
    } else if (into) {
        struct tree_path path = tree_range(walk, into);
        tree_effect(walk, EFFECT_RELATION, 0, path.schema, path.name, TEXT("r"));
    }
    if (called) {
        struct tree_path function = tree_path_of(walk, tree_at(called, "funcname"));
        struct text why = text_format(walk->arena, "calls the function %.*s", TEXT_ARGS(function.name));
        parse_opaque(walk, why.bytes, TEXT(""));
    }
}

static void other_statement(struct tree_walk *walk, const cJSON *node) {
    const cJSON *is;
    if ((is = tree_as(node, "SelectStmt"))) {
        select_statement(walk, is);
    } else if ((is = tree_as(node, "VariableSetStmt"))) {
        if (tree_is(is, "name", "search_path") && tree_is(is, "kind", "VAR_SET_VALUE")) {
            set_path(walk, tree_at(is, "args"));
        }
    } else if (tree_as(node, "CallStmt")) {
        parse_opaque(walk, "calls a procedure", TEXT(""));
    } else if (tree_as(node, "DropOwnedStmt")) {
        parse_opaque(walk, "drops what a role owns",
                     TEXT("table type schema policy trigger view sequence function extension index"));
    } else if ((is = tree_as(node, "TransactionStmt")) && tree_is(is, "kind", "TRANS_STMT_ROLLBACK")) {
        parse_opaque(walk, "rolls back", TEXT(""));
    }
}

/* The name in messages of a statement that has no facts of its own; empty for all others. */
static struct text words_of(const cJSON *node) {
    static const char *const words[][2] = {{"InsertStmt", "INSERT"},   {"UpdateStmt", "UPDATE"},
                                           {"DeleteStmt", "DELETE"},   {"SelectStmt", "SELECT"},
                                           {"CopyStmt", "COPY"},       {"TruncateStmt", "TRUNCATE"},
                                           {"GrantStmt", "GRANT"},     {"CommentStmt", "COMMENT"},
                                           {"VariableSetStmt", "SET"}, {"TransactionStmt", "BEGIN, COMMIT"},
                                           {"DoStmt", "DO"},           {"GrantRoleStmt", "GRANT"},
                                           {"MergeStmt", "MERGE"},     {"RefreshMatViewStmt", "REFRESH"},
                                           {"VacuumStmt", "VACUUM"},   {"ReindexStmt", "REINDEX"},
                                           {"CallStmt", "CALL"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (tree_as(node, words[i][0])) {
            return text_of(words[i][1]);
        }
    }
    return TEXT("");
}

void parse_statement(struct tree_walk *walk, const cJSON *node) {
    tree_effect(walk, EFFECT_STATEMENT, 0, words_of(node));
    if (!parse_table(walk, node) && !parse_object(walk, node) && !parse_change(walk, node)) {
        other_statement(walk, node);
    }
}
