/* The options that name databases. They may hold passwords: what is kept is wiped at the end, and what stood in argv at once. Part of options. */
#ifndef MIGFS_CLI_OPTIONS_DATABASE_H
#define MIGFS_CLI_OPTIONS_DATABASE_H

#include "cli/options.h"

bool options_add_database(struct options *options, const char *value, struct error *error);

/* Refuses a file that everybody can read. */
bool options_add_database_file(struct options *options, const char *value, struct error *error);

/* Each file of a folder is a database named like it, without what follows a dot. */
bool options_add_database_dir(struct options *options, const char *value, struct error *error);

/* As options_add_database(), for a line of the project file: `[NAME=]$VARIABLE` is looked up in the environment, and a password is refused. */
bool options_add_database_of_project(struct options *options, const char *value, struct error *error);

/* DATABASE_URL, where no database is named. One that is blank is an error then. */
bool options_add_environment(struct options *options, struct error *error);

/* How long `NAME=` is in front of a value, or 0. */
size_t options_name_length(const char *value);

bool options_copy_databases(struct options *copy, const struct options *options, struct error *error);

/* Overwrites an argument of the command line that may hold a password. */
void options_hide(bool may_hold_password, char *argument);

void options_finish_databases(struct options *options);

#endif
