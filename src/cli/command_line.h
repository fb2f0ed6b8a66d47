/* Parses a command line by the tables of commands and options. Call before starting threads. */
#ifndef MIGFS_CLI_COMMAND_LINE_H
#define MIGFS_CLI_COMMAND_LINE_H

#include "cli/options.h"

/* Also reads the files that contain connection strings, and overwrites every connection string in
 * argv, so that `ps` does not show it. An error in the command line is ERROR_USAGE and says what to
 * type instead. Call option_finish() also after an error. */
bool command_line_parse(struct options *options, int argc, char **argv, struct error *error);

/* Returns false if the first word asks about the program itself, as in `migfs --version`: then no
 * migrations are read, whatever words follow. */
bool command_line_reads(int argc, char **argv);

#endif
