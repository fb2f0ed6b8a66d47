/* The project file `migfs.conf`: options for all folders of a project and, below `[FOLDER]`, for one of them. One option a line, as on the
 * command line without its dashes; `#` begins a comment. Top row.
 *
 * It is a file of its own and not a part of SOURCE/.migfs: that one says what is a migration and is published with the folder, whereas options say
 * which folders and which databases there are, and must be known before a folder is read. */
#ifndef MIGFS_CLI_CONF_H
#define MIGFS_CLI_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/option_table.h"
#include "migfs/util/error.h"

struct conf_line {
    size_t number;  /* in the file, from 1 */
    size_t section; /* 0: before the first; else the sections' index + 1 */
    const struct option_row *row;
    char *value; /* NULL: the option takes none */
};

struct conf {
    char *path;      /* of the file, absolute; NULL: there is none */
    char *folder;    /* that it is in, absolute */
    char **sections; /* as written: paths relative to `folder` */
    size_t section_count;
    struct conf_line *lines;
    size_t count;
};

/* Reads `path` or, when that is NULL, migfs.conf in the current folder or the nearest above it, up to the one with .git. An error names the line.
 * To be finished also after an error. */
bool conf_read(struct conf *conf, const char *path, struct error *error);
void conf_finish(struct conf *conf);

/* Sets what the lines of a section say, but for options that have been given before. Paths in it are relative to the file; `$NAME` for a connection
 * string is looked up in the environment. */
bool conf_apply(const struct conf *conf, size_t section, struct options *options, struct error *error);

#endif
