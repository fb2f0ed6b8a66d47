/* The view as one immutable tree of directories, files and links, with the inode of each. A new tree is built beside the old
 * one and takes over every node whose bytes, owner and mode are the same, and every directory below which nothing changed; a file
 * with other bytes is a new node, with a number never used before. A directory keeps its number as long as its path is there.
 * It knows nothing of migrations or of FUSE.
 *
 * Trees, directories and nodes are immutable once tree_finish() has returned, and counted; any thread may read them. */
#ifndef MIGFS_TREE_H
#define MIGFS_TREE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "migfs/content.h"
#include "migfs/error.h"
#include "migfs/text.h"

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

enum {
    TREE_ROOT_INODE = 1,
    TREE_FIRST_COOKIE = 3, /* 1 and 2 are those of "." and ".."; 0 is the start */
    TREE_NAME_MAXIMUM = 255,
};

/* One inode of the view; of a directory, one state of it: a directory with another listing is another node of the same number. */
struct node {
    uint64_t inode; /* never reused in one process */
    enum node_kind kind;
    mode_t mode; /* permission bits only */
    uid_t uid;
    gid_t gid;
    uint32_t links;  /* st_nlink: 1, or for a directory 2 + its subdirectories */
    bool is_refused; /* a file that is there and whose reading fails with EIO; its size is above zero all the same */
    uint64_t size;   /* bytes; of a link, its target's length; of a directory 0 */
    struct timespec mtime;
    struct content *content; /* of a file or a link; NULL for a directory and for a refused file */

    atomic_uint references;  /* tree.c's own */
    uint64_t lookups;        /* inodes.c's own, under its lock, */
    struct node *next_known; /* like this one */
};

struct node *node_ref(struct node *node);
void node_unref(struct node *node); /* takes NULL */

struct tree_name {
    struct text name; /* NUL-terminated */
    struct node *node;
    struct tree_directory *directory; /* when the node is a directory */
    uint64_t cookie; /* TREE_FIRST_COOKIE or above; the same in every tree of one process while the name is there */
};

struct tree_directory {
    struct node *node;
    uint64_t parent_inode;   /* the root's is its own */
    struct tree_name *names; /* sorted by bytes */
    uint32_t *order;         /* indexes into `names` by rising cookie: the order in which they are listed */
    size_t count;

    uint64_t next_cookie;   /* for the next name to come; tree.c's own, */
    atomic_uint references; /* like this one */
};

struct tree {
    struct tree_directory *root;
    struct tree_directory **directories; /* all of them, sorted by inode */
    size_t directory_count;
    atomic_uint references; /* tree.c's own */
};

struct tree *tree_ref(struct tree *tree);
void tree_unref(struct tree *tree);                                                            /* takes NULL */
const struct tree_name *tree_lookup(const struct tree_directory *directory, struct text name); /* or NULL */

/* Where to go on listing after this cookie: an index into `order`, or `count` at the end. */
size_t tree_position_after(const struct tree_directory *directory, uint64_t cookie);

/* "databases/staging/summary", without a leading slash; "" is the root. NULL when there is no such path. */
const struct node *tree_find(const struct tree *tree, struct text path);

/* The directory with this inode, or NULL. */
const struct tree_directory *tree_directory_of(const struct tree *tree, uint64_t inode);

/* ---- building ---- */

struct tree_builder;
struct tree_draft; /* a directory that is being filled */

struct tree_attributes {
    mode_t mode; /* permission bits */
    uid_t uid;
    gid_t gid;
    struct timespec
        mtime; /* of the newest file it was made from: what the first tree shows. In a later tree a name that is new
                              or has changed shows `now`, and in any case a later time than it had */
};

/* Starts a tree beside `previous` (NULL for the first one), which must outlive the building. `now` is CLOCK_REALTIME. The builder has
 * nothing but memory of `scratch`, so that whoever loses interest, or runs out of memory, just leaves it. All these functions, tree_finish()
 * too, run inside arena_run() of `scratch`. */
struct tree_builder *tree_builder_create(struct arena *scratch, const struct tree *previous, struct timespec now,
                                         const struct tree_attributes *root);
struct tree_draft *tree_builder_root(struct tree_builder *builder);

/* Names are 1 to 255 bytes without slash or NUL, not "." or "..": see tree_safe_name. Each is added once to a directory; of several
 * the first stays. Names, bytes, targets and contents are not copied: they must live until tree_finish(). */
struct tree_draft *tree_add_directory(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                                      const struct tree_attributes *attributes);
void tree_add_file(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text bytes);
/* Shares the content. Two on-demand contents count as the same only if they are the same object. */
void tree_add_content(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, struct content *content);
void tree_add_link(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text target);
/* A file that is there and whose reading fails with EIO. `size` is what it shows, above 0. */
void tree_add_refused(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, uint64_t size);

/* The finished tree, or NULL with an error when memory has run out: then nothing is left behind but the scratch arena. If nothing at all
 * differs from `previous` it returns that one with one more reference. It may leave by way of arena_run() too. */
struct tree *tree_finish(struct tree_builder *builder, struct error *error);

/* What tree_finish() is made of. A directory begins with room for `count` names whose texts are `name_bytes` long together, each with a
 * NUL, and holds a reference to every node and directory put into it. */
struct tree_directory *tree_directory_create(size_t count, size_t name_bytes); /* NULL when memory has run out */
struct tree_directory *tree_directory_ref(struct tree_directory *directory);
void tree_directory_unref(struct tree_directory *directory); /* takes NULL, and one that is not filled to the end */
struct tree *tree_create(struct tree_directory *root);       /* takes the reference over, unless it returns NULL */
char *tree_directory_name_bytes(struct tree_directory *directory); /* where the names' texts go */

/* Makes any text usable as a name, different texts different names: a slash, NUL, control characters and `%` as %XX, "." and ".." likewise;
 * the empty text as "%"; what is longer than 255 bytes is cut, with a digest at its end. Other texts come back as they are. */
struct text tree_safe_name(struct arena *arena, struct text text);

#endif
