/* `migfs help` and `migfs version`, also as --help and --version. */
#ifndef MIGFS_CLI_HELP_H
#define MIGFS_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

struct options;

int help_run(struct options *options);
int help_run_version(struct options *options);

/* Prints the commands and options, from their tables. */
void help_print(FILE *file);

/* Prints the usage of one command and its options. */
void help_print_command(FILE *file, enum command_kind kind);

#endif
