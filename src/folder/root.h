/* One opened folder and the only way to what is below it. No path leads out of it, and nothing but directories and regular files
 * is ever opened: a name is first looked at by a descriptor that can do nothing else, and only what that shows to be a regular
 * file is opened for reading, through the same descriptor. So no race makes it open a FIFO, a device or a socket.
 *
 * Paths are NUL-terminated, below the folder, without a leading slash; "" is the folder itself. Any thread. */
#ifndef MIGFS_FOLDER_ROOT_H
#define MIGFS_FOLDER_ROOT_H

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

/* What this errno says of a name that was reached for without following links. */
struct disk_outcome disk_outcome_of_errno(int error);

/* Returns NULL with errno. */
struct disk_root *disk_root_open(const char *absolute_path);
struct disk_root *disk_root_ref(struct disk_root *root);
void disk_root_unref(struct disk_root *root); /* takes NULL */

/* Where the path that the folder was opened by leads now. A filesystem mounted over the folder since counts as still here:
 * it may well be our own. */
enum disk_root_place { ROOT_IS_HERE, ROOT_IS_GONE, ROOT_IS_ELSEWHERE };
enum disk_root_place disk_root_place(const struct disk_root *root, const char *absolute_path);

/* Opens a directory for listing, never through a link. The mount point of another filesystem is refused before that filesystem
 * is asked anything, since it may hang or be our own. Returns the descriptor, or -1 with *ret_outcome. */
int disk_root_open_directory(const struct disk_root *root, const char *path, struct disk_outcome *ret_outcome);

/* Looks at what is there now, through a link at its end if `follow`, which must stay within the folder. Returns a descriptor by which a
 * regular file can be opened, or -1 with *ret_outcome; *ret_stat is set whenever something could be looked at. */
int disk_root_look(const struct disk_root *root, const char *path, bool follow, struct stat *ret_stat,
                   struct disk_outcome *ret_outcome);

/* Opens what disk_root_look() returned for reading. Returns the descriptor, or -1 with errno. */
int disk_root_open_looked_at(const struct disk_root *root, int descriptor);

#endif
