/* The project file `migfs.conf`: options for all folders of a project and, below `[FOLDER]`, for
 * one of them. It has one option per line, written as on the command line without the dashes; `#`
 * begins a comment.
 *
 * It is separate from SOURCE/.migfs, which says what a migration is and is published with the
 * folder. Options say which folders and databases there are, and must be known before any folder is
 * read. */
#ifndef MIGFS_CLI_CONF_H
#define MIGFS_CLI_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/option_table.h"
#include "migfs/util/error.h"

struct conf_line {
    size_t number;  /* in the file, counted from 1 */
    size_t section; /* 0: before the first section; else the index in `sections` + 1 */
    const struct option_row *row;
    char *value; /* NULL: the option takes none */
};

struct conf {
    char *path;      /* of the file, absolute; NULL: no file */
    char *folder;    /* the folder of the file, absolute */
    char **sections; /* as written: paths relative to `folder` */
    size_t section_count;
    struct conf_line *lines;
    size_t count;
};

/* Reads `path` or, if that is NULL, migfs.conf in the current folder or the nearest one above, up
 * to the one with .git. An error names the line. Call conf_finish() also after an error. */
bool conf_read(struct conf *conf, const char *path, struct error *error);
void conf_finish(struct conf *conf);

/* Sets the options of a section, except those already given. Paths are relative to the file;
 * `$NAME` for a connection string is looked up in the environment. */
bool conf_apply(const struct conf *conf, size_t section, struct options *options, struct error *error);

#endif
