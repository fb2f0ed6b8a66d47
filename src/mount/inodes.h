/* What the kernel knows: the published tree, and every node that the kernel still refers to, with
 * its lookup count. Handlers and the refresh thread share only this; it has one lock, held briefly,
 * with no system call under it and nothing that can fail.
 *
 * Any thread. */
#ifndef MIGFS_MOUNT_INODES_H
#define MIGFS_MOUNT_INODES_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/tree/tree.h"

struct inodes;

struct inodes *inodes_create(struct tree *first, struct error *error); /* takes its own reference */
void inodes_destroy(struct inodes *inodes); /* takes NULL; the kernel need not have forgotten all nodes */

/* Publishes a tree. Nodes of the old one that the kernel knows keep answering until they are
 * forgotten. A node belongs to one struct inodes only. */
void inodes_publish(struct inodes *inodes, struct tree *tree);

struct tree *inodes_tree(struct inodes *inodes); /* published; with a reference for the caller */

/* Looks up a name in the current tree: counts one more lookup of its node and returns it with a
 * reference for the caller. NULL when there is no such name, or its directory is gone. */
struct node *inodes_lookup(struct inodes *inodes, uint64_t parent, struct text name);

/* Counts one more lookup of a node that readdirplus hands to the kernel. */
void inodes_remember(struct inodes *inodes, struct node *node);
void inodes_forget(struct inodes *inodes, uint64_t inode, uint64_t lookups);

/* The node with this number, current or retired, with a reference for the caller, or NULL. For a
 * directory: its state in the current tree. */
struct node *inodes_get(struct inodes *inodes, uint64_t inode);

/* How many nodes the kernel holds, and how many of them are not in the published tree. For
 * tests. */
size_t inodes_known(struct inodes *inodes);
size_t inodes_retired(struct inodes *inodes);

#endif
