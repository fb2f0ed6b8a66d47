/* The published tree and a hash table of the nodes that the kernel knows, by inode number. Lookup
 * counts and hash chains are in the nodes themselves, so nothing has to be allocated while a
 * request waits; only the array of chains grows, and when it cannot, chains get longer.
 *
 * A directory may have had several nodes of the same number, one after another. The lookup count is
 * on the node that existed when the kernel first looked the directory up; answers come from the
 * current tree as long as it has the directory. */
#include "mount/inodes.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct inodes {
    pthread_mutex_t lock; /* guards everything below and the nodes' lookups and next_known */
    struct tree *tree;
    struct node **chains;
    size_t chain_count; /* a power of two */
    size_t known;
};

enum {
    FIRST_CHAINS = 256,
    NODES_A_CHAIN = 2, /* nodes per chain on average; the array of chains is memory, too */
};

struct inodes *inodes_create(struct tree *first, struct error *error) {
    struct inodes *inodes = calloc(1, sizeof *inodes);
    struct node **chains = calloc(FIRST_CHAINS, sizeof(struct node *));
    if (!inodes || !chains) {
        free(inodes);
        free((void *)chains);
        error_set_memory(error);
        return NULL;
    }
    inodes->chains = chains;
    inodes->chain_count = FIRST_CHAINS;
    inodes->tree = tree_ref(first);
    pthread_mutex_init(&inodes->lock, NULL);
    return inodes;
}

void inodes_destroy(struct inodes *inodes) {
    if (!inodes) {
        return;
    }
    for (size_t i = 0; i < inodes->chain_count; i++) {
        for (struct node *node = inodes->chains[i]; node;) {
            struct node *next = node->next_known;
            node_unref(node);
            node = next;
        }
    }
    tree_unref(inodes->tree);
    pthread_mutex_destroy(&inodes->lock);
    free((void *)inodes->chains);
    free(inodes);
}

void inodes_publish(struct inodes *inodes, struct tree *tree) {
    tree_ref(tree);
    pthread_mutex_lock(&inodes->lock);
    struct tree *old = inodes->tree;
    inodes->tree = tree;
    pthread_mutex_unlock(&inodes->lock);
    tree_unref(old);
}

struct tree *inodes_tree(struct inodes *inodes) {
    pthread_mutex_lock(&inodes->lock);
    struct tree *tree = tree_ref(inodes->tree);
    pthread_mutex_unlock(&inodes->lock);
    return tree;
}

/* ---- the table; all of it under the lock ---- */

/* Numbers are assigned in sequence, so their low bits spread well. Returns the place of the node in
 * its chain, or where it would be. */
static struct node **find_known(struct inodes *inodes, uint64_t inode) {
    struct node **at = &inodes->chains[inode & (inodes->chain_count - 1)];
    while (*at && (*at)->inode != inode) {
        at = &(*at)->next_known;
    }
    return at;
}

static void grow_table(struct inodes *inodes) {
    size_t count = inodes->chain_count * 2;
    struct node **chains = calloc(count, sizeof(struct node *));
    if (!chains) {
        return;
    }
    for (size_t i = 0; i < inodes->chain_count; i++) {
        for (struct node *node = inodes->chains[i]; node;) {
            struct node *next = node->next_known;
            struct node **chain = &chains[node->inode & (count - 1)];
            node->next_known = *chain;
            *chain = node;
            node = next;
        }
    }
    free((void *)inodes->chains);
    inodes->chains = chains;
    inodes->chain_count = count;
}

static void count_lookup(struct inodes *inodes, struct node *node) {
    struct node **at = find_known(inodes, node->inode);
    if (*at) {
        (*at)->lookups++;
        return;
    }
    *at = node_ref(node);
    node->next_known = NULL;
    node->lookups = 1;
    inodes->known++;
    if (inodes->known > NODES_A_CHAIN * inodes->chain_count) {
        grow_table(inodes);
    }
}

/* ---- what always holds ---- */

