/* What the kernel must forget when one tree follows another: names that now lead elsewhere or nowhere, and directories whose
 * listing or attributes are others. Costs what changed: what both trees share is not looked at. Pure. */
#ifndef MIGFS_TREE_CHANGES_H
#define MIGFS_TREE_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "migfs/tree/tree.h"
#include "migfs/util/arena.h"

struct changed_directory {
    uint64_t inode;
    const struct text
        *names; /* gone, new, or leading to another node; a new name too, since its absence may be cached */
    size_t count;
};

struct changes {
    /* Of the earlier tree, deepest first: those that differ, and those that are gone, whose listings are now empty for a reader who is
     * still in them. */
    const struct changed_directory *directories;
    size_t count;
};

/* Lives in the arena and points into both trees. */
struct changes *changes_between(struct arena *arena, const struct tree *before, const struct tree *after);

#endif
