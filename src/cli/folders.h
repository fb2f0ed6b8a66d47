/* Determines the folders of a command and the options of each. Options come from the command line,
 * then the project file's section, then the project file, then drizzle.config.*, then the
 * defaults. */
#ifndef MIGFS_CLI_FOLDERS_H
#define MIGFS_CLI_FOLDERS_H

#include "cli/options.h"

enum folders_number { FOLDERS_ONE, FOLDERS_ANY };

/* Calls body for each folder on the command line or, if there is none, for those of the project
 * file or the one found below the current folder. `folder->source` is absolute, and
 * `folder->written` is as the user wrote it. Returns the highest exit status. Returns 2, with an
 * error on standard error, if there is no folder, or more than one for a command that takes one. */
int folders_run(struct options *options, enum folders_number number, int (*body)(struct options *folder, void *context),
                void *context);

/* For a path that does not exist, gets the folder beside it with the most similar name. Returns
 * false if none is similar. */
bool folders_beside(const char *path, char *ret_path, size_t size);

#endif
