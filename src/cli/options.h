/* The command line: one table parses it, supplies the defaults and prints the help. Top row; before any thread. */
#ifndef MIGFS_CLI_OPTIONS_H
#define MIGFS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "migfs/live/inputs.h"
#include "migfs/report/problem.h"
#include "migfs/util/error.h"

enum command { COMMAND_MOUNT, COMMAND_CHECK, COMMAND_PRINT, COMMAND_HELP, COMMAND_VERSION };

enum check_format { CHECK_TEXT, CHECK_JSON, CHECK_GITHUB };

enum { OPTIONS_DATABASES = 1000, OPTIONS_MOUNT = 64 };

struct options {
    enum command command;
    char *source;     /* absolute */
    char *mountpoint; /* absolute; COMMAND_MOUNT */
    char *path;       /* of the file to print, without slashes around it; COMMAND_PRINT */
    bool is_foreground;
    bool no_database;
    enum check_format format;
    enum severity severity;       /* check shows problems at least as severe */
    char *base;                   /* a journal to compare with, or NULL; CHECK */
    struct inputs_options inputs; /* what it points to is owned here */
    char *rules_file;
    char *schema, *table;
    struct ledger_reader_database databases[OPTIONS_DATABASES];
    const char *mount_options[OPTIONS_MOUNT]; /* what is not ours behind -o */
    size_t mount_option_count;
};

/* Parses, reads the files that hold connection strings, and takes every connection string out of argv, so that `ps` does not show it. An error
 * of the command line is ERROR_USAGE with what to type instead. To be finished also after an error. */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);

/* Frees everything, and wipes what may hold a password. */
void options_finish(struct options *options);

void options_print_help(FILE *file);

#endif
