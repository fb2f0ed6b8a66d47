/* What a command line asks for: the record that the rows of cli/option_table.h describe. Top row; before any thread. */
#ifndef MIGFS_CLI_OPTIONS_H
#define MIGFS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"
#include "migfs/live/inputs.h"
#include "migfs/report/problem.h"
#include "migfs/util/error.h"

enum check_format { CHECK_TEXT, CHECK_JSON, CHECK_GITHUB, CHECK_GITLAB, CHECK_SARIF };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

enum { OPTIONS_DATABASES = 1000, OPTIONS_MOUNT = 64, OPTIONS_SOURCES = 256 };

struct environment;

struct options {
    enum command_kind command;
    uint64_t given;                       /* a bit for each row of the option table that has been set */
    uint64_t typed;                       /* likewise, on the command line */
    const char *sources[OPTIONS_SOURCES]; /* as they stand on the command line; see folders_run() */
    size_t source_count;
    char *source;           /* absolute: the one folder that these options are for; NULL before folders_run() */
    char *written;          /* the same as the user wrote it, or as it was found below the current folder */
    bool is_one_of_several; /* the command is about other folders, too */
    char *mountpoint;       /* absolute; COMMAND_MOUNT */
    char *path;             /* of the file to print, without slashes around it; COMMAND_PRINT */
    char *word;             /* what is asked about: a command, a shell, a code or a tag; or NULL */
    char *config;           /* the project file, absolute; NULL: migfs.conf, where there is one */
    char *env_file;         /* absolute, or NULL */
    bool is_quiet;
    bool is_json;
    enum color color;
    unsigned fail_on; /* a bit for each state that check fails on */
    bool needs_database;
    bool is_dry_run;    /* COMMAND_FIX */
    bool all_snapshots; /* likewise: those before a later one, too */
    bool is_foreground;
    bool no_database;
    bool with_metrics;
    enum check_format format;
    enum severity severity; /* check shows problems at least as severe */
    bool upgrade;           /* check rehearses the upgrade to v1 instead */
    char *base;             /* a journal to compare with, or NULL; CHECK */
    char *base_ref;         /* a branch or commit to compare with, or NULL; CHECK */
    char *rules_file;       /* absolute, or NULL */
    char *schema, *table;   /* of the ledger */
    unsigned poll_ms, timeout_ms;
    unsigned connections; /* 0: what each server can spare */
    enum idx_mode idx;
    enum stale_mode stale;
    struct ledger_reader_database databases[OPTIONS_DATABASES]; /* names and connection strings are owned */
    char *places[OPTIONS_DATABASES];                            /* of each: see where_describe(); owned */
    size_t database_count;
    const char *mount_options[OPTIONS_MOUNT]; /* what is not ours behind -o; owned */
    size_t mount_option_count;
    struct environment *environment; /* shared with the copies; owned by the one that was parsed */
    bool is_copy;
    struct worker_keeper *keeper; /* of what reads SQL; main()'s */
};

/* Replaces *into by a string, which passes to it. False with ERROR_SYSTEM when the string is NULL: memory has run out. */
bool options_set_string(char **into, char *value, struct error *error);

/* Replaces *into by the path, absolute but with its links and dots as they are. */
bool options_set_path(char **into, const char *value, struct error *error);

/* Makes them the options for this folder. */
bool options_set_source(struct options *options, const char *path, struct error *error);

/* Whether what is printed on standard output is to be coloured: as --color says; on a terminal, unless NO_COLOR is set. */
bool options_are_coloured(const struct options *options);

/* What a view is made from by these options. It points into them. */
struct inputs_options options_inputs(const struct options *options);

#endif
