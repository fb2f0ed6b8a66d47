/* The schema files of a project, which drizzle-kit executes and migfs only searches for names: those
 * that the drizzle.config.* of a migrations folder names, and what they import. */
#ifndef MIGFS_CLI_SCHEMA_FILES_H
#define MIGFS_CLI_SCHEMA_FILES_H

#include <stdbool.h>

#include "migfs/synthesis/snapshot_schema.h"

struct schema_files;

/* Reads them for the migrations folder `source`, an absolute path. Returns NULL where it is not
 * certain which files they are and how their tables are named: no drizzle.config.* in the current
 * folder or above `source` has it as `out`; its `schema` is not plain strings; it sets `casing`; a
 * file cannot be read, is too large, imports what is not found or composes names. */
struct schema_files *schema_files_read(const char *source);
void schema_files_destroy(struct schema_files *files); /* takes NULL */

/* Whether the name occurs as a whole string; for a column of a table, whether it is declared there, or
 * occurs as a word anywhere; for a table with a part, whether what declares the table leads to such a
 * part. Unsure of names that need not be found, and of what other packages may declare. `context` is a
 * struct schema_files. */
enum snapshots_declared schema_files_have(const void *context, struct text name, struct text column,
                                          enum snapshots_named kind, size_t *ret_most);

/* As snapshots_schema has it: whether they say this of a column. */
enum snapshots_declared schema_files_say(const void *context, struct text table, struct text column,
                                         enum snapshots_named kind, struct text text);

#endif
