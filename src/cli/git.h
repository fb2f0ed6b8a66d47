/* Asks git for the contents of a folder at other commits. Only this file starts a program; the
 * repository is not changed. */
#ifndef MIGFS_CLI_GIT_H
#define MIGFS_CLI_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

enum { GIT_COMMIT_LENGTH = 64 }; /* digits of a SHA-256; a SHA-1 has 40 */

struct git {
    char *folder;                           /* absolute */
    char *prefix;                           /* path in its repository: "drizzle/", or empty */
    char *before;                           /* the same at the merge base, if it differs; else NULL */
    char tip[GIT_COMMIT_LENGTH + 1];        /* the commit that the ref names */
    char merge_base[GIT_COMMIT_LENGTH + 1]; /* the merge base of `tip` and HEAD */
};

/* Finds the commits. A ref that does not exist under its name is looked for at `origin`, since a
 * clone in CI has only that. Fails if git is missing, the folder is in no repository, the ref does
 * not exist, or there is no common commit (as in a shallow clone); git prints its own errors on
 * standard error. Call git_finish() also after an error. */
bool git_find(struct git *git, const char *folder, const char *ref, struct error *error);

/* Reads a file below the folder at a commit; the caller frees the bytes. *ret_bytes is NULL if it
 * does not exist. */
bool git_read(const struct git *git, const char *commit, const char *path, char **ret_bytes, size_t *ret_length,
              struct error *error);

void git_finish(struct git *git);

#endif
