/* Reads JSON where it stands: a text is accepted if and only if node's JSON.parse accepts it, and what is in it is then reached
 * as slices of the same bytes, so that numbers, unknown keys and formatting survive untouched.
 *
 * Pure; any thread. Only json_string() and json_check() use memory of the arena. */
#ifndef MIGFS_JSON_TEXT_H
#define MIGFS_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/arena.h"
#include "migfs/util/text.h"

struct json_fault {
    size_t offset;       /* bytes from the start */
    size_t line, column; /* from 1; the column counts bytes */
    const char *reason;  /* a literal: "a comma before the closing bracket", … */
};

/* True when JSON.parse accepts the bytes as node reads them from a file. Nesting has no limit but memory. */
bool json_check(struct arena *arena, struct text text, struct json_fault *ret_fault);

/* The fault at that offset. */
struct json_fault json_fault_at(struct text text, size_t offset, const char *reason);

enum json_type { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

/* All below take slices of a text that json_check() has accepted: one value, blanks around it allowed. */
struct text json_value(struct text text); /* the value without the blanks around it */
enum json_type json_type(struct text value);

/* Walks the elements of an array or the members of an object: set `rest` to the value, call until false.
 * For an array `key` is empty. `key` is the string with its quotes, as it stands. */
struct json_walk {
    struct text rest;
    bool is_entered;
};
bool json_next(struct json_walk *walk, struct text *ret_key, struct text *ret_value);

/* The string's characters as UTF-8; a lone surrogate becomes U+FFFD, as it does when node writes it to a file name. */
struct text json_string(struct arena *arena, struct text value);

/* The number as JavaScript has it (may be infinite). Of a number that is a whole text by itself, a NUL must stand behind it. */
double json_number(struct text value);

#endif
