/* Finds migrations folders: those below a folder, and the one that a drizzle.config.* names. Top row; reads the disk. */
#ifndef MIGFS_CLI_DISCOVER_H
#define MIGFS_CLI_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

/* Folders, in order; each malloc'ed. */
struct discovered {
    char **paths;
    size_t count;
};

/* The migrations folders below `from`, at any depth, written with `from` before them (unless that is "."): those with a meta/_journal.json, or
 * (drizzle v1) with a migration.sql in a folder of theirs. Not looked into: links, node_modules, hidden folders, other filesystems. */
bool discover_below(const char *from, struct discovered *ret_found, struct error *error);
void discover_finish(struct discovered *found);

/* Whether the folder looks like one of migrations, though perhaps an incomplete one: a meta/, a .migfs, a .sql file whose name begins
 * with a number, or v1's folders. */
bool discover_is_migrations(const char *path);

/* The settings of a drizzle.config.*, as far as they are plain strings; NULL where they are not. Each malloc'ed. */
struct discover_config {
    char *name; /* of the file; NULL: there is none */
    char *out;
    char *table;  /* migrations.table */
    char *schema; /* migrations.schema */
};

/* Reads the drizzle.config.* in a folder as text; nothing is executed. */
void discover_config_read(const char *folder, struct discover_config *ret_config);
void discover_config_finish(struct discover_config *config);

/* Finds the settings in such a text, which it changes: comments become blanks. */
void discover_config_parse(char *text, struct discover_config *ret_config);

#endif
