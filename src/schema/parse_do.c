/* DO blocks: the effects that are certain, and those known only by running the block. */
#include "schema/parse_do.h"

#include <pg_query.h>
#include <string.h>

#include "migfs/json/tree.h"
#include "schema/parse_opaque.h"

static void walk_body(struct tree_walk *walk, const cJSON *body);

static struct text query_of(const cJSON *expression) {
    return tree_text(tree_as(expression, "PLpgSQL_expr"), "query");
}

/* Walks the body with additional flags. */
static void walk_under(struct tree_walk *walk, unsigned flags, const cJSON *body) {
    unsigned before = walk->flags;
    walk->flags |= flags;
    walk_body(walk, body);
    walk->flags = before;
}

static char *lower_case(struct tree_walk *walk, struct text text) {
    char *lower = arena_alloc(walk->arena, text.length + 1);
    for (size_t i = 0; i < text.length; i++) {
        lower[i] = (char)(text.bytes[i] >= 'A' && text.bytes[i] <= 'Z' ? text.bytes[i] + 32 : text.bytes[i]);
    }
    return lower;
}

/* True if every statement of the body contains a name that is quoted in the condition. */
static bool names_same(struct tree_walk *walk, const char *condition, const cJSON *body) {
    size_t statements = 0;
    for (const cJSON *item = body ? body->child : NULL; item; item = item->next) {
        const cJSON *execute = tree_as(item, "PLpgSQL_stmt_execsql");
        char *sql = lower_case(walk, query_of(tree_at(execute, "sqlstmt")));
        bool is_named = false;
        for (const char *open = strchr(condition, '\''), *close; !is_named && open && (close = strchr(open + 1, '\''));
             open = strchr(close + 1, '\'')) {
            size_t length = (size_t)(close - open - 1);
            is_named = length > 0 && memmem(sql, strlen(sql), open + 1, length);
        }
        if (!execute || !is_named) {
            return false;
        }
        statements++;
    }
    return statements > 0;
}

/* True if the condition asks the catalogs whether the object that the body creates or drops exists:
 * the same as IF [NOT] EXISTS. */
static bool is_guard(struct tree_walk *walk, struct text condition, const cJSON *body) {
    char *lower = lower_case(walk, condition);
    bool asks_catalogs = strstr(lower, "pg_") || strstr(lower, "information_schema") || strstr(lower, "to_reg");
    bool is_negated = strncmp(lower, "not ", 4) == 0 || strstr(lower, "is null");
    bool is_single = !strstr(lower, " or ") && (strstr(lower, "exists") || strstr(lower, "to_reg"));
    for (const cJSON *item = body ? body->child : NULL; item; item = item->next) {
        char *sql = lower_case(walk, query_of(tree_at(tree_as(item, "PLpgSQL_stmt_execsql"), "sqlstmt")));
        bool drops = strncmp(sql, "drop", 4) == 0 || strstr(sql, " drop ") || strstr(sql, "rename");
        bool makes = strncmp(sql, "create", 6) == 0 || strstr(sql, " add ");
        if (drops == makes || makes != is_negated) {
            return false;
        }
    }
    return asks_catalogs && is_single && names_same(walk, lower, body);
}

static void walk_if(struct tree_walk *walk, const cJSON *is) {
    const cJSON *elsifs = tree_at(is, "elsif_list"), *otherwise = tree_at(is, "else_body");
    bool is_alone = !elsifs && !otherwise;
    const cJSON *then = tree_at(is, "then_body");
    walk_under(walk, is_alone && is_guard(walk, query_of(tree_at(is, "cond")), then) ? EFFECT_GUARDED : EFFECT_MAYBE,
               then);
    for (const cJSON *item = elsifs ? elsifs->child : NULL; item; item = item->next) {
        walk_under(walk, EFFECT_MAYBE, tree_at(tree_as(item, "PLpgSQL_if_elsif"), "stmts"));
    }
    walk_under(walk, EFFECT_MAYBE, otherwise);
}

/* True if the handlers catch only `duplicate_…` and ignore it. */
static bool handles_duplicates(const cJSON *handlers) {
    for (const cJSON *item = handlers ? handlers->child : NULL; item; item = item->next) {
        const cJSON *conditions = tree_at(tree_as(item, "PLpgSQL_exception"), "conditions"),
                    *action = tree_at(tree_as(item, "PLpgSQL_exception"), "action");
        for (const cJSON *one = conditions ? conditions->child : NULL; one; one = one->next) {
            if (!text_starts(tree_text(tree_as(one, "PLpgSQL_condition"), "condname"), "duplicate_")) {
                return false;
            }
        }
        for (const cJSON *one = action ? action->child : NULL; one; one = one->next) {
            if (!tree_as(one, "PLpgSQL_stmt_raise") || tree_at(tree_as(one, "PLpgSQL_stmt_raise"), "condname")) {
                return false;
            }
        }
    }
    return handlers != NULL;
}

