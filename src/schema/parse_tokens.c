/* Splits each piece of a migration with PostgreSQL's parser and finds its tokens with PostgreSQL's
 * scanner. The scanner answers in protobuf; the few fields needed are decoded here. */
#include "schema/parse_tokens.h"

#include <pg_query.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/schema/tokens.h"
#include "schema/parse_unnamed.h"

/* Field numbers of ScanResult and ScanToken, and the token numbers of comments. */
enum { RESULT_TOKENS = 2, TOKEN_START = 1, TOKEN_END = 2, TOKEN_WHAT = 4, SQL_COMMENT = 275, C_COMMENT = 276 };

static const char breakpoint[] = "--> statement-breakpoint";

struct found {
    uint32_t start, end;
    bool is_comment;
};

struct list {
    struct found *tokens;
    size_t count, capacity;
};

static bool add(struct list *list, struct found token) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity * 2 + 64;
        struct found *grown = realloc(list->tokens, capacity * sizeof *grown);
        if (!grown) {
            return false;
        }
        list->tokens = grown;
        list->capacity = capacity;
    }
    list->tokens[list->count++] = token;
    return true;
}

static uint64_t number(const unsigned char **at, const unsigned char *end) {
    uint64_t value = 0;
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        unsigned char byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return value;
}

static struct found read_token(const unsigned char *at, const unsigned char *end, uint32_t base) {
    struct found token = {base, base, false};
    while (at < end) {
        uint64_t field = number(&at, end) >> 3, value = number(&at, end);
        if (field == TOKEN_START) {
            token.start = base + (uint32_t)value;
        } else if (field == TOKEN_END) {
            token.end = base + (uint32_t)value;
        } else if (field == TOKEN_WHAT) {
            token.is_comment = value == SQL_COMMENT || value == C_COMMENT;
        }
    }
    return token;
}

/* Adds the tokens of `piece`, which starts at offset `base` of the file. Returns false if the
 * scanner rejects it. */
static bool scan(const char *piece, uint32_t base, struct list *list) {
    PgQueryScanResult result = pg_query_scan(piece);
    bool is_right = result.error == NULL;
    const unsigned char *at = (const unsigned char *)result.pbuf.data, *end = at + result.pbuf.len;
    while (is_right && at < end) {
        uint64_t tag = number(&at, end), value = number(&at, end);
        if (tag == (RESULT_TOKENS << 3 | 2)) { /* followed by its length */
            is_right = value <= (uint64_t)(end - at) && add(list, read_token(at, at + value, base));
            at += is_right ? value : 0;
        }
    }
    pg_query_free_scan_result(result);
    return is_right;
}

/* The line of `place`, from 1. */
static uint32_t line_of(const char *sql, const char *place) {
    uint32_t line = 1;
    for (; sql < place; sql++) {
        line += *sql == '\n';
    }
    return line;
}

static void write_tokens(struct protocol_writer *writer, uint8_t kind, uint8_t flags, uint32_t line,
                         const struct list *list, size_t from, size_t to, bool is_of_comments) {
    size_t count = 0;
    uint32_t *pairs = calloc(to - from + 1, 2 * sizeof *pairs);
    if (!pairs) {
        writer->has_failed = true;
        return;
    }
    for (size_t i = from; i < to; i++) {
        if (list->tokens[i].is_comment == is_of_comments) {
            pairs[2 * count] = list->tokens[i].start;
            pairs[2 * count++ + 1] = list->tokens[i].end;
        }
    }
    if (count > 0) {
        protocol_begin(writer, kind, flags, line);
        protocol_field(writer, (struct text){(const char *)pairs, count * 2 * sizeof *pairs});
    }
    free(pairs);
}

/* ---- indexes without a name ---- */

/* True if there is a token at *at that is this word; moves behind it. */
static bool take(const char *sql, const struct list *list, size_t to, size_t *at, const char *word) {
    while (*at < to && list->tokens[*at].is_comment) {
        ++*at;
    }
    size_t length = *at < to ? list->tokens[*at].end - list->tokens[*at].start : 0;
    bool is_it = length == strlen(word) && strncasecmp(sql + list->tokens[*at].start, word, length) == 0;
    *at += is_it;
    return is_it;
}

/* Writes a record for each: of a statement, or of those in a DO. */
static void write_unnamed(struct protocol_writer *writer, const char *sql, const struct list *list, size_t from,
                          size_t to) {
    for (size_t at = from; at < to; at++) {
        size_t start = list->tokens[at].start, on = at, end;
        if (!take(sql, list, to, &on, "create")) {
            continue;
        }
        take(sql, list, to, &on, "unique");
        if (!take(sql, list, to, &on, "index")) {
            continue;
        }
        take(sql, list, to, &on, "concurrently");
        if (!take(sql, list, to, &on, "on")) {
            continue;
        }
        for (end = on; end < to && sql[list->tokens[end].start] != ';'; end++) {
        }
        char *statement = strndup(sql + start, list->tokens[end - 1].end - start);
        if (statement) {
            parse_unnamed(statement, list->tokens[on - 1].start, writer);
        }
        writer->has_failed = writer->has_failed || !statement;
        free(statement);
        at = end - 1;
    }
}

