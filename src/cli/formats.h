/* How `migfs check` prints problems: for people and editors, for programs, for GitHub, GitLab and
 * SARIF readers. Paths begin with the folder as the user wrote it. Prints on standard output. */
#ifndef MIGFS_CLI_FORMATS_H
#define MIGFS_CLI_FORMATS_H

#include "cli/options.h"

struct formats;

/* Collects the problems of all folders of a command. Returns NULL when memory has run out. */
struct formats *formats_create(const struct options *options);

/* Prints the problem, or keeps it until formats_end(). `folder` has the options of its folder. Call
 * within arena_run() of the arena. */
void formats_add(struct formats *formats, const struct options *folder, struct arena *arena,
                 const struct problem *problem);

/* Prints the problems if the format is a single document. */
void formats_end(struct formats *formats);
void formats_destroy(struct formats *formats); /* accepts NULL */

#endif
