/* One opened folder and the only way to what is below it. No path leads out of it or across a mount, and nothing but directories and
 * regular files is ever opened: a name is first looked at by a descriptor that can do nothing else, and only what that shows to be a
 * regular file is opened for reading, through the same descriptor. So no race makes it open a FIFO, a device or a socket. (Where there is no
 * /proc a descriptor leads nowhere, and the name is opened a second time: without waiting, and kept only if it is the same file.)
 *
 * Paths are NUL-terminated and without a leading slash. A `directory` is an opened one below the folder, or -1 for the folder itself. Any
 * thread. */
#ifndef FOLDER_ROOT_H
#define FOLDER_ROOT_H

#include <stdbool.h>
#include <sys/stat.h>

struct disk_root; /* counted */

/* What came of reaching for a name. */
struct disk_outcome {
    enum disk_outcome_kind {
        OUTCOME_REACHED,
        OUTCOME_VANISHED, /* the name is not there any more */
        OUTCOME_REFUSED,
        OUTCOME_TROUBLE, /* of this process, not of the file: out of memory or descriptors, interrupted */
    } kind;
    const char *reason; /* OUTCOME_REFUSED: a literal that fits after the file's name */
    int error;          /* errno: OUTCOME_TROUBLE, or to be told after the reason when above 0 */
};

/* What this errno says of a name that was reached for without following links, and what a type of file says. */
struct disk_outcome disk_outcome_of_errno(int error);
struct disk_outcome disk_outcome_of_mode(mode_t mode, bool is_link);

/* Takes over the descriptor (O_PATH) of a folder. Returns NULL with errno, and then the descriptor is still the caller's. */
struct disk_root *disk_root_create(int descriptor);
struct disk_root *disk_root_ref(struct disk_root *root);
void disk_root_unref(struct disk_root *root); /* takes NULL */

/* Opens a directory for listing, never through a link; the folder itself where `directory` is -1. The mount point of another filesystem is
 * refused before that filesystem is asked anything, since it may hang or be our own. Returns the descriptor, or -1 with *ret_outcome. */
int disk_root_open_directory(const struct disk_root *root, int directory, const char *name,
                             struct disk_outcome *ret_outcome);

/* Looks at what is there now, through no link. Returns a descriptor by which a regular file can be opened, or -1 with *ret_outcome;
 * *ret_stat is set whenever something could be looked at. */
int disk_root_look(const struct disk_root *root, int directory, const char *path, struct stat *ret_stat,
                   struct disk_outcome *ret_outcome);

/* The same for a link, by its path from the folder on: looks at what it leads to, which must lie within the folder. */
int disk_root_follow(const struct disk_root *root, const char *path, struct stat *ret_stat,
                     struct disk_outcome *ret_outcome);

/* What was given to one of these two. */
struct disk_name {
    int directory;
    const char *path;
    bool is_link; /* to disk_root_follow() */
};

/* Opens what one of these two returned for reading. Returns the descriptor, or -1 with errno. */
int disk_root_open_looked_at(const struct disk_root *root, int looked_at, const struct disk_name *name);

/* A directory as it was listed: where it was, and which one. */
struct disk_place {
    const struct disk_place *parent; /* NULL: this is the folder itself, and the rest counts for nothing */
    const char *name;
    dev_t device;
    ino_t inode;
    bool is_lost; /* for who looks whether it is still there */
};

/* Leads back to places, and keeps the last one open. Begins as {.root = …}. One thread at a time. */
struct disk_reach {
    const struct disk_root *root;
    const struct disk_place *place; /* NULL: none is open */
    int descriptor;
};

/* Returns a descriptor (O_PATH) of the place that is good until the next call, or -1 with *ret_outcome: vanished, too, if another directory
 * stands there or on the way by now. */
int disk_reach(struct disk_reach *reach, const struct disk_place *place, struct disk_outcome *ret_outcome);
void disk_reach_finish(struct disk_reach *reach);

#endif
