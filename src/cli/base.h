/* Reads what `check --base` and `check --base-ref` compare the journal with: a file, or two commits
 * of the repository. */
#ifndef MIGFS_CLI_BASE_H
#define MIGFS_CLI_BASE_H

#include "cli/git.h"
#include "cli/options.h"
#include "migfs/report/base.h"

struct base {
    struct report_base report; /* points into the rest */
    struct journal *tip, *merge_base;
    struct git git;
};

/* Reads the base that the options name. A file (`-` is standard input) is both the tip and the
 * merge base; an empty file, or a commit without a journal, is a journal without entries. Call
 * base_finish() also after an error. */
bool base_read(struct base *base, const struct options *options, struct error *error);

void base_finish(struct base *base);

#endif
