/* What the kernel must invalidate when one tree replaces another: names that lead elsewhere or
 * nowhere, and directories whose listing or attributes changed. The cost is proportional to the
 * change: what both trees share is not visited. Pure. */
#ifndef MIGFS_TREE_CHANGES_H
#define MIGFS_TREE_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "migfs/tree/tree.h"
#include "migfs/util/arena.h"

struct changed_directory {
    uint64_t inode;
    /* gone, new, or leading to another node; new names count, since the kernel may have cached
     * their absence */
    const struct text *names;
    size_t count;
};

struct changes {
    /* Of the earlier tree, deepest first: directories that differ, and those that are gone, whose
     * listings are empty now for processes that are still in them. */
    const struct changed_directory *directories;
    size_t count;
};

/* Lives in the arena and points into both trees. */
struct changes *changes_between(struct arena *arena, const struct tree *before, const struct tree *after);

#endif
