/* The table of options. It parses them, supplies their defaults, prints the help and generates the
 * shell completions. A new option needs a row and a member of struct options. */
#ifndef MIGFS_CLI_OPTION_TABLE_H
#define MIGFS_CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* The kind of value, which determines the type of its member in struct options. */
enum option_kind {
    OPTION_FLAG,    /* none; bool */
    OPTION_STRING,  /* char *, owned */
    OPTION_PATH,    /* the same, made absolute */
    OPTION_SECONDS, /* with a fraction; unsigned, in milliseconds */
    OPTION_COUNT,   /* unsigned */
    OPTION_CHOICE,  /* one of some words; an enum with the index of the word in `choices` */
    OPTION_CALL,    /* set by `call` */
};

struct option_row {
    char letter;          /* 0: none */
    const char *name;     /* NULL: has only a letter */
    const char *argument; /* NULL: takes no value, or one of `choices` */
    const char *help;     /* without the default */
    unsigned commands;    /* a bit for each command that uses it; others accept and ignore it */
    enum option_kind kind;
    size_t place;               /* offset in struct options */
    const char *const *choices; /* OPTION_CHOICE; ends with NULL */
    const char *initial;        /* the default, as a user would type it; NULL: zero */
    bool (*call)(struct options *options, const char *value, struct error *error); /* OPTION_CALL */
    bool may_hold_password;
};

extern const struct option_row option_table[];
extern const size_t option_table_count;

/* Returns the row, or NULL. The name need not be NUL-terminated. */
const struct option_row *option_find(const char *name, size_t length);
const struct option_row *option_find_letter(char letter);

bool option_takes_value(const struct option_row *row);

/* Returns the placeholder of its value in a usage message: "FILE", "refuse|serve". May use
 * `buffer`. */
const char *option_argument(const struct option_row *row, char *buffer, size_t size);

/* Sets the option. `value` is NULL if it takes none. */
bool option_set(const struct option_row *row, struct options *options, const char *value, struct error *error);

/* Sets the defaults of all options that were not given. */
bool option_set_defaults(struct options *options, struct error *error);

/* Copies the options, for one folder. Call option_finish() for the copy before the original, also
 * after an error. */
bool option_copy(struct options *copy, const struct options *options, struct error *error);

/* Returns false if an option was given that determines the exit status of another command and would
 * be ignored. */
bool option_check_command(const struct options *options, struct error *error);

/* Frees everything, and wipes members that may contain a password. */
void option_finish(struct options *options);

/* Parses the list after -o: our own options without `--`, options added by fstab, and FUSE options,
 * which go to mount_options. As in fstab, a backslash escapes a comma. */
bool option_set_list(struct options *options, const char *value, struct error *error);

/* Return whether the row names databases or says that there are none; whether such an option was
 * given; and whether it was on the command line. */
bool option_is_of_databases(const struct option_row *row);
bool option_names_databases(const struct options *options);
bool option_types_databases(const struct options *options);

#endif
