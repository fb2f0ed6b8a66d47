/* Splits a migration as the runner does, has each piece parsed, and walks the statements. */
#include "schema/parse.h"

#include <pg_query.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/json/tree.h"
#include "schema/parse_statement.h"

static const char breakpoint[] = "--> statement-breakpoint";

/* ---- where a statement begins ---- */

/* Behind blanks and comments. */
static const char *first_token(const char *at) {
    for (;;) {
        at += strspn(at, " \t\r\n\f\v");
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            unsigned depth = 0;
            do {
                bool opens = at[0] == '/' && at[1] == '*', closes = at[0] == '*' && at[1] == '/';
                depth = opens ? depth + 1 : closes ? depth - 1 : depth;
                at += opens || closes ? 2 : *at ? 1 : 0;
            } while (depth > 0 && *at);
        } else {
            return at;
        }
    }
}

/* Goes forward only: a text of many lines is counted once. */
static void go_to(struct tree_walk *walk, const char *place) {
    size_t at = (size_t)(place - walk->sql);
    for (; walk->line_at < at; walk->line_at++) {
        walk->line += walk->sql[walk->line_at] == '\n';
    }
}

/* ---- what is not among the facts, and what may change them unseen ---- */

void parse_opaque(struct tree_walk *walk, const char *why, struct text words) {
    static const struct {
        const char *word, *kind;
    } kinds[] = {{"table", "r"},    {"column", "a"},    {"constraint", "k"}, {"index", "i"}, {"type", "T"},
                 {"schema", "n"},   {"policy", "p"},    {"trigger", "t"},    {"view", "v"},  {"sequence", "S"},
                 {"function", "F"}, {"extension", "e"}, {"domain", "T"},     {"value", "E"}};
    struct buffer letters = BUFFER(walk->arena);
    char *lower = arena_alloc(walk->arena, words.length + 1);
    for (size_t i = 0; i < words.length; i++) {
        lower[i] = (char)(words.bytes[i] >= 'A' && words.bytes[i] <= 'Z' ? words.bytes[i] + 32 : words.bytes[i]);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strstr(lower, kinds[i].word)) {
            buffer_add_string(&letters, kinds[i].kind);
        }
    }
    tree_effect(walk, EFFECT_OPAQUE, 0, text_of(why), buffer_text(&letters));
}

/* Functions of PostgreSQL's own that a migration calls for its data or its session. Any other may run any SQL. */
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
        tree_add(walk, &walk->temporary, tree_name(tree_text(into, "relname")));
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

/* "CreateStmt" → CREATE TABLE and the like is for people; data and session have names of their own. */
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

/* ---- a piece ---- */

struct piece {
    struct protocol_writer *writer;
    struct tree_walk *walk;
    const char *text; /* of this piece alone */
    bool is_inner;    /* a part of a block, without places of its own */
    bool is_right;
};

static void walk_statement(struct piece *piece, const cJSON *statement) {
    struct tree_walk *walk = piece->walk;
    const cJSON *at = tree_at(statement, "stmt_location"), *length = tree_at(statement, "stmt_len");
    const char *start = piece->text + (at ? (size_t)at->valuedouble : 0);
    if (!piece->is_inner) {
        go_to(walk, first_token(start));
    }
    const cJSON *node = tree_at(statement, "stmt");
    if (tree_as(node, "DoStmt")) {
        size_t size = length ? (size_t)length->valuedouble : strlen(start);
        char *whole = arena_alloc(walk->arena, size + 1);
        memcpy(whole, start, size);
        tree_effect(walk, EFFECT_STATEMENT, 0, TEXT("DO"));
        parse_do(walk, whole);
    } else {
        parse_statement(walk, node);
    }
}

static void walk_piece(struct piece *piece) {
    struct json_fault fault;
    PgQueryParseResult result = pg_query_parse(piece->text);
    piece->is_right = result.error == NULL;
    if (!piece->is_right && !piece->is_inner) {
        size_t length = strlen(piece->text),
               at = (size_t)(result.error->cursorpos > 0 ? result.error->cursorpos - 1 : 0);
        go_to(piece->walk, piece->text + (at < length ? at : length));
        piece->writer->length = 0; /* nothing of a file that does not parse is believed */
        protocol_begin(piece->writer, EFFECT_STATEMENT, 0, piece->walk->line);
        protocol_field(piece->writer, text_of(result.error->message));
    }
    if (!piece->is_right) {
        pg_query_free_parse_result(result);
        return;
    }
    struct cJSON *tree = json_tree(piece->walk->arena, text_of(result.parse_tree), &fault);
    const cJSON *statements = tree_at(tree, "stmts");
    pg_query_free_parse_result(result);
    if (!tree) {
        piece->writer->has_failed = true; /* nested deeper than is read */
    }
    for (const cJSON *statement = statements ? statements->child : NULL; statement; statement = statement->next) {
        walk_statement(piece, statement);
    }
}

bool parse_inner(struct tree_walk *walk, const char *sql) {
    struct piece piece = {.writer = walk->writer, .walk = walk, .text = sql, .is_inner = true};
    walk_piece(&piece);
    return piece.is_right;
}

struct whole {
    struct arena *arena;
    char *copy;
    struct protocol_writer *writer;
    bool is_right;
};

static void parse_whole(void *context) {
    struct whole *whole = context;
    struct tree_walk walk = {
        .arena = whole->arena, .writer = whole->writer, .sql = whole->copy, .line = 1, .schema = TEXT("")};
    for (char *text = whole->copy; text && whole->is_right;) {
        char *end = strstr(text, breakpoint);
        if (end) {
            *end = '\0';
        }
        struct piece piece = {.writer = whole->writer, .walk = &walk, .text = text};
        walk_piece(&piece);
        whole->is_right = piece.is_right;
        text = end ? end + strlen(breakpoint) : NULL;
    }
}

void parse_effects(const char *sql, size_t length, struct protocol_writer *writer, uint32_t *ret_status) {
    struct whole whole = {.arena = arena_create(), .copy = malloc(length + 1), .writer = writer, .is_right = true};
    bool is_done = whole.arena && whole.copy;
    if (is_done) {
        memcpy(whole.copy, sql, length + 1);
        is_done = arena_run(whole.arena, parse_whole, &whole);
    }
    writer->has_failed = writer->has_failed || !is_done;
    *ret_status = whole.is_right ? PROTOCOL_DONE : PROTOCOL_REFUSED;
    free(whole.copy);
    arena_destroy(whole.arena);
}