static void walk_block(struct tree_walk *walk, const cJSON *block) {
    const cJSON *exceptions = tree_at(block, "exceptions"), *body = tree_at(block, "body");
    const cJSON *handlers = tree_at(tree_as(exceptions, "PLpgSQL_exception_block"), "exc_list");
    if (!exceptions) {
        walk_body(walk, body);
    } else if (!handles_duplicates(handlers)) {
        walk_under(walk, EFFECT_MAYBE, body);
        for (const cJSON *item = handlers ? handlers->child : NULL; item; item = item->next) {
            walk_under(walk, EFFECT_MAYBE, tree_at(tree_as(item, "PLpgSQL_exception"), "action"));
        }
    } else {
        tree_effect(walk, EFFECT_TRY, 0, TEXT(""));
        walk_body(walk, body);
        tree_effect(walk, EFFECT_END_TRY, 0, TEXT(""));
    }
}

static void walk_sql(struct tree_walk *walk, struct text sql) {
    if (!walk->inner(walk, sql.bytes)) {
        parse_opaque(walk, "has a DO block with a statement that cannot be read", sql);
    }
}

static bool holds(const cJSON *node, const char *kind) {
    for (const cJSON *child = node ? node->child : NULL; child; child = child->next) {
        if ((child->string && strcmp(child->string, kind) == 0) || holds(child, kind)) {
            return true;
        }
    }
    return false;
}

/* EXECUTE of a single literal is the same as the statement in it. */
static void walk_execute(struct tree_walk *walk, const cJSON *is) {
    struct text query = text_trim(query_of(tree_at(is, "query")));
    bool is_literal = query.length >= 2 && query.bytes[0] == '\'' && query.bytes[query.length - 1] == '\'' &&
                      !tree_at(is, "params") && !tree_at(is, "into");
    struct buffer sql = BUFFER(walk->arena);
    for (size_t i = 1; is_literal && i + 1 < query.length; i++) {
        if (query.bytes[i] == '\'') {
            i++;
            is_literal = query.bytes[i] == '\'' && i + 1 < query.length;
        }
        buffer_add_char(&sql, query.bytes[i]);
    }
    if (is_literal) {
        walk_sql(walk, buffer_text(&sql));
    } else {
        parse_opaque(walk, "runs SQL made at run time", query);
    }
}

static void walk_one(struct tree_walk *walk, const cJSON *item) {
    static const char *const loops[] = {"PLpgSQL_stmt_loop", "PLpgSQL_stmt_while",     "PLpgSQL_stmt_fori",
                                        "PLpgSQL_stmt_fors", "PLpgSQL_stmt_foreach_a", "PLpgSQL_stmt_dynfors",
                                        "PLpgSQL_stmt_forc"};
    const cJSON *is;
    if ((is = tree_as(item, "PLpgSQL_stmt_execsql"))) {
        walk_sql(walk, query_of(tree_at(is, "sqlstmt")));
    } else if ((is = tree_as(item, "PLpgSQL_stmt_perform"))) {
        walk_sql(walk, query_of(tree_at(is, "expr")));
    } else if ((is = tree_as(item, "PLpgSQL_stmt_if"))) {
        walk_if(walk, is);
    } else if ((is = tree_as(item, "PLpgSQL_stmt_block"))) {
        walk_block(walk, is);
    } else if ((is = tree_as(item, "PLpgSQL_stmt_dynexecute"))) {
        walk_execute(walk, is);
    } else if (tree_as(item, "PLpgSQL_stmt_call")) {
        parse_opaque(walk, "calls a procedure", TEXT(""));
    } else if ((is = tree_as(item, "PLpgSQL_stmt_case"))) {
        const cJSON *whens = tree_at(is, "case_when_list");
        for (const cJSON *when = whens ? whens->child : NULL; when; when = when->next) {
            walk_under(walk, EFFECT_MAYBE, tree_at(tree_as(when, "PLpgSQL_case_when"), "stmts"));
        }
        walk_under(walk, EFFECT_MAYBE, tree_at(is, "else_stmts"));
    }
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        if ((is = tree_as(item, loops[i]))) {
            walk_under(walk, EFFECT_MAYBE, tree_at(is, "body"));
        }
    }
}

/* After a conditional RETURN or RAISE EXCEPTION nothing is certain. */
static void walk_body(struct tree_walk *walk, const cJSON *body) {
    unsigned before = walk->flags;
    for (const cJSON *item = body ? body->child : NULL; item; item = item->next) {
        walk_one(walk, item);
        if (item->next && (holds(item, "PLpgSQL_stmt_return") || holds(item, "PLpgSQL_stmt_exit"))) {
            walk->flags |= EFFECT_MAYBE;
        }
    }
    walk->flags = before;
}

void parse_do(struct tree_walk *walk, const char *sql) {
    PgQueryPlpgsqlParseResult result = pg_query_parse_plpgsql(sql);
    struct cJSON *tree = result.error ? NULL : json_tree_printed(walk->arena, text_of(result.plpgsql_funcs));
    pg_query_free_plpgsql_parse_result(result);
    const cJSON *function = tree_as(tree ? tree->child : NULL, "PLpgSQL_function");
    if (!function) {
        parse_opaque(walk, "has a DO block that cannot be read", text_of(sql));
        return;
    }
    const cJSON *action = tree_as(tree_at(function, "action"), "PLpgSQL_stmt_block");
    walk_block(walk, action);
}
