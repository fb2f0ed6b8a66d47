/* `migfs help` and `migfs version`, also as --help and --version. Top row. */
#ifndef MIGFS_CLI_HELP_H
#define MIGFS_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

struct options;

int help_run(struct options *options);
int help_run_version(struct options *options);

/* The commands and the options, from their tables. */
void help_print(FILE *file);

/* How one command is used, and the options that it heeds. */
void help_print_command(FILE *file, enum command_kind kind);

#endif
