/* Finds migrations folders: those below a folder, and the one that a drizzle.config.* names. Reads
 * the disk. */
#ifndef MIGFS_CLI_DISCOVER_H
#define MIGFS_CLI_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

/* Folder paths, sorted; each malloc'ed. */
struct discovered {
    char **paths;
    size_t count;
};

/* Finds the migrations folders below `from`, at any depth: those with a meta/_journal.json, or
 * (drizzle v1) with a folder that has a migration.sql. The paths begin with `from`, unless that is
 * ".". Links, node_modules, hidden folders and other filesystems are not searched. */
bool discover_below(const char *from, struct discovered *ret_found, struct error *error);
void discover_finish(struct discovered *found);

/* Adds a path, and takes it over in any case. Returns false if it is NULL or memory has run out. */
bool discover_add(struct discovered *found, char *path);

/* Returns whether the folder looks like a migrations folder, perhaps an incomplete one: it has a
 * meta/, a .migfs, a .sql file whose name begins with a number, or v1's folders. */
bool discover_is_migrations(const char *path);

/* The settings of a drizzle.config.* that are plain strings; NULL if they are not. Each
 * malloc'ed. */
struct discover_config {
    char *name;   /* of the file; NULL: no file */
    char *out;    /* without a leading ./ */
    char *table;  /* migrations.table */
    char *schema; /* migrations.schema */
    /* `schema`: files, folders and patterns; none if not all are plain strings, or if other settings
     * may decide what they are */
    struct discovered files;
    bool has_casing;
    char *casing;
};

/* Reads the drizzle.config.* in a folder as text; it is never executed. */
void discover_config_read(const char *folder, struct discover_config *ret_config);
void discover_config_finish(struct discover_config *config);

/* Finds the settings in the text and replaces its comments with blanks. */
void discover_config_parse(char *text, struct discover_config *ret_config);

#endif
