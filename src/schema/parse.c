/* Splits a migration at its breakpoints as the runner does, parses each piece and walks its
 * statements. */
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

/* Skips blanks and comments. */
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

/* Only moves forward, so each line of the text is counted once. */
static void go_to(struct tree_walk *walk, const char *place) {
    size_t at = (size_t)(place - walk->sql);
    for (; walk->line_at < at; walk->line_at++) {
        walk->line += walk->sql[walk->line_at] == '\n';
    }
}

/* ---- what the parser makes of a text ---- */

static const char location[] = "\"location\":";

/* Removes the locations of nodes, a fifth of the parser's output, since only the starts of
 * statements are needed. Cannot match inside a string, where quotes are escaped. */
static struct text without_locations(char *json) {
    char *to = json;
    const char *from = json, *end = json + strlen(json);
    for (const char *found = json; (found = memmem(found, (size_t)(end - found), location, sizeof location - 1));) {
        const char *behind = found + sizeof location - 1, *number = behind;
        behind += strspn(behind, "-0123456789");
        if (behind == number) {
            found = behind; /* a tablespace's "location", which is a string */
            continue;
        }
        bool has_comma_before = found > from ? found[-1] == ',' : to > json && to[-1] == ',';
        size_t kept = (size_t)(found - from);
        memmove(to, from, kept);
        to += kept;
        to -= has_comma_before;
        from = found = behind + (!has_comma_before && *behind == ',');
    }
    memmove(to, from, (size_t)(end - from));
    to += end - from;
    return (struct text){json, (size_t)(to - json)};
}

struct parsed {
    bool is_right;
    const cJSON *first; /* first statement; NULL: none */
    struct text fault;
    size_t fault_at;
};

static struct parsed parse_text(struct tree_walk *walk, const char *text) {
    struct parsed parsed = {.is_right = true};
    PgQueryParseResult result = pg_query_parse(text);
    if (result.error) {
        parsed.is_right = false;
        parsed.fault = text_copy(walk->arena, text_of(result.error->message));
        parsed.fault_at = (size_t)(result.error->cursorpos > 0 ? result.error->cursorpos - 1 : 0);
    } else {
        const cJSON *tree = json_tree_printed(walk->arena, without_locations(result.parse_tree));
        const cJSON *statements = tree_at(tree, "stmts");
        parsed.first = statements ? statements->child : NULL;
        walk->writer->has_failed = walk->writer->has_failed || !tree; /* nested too deep to read */
    }
    pg_query_free_parse_result(result);
    return parsed;
}

static const char *start_of(const char *text, const cJSON *statement) {
    int64_t at = 0; /* left out by the parser if 0 */
    json_integer(tree_at(statement, "stmt_location"), &at);
    return text + at;
}

static size_t size_of(const char *start, const cJSON *statement) {
    int64_t length; /* left out by the parser if the statement ends the text */
    return json_integer(tree_at(statement, "stmt_len"), &length) ? (size_t)length : strlen(start);
}

/* ---- walking ---- */

/* `is_inner`: part of a block, so it has no location of its own. */
static void walk_statement(struct tree_walk *walk, const char *text, const cJSON *statement, bool is_inner) {
    const char *start = start_of(text, statement);
    if (!is_inner) {
        go_to(walk, first_token(start));
    }
    const cJSON *node = tree_at(statement, "stmt");
    if (node && !(is_inner && (walk->flags & EFFECT_MAYBE))) {
        parse_source(walk, node, is_inner);
    }
    if (tree_as(node, "DoStmt")) {
        tree_effect(walk, EFFECT_STATEMENT, 0, TEXT("DO"));
        parse_do(walk, text_copy(walk->arena, (struct text){start, size_of(start, statement)}).bytes);
    } else {
        parse_statement(walk, node);
    }
}

static void walk_statements(struct tree_walk *walk, const char *text, const cJSON *first, bool is_inner) {
    for (const cJSON *statement = first; statement; statement = statement->next) {
        walk_statement(walk, text, statement, is_inner);
    }
}

