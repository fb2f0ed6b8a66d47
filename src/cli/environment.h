/* Variables of the environment and of a file like .env, which may hold passwords: what was asked for is taken out of the environment, so that
 * neither /proc/PID/environ nor a program that we start shows it. Top row; before any thread. */
#ifndef MIGFS_CLI_ENVIRONMENT_H
#define MIGFS_CLI_ENVIRONMENT_H

#include <stdbool.h>

#include "migfs/util/error.h"

struct environment;

struct environment *environment_create(void);              /* NULL when memory has run out */
void environment_destroy(struct environment *environment); /* wipes the values; takes NULL */

/* The variable's value: from the environment where it is there and not blank, else from the file (NULL: none). NULL in *ret_value when neither
 * has it. The environment's, until it is destroyed. False when the file cannot be read. */
bool environment_get(struct environment *environment, const char *file, const char *name, const char **ret_value,
                     struct error *error);

/* Finds a variable in the text of a file as dotenv reads it: [export ]NAME=VALUE, quotes, comments. A copy for the caller to free, or NULL. */
char *environment_find(const char *text, const char *name);

#endif
