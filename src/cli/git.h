/* Asks git what a folder held at other commits. The only place that starts a program; nothing of the repository is changed. */
#ifndef MIGFS_CLI_GIT_H
#define MIGFS_CLI_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

enum { GIT_COMMIT_LENGTH = 64 }; /* digits of a SHA-256; of a SHA-1 they are 40 */

struct git {
    char *folder;                    /* absolute */
    char *prefix;                    /* of the folder in its repository: "drizzle/", or empty */
    char *before;                    /* likewise at the merge base, where the folder had another name there; or NULL */
    char tip[GIT_COMMIT_LENGTH + 1]; /* the commit that the ref names */
    char merge_base[GIT_COMMIT_LENGTH + 1]; /* where HEAD left it */
};

/* Finds the commits; a ref that is not there under its name is looked for at `origin`, which is all that a CI's clone has. Errors: git is not there, the folder is in no repository, there is no such ref, or no common commit (as in a clone
 * without history); what git itself says goes to standard error. To be finished also after an error. */
bool git_find(struct git *git, const char *folder, const char *ref, struct error *error);

/* The bytes of a file below the folder at a commit, for the caller to free; *ret_bytes is NULL where there is none. */
bool git_read(const struct git *git, const char *commit, const char *path, char **ret_bytes, size_t *ret_length,
              struct error *error);

void git_finish(struct git *git);

#endif
