/* `migfs completion SHELL`: prints the completion script for bash, zsh or fish, made from the
 * tables of commands and options. The build installs the output. */
#ifndef MIGFS_CLI_COMPLETION_H
#define MIGFS_CLI_COMPLETION_H

struct options;

/* Returns the exit status: 2 for an unknown shell. */
int completion_run(struct options *options);

#endif
