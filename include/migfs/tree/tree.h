/* The view as one immutable tree of directories, files and links, each with its inode. A new tree
 * shares with its predecessor every node whose bytes, owner and mode are the same, and every
 * directory below which nothing changed. A file with other bytes is a new node, with a number never
 * used before. A directory keeps its number as long as its path exists. Knows nothing of migrations
 * or FUSE.
 *
 * Trees, directories and nodes are immutable once tree_finish() has returned, and
 * reference-counted; any thread may read them. */
#ifndef MIGFS_TREE_TREE_H
#define MIGFS_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "migfs/util/content.h"
#include "migfs/util/error.h"
#include "migfs/util/record.h"
#include "migfs/util/text.h"

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

enum {
    TREE_ROOT_INODE = 1,
    TREE_FIRST_COOKIE = 3, /* 1 and 2 belong to "." and ".."; 0 is the start */
    TREE_NAME_MAXIMUM = 255,
};

/* One inode of the view. For a directory, one state of it: the same directory with another listing
 * is another node of the same number. */
struct node {
    uint64_t inode; /* never reused within a process */
    enum node_kind kind;
    mode_t mode; /* permission bits only */
    uid_t uid;
    gid_t gid;
    uint32_t links;  /* st_nlink: 1, or for a directory 2 + its subdirectories */
    bool is_refused; /* a file that exists and whose reads fail with EIO; size > 0 */
    uint64_t size;   /* in bytes; of a link, the length of its target; of a directory 0 */
    struct timespec mtime;
    uint64_t identity;       /* of a directory; see struct tree_attributes */
    struct content *content; /* of a file or link; NULL for directories and refused files */

    struct record record;    /* tree.c's own */
    uint64_t lookups;        /* used by inodes.c only, under its lock, */
    struct node *next_known; /* like this one */
};

struct node *node_ref(struct node *node);
void node_unref(struct node *node); /* takes NULL */

struct tree_name {
    struct text name; /* NUL-terminated */
    struct node *node;
    struct tree_directory *directory; /* if the node is a directory */
    uint64_t cookie;                  /* >= TREE_FIRST_COOKIE; the same while the name exists */
};

struct tree_directory {
    struct node *node;
    uint64_t parent_inode;   /* the root's is its own */
    struct tree_name *names; /* sorted by bytes */
    uint32_t *order;         /* indices into `names` by rising cookie: the listing order */
    size_t count;

    uint64_t next_cookie; /* for the next new name; used by tree.c only, */
    struct record record; /* like this one */
};

struct tree {
    struct tree_directory *root;
    struct tree_directory **directories; /* all nodes, sorted by inode */
    size_t directory_count;
    struct record record; /* tree.c's own */
};

struct tree *tree_ref(struct tree *tree);
void tree_unref(struct tree *tree);                                                            /* takes NULL */
const struct tree_name *tree_lookup(const struct tree_directory *directory, struct text name); /* or NULL */

/* Where a listing continues after this cookie: an index into `order`, or `count` at the end. */
size_t tree_position_after(const struct tree_directory *directory, uint64_t cookie);

/* "databases/staging/summary", without a leading slash; "" is the root. NULL when there is no such
 * path. */
const struct node *tree_find(const struct tree *tree, struct text path);

/* The directory with this inode, or NULL. */
const struct tree_directory *tree_directory_of(const struct tree *tree, uint64_t inode);

/* What tree_finish() builds trees from. A directory is created with room for `count` names whose
 * texts, each with its NUL, take `name_bytes`; it holds a reference to every node and directory
 * that is put into it. */
struct tree_directory *tree_directory_create(size_t count, size_t name_bytes); /* NULL when memory has run out */
struct tree_directory *tree_directory_ref(struct tree_directory *directory);
void tree_directory_unref(struct tree_directory *directory);       /* takes NULL, and a partly filled one */
struct tree *tree_create(struct tree_directory *root);             /* adopts the reference on success */
char *tree_directory_name_bytes(struct tree_directory *directory); /* the room for names */

#endif