#ifndef NDEBUG

/* A large table is scanned whole only at intervals. */
enum { CHECK_EACH = 64, CHECK_EVERY = 256 };

static void check_chain(const struct inodes *inodes, size_t at, size_t *count) {
    for (const struct node *node = inodes->chains[at]; node; node = node->next_known) {
        assert(node->lookups > 0);                               /* the kernel holds it */
        assert((node->inode & (inodes->chain_count - 1)) == at); /* it is found */
        assert(node->inode >= TREE_ROOT_INODE);
        for (const struct node *other = node->next_known; other; other = other->next_known) {
            assert(other->inode != node->inode); /* one node counts for all of its number */
        }
        ++*count;
    }
}

static void check(const struct inodes *inodes) {
    static _Thread_local unsigned calls;
    assert(inodes->tree);
    assert((inodes->chain_count & (inodes->chain_count - 1)) == 0);
    if (inodes->known > CHECK_EACH && ++calls % CHECK_EVERY != 0) {
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < inodes->chain_count; i++) {
        check_chain(inodes, i, &count);
    }
    assert(count == inodes->known);
}

#else

static void check(const struct inodes *inodes) {
    (void)inodes;
}

#endif

static void unlock(struct inodes *inodes) {
    check(inodes);
    pthread_mutex_unlock(&inodes->lock);
}

/* ---- what the handlers ask ---- */

struct node *inodes_lookup(struct inodes *inodes, uint64_t parent, struct text name) {
    pthread_mutex_lock(&inodes->lock);
    const struct tree_directory *directory = tree_directory_of(inodes->tree, parent);
    const struct tree_name *found = directory ? tree_lookup(directory, name) : NULL;
    struct node *node = found ? node_ref(found->node) : NULL;
    if (node) {
        count_lookup(inodes, node);
    }
    unlock(inodes);
    return node;
}

void inodes_remember(struct inodes *inodes, struct node *node) {
    pthread_mutex_lock(&inodes->lock);
    count_lookup(inodes, node);
    unlock(inodes);
}

void inodes_forget(struct inodes *inodes, uint64_t inode, uint64_t lookups) {
    struct node *forgotten = NULL;
    pthread_mutex_lock(&inodes->lock);
    struct node **at = find_known(inodes, inode);
    if (*at && (*at)->lookups > lookups) {
        (*at)->lookups -= lookups;
    } else if (*at) {
        forgotten = *at;
        *at = forgotten->next_known;
        forgotten->lookups = 0;
        inodes->known--;
    }
    unlock(inodes);
    node_unref(forgotten);
}

struct node *inodes_get(struct inodes *inodes, uint64_t inode) {
    pthread_mutex_lock(&inodes->lock);
    struct node *node = *find_known(inodes, inode);
    if (!node || node->kind == NODE_DIRECTORY) {
        const struct tree_directory *directory = tree_directory_of(inodes->tree, inode);
        node = directory ? directory->node : node;
    }
    if (node) {
        node_ref(node);
    }
    unlock(inodes);
    return node;
}

/* ---- for tests ---- */

size_t inodes_known(struct inodes *inodes) {
    pthread_mutex_lock(&inodes->lock);
    size_t known = inodes->known;
    unlock(inodes);
    return known;
}

static size_t count_known_below(struct inodes *inodes, const struct tree_directory *directory) {
    size_t count = *find_known(inodes, directory->node->inode) ? 1 : 0;
    for (size_t i = 0; i < directory->count; i++) {
        const struct tree_name *name = &directory->names[i];
        if (name->directory) {
            count += count_known_below(inodes, name->directory);
        } else {
            count += *find_known(inodes, name->node->inode) ? 1 : 0;
        }
    }
    return count;
}

size_t inodes_retired(struct inodes *inodes) {
    pthread_mutex_lock(&inodes->lock);
    size_t retired = inodes->known - count_known_below(inodes, inodes->tree->root);
    unlock(inodes);
    return retired;
}
