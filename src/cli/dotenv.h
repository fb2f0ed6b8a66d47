/* Parses a file like .env as the npm package dotenv does, byte for byte (tests/json compares them):
 * [export ]NAME=VALUE or NAME: VALUE, three kinds of quotes around multi-line values, comments, a
 * byte order mark, CRLF. Any thread. */
#ifndef MIGFS_CLI_DOTENV_H
#define MIGFS_CLI_DOTENV_H

#include "migfs/util/text.h"

struct dotenv {
    char *text; /* with LF as line end */
    size_t length, at;
};

/* Begins with the first variable. Returns false when memory has run out. */
bool dotenv_begin(struct dotenv *dotenv, struct text file);

/* Gets the next variable: its name, a slice that is valid until dotenv_end(), and its value,
 * malloc'ed; the caller wipes and frees it. Returns false if there are no more, or memory has run
 * out. If a name occurs several times, the last one counts. */
bool dotenv_next(struct dotenv *dotenv, struct text *ret_name, char **ret_value);

/* Wipes and frees the text. */
void dotenv_end(struct dotenv *dotenv);

/* Returns the value of a variable, or NULL. It is malloc'ed; the caller wipes and frees it. */
char *dotenv_find(struct text file, const char *name);

#endif
