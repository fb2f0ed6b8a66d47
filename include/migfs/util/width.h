/* How many columns of a terminal a text takes: none for a character that combines with the one
 * before it, two for a wide one of East Asia and for most emoji. Any thread. */
#ifndef MIGFS_UTIL_WIDTH_H
#define MIGFS_UTIL_WIDTH_H

#include "migfs/util/text.h"

size_t width_of_character(uint32_t character);

/* Of a text without control characters, such as text_escaped() returns. */
size_t width_of(struct text text);

#endif
