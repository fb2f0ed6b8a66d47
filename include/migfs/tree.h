/* The view as one immutable tree of directories, files and links, with the inode of each. A new tree is built beside the old
 * one and takes over every node whose bytes, owner and mode are the same; a file with other bytes is a new node, with a number never used
 * before. A directory keeps its number as long as its path is there. It knows nothing of migrations or of FUSE.
 *
 * A tree and its nodes are immutable once tree_finish() has returned, and counted; any thread may read them. */
#ifndef MIGFS_TREE_H
#define MIGFS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "migfs/content.h"
#include "migfs/error.h"
#include "migfs/text.h"

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

enum { TREE_ROOT_INODE = 1 };

/* One inode of the view. */
struct node {
    uint64_t inode; /* never reused in one process */
    enum node_kind kind;
    mode_t mode; /* permission bits only */
    uid_t uid;
    gid_t gid;
    uint64_t size;  /* bytes; of a link, its target's length; of a directory 0 */
    uint32_t links; /* st_nlink: 1, or for a directory 2 + its subdirectories */
    struct timespec mtime;
    struct content *content; /* of a file or a link; NULL for a directory and for a refused file */
    bool is_refused;         /* reading it fails with EIO; its size is above zero all the same */
    unsigned references;     /* atomic; tree.c's and inodes.c's own */
};

struct node *node_ref(struct node *node);
void node_unref(struct node *node); /* takes NULL */

struct tree_name {
    struct text name;
    struct node *node;
    struct tree_directory *directory; /* when the node is a directory */
    uint64_t
        cookie; /* for readdir: above 0, the same for the same name in every tree of one process while the name is there, and
                        rising along `names` as listed */
};

struct tree_directory {
    struct node *node;
    struct text path;              /* from the root, "" for the root, for messages */
    struct tree_directory *parent; /* the root's is itself */
    struct tree_name *names;       /* sorted by bytes */
    size_t count;
};

struct tree; /* counted */

struct tree *tree_ref(struct tree *tree);
void tree_unref(struct tree *tree); /* takes NULL */
const struct tree_directory *tree_root(const struct tree *tree);
const struct tree_name *tree_lookup(const struct tree_directory *directory, struct text name); /* or NULL */

/* "databases/staging/summary", without a leading slash; "" is the root. NULL when there is no such path. */
const struct node *tree_find(const struct tree *tree, struct text path);

/* The directory with this inode, or NULL. */
const struct tree_directory *tree_directory_of(const struct tree *tree, uint64_t inode);

/* ---- building ---- */

struct tree_builder;

struct tree_attributes {
    mode_t mode; /* permission bits */
    uid_t uid;
    gid_t gid;
    struct timespec
        mtime; /* of the newest file it was made from; used for nodes that are not in `previous` by the same path.
                              One that is there but changed gets `now`, and in any case a later time than it had */
};

/* Starts a tree beside `previous` (NULL for the first one). `now` is CLOCK_REALTIME. The builder's memory comes from `scratch`,
 * which must be inside arena_run() of the caller and outlive tree_finish(). When memory runs out half way, the owner of
 * the arena calls tree_builder_abandon() with what tree_builder_create returned, before destroying the arena. */
struct tree_builder *tree_builder_create(struct arena *scratch, const struct tree *previous, struct timespec now,
                                         const struct tree_attributes *root);
struct tree_directory *tree_builder_root(struct tree_builder *builder);

/* Each name is added once to a directory; names are 1 to 255 bytes without slash or NUL, not "." or "..": see tree_safe_name. */
struct tree_directory *tree_add_directory(struct tree_builder *builder, struct tree_directory *parent, struct text name,
                                          const struct tree_attributes *attributes);
void tree_add_file(struct tree_builder *builder, struct tree_directory *parent, struct text name,
                   const struct tree_attributes *attributes, struct text bytes);
/* Shares the content (takes a reference of its own). Two on-demand contents count as the same only if they are the same object. */
void tree_add_content(struct tree_builder *builder, struct tree_directory *parent, struct text name,
                      const struct tree_attributes *attributes, struct content *content);
void tree_add_link(struct tree_builder *builder, struct tree_directory *parent, struct text name,
                   const struct tree_attributes *attributes, struct text target);
/* A file that is there and whose reading fails with EIO. `size` is what it shows, above 0. */
void tree_add_refused(struct tree_builder *builder, struct tree_directory *parent, struct text name,
                      const struct tree_attributes *attributes, uint64_t size);

/* The finished tree; NULL when memory has run out (everything is then already given back). If nothing at all differs from `previous` it
 * returns that one with one more reference. */
struct tree *tree_finish(struct tree_builder *builder, struct error *error);
void tree_builder_abandon(struct tree_builder *builder); /* takes NULL */

/* Makes any text usable as a name: a slash, NUL, control characters and `%` as %XX; "", "." and ".." likewise; cut to 255 bytes with a digest at
 * its end where longer. Texts that are names already come back as they are. */
struct text tree_safe_name(struct arena *arena, struct text text);

#endif
