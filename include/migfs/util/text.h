/* A text is a slice of bytes owned by someone else: a file name, a tag, a line. It may contain any
 * byte, including NUL. A buffer is a growing text in an arena. Escaping for people and for JSON is
 * done here, so that nothing from a folder, a journal or a database reaches an output unescaped.
 *
 * All functions may be called from any thread; results live as long as the arena given, or as the
 * slice they were made from if no arena is given. */
#ifndef MIGFS_UTIL_TEXT_H
#define MIGFS_UTIL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "migfs/util/arena.h"

struct text {
    const char *bytes; /* not NUL-terminated unless the function that made it says so */
    size_t length;     /* in bytes */
};

#define TEXT(literal) ((struct text){("" literal), sizeof(literal) - 1})
#define TEXT_ARGS(text) ((int)(text).length), ((text).bytes) /* "%.*s" of trusted texts */

/* What a lexer asks of every word stands here, so that the compiler sees the length of a literal. */

/* NULL gives the empty text. */
static inline struct text text_of(const char *string) {
    return string ? (struct text){string, strlen(string)} : (struct text){"", 0};
}

static inline bool text_equal(struct text a, struct text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static inline bool text_is(struct text text, const char *string) {
    return text_equal(text, text_of(string));
}

static inline bool text_starts(struct text text, const char *prefix) {
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.bytes, prefix, length) == 0;
}

/* From and to are cut to what is there. */
static inline struct text text_slice(struct text text, size_t from, size_t to) {
    to = to < text.length ? to : text.length;
    from = from < to ? from : to;
    return (struct text){from > 0 ? text.bytes + from : text.bytes, to - from}; /* NULL + 0 is undefined */
}

int text_compare(struct text a, struct text b); /* by bytes, as strcmp in the C locale */

/* The same of two elements of an array of texts, for qsort(3) and bsearch(3). */
int text_compare_elements(const void *a, const void *b);

bool text_ends(struct text text, const char *suffix);
bool text_find(struct text text, const char *needle, size_t *ret_at); /* offset in bytes */
struct text text_trim(struct text text);                              /* of blanks, tabs, CR, LF */

/* The next line from *rest, without its LF or CRLF; false at the end. */
bool text_line(struct text *rest, struct text *ret_line);

/* A NUL-terminated copy. */
struct text text_copy(struct arena *arena, struct text text);
struct text text_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct text text_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The value of a hexadecimal digit, in either case, or -1. */
int text_hex_digit(char byte);

/* Decimal integers with nothing around them; false when it is none or out of range. */
bool text_to_int64(struct text text, int64_t *ret_value);

/* True for printable ASCII without double quotes and backslashes, which needs no escapes anywhere. */
bool text_is_plain(struct text text);

/* True when the bytes are well-formed UTF-8 (no surrogates, nothing above U+10FFFF). */
bool text_is_utf8(struct text text);

/* The text as a UTF-8 decoder reads it by the WHATWG rule: each maximal ill-formed part becomes one
 * U+FFFD. Returns the slice itself if it is well formed. */
struct text text_repair_utf8(struct arena *arena, struct text text);

/* Takes the first character from *rest, which is not empty; U+FFFD for each ill-formed part, by the
 * same rule. */
uint32_t text_character(struct text *rest);

struct buffer {
    struct arena *arena;
    char *bytes;
    size_t length, capacity;
};

#define BUFFER(in_arena) ((struct buffer){.arena = (in_arena)})

void buffer_add(struct buffer *buffer, struct text text);
void buffer_add_string(struct buffer *buffer, const char *string);
void buffer_add_char(struct buffer *buffer, char byte);
void buffer_add_number(struct buffer *buffer, int64_t number); /* decimal */
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For people: printable UTF-8 as it is; control characters, escape sequences, line breaks,
 * ill-formed bytes, and characters that are invisible or change the direction as \n, \t, \x1b,
 * \u{202e}; a backslash doubled. */
void buffer_add_escaped(struct buffer *buffer, struct text text);

/* Replaces each byte of what buffer_add_escaped() escapes, but for backslashes and what is no UTF-8,
 * by `?`. Needs no memory. */
void text_disarm(char *string);

/* A plain text between double quotes. */
void buffer_add_plain(struct buffer *buffer, struct text text);

/* A JSON string with its quotes, ill-formed bytes replaced; what buffer_add_escaped() escapes
 * becomes \u escapes. */
void buffer_add_json(struct buffer *buffer, struct text text);

struct text buffer_text(const struct buffer *buffer); /* of its present content; NUL-terminated */
struct text text_escaped(struct arena *arena, struct text text);

#endif
