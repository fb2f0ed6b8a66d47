/* `migfs explain`: what a problem's code means and what to do, as docs/problems.md says it; or how a migration stands, and why. Top row. */
#ifndef MIGFS_CLI_EXPLAIN_H
#define MIGFS_CLI_EXPLAIN_H

#include <stdio.h>

#include "cli/options.h"

/* Returns the exit status: 2, with a suggestion on standard error, for what is neither a code nor a migration. */
int explain_run(struct options *options);

/* Prints what stands below the code's heading, without the marks that make it a page. False when there is none. */
bool explain_code(FILE *file, const char *code);

#endif
