/* Reading everything once, for the commands that print and do not mount. Top row. */
#ifndef MIGFS_CLI_READING_H
#define MIGFS_CLI_READING_H

#include "cli/options.h"

/* The exit status of what could not tell. */
enum { READING_CANNOT_TELL = 2 };

/* The inputs, once the folder and every database have been read or have failed. NULL when that cannot be, which is then logged. */
struct inputs *reading_inputs(const struct options *options);

/* Whether all that was printed on standard output has been written; logged where not. */
bool reading_is_written(void);

#endif
