/* What the kernel knows: the tree that is published now, and every node that the kernel still holds a reference to, with its lookup
 * count. The one place where handlers and the refresh thread meet; one short lock, no system call under it.
 *
 * Any thread. */
#ifndef MIGFS_INODES_H
#define MIGFS_INODES_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/tree.h"

struct inodes;

struct inodes *inodes_create(struct tree *first, struct error *error); /* takes a reference of its own */
void inodes_destroy(
    struct inodes *inodes); /* takes NULL; also when counts are left (the kernel need not forget at unmount) */

/* Publishes a tree; nodes of the old one that the kernel knows keep answering until they are forgotten. False when memory has run
 * out: the old tree stays published. */
bool inodes_publish(struct inodes *inodes, struct tree *tree, struct error *error);

struct tree *inodes_tree(struct inodes *inodes); /* the published one, with a reference for the caller */

/* The node behind a name, in the current tree, with one more lookup counted and a reference for the caller. NULL with 0 in
 * *ret_errno when there is no such name (or its directory is gone), ENOMEM there when memory has run out. */
struct node *inodes_lookup(struct inodes *inodes, uint64_t parent, struct text name, int *ret_errno);

/* Counts one more lookup for a node of the current tree that is handed to the kernel by readdirplus. False when memory ran out. */
bool inodes_remember(struct inodes *inodes, struct node *node);
void inodes_forget(struct inodes *inodes, uint64_t inode, uint64_t lookups);

/* The node with this number, current or retired, with a reference for the caller, or NULL. */
struct node *inodes_get(struct inodes *inodes, uint64_t inode);

/* How many nodes the kernel holds that are not in the published tree: for tests. */
size_t inodes_retired(struct inodes *inodes);

#endif
