/* The table of options. It parses them, supplies their defaults, prints the help and is what the completions of the shells are made from:
 * a new option is a row, and a member of struct options. Top row. */
#ifndef MIGFS_CLI_OPTION_TABLE_H
#define MIGFS_CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* What its value is, and so what stands at its place in struct options. */
enum option_kind {
    OPTION_FLAG,    /* none; bool */
    OPTION_STRING,  /* char *, owned */
    OPTION_PATH,    /* likewise, made absolute */
    OPTION_SECONDS, /* with a fraction; unsigned, in milliseconds */
    OPTION_COUNT,   /* unsigned */
    OPTION_CHOICE,  /* one of some words; an enum, whose values are the words' places in `choices` */
    OPTION_CALL,    /* what `call` makes of it */
};

struct option_row {
    char letter;          /* 0: none */
    const char *name;     /* NULL: only a letter */
    const char *argument; /* NULL: takes none, or one of `choices` */
    const char *help;     /* without the default */
    unsigned commands;    /* a bit for each command that it is for; the others take it and do not heed it */
    enum option_kind kind;
    size_t place;               /* in struct options */
    const char *const *choices; /* CHOICE; ends with NULL */
    const char *initial;        /* the default, as it would be typed; NULL: zeros */
    bool (*call)(struct options *options, const char *value, struct error *error); /* CALL; value NULL: takes none */
    bool may_hold_password;
};

extern const struct option_row option_table[];
extern const size_t option_table_count;

/* The row, or NULL. The name need not be NUL-terminated. */
const struct option_row *option_find(const char *name, size_t length);
const struct option_row *option_find_letter(char letter);

bool option_takes_value(const struct option_row *row);

/* What stands for its value in a usage: "FILE", "refuse|serve". In `buffer` where it must be made. */
const char *option_argument(const struct option_row *row, char *buffer, size_t size);

/* Sets what the value says. `value` is NULL for what takes none. */
bool option_set(const struct option_row *row, struct options *options, const char *value, struct error *error);

/* Sets the default of each option that has not been given. */
bool option_set_defaults(struct options *options, struct error *error);

/* The same options once more, for one folder. To be finished before the ones it is made from, also after an error. */
bool option_copy(struct options *copy, const struct options *options, struct error *error);

/* Frees everything, and wipes what may hold a password. */
void option_finish(struct options *options);

/* A list behind -o: our own options without `--`, what fstab adds, and what is FUSE's, which goes to mount_options. A backslash keeps a comma
 * together with what is around it, as in fstab. */
bool option_set_list(struct options *options, const char *value, struct error *error);

/* Whether the row names databases, or says that there are none; whether such a one has been given, and whether on the command line. */
bool option_is_of_databases(const struct option_row *row);
bool option_names_databases(const struct options *options);
bool option_types_databases(const struct options *options);

#endif
