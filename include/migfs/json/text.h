/* Reads JSON in place: accepts a text if and only if node's JSON.parse accepts it, and returns its
 * parts as slices of the same bytes, so that numbers, unknown keys and formatting are preserved.
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

/* True if JSON.parse accepts the bytes as node reads them from a file. Nesting is limited only by
 * memory. */
bool json_check(struct arena *arena, struct text text, struct json_fault *ret_fault);

/* The fault at that offset. */
struct json_fault json_fault_at(struct text text, size_t offset, const char *reason);

enum json_type { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

/* The functions below take slices of a text that json_check() has accepted: one value, with or
 * without blanks around it. */
struct text json_value(struct text text); /* the value without the blanks around it */
enum json_type json_type(struct text value);

/* Walks the elements of an array or the members of an object: set `rest` to the value, call until
 * it returns false. `key` is the string with its quotes, verbatim; for an array it is empty. */
struct json_walk {
    struct text rest;
    bool is_entered;
};
bool json_next(struct json_walk *walk, struct text *ret_key, struct text *ret_value);

/* The string's characters as UTF-8; a lone surrogate becomes U+FFFD, as when node uses it in a file
 * name. */
struct text json_string(struct arena *arena, struct text value);

/* The number as in JavaScript (may be infinite). If the value is not followed by more text, it must
 * be NUL-terminated. */
double json_number(struct text value);

#endif
