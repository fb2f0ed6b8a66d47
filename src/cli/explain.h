/* `migfs explain`: explains a problem code as docs/problems.md does, or the state of a
 * migration. */
#ifndef MIGFS_CLI_EXPLAIN_H
#define MIGFS_CLI_EXPLAIN_H

#include <stdio.h>

#include "cli/options.h"

/* Returns the exit status: 2, with a suggestion on standard error, if the word is neither a code
 * nor a migration. */
int explain_run(struct options *options);

/* Prints the text below the code's heading, without its markup. Returns false if there is no such
 * code. */
bool explain_code(FILE *file, const char *code);

#endif
