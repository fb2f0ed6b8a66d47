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

static const char location[] = "\"location\":", typemod[] = "\"typemod\":-1,", is_local[] = "},\"is_local\":true";

static bool ends_with(const char *from, const char *end, const char *what, size_t length) {
    return (size_t)(end - from) >= length && memcmp(end - length, what, length) == 0;
}

/* Removes a third of what the parser prints: the locations of nodes, since only the starts of
 * statements are needed, and beside them two members that are the same wherever it prints them.
 * Cannot match inside a string, where quotes are escaped. */
static struct text shorten(char *json) {
    char *to = json;
    const char *from = json, *end = json + strlen(json);
    for (const char *found = json; (found = memmem(found, (size_t)(end - found), location, sizeof location - 1));) {
        const char *behind = found + sizeof location - 1, *number = behind;
        while (*behind == '-' || (*behind >= '0' && *behind <= '9')) {
            behind++;
        }
        if (behind == number) {
            found = behind; /* a tablespace's "location", which is a string */
            continue;
        }
        found -= ends_with(from, found, typemod, sizeof typemod - 1) ? sizeof typemod - 1 : 0;
        bool has_comma_before = found > from ? found[-1] == ',' : to > json && to[-1] == ',';
        size_t kept = (size_t)(found - from);
        memmove(to, from, kept);
        to += kept;
        to -= has_comma_before;
        if (has_comma_before && strncmp(behind, is_local, sizeof is_local - 1) == 0) {
            *to++ = '}';
            behind += sizeof is_local - 1;
        }
        from = found = behind + (!has_comma_before && *behind == ',');
    }
    memmove(to, from, (size_t)(end - from));
    to += end - from;
    return (struct text){json, (size_t)(to - json)};
}

/* What the parser printed of a text. Its trees are made one by one, each in place of the one
 * before. */
struct parsed {
    PgQueryParseResult result;
    bool is_right;
    struct text fault;
    size_t fault_at;
    struct text rest;    /* the statements that have not been read */
    struct arena *trees; /* holds `statement` */
    const cJSON *statement;
    struct text printed; /* the same statement */
};

static const char no_statements[] = "\"stmts\":[";

static struct parsed parse_text(struct tree_walk *walk, const char *text) {
    struct parsed parsed = {.result = pg_query_parse(text), .trees = arena_within(walk->arena)};
    const PgQueryError *error = parsed.result.error;
    parsed.is_right = !error;
    if (error) {
        parsed.fault = text_copy(walk->arena, text_of(error->message));
        parsed.fault_at = (size_t)(error->cursorpos > 0 ? error->cursorpos - 1 : 0);
    } else {
        struct text printed = shorten(parsed.result.parse_tree);
        size_t at;
        if (text_find(printed, no_statements, &at)) {
            parsed.rest = text_slice(printed, at + sizeof no_statements - 1, printed.length);
        }
    }
    return parsed;
}

/* Reads the next statement. Returns false if there is none. */
static bool next_statement(struct tree_walk *walk, struct parsed *parsed) {
    arena_clear(parsed->trees);
    parsed->statement = NULL;
    if (!text_starts(parsed->rest, "{")) {
        return false;
    }
    const char *from = parsed->rest.bytes;
    parsed->statement = json_tree_next(parsed->trees, &parsed->rest);
    parsed->printed = (struct text){from, (size_t)(parsed->rest.bytes - from)};
    parsed->rest = text_slice(parsed->rest, text_starts(parsed->rest, ","), parsed->rest.length);
    walk->writer->has_failed = walk->writer->has_failed || !parsed->statement; /* nested too deep to read */
    return parsed->statement != NULL;
}

