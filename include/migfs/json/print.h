/* A tree as text, in one of two layouts. Pure; any thread; the text lives in the arena and has a NUL behind it. */
#ifndef MIGFS_JSON_PRINT_H
#define MIGFS_JSON_PRINT_H

#include "migfs/json/tree.h"

/* Our own: the outermost value a member or element a line, so are arrays in it; all else on the line where it begins. A line break
 * at the end. Strings are escaped as buffer_add_json() does it, so that nothing in them changes what a terminal shows. */
struct text json_print_lines(struct arena *arena, const struct cJSON *tree);

/* Byte for byte JSON.stringify(x, null, 2), for x as JSON.parse would make it: no line break at the end, {} and [] where nothing is
 * in them, keys that are array indices first and by number. It is how drizzle-kit writes its files. */
struct text json_stringify(struct arena *arena, const struct cJSON *tree);

/* A number as JavaScript prints it: the shortest digits that give it back; null for what is not a number or infinite. */
void json_add_number(struct buffer *buffer, double number);

#endif
