/* The options of a command line: the record that the rows of cli/option_table.h describe. Call
 * before starting threads. */
#ifndef MIGFS_CLI_OPTIONS_H
#define MIGFS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"
#include "migfs/live/inputs.h"
#include "migfs/report/problem.h"
#include "migfs/util/error.h"

enum check_format { CHECK_TEXT, CHECK_GCC, CHECK_JSON, CHECK_GITHUB, CHECK_GITLAB, CHECK_SARIF };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

enum { OPTIONS_DATABASES = 1000, OPTIONS_MOUNT = 64, OPTIONS_SOURCES = 256 };

struct environment;

struct options {
    enum command_kind command;
    uint64_t given;                       /* a bit for each row of the option table: it was given */
    uint64_t typed;                       /* likewise: on the command line */
    const char *sources[OPTIONS_SOURCES]; /* as written on the command line; see folders_run() */
    size_t source_count;
    char *source;     /* absolute path of the one folder; NULL before folders_run() */
    char *written;    /* the same as the user wrote it, or as found below the current folder */
    char *mountpoint; /* absolute; COMMAND_MOUNT */
    char *path;       /* in the view, without slashes at its ends; COMMAND_PRINT */
    char *word;       /* operand: a command, shell, code or tag; or NULL */
    char *config;     /* project file, absolute; NULL: migfs.conf, if it exists */
    char *env_file;   /* absolute, or NULL */
    bool is_quiet;
    bool is_json;
    enum color color;
    unsigned fail_on; /* a bit for each state that makes check fail */
    bool needs_database;
    bool is_dry_run;    /* COMMAND_FIX */
    bool all_snapshots; /* likewise: also those before a later one */
    bool is_foreground;
    bool no_database;
    bool with_metrics;
    enum check_format format;
    enum severity severity; /* the least severity that check shows */
    bool upgrade;           /* check rehearses the upgrade to v1 instead */
    char *base;             /* a journal to compare with, or NULL; CHECK */
    char *base_ref;         /* a branch or commit to compare with, or NULL; CHECK */
    char *rules_file;       /* absolute, or NULL */
    char *schema, *table;   /* of the ledger */
    unsigned poll_ms, timeout_ms;
    unsigned connections; /* 0: as many as each server can spare */
    enum idx_mode idx;
    enum stale_mode stale;
    struct ledger_reader_database databases[OPTIONS_DATABASES]; /* names and connection strings are owned */
    char *places[OPTIONS_DATABASES];                            /* of each: see where_describe(); owned */
    size_t database_count;
    const char *mount_options[OPTIONS_MOUNT]; /* FUSE options from -o; owned */
    size_t mount_option_count;
    struct environment *environment; /* shared with the copies; owned by the original */
    bool is_copy;
    struct worker_keeper *keeper; /* of the SQL parser processes; owned by main() */
};

/* Replaces *into with a string and takes ownership of it. If the string is NULL, returns false with
 * ERROR_SYSTEM: memory has run out. */
bool options_set_string(char **into, char *value, struct error *error);

/* Replaces *into with the path, made absolute; links and dots are kept. */
bool options_set_path(char **into, const char *value, struct error *error);

/* Sets the folder that the options are for. */
bool options_set_source(struct options *options, const char *path, struct error *error);

/* Returns whether standard output is coloured, as --color says; `auto` means on a terminal, unless
 * NO_COLOR is set. */
bool options_are_coloured(const struct options *options);

/* The inputs of a view with these options. It points into them. */
struct inputs_options options_inputs(const struct options *options);

#endif
