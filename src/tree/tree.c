/* The finished tree: its counting, and finding one's way in it. How one is made is in tree_build.c. */
#include "migfs/tree/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct node *node_ref(struct node *node) {
    record_ref(&node->record);
    return node;
}

void node_unref(struct node *node) {
    if (node && record_unref(&node->record)) {
        content_unref(node->content);
        free(node);
    }
}

/* ---- directories ---- */

/* One block: the directory, its names, their order, their texts. */
struct tree_directory *tree_directory_create(size_t count, size_t name_bytes) {
    size_t size = sizeof(struct tree_directory) + count * (sizeof(struct tree_name) + sizeof(uint32_t)) + name_bytes;
    struct tree_directory *directory = calloc(1, size);
    if (directory) {
        directory->names = (struct tree_name *)(directory + 1);
        directory->order = (uint32_t *)(directory->names + count);
        directory->count = count;
        record_init(&directory->record);
    }
    return directory;
}

char *tree_directory_name_bytes(struct tree_directory *directory) {
    return (char *)(directory->order + directory->count);
}

struct tree_directory *tree_directory_ref(struct tree_directory *directory) {
    record_ref(&directory->record);
    return directory;
}

void tree_directory_unref(struct tree_directory *directory) {
    if (!directory || !record_unref(&directory->record)) {
        return;
    }
    for (size_t i = 0; i < directory->count; i++) {
        node_unref(directory->names[i].node);
        tree_directory_unref(directory->names[i].directory);
    }
    node_unref(directory->node);
    free(directory);
}

/* ---- what always holds ---- */

#ifndef NDEBUG

static void check_node(const struct node *node) {
    bool has_content = node->kind != NODE_DIRECTORY && !node->is_refused;
    assert(node->inode >= TREE_ROOT_INODE && (node->mode & ~(mode_t)07777) == 0);
    assert(has_content == (node->content != NULL));
    assert(!has_content || node->size == content_size(node->content)); /* st_size is of the bytes served */
    assert(!node->is_refused || node->size > 0);                       /* and taken for empty by no reader */
}

static void check_name(const struct tree_directory *directory, size_t at) {
    const struct tree_name *name = &directory->names[at];
    assert(name->name.length > 0 && name->name.length <= TREE_NAME_MAXIMUM && name->name.bytes[name->name.length] == 0);
    assert(at == 0 || text_compare(directory->names[at - 1].name, name->name) < 0);
    assert(name->cookie >= TREE_FIRST_COOKIE && name->cookie < directory->next_cookie);
    assert(name->node && (name->node->kind == NODE_DIRECTORY) == (name->directory != NULL));
    assert(!name->directory || name->directory->node->inode == name->node->inode);
    assert(!name->directory || name->directory->parent_inode == directory->node->inode);
    check_node(name->node);
}

static void check_directory(const struct tree_directory *directory) {
    uint32_t subdirectories = 0;
    assert(directory->node->kind == NODE_DIRECTORY && directory->node->inode >= TREE_ROOT_INODE);
    for (size_t i = 0; i < directory->count; i++) {
        check_name(directory, i);
        subdirectories += directory->names[i].directory != NULL;
        assert(directory->order[i] < directory->count);
        assert(i == 0 ||
               directory->names[directory->order[i - 1]].cookie < directory->names[directory->order[i]].cookie);
    }
    assert(directory->node->links == 2 + subdirectories);
}

static void check(const struct tree *tree) {
    assert(tree->root->node->inode == TREE_ROOT_INODE && tree->root->parent_inode == TREE_ROOT_INODE);
    for (size_t i = 0; i < tree->directory_count; i++) {
        assert(i == 0 || tree->directories[i - 1]->node->inode < tree->directories[i]->node->inode);
        check_directory(tree->directories[i]);
    }
}

#else

static void check(const struct tree *tree) {
    (void)tree;
}

#endif

/* ---- trees ---- */

static size_t count_directories(const struct tree_directory *directory) {
    size_t count = 1;
    for (size_t i = 0; i < directory->count; i++) {
        if (directory->names[i].directory) {
            count += count_directories(directory->names[i].directory);
        }
    }
    return count;
}

static void collect_directories(struct tree *tree, struct tree_directory *directory) {
    tree->directories[tree->directory_count++] = directory;
    for (size_t i = 0; i < directory->count; i++) {
        if (directory->names[i].directory) {
            collect_directories(tree, directory->names[i].directory);
        }
    }
}

static int compare_inodes(const void *a, const void *b) {
    uint64_t first = (*(struct tree_directory *const *)a)->node->inode;
    uint64_t second = (*(struct tree_directory *const *)b)->node->inode;
    return (first > second) - (first < second);
}

struct tree *tree_create(struct tree_directory *root) {
    struct tree *tree = calloc(1, sizeof *tree);
    struct tree_directory **directories = calloc(count_directories(root), sizeof(struct tree_directory *));
    if (!tree || !directories) {
        free(tree);
        free((void *)directories);
        return NULL;
    }
    tree->root = root;
    tree->directories = directories;
    record_init(&tree->record);
    collect_directories(tree, root);
    qsort((void *)directories, tree->directory_count, sizeof(struct tree_directory *), compare_inodes);
    check(tree);
    return tree;
}

struct tree *tree_ref(struct tree *tree) {
    record_ref(&tree->record);
    return tree;
}

void tree_unref(struct tree *tree) {
    if (tree && record_unref(&tree->record)) {
        tree_directory_unref(tree->root);
        free((void *)tree->directories);
        free(tree);
    }
}

/* ---- finding ---- */

const struct tree_name *tree_lookup(const struct tree_directory *directory, struct text name) {
    size_t low = 0;
    size_t high = directory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(directory->names[middle].name, name);
        if (order == 0) {
            return &directory->names[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

size_t tree_position_after(const struct tree_directory *directory, uint64_t cookie) {
    size_t low = 0;
    size_t high = directory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (directory->names[directory->order[middle]].cookie <= cookie) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct node *tree_find(const struct tree *tree, struct text path) {
    const struct tree_directory *directory = tree->root;
    const struct node *node = tree->root->node;
    bool is_last = path.length == 0;
    while (!is_last) {
        size_t slash = path.length;
        is_last = !text_find(path, "/", &slash);
        const struct tree_name *name = directory ? tree_lookup(directory, text_slice(path, 0, slash)) : NULL;
        if (!name) {
            return NULL;
        }
        node = name->node;
        directory = name->directory;
        path = text_slice(path, slash + 1, path.length);
    }
    return node;
}

const struct tree_directory *tree_directory_of(const struct tree *tree, uint64_t inode) {
    size_t low = 0;
    size_t high = tree->directory_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t found = tree->directories[middle]->node->inode;
        if (found == inode) {
            return tree->directories[middle];
        }
        if (found < inode) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
