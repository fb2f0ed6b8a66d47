/* Which folders a command is about, and which options hold for each: those of the command line, then of the project file's section, then of the
 * project file, then of drizzle.config.*, then the defaults. Top row. */
#ifndef MIGFS_CLI_FOLDERS_H
#define MIGFS_CLI_FOLDERS_H

#include "cli/options.h"

enum folders_number { FOLDERS_ONE, FOLDERS_ANY };

/* Calls body for each folder that the command line names or, where it names none, for those of the project file or the one that is found below the
 * current folder. `folder->source` is absolute and `folder->written` as the user wrote it. Returns the highest exit status; 2, with what is
 * wrong on standard error, where there is no folder, or more than one for a command that takes one. */
int folders_run(struct options *options, enum folders_number number, int (*body)(struct options *folder, void *context),
                void *context);

#endif
