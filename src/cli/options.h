/* What a command line asks for. The rows of cli/option_table.h say which options there are; this parses words into the record that they
 * describe. Top row; before any thread. */
#ifndef MIGFS_CLI_OPTIONS_H
#define MIGFS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"
#include "migfs/live/inputs.h"
#include "migfs/report/problem.h"
#include "migfs/util/error.h"

enum check_format { CHECK_TEXT, CHECK_JSON, CHECK_GITHUB };

enum { OPTIONS_DATABASES = 1000, OPTIONS_MOUNT = 64 };

struct options {
    enum command_kind command;
    uint64_t given;   /* a bit for each row of the option table that has been set */
    char *source;     /* absolute */
    char *mountpoint; /* absolute; COMMAND_MOUNT */
    char *path;       /* of the file to print, without slashes around it; COMMAND_PRINT */
    char *word;       /* what is asked about; COMMAND_COMPLETION */
    bool is_foreground;
    bool no_database;
    bool with_metrics;
    enum check_format format;
    enum severity severity; /* check shows problems at least as severe */
    bool upgrade;           /* check rehearses the upgrade to v1 instead */
    char *base;             /* a journal to compare with, or NULL; CHECK */
    char *rules_file;       /* absolute, or NULL */
    char *schema, *table;   /* of the ledger */
    unsigned poll_ms, timeout_ms;
    unsigned connections; /* 0: what each server can spare */
    enum idx_mode idx;
    enum stale_mode stale;
    struct ledger_reader_database databases[OPTIONS_DATABASES]; /* names and connection strings are owned */
    size_t database_count;
    const char *mount_options[OPTIONS_MOUNT]; /* what is not ours behind -o; owned */
    size_t mount_option_count;
};

/* Parses, reads the files that hold connection strings, and takes every connection string out of argv, so that `ps` does not show it. An error
 * of the command line is ERROR_USAGE with what to type instead. To be finished also after an error. */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);

/* Frees everything, and wipes what may hold a password. */
void options_finish(struct options *options);

/* What a view is made from by these options. It points into them. */
struct inputs_options options_inputs(const struct options *options);

#endif
