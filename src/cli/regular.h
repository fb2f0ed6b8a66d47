/* Opens files that were found by a fixed name, not named by the user, and so may belong to
 * anyone. */
#ifndef MIGFS_CLI_REGULAR_H
#define MIGFS_CLI_REGULAR_H

#include <stdbool.h>
#include <stdio.h>

/* Opens a regular file for reading. Returns NULL and sets errno on failure; EINVAL for other kinds
 * of files, which could block. */
FILE *regular_open(const char *path);

/* Returns whether another user can have put the file there: everybody may write to the folder, and
 * the file belongs neither to this user nor to the folder's owner. */
bool regular_is_planted(const char *folder, const char *path);

#endif
