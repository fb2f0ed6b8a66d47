/* Parses the words of a command line by the tables of commands and options. Top row; before any thread. */
#ifndef MIGFS_CLI_COMMAND_LINE_H
#define MIGFS_CLI_COMMAND_LINE_H

#include "cli/options.h"

/* Reads the files that hold connection strings, too, and takes every connection string out of argv, so that `ps` does not show it. An error
 * of the command line is ERROR_USAGE with what to type instead. To be finished by option_finish(), also after an error. */
bool command_line_parse(struct options *options, int argc, char **argv, struct error *error);

#endif
