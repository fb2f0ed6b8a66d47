/* `migfs completion SHELL`: what bash, zsh and fish need to complete a command line, made from the tables of commands and options. The build
 * installs what it prints. Top row. */
#ifndef MIGFS_CLI_COMPLETION_H
#define MIGFS_CLI_COMPLETION_H

struct options;

/* Returns the exit status: 2 for a shell that is not known. */
int completion_run(struct options *options);

#endif
