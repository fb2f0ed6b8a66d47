/* The options that name databases. They may contain passwords: those in argv are overwritten at
 * once, the others are wiped at the end. Part of options. */
#ifndef MIGFS_CLI_OPTIONS_DATABASE_H
#define MIGFS_CLI_OPTIONS_DATABASE_H

#include "cli/options.h"

bool options_add_database(struct options *options, const char *value, struct error *error);

/* Rejects a file that everybody can read. */
bool options_add_database_file(struct options *options, const char *value, struct error *error);

/* Adds a database for each file of a folder, named like the file up to the first dot. */
bool options_add_database_dir(struct options *options, const char *value, struct error *error);

/* The same as options_add_database(), for a line of the project file: `[NAME=]$VARIABLE` is looked
 * up in the environment, and a password is rejected. */
bool options_add_database_of_project(struct options *options, const char *value, struct error *error);

/* Adds DATABASE_URL if no database was named. A blank one is an error then. */
bool options_add_environment(struct options *options, struct error *error);

/* Returns the length of `NAME=` at the beginning of a value, or 0. */
size_t options_name_length(const char *value);

bool options_copy_databases(struct options *copy, const struct options *options, struct error *error);

/* Overwrites a command-line argument that may contain a password. */
void options_hide(bool may_hold_password, char *argument);

void options_finish_databases(struct options *options);

#endif
