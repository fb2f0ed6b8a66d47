/* One opened folder and the only access to what is below it. No path leads out of it or across a
 * mount, and only directories and regular files are ever opened: a name is first opened with
 * O_PATH, and only if that shows a regular file is it opened for reading, through the same
 * descriptor. So no race can make it open a FIFO, a device or a socket. (Without /proc a descriptor
 * cannot be reopened; the name is then opened a second time, without waiting, and kept only if it
 * is the same file.)
 *
 * Paths are NUL-terminated, without a leading slash. A `directory` is an open one below the folder,
 * or -1 for the folder itself. Any thread. */
#ifndef FOLDER_ROOT_H
#define FOLDER_ROOT_H

#include <stdbool.h>
#include <sys/stat.h>

struct disk_root; /* reference-counted */

/* The result of reaching for a name. */
struct disk_outcome {
    enum disk_outcome_kind {
        OUTCOME_REACHED,
        OUTCOME_VANISHED, /* the name no longer exists */
        OUTCOME_REFUSED,
        OUTCOME_TROUBLE, /* in this process: out of memory or descriptors, interrupted */
    } kind;
    const char *reason; /* OUTCOME_REFUSED: a literal that fits after the file's name */
    int error;          /* errno: OUTCOME_TROUBLE, or shown after the reason if above 0 */
};

/* The outcome for an errno of opening a name without following links, and for a type of file. */
struct disk_outcome disk_outcome_of_errno(int error);
struct disk_outcome disk_outcome_of_mode(mode_t mode, bool is_link);

/* Takes over the descriptor (O_PATH) of a folder. On failure returns NULL with errno, and the
 * caller keeps the descriptor. */
struct disk_root *disk_root_create(int descriptor);
struct disk_root *disk_root_ref(struct disk_root *root);
void disk_root_unref(struct disk_root *root); /* takes NULL */

/* Opens a directory for listing, never through a link; if `directory` is -1, the folder itself. A
 * mount point of another filesystem is refused before that filesystem is called, since it may hang
 * or be our own. Returns the descriptor, or -1 with *ret_outcome. */
int disk_root_open_directory(const struct disk_root *root, int directory, const char *name,
                             struct disk_outcome *ret_outcome);

/* Looks at a name without following links. Returns a descriptor from which a regular file can be
 * opened, or -1 with *ret_outcome; *ret_stat is set whenever the name could be looked at. */
int disk_root_look(const struct disk_root *root, int directory, const char *path, struct stat *ret_stat,
                   struct disk_outcome *ret_outcome);

/* The same for a link, by its path from the folder: looks at its target, which must be within the
 * folder. */
int disk_root_follow(const struct disk_root *root, const char *path, struct stat *ret_stat,
                     struct disk_outcome *ret_outcome);

/* The same for a link to a directory, which must not be listed. */
int disk_root_follow_directory(const struct disk_root *root, const char *path, struct stat *ret_stat,
                               struct disk_outcome *ret_outcome);

/* The arguments of disk_root_look() or disk_root_follow(). */
struct disk_name {
    int directory;
    const char *path;
    bool is_link; /* is or passes a link: disk_root_follow() */
};

/* Opens for reading what disk_root_look() or disk_root_follow() returned. Returns the descriptor,
 * or -1 with errno. */
int disk_root_open_looked_at(const struct disk_root *root, int looked_at, const struct disk_name *name);

/* The location and identity of a directory when it was listed. */
struct disk_place {
    const struct disk_place *parent; /* NULL: the folder itself, other members unused */
    const char *name;
    dev_t device;
    ino_t inode;
    bool is_lost; /* set by a check whether it is still there */
};

/* Reopens places, and keeps the last one open. Initialize as {.root = …}. One thread at a time. */
struct disk_reach {
    const struct disk_root *root;
    const struct disk_place *place; /* NULL: none is open */
    int descriptor;
};

/* Returns an O_PATH descriptor of the place, valid until the next call, or -1 with *ret_outcome,
 * which is "vanished" also if another directory has replaced it or one on its path. */
int disk_reach(struct disk_reach *reach, const struct disk_place *place, struct disk_outcome *ret_outcome);
void disk_reach_finish(struct disk_reach *reach);

#endif
