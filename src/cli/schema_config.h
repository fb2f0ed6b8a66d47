/* The drizzle.config.* of a migrations folder, and what it says of the schema. */
#ifndef MIGFS_CLI_SCHEMA_CONFIG_H
#define MIGFS_CLI_SCHEMA_CONFIG_H

#include "cli/discover.h"

/* Finds the folder whose config it is: the current one (`.`), or one above the migrations folder
 * `source`, an absolute path, up to that of the repository. ret_config is to be finished in any
 * case. */
bool schema_config_find(const char *source, char *ret_folder, size_t size, struct discover_config *ret_config);

/* What `drizzle-kit generate` is to be told if it does not read the config itself. */
struct schema_options {
    char *files;  /* for --schema, one pattern for all; NULL: not known */
    char *casing; /* NULL: not known, or none */
    bool has_casing;
    char *folder; /* in which these paths lead to the files; NULL: the current one */
};

/* Reads them from the config of the migrations folder `source`, an absolute path; without one
 * nothing is known. */
void schema_options_read(const char *source, struct schema_options *ret_options);
void schema_options_finish(struct schema_options *options);

#endif
