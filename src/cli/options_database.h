/* The options that name databases. They may hold passwords: what is kept is wiped at the end, and what stood in argv at once. Part of options. */
#ifndef MIGFS_CLI_OPTIONS_DATABASE_H
#define MIGFS_CLI_OPTIONS_DATABASE_H

#include "cli/options.h"

bool options_add_database(struct options *options, const char *value, struct error *error);

/* Refuses a file that everybody can read. */
bool options_add_database_file(struct options *options, const char *value, struct error *error);

/* DATABASE_URL, where no other database is named. */
bool options_add_environment(struct options *options, struct error *error);

/* Overwrites an argument of the command line that may hold a password. */
void options_hide(bool may_hold_password, char *argument);

void options_finish_databases(struct options *options);

#endif
