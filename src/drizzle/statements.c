/* Examines a migration's text as the runner and PostgreSQL would, without parsing it. Knows nothing
 * of files. */
#include "migfs/drizzle/statements.h"

#include <string.h>

static const char breakpoint[] = "--> statement-breakpoint";

static bool is_blank(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static struct text without_byte_order_mark(struct text text) {
    return text_starts(text, "\xef\xbb\xbf") ? text_slice(text, 3, text.length) : text;
}

/* Number of blank bytes at the start. */
static size_t blank_length(struct text text) {
    size_t length = 0;
    while (length < text.length && is_blank(text.bytes[length])) {
        length++;
    }
    return length;
}

static size_t line_comment_length(struct text text) {
    if (!text_starts(text, "--")) {
        return 0;
    }
    const char *end = memchr(text.bytes, '\n', text.length);
    return end ? (size_t)(end - text.bytes) : text.length;
}

/* Block comments nest in PostgreSQL; an unterminated one is an error, not a comment. */
static size_t block_comment_length(struct text text) {
    if (!text_starts(text, "/*")) {
        return 0;
    }
    size_t depth = 0, at = 0;
    while (at + 1 < text.length) {
        if (text.bytes[at] == '/' && text.bytes[at + 1] == '*') {
            depth++;
            at += 2;
        } else if (text.bytes[at] == '*' && text.bytes[at + 1] == '/') {
            depth--;
            at += 2;
            if (depth == 0) {
                return at;
            }
        } else {
            at++;
        }
    }
    return 0;
}

static bool says_nothing(struct text text) {
    text = without_byte_order_mark(text);
    size_t length;
    do {
        length = blank_length(text);
        text = text_slice(text, length, text.length);
        length = line_comment_length(text);
        length += length == 0 ? block_comment_length(text) : 0;
        text = text_slice(text, length, text.length);
    } while (length > 0);
    return text.length == 0;
}

/* True for the content that `drizzle-kit generate --custom` writes. Any other comment is deliberate,
 * such as a baseline of `drizzle-kit pull`. */
static bool is_unwritten(struct text text) {
    size_t at;
    text = text_trim(without_byte_order_mark(text));
    return text.length == 0 ||
           (says_nothing(text) && text_starts(text, "-- Custom SQL migration file") && !text_find(text, "\n", &at));
}

static size_t count_statements(struct text text) {
    size_t count = 0, at;
    text = without_byte_order_mark(text);
    bool is_last;
    do {
        is_last = !text_find(text, breakpoint, &at);
        struct text piece = text_slice(text, 0, is_last ? text.length : at);
        count += blank_length(piece) < piece.length;
        text = text_slice(text, piece.length + strlen(breakpoint), text.length);
    } while (!is_last);
    return count;
}

/* Finds the next line at or after *at that begins with the mark, and sets *at after the mark. */
static bool find_line(struct text text, const char *mark, size_t *at) {
    size_t distance;
    while (text_find(text_slice(text, *at, text.length), mark, &distance)) {
        size_t start = *at + distance;
        *at = start + strlen(mark);
        if (start == 0 || text.bytes[start - 1] == '\n') {
            return true;
        }
    }
    return false;
}

/* Requires all three in order, since a line of equals signs alone is common in headings. */
static bool has_conflict_markers(struct text text) {
    size_t at = 0;
    if (!find_line(text, "<<<<<<< ", &at)) {
        return false;
    }
    while (find_line(text, "=======", &at)) {
        struct text after = text_slice(text, at, text.length);
        if (text_starts(after, "\n") || text_starts(after, "\r\n")) {
            return find_line(text, ">>>>>>> ", &at);
        }
    }
    return false;
}

static bool is_utf16(struct text text) {
    if (text_starts(text, "\xff\xfe") || text_starts(text, "\xfe\xff")) {
        return true;
    }
    size_t looked_at = text.length < 64 ? text.length / 2 * 2 : 64, nul[2] = {0, 0};
    for (size_t i = 0; i < looked_at; i++) {
        nul[i % 2] += text.bytes[i] == '\0';
    }
    return looked_at >= 4 && ((nul[0] == looked_at / 2 && nul[1] == 0) || (nul[1] == looked_at / 2 && nul[0] == 0));
}

void sql_examine(struct arena *arena, struct text text, struct sql *ret_sql) {
    struct text decoded = text_repair_utf8(arena, text);
    *ret_sql = (struct sql){
        .digest = digest_of(decoded),
        .statements = count_statements(decoded),
        .is_utf8 = decoded.bytes == text.bytes,
        .is_utf16 = is_utf16(text),
        .is_empty = says_nothing(decoded),
        .is_unwritten = is_unwritten(decoded),
        .has_conflict_markers = has_conflict_markers(decoded),
        .has_nul = text.length > 0 && memchr(text.bytes, '\0', text.length),
        .has_byte_order_mark = without_byte_order_mark(text).length < text.length,
    };
}

/* A copy with `line_end` for every LF and CRLF; a CR elsewhere is not a line end and is kept. */
static struct text with_line_ends(struct arena *arena, struct text text, const char *line_end) {
    size_t lines = 1;
    for (size_t i = 0; i < text.length; i++) {
        lines += text.bytes[i] == '\n';
    }
    char *bytes = arena_alloc(arena, text.length + lines);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '\r' && i + 1 < text.length && text.bytes[i + 1] == '\n') {
            continue;
        }
        if (text.bytes[i] == '\n') {
            length = (size_t)(stpcpy(bytes + length, line_end) - bytes);
        } else {
            bytes[length++] = text.bytes[i];
        }
    }
    return (struct text){bytes, length};
}

void sql_line_end_digests(struct arena *arena, struct text text, struct digest *ret_lf, struct digest *ret_crlf) {
    text = text_repair_utf8(arena, text);
    *ret_lf = digest_of(with_line_ends(arena, text, "\n"));
    *ret_crlf = digest_of(with_line_ends(arena, text, "\r\n"));
}