/* ---- statements ---- */

/* Writes the tokens inside a DO's dollar quotes. */
static void write_body(struct protocol_writer *writer, const char *sql, const struct list *list, size_t from,
                       size_t to) {
    for (size_t i = from; i < to; i++) {
        const char *start = sql + list->tokens[i].start, *end = sql + list->tokens[i].end;
        const char *open = *start == '$' ? memchr(start + 1, '$', (size_t)(end - start - 1)) : NULL;
        if (!open || end - open <= open - start + 1) {
            continue;
        }
        size_t length = (size_t)(end - open - 1 - (open - start + 1));
        char *body = strndup(open + 1, length);
        struct list inner = {0};
        if (body && scan(body, (uint32_t)(open + 1 - sql), &inner)) {
            write_tokens(writer, TOKENS_BODY, 0, line_of(sql, start), &inner, 0, inner.count, false);
            write_unnamed(writer, sql, &inner, 0, inner.count);
        }
        writer->has_failed = writer->has_failed || !body;
        free(inner.tokens);
        free(body);
        return;
    }
}

static bool is_do(const char *sql, const struct list *list, size_t from, size_t to) {
    while (from < to && list->tokens[from].is_comment) {
        from++;
    }
    return from < to && list->tokens[from].end - list->tokens[from].start == 2 &&
           strncasecmp(sql + list->tokens[from].start, "do", 2) == 0;
}

static void write_statement(struct protocol_writer *writer, const char *sql, const struct list *list, size_t from,
                            size_t to, bool is_alone) {
    size_t first = from;
    while (first < to && list->tokens[first].is_comment) {
        first++;
    }
    write_tokens(writer, TOKENS_COMMENT, 0, 1, list, from, to, true);
    if (first < to) {
        uint32_t line = line_of(sql, sql + list->tokens[first].start);
        write_tokens(writer, TOKENS_STATEMENT, is_alone ? TOKENS_IS_ALONE : 0, line, list, from, to, false);
        if (is_do(sql, list, from, to)) {
            write_body(writer, sql, list, from, to);
        } else {
            write_unnamed(writer, sql, list, first, to);
        }
    }
}

static void write_piece(struct protocol_writer *writer, const char *sql, uint32_t base, const PgQuerySplitResult *split,
                        const struct list *list) {
    size_t at = 0;
    for (int i = 0; i < split->n_stmts; i++) {
        int length = split->stmts[i]->stmt_len;
        uint32_t end = length > 0 ? base + (uint32_t)(split->stmts[i]->stmt_location + length) : UINT32_MAX;
        size_t from = at;
        while (at < list->count && list->tokens[at].start < end) {
            at++;
        }
        if (from < at && sql[list->tokens[from].start] == ';') {
            from++;
        }
        write_statement(writer, sql, list, from, at, split->n_stmts == 1);
    }
    write_tokens(writer, TOKENS_COMMENT, 0, 1, list, at, list->count, true);
}

/* Parses the piece again, since only the parser says where it fails. */
static void write_refusal(const char *sql, const char *piece, struct protocol_writer *writer) {
    PgQueryParseResult result = pg_query_parse(piece);
    int place = result.error && result.error->cursorpos > 0 ? result.error->cursorpos - 1 : 0;
    bool is_within = (size_t)place <= strlen(piece);
    protocol_forget(writer); /* also discards the pieces before */
    protocol_begin(writer, 0, 0, line_of(sql, piece + (is_within ? place : 0)));
    protocol_field(writer, text_of(result.error ? result.error->message : "it cannot be split"));
    pg_query_free_parse_result(result);
}

static void scan_piece(const char *sql, const char *piece, struct protocol_writer *writer, uint32_t *ret_status) {
    PgQuerySplitResult split = pg_query_split_with_parser(piece);
    struct list list = {0};
    if (split.error) {
        write_refusal(sql, piece, writer);
        *ret_status = PROTOCOL_REFUSED;
    } else if (scan(piece, (uint32_t)(piece - sql), &list)) {
        write_piece(writer, sql, (uint32_t)(piece - sql), &split, &list);
    } else {
        writer->has_failed = true;
    }
    free(list.tokens);
    pg_query_free_split_result(split);
}

void parse_tokens(const char *sql, size_t length, struct protocol_writer *writer, uint32_t *ret_status) {
    char *copy = malloc(length + 1);
    if (!copy) {
        writer->has_failed = true;
        return;
    }
    memcpy(copy, sql, length + 1);
    for (char *piece = copy; piece && *ret_status == PROTOCOL_DONE;) {
        char *end = strstr(piece, breakpoint);
        if (end) {
            *end = '\0';
        }
        scan_piece(copy, piece, writer, ret_status);
        piece = end ? end + strlen(breakpoint) : NULL;
    }
    free(copy);
}
