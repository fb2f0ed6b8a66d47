/* Reads everything once, for commands that print and do not mount. */
#ifndef MIGFS_CLI_READING_H
#define MIGFS_CLI_READING_H

#include "cli/options.h"

/* The exit status if the result is unknown. */
enum { READING_CANNOT_TELL = 2 };

struct snapshots_schema;

/* Returns the inputs after the folder and every database have been read or have failed. Returns
 * NULL, and logs the reason, if that is not possible. `schema` must live as long; NULL: not known. */
struct inputs *reading_inputs(const struct options *options, const struct snapshots_schema *schema);

/* Returns whether standard output has been written completely; logs an error if not. */
bool reading_is_written(void);

#endif
