/* Variables from the environment and from a file like .env, which may contain passwords. A
 * requested variable is removed from the environment, so that neither /proc/PID/environ nor child
 * processes show it. Call before starting threads. */
#ifndef MIGFS_CLI_ENVIRONMENT_H
#define MIGFS_CLI_ENVIRONMENT_H

#include <stdbool.h>

#include "migfs/util/error.h"

struct environment;

struct environment *environment_create(void);              /* NULL when memory has run out */
void environment_destroy(struct environment *environment); /* wipes the values; accepts NULL */

/* Gets the value of a variable: from the environment if it is set there and not blank, else from
 * the file (NULL: none), where `${NAME}` is expanded. *ret_value is NULL if neither has it;
 * otherwise it belongs to the environment. Returns false if the file cannot be read, or refers to a
 * variable that is not set. */
bool environment_get(struct environment *environment, const char *file, const char *name, const char **ret_value,
                     struct error *error);

#endif
