/* What the kernel knows: the tree that is published now, and every node that the kernel still holds a reference to, with its
 * lookup count. The one place where handlers and the refresh thread meet; one short lock, no system call under it, and nothing
 * that could fail.
 *
 * Any thread. */
#ifndef MIGFS_MOUNT_INODES_H
#define MIGFS_MOUNT_INODES_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/tree/tree.h"

struct inodes;

struct inodes *inodes_create(struct tree *first, struct error *error); /* takes a reference of its own */
void inodes_destroy(
    struct inodes *inodes); /* takes NULL; also when counts are left (the kernel need not forget at unmount) */

/* Publishes a tree; nodes of the old one that the kernel knows keep answering until they are forgotten. A node belongs to one
 * struct inodes only. */
void inodes_publish(struct inodes *inodes, struct tree *tree);

struct tree *inodes_tree(struct inodes *inodes); /* the published one, with a reference for the caller */

/* The node behind a name, in the current tree, with one more lookup counted and a reference for the caller. NULL when there is
 * no such name, or its directory is gone. */
struct node *inodes_lookup(struct inodes *inodes, uint64_t parent, struct text name);

/* Counts one more lookup for a node that is handed to the kernel by readdirplus. */
void inodes_remember(struct inodes *inodes, struct node *node);
void inodes_forget(struct inodes *inodes, uint64_t inode, uint64_t lookups);

/* The node with this number, current or retired, with a reference for the caller, or NULL. Of a directory, its state in the
 * current tree. */
struct node *inodes_get(struct inodes *inodes, uint64_t inode);

/* How many nodes the kernel holds, and how many of them are not in the published tree: for tests. */
size_t inodes_known(struct inodes *inodes);
size_t inodes_retired(struct inodes *inodes);

#endif