static void end_parsing(struct parsed *parsed) {
    pg_query_free_parse_result(parsed->result);
    arena_destroy(parsed->trees);
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
static void walk_statement(struct tree_walk *walk, const char *text, const struct parsed *parsed, bool is_inner) {
    const char *start = start_of(text, parsed->statement);
    if (!is_inner) {
        go_to(walk, first_token(start));
    }
    const cJSON *node = tree_at(parsed->statement, "stmt");
    if (node && !(is_inner && (walk->flags & EFFECT_MAYBE))) {
        parse_source(walk, node, parsed->printed, is_inner);
    }
    if (tree_as(node, "DoStmt")) {
        tree_effect(walk, EFFECT_STATEMENT, 0, TEXT("DO"));
        parse_do(walk, text_copy(walk->arena, (struct text){start, size_of(start, parsed->statement)}).bytes);
    } else {
        parse_statement(walk, node);
    }
}

static bool walk_inner(struct tree_walk *walk, const char *sql) {
    struct parsed parsed = parse_text(walk, sql);
    bool is_right = parsed.is_right;
    while (next_statement(walk, &parsed)) {
        walk_statement(walk, sql, &parsed, true);
    }
    end_parsing(&parsed);
    return is_right;
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

/* Compares the breakpoints of a file with the statements that the parser saw in its text. */
struct ends {
    const char *sql, *text; /* with breakpoints; with semicolons in their place */
    const char *next;       /* breakpoint in `sql`; NULL: none */
    const char *at;         /* in `text`, behind the last statement */
};

/* Takes the breakpoints between the last statement and this place, where each must be a semicolon
 * that ends a statement or follows none. */
static void pass_ends(struct ends *ends, const char *start) {
    for (const char *end; (end = first_token(ends->at)) < start && *end == ';'; ends->at = end + 1) {
        if (ends->next && ends->next - ends->sql == end - ends->text) {
            ends->next = next_breakpoint(ends->next + 1);
        }
    }
}

/* Returns false if a breakpoint lies in this statement: in a string, a comment or brackets. */
static bool pass_statement(struct ends *ends, const cJSON *statement) {
    const char *start = start_of(ends->text, statement);
    pass_ends(ends, start);
    ends->at = start + size_of(start, statement);
    return !ends->next || ends->next - ends->sql >= ends->at - ends->text;
}

/* Parses all pieces at once, with breakpoints replaced by semicolons, which takes the parser half
 * the time. Returns false if a breakpoint does not end a statement or the text does not parse; what
 * was walked until then does not count. */
static bool walk_together(struct whole *whole, struct tree_walk *walk) {
    enum { TOGETHER = 1 << 16 }; /* bytes; also bounds the memory of what the parser prints */
    if (whole->length > TOGETHER || !next_breakpoint(whole->sql)) {
        return false;
    }
    for (const char *at = whole->sql; (at = next_breakpoint(at)); at++) {
        char *in_copy = whole->copy + (at - whole->sql);
        memset(in_copy, ' ', strlen(breakpoint));
        *in_copy = ';';
    }
    struct parsed parsed = parse_text(walk, whole->copy);
    struct ends ends = {whole->sql, whole->copy, next_breakpoint(whole->sql), whole->copy};
    bool is_right = parsed.is_right;
    while (is_right && next_statement(walk, &parsed)) {
        is_right = pass_statement(&ends, parsed.statement);
        if (is_right) {
            walk_statement(walk, whole->copy, &parsed, false);
        }
    }
    pass_ends(&ends, whole->copy + whole->length);
    end_parsing(&parsed);
    return is_right && !ends.next;
}

static void walk_pieces(struct whole *whole, struct tree_walk *walk) {
    for (char *text = whole->copy; text && whole->is_right;) {
        char *end = strstr(text, breakpoint);
        if (end) {
            *end = '\0';
        }
        struct parsed parsed = parse_text(walk, text);
        whole->is_right = parsed.is_right;
        while (next_statement(walk, &parsed)) {
            walk_statement(walk, text, &parsed, false);
        }
        if (!parsed.is_right) {
            refuse(walk, text, &parsed);
        }
        end_parsing(&parsed);
        text = end ? end + strlen(breakpoint) : NULL;
    }
}

static void parse_whole(void *context) {
    struct whole *whole = context;
    const struct tree_walk beginning = {.arena = whole->arena,
                                        .writer = whole->writer,
                                        .sql = whole->copy,
                                        .line = 1,
                                        .schema = TEXT(""),
                                        .form = BUFFER(whole->arena),
                                        .statement = parse_statement,
                                        .inner = walk_inner};
    struct tree_walk walk = beginning;
    if (!walk_together(whole, &walk)) {
        protocol_forget(whole->writer);
        memcpy(whole->copy, whole->sql, whole->length + 1);
        walk = beginning;
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