static bool walk_inner(struct tree_walk *walk, const char *sql) {
    struct parsed parsed = parse_text(walk, sql);
    walk_statements(walk, sql, parsed.first, true);
    return parsed.is_right;
}

/* Discards all effects: a file that does not parse is unknown as a whole. */
static void refuse(struct tree_walk *walk, const char *text, const struct parsed *parsed) {
    size_t length = strlen(text);
    go_to(walk, text + (parsed->fault_at < length ? parsed->fault_at : length));
    protocol_forget(walk->writer);
    protocol_begin(walk->writer, EFFECT_STATEMENT, 0, walk->line);
    protocol_field(walk->writer, parsed->fault);
}

/* ---- a migration ---- */

struct whole {
    struct arena *arena;
    const char *sql;
    char *copy; /* is cut into pieces */
    size_t length;
    struct protocol_writer *writer;
    bool is_right;
};

static const char *next_breakpoint(const char *from) {
    return strstr(from, breakpoint);
}

/* True if every breakpoint of `sql` ended a statement in `text`, or follows no statement; so none
 * is in a string, comment or brackets. */
static bool are_ends(const char *sql, const char *text, const cJSON *first) {
    const char *next = next_breakpoint(sql), *at = text;
    for (const cJSON *statement = first; next; statement = statement->next) {
        const char *start = statement ? start_of(text, statement) : text + strlen(text);
        for (const char *end; (end = first_token(at)) < start && *end == ';'; at = end + 1) {
            if (next && next - sql == end - text) {
                next = next_breakpoint(next + 1);
            }
        }
        if (!statement) {
            break;
        }
        at = start + size_of(start, statement);
        if (next && next - sql < at - text) {
            return false;
        }
    }
    return !next;
}

/* Parses all pieces at once, with breakpoints replaced by semicolons, which takes the parser half
 * the time. Returns false, without having walked anything, if a breakpoint does not end a statement
 * or the text does not parse. */
static bool walk_together(struct whole *whole, struct tree_walk *walk) {
    enum { TOGETHER = 1 << 16 }; /* bytes; also bounds the memory of the parse tree */
    if (whole->length > TOGETHER || !next_breakpoint(whole->sql)) {
        return false;
    }
    for (const char *at = whole->sql; (at = next_breakpoint(at)); at++) {
        char *in_copy = whole->copy + (at - whole->sql);
        memset(in_copy, ' ', strlen(breakpoint));
        *in_copy = ';';
    }
    struct parsed parsed = parse_text(walk, whole->copy);
    if (!parsed.is_right || !are_ends(whole->sql, whole->copy, parsed.first)) {
        memcpy(whole->copy, whole->sql, whole->length + 1);
        return false;
    }
    walk_statements(walk, whole->copy, parsed.first, false);
    return true;
}

static void walk_pieces(struct whole *whole, struct tree_walk *walk) {
    for (char *text = whole->copy; text && whole->is_right;) {
        char *end = strstr(text, breakpoint);
        if (end) {
            *end = '\0';
        }
        struct parsed parsed = parse_text(walk, text);
        whole->is_right = parsed.is_right;
        if (parsed.is_right) {
            walk_statements(walk, text, parsed.first, false);
        } else {
            refuse(walk, text, &parsed);
        }
        text = end ? end + strlen(breakpoint) : NULL;
    }
}

static void parse_whole(void *context) {
    struct whole *whole = context;
    struct tree_walk walk = {.arena = whole->arena,
                             .writer = whole->writer,
                             .sql = whole->copy,
                             .line = 1,
                             .schema = TEXT(""),
                             .statement = parse_statement,
                             .inner = walk_inner};
    if (!walk_together(whole, &walk)) {
        walk_pieces(whole, &walk);
    }
}

void parse_effects(const char *sql, size_t length, struct protocol_writer *writer, uint32_t *ret_status) {
    struct whole whole = {.arena = arena_create(),
                          .sql = sql,
                          .copy = malloc(length + 1),
                          .length = length,
                          .writer = writer,
                          .is_right = true};
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
