/* Walks two trees in parallel, by name, and lists the differences. Directories that both trees
 * share are skipped at once: nothing below them has changed. */
#include "migfs/tree/changes.h"

struct comparison {
    struct arena *arena;
    struct changed_directory *directories;
    size_t count, capacity;
};

static void add_directory(struct comparison *comparison, struct changed_directory changed) {
    comparison->directories = arena_more(comparison->arena, comparison->directories, comparison->count,
                                         &comparison->capacity, sizeof *comparison->directories);
    comparison->directories[comparison->count++] = changed;
}

/* Adds everything in a directory that is gone. */
static struct node no_node;
static const struct tree_directory NOTHING = {.node = &no_node};

/* Adds names that only one of the two has, or that lead to another inode. Visits subdirectories
 * before the directory itself is added. */
static void compare_directories(struct comparison *comparison, const struct tree_directory *before,
                                const struct tree_directory *after) {
    struct text *names = arena_array(comparison->arena, struct text, before->count + after->count);
    size_t count = 0;
    size_t j = 0;
    for (size_t i = 0; i < before->count; i++) {
        const struct tree_name *old = &before->names[i];
        int order = 1;
        while (j < after->count && (order = text_compare(after->names[j].name, old->name)) < 0) {
            names[count++] = after->names[j++].name;
        }
        const struct tree_name *new = j < after->count &&order == 0 ? &after->names[j++] : NULL;
        bool is_same_inode = new &&new->node->inode == old->node->inode;
        if (!is_same_inode) {
            names[count++] = old->name;
        }
        if (old->directory && !(is_same_inode && new->directory == old->directory)) {
            compare_directories(comparison, old->directory, is_same_inode ? new->directory : &NOTHING);
        }
    }
    while (j < after->count) {
        names[count++] = after->names[j++].name;
    }
    /* The same node means the same listing, so the change lies deeper. */
    if (before->node != after->node) {
        add_directory(comparison,
                      (struct changed_directory){.inode = before->node->inode, .names = names, .count = count});
    }
}

struct changes *changes_between(struct arena *arena, const struct tree *before, const struct tree *after) {
    struct comparison comparison = {.arena = arena};
    if (before->root != after->root) {
        compare_directories(&comparison, before->root, after->root);
    }
    struct changes *changes = arena_new(arena, struct changes);
    changes->directories = comparison.directories;
    changes->count = comparison.count;
    return changes;
}
