/* How `migfs check` prints problems: for people and editors, for programs, for GitHub, GitLab and whatever reads SARIF. Paths are as the user wrote
 * the folder. Top row; prints on standard output. */
#ifndef MIGFS_CLI_FORMATS_H
#define MIGFS_CLI_FORMATS_H

#include "cli/options.h"

struct formats;

/* For the problems of all folders that one command is about. NULL when memory has run out. */
struct formats *formats_create(const struct options *options);

/* Prints it, or keeps it until formats_end(). `folder` has the options of the folder that it is in. Runs inside arena_run() of the arena. */
void formats_add(struct formats *formats, const struct options *folder, struct arena *arena,
                 const struct problem *problem);

/* Prints what is printed as one document. */
void formats_end(struct formats *formats);
void formats_destroy(struct formats *formats); /* takes NULL */

/* The file of a problem as the user can open it; empty for what is in no file, such as a database. */
struct text formats_path(struct arena *arena, const struct options *folder, const struct problem *problem);

#endif
