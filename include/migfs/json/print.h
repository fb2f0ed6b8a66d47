/* Prints a tree in one of two layouts. Pure; any thread; the text lives in the arena and is
 * NUL-terminated. */
#ifndef MIGFS_JSON_PRINT_H
#define MIGFS_JSON_PRINT_H

#include "migfs/json/tree.h"

/* The layout of migfs: one member or element per line for the outermost value and for arrays
 * directly in it, everything deeper on the line where it begins, a newline at the end. Strings are
 * escaped as by buffer_add_json(), so that they cannot affect a terminal. */
struct text json_print_lines(struct arena *arena, const struct cJSON *tree);

/* Byte for byte JSON.stringify(x, null, 2), for x as JSON.parse would make it: no newline at the
 * end, {} and [] if empty, keys that are array indices first, in numeric order. drizzle-kit writes
 * its files in this format. */
struct text json_stringify(struct arena *arena, const struct cJSON *tree);

/* A number as JavaScript prints it: the shortest digits that read back as the same number; null for
 * NaN and infinities. */
void json_add_number(struct buffer *buffer, double number);

#endif
