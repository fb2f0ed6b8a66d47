/* Walks two trees side by side, by name, and lists what is not the same. Directories that both trees share are passed over at once:
 * nothing below them has changed. */
#include "migfs/changes.h"

struct comparison {
    struct arena *arena;
    struct changed_directory *directories;
    size_t count, capacity;
};

static void add_directory(struct comparison *comparison, struct changed_directory changed) {
    if (comparison->count == comparison->capacity) {
        size_t capacity = comparison->capacity ? comparison->capacity * 2 : 16;
        comparison->directories = arena_grow(comparison->arena, comparison->directories, comparison->capacity, capacity,
                                             sizeof *comparison->directories);
        comparison->capacity = capacity;
    }
    comparison->directories[comparison->count++] = changed;
}

static const struct tree_directory NOTHING = {.count = 0};

/* Names that are in one of the two only, or lead to another inode. The walk goes down before the directory itself is added. */
static void compare_directories(struct comparison *comparison, const struct tree_directory *before,
                                const struct tree_directory *after) {
    /* The same node stands for the same listing; something deeper has changed then. */
    bool is_changed = before->node != after->node;
    struct changed_directory changed = {.inode = before->node->inode};
    struct text *names = is_changed ? arena_array(comparison->arena, struct text, before->count + after->count) : NULL;
    for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
        const struct tree_name *old = i < before->count ? &before->names[i] : NULL;
        const struct tree_name *new = j < after->count ? &after->names[j] : NULL;
        int order = !old ? 1 : !new ? -1 : text_compare(old->name, new->name);
        old = order <= 0 ? old : NULL;
        new = order >= 0 ? new : NULL;
        i += old != NULL;
        j += new != NULL;
        bool is_same_inode = old && new && old->node->inode == new->node->inode;
        if (is_changed && !is_same_inode) {
            names[changed.count++] = old ? old->name : new->name;
        }
        if (old && old->directory && !(is_same_inode && old->directory == new->directory)) {
            compare_directories(comparison, old->directory, is_same_inode ? new->directory : &NOTHING);
        }
    }
    if (is_changed) {
        changed.names = names;
        add_directory(comparison, changed);
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
