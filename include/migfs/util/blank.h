/* White space as JavaScript defines it (`\s`, trim(), Number()): Unicode's, line terminators and
 * U+FEFF, in UTF-8. Any thread. */
#ifndef MIGFS_UTIL_BLANK_H
#define MIGFS_UTIL_BLANK_H

#include "migfs/util/text.h"

/* The length in bytes of the white-space character at the start, or at the end, of the text; 0:
 * none. */
size_t blank_at_start(struct text text);
size_t blank_at_end(struct text text);

/* The slice without white space at both ends. */
struct text blank_trim(struct text text);

#endif
