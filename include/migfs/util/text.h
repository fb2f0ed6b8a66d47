/* A text is a slice of bytes that somebody else owns: a file name, a tag, a line. It may hold any byte, NUL included.
 * A buffer is a growing text in an arena. Escaping for people and for JSON lives here, so that nothing that came from
 * a folder, a journal or a database reaches an output by any other way.
 *
 * All functions may be called from any thread; what they return lives as long as the arena given, or as the slice they
 * were given when they take no arena. */
#ifndef MIGFS_UTIL_TEXT_H
#define MIGFS_UTIL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/arena.h"

struct text {
    const char *bytes; /* not NUL-terminated unless the function that made it says so */
    size_t length;     /* in bytes */
};

#define TEXT(literal) ((struct text){("" literal), sizeof(literal) - 1})
#define TEXT_ARGS(text) ((int)(text).length), ((text).bytes) /* for "%.*s", trusted short texts only */

struct text text_of(const char *string); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
int text_compare(struct text a, struct text b); /* by bytes, as strcmp in the C locale; for every sort that is seen */
bool text_is(struct text text, const char *string);
bool text_starts(struct text text, const char *prefix);
bool text_ends(struct text text, const char *suffix);
struct text text_slice(struct text text, size_t from, size_t to);     /* cut to what is there */
bool text_find(struct text text, const char *needle, size_t *ret_at); /* first occurrence, in bytes from the start */
struct text text_trim(struct text text);                              /* without blanks, tabs, CR, LF at both ends */

/* The next line from *rest, without its LF or CRLF; false at the end. */
bool text_line(struct text *rest, struct text *ret_line);

/* A NUL-terminated copy. */
struct text text_copy(struct arena *arena, struct text text);
struct text text_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct text text_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Whole decimal numbers with nothing around them; false when it is not one or does not fit. */
bool text_to_int64(struct text text, int64_t *ret_value);

/* True when the bytes are well-formed UTF-8 (no surrogates, nothing above U+10FFFF). */
bool text_is_utf8(struct text text);

/* The text as a UTF-8 decoder by the WHATWG rule reads it: each maximal ill-formed part becomes one U+FFFD.
 * Returns the slice itself when it is well formed. */
struct text text_repair_utf8(struct arena *arena, struct text text);

/* Takes the first character from *rest, which is not empty; U+FFFD for each ill-formed part, by the same rule. */
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

/* For people: printable UTF-8 as it is; control characters, escape sequences, line breaks, ill-formed bytes and
 * characters that change the direction or are invisible as \n, \t, \x1b, \u{202e}; a backslash doubled. */
void buffer_add_escaped(struct buffer *buffer, struct text text);

/* A JSON string with its quotes, ill-formed bytes repaired; what buffer_add_escaped() escapes stands as \u escapes. */
void buffer_add_json(struct buffer *buffer, struct text text);

struct text buffer_text(const struct buffer *buffer); /* of what is in it now; NUL-terminated */
struct text text_escaped(struct arena *arena, struct text text);

#endif
