/* Splits a migration as the runner does, has each piece parsed, and walks the statements. */
#include "schema/parse.h"

#include <pg_query.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/json/tree.h"
#include "schema/parse_do.h"
#include "schema/parse_source.h"
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
    if (node && !piece->is_inner) {
        parse_source(walk, node);
    }
    if (tree_as(node, "DoStmt")) {
        size_t size = length ? (size_t)length->valuedouble : strlen(start);
        tree_effect(walk, EFFECT_STATEMENT, 0, TEXT("DO"));
        parse_do(walk, text_copy(walk->arena, (struct text){start, size}).bytes);
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

static bool walk_inner(struct tree_walk *walk, const char *sql) {
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
    struct tree_walk walk = {.arena = whole->arena,
                             .writer = whole->writer,
                             .sql = whole->copy,
                             .line = 1,
                             .schema = TEXT(""),
                             .statement = parse_statement,
                             .inner = walk_inner};
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
