/* The finished tree: reference counts and lookups. build.c makes trees. */
#include "migfs/tree/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/sorted.h"

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
    assert(!has_content || node->size == content_size(node->content)); /* st_size is served */
    assert(!node->is_refused || node->size > 0);                       /* never taken for empty */
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

struct sought_name {
    const struct tree_directory *directory;
    struct text name;
};

static bool name_lies_before(const void *context, size_t position) {
    const struct sought_name *sought = context;
    return text_compare(sought->directory->names[position].name, sought->name) < 0;
}

const struct tree_name *tree_lookup(const struct tree_directory *directory, struct text name) {
    size_t at = sorted_find(directory->count, name_lies_before, &(struct sought_name){directory, name});
    bool is_found = at < directory->count && text_equal(directory->names[at].name, name);
    return is_found ? &directory->names[at] : NULL;
}

struct sought_cookie {
    const struct tree_directory *directory;
    uint64_t cookie;
};

static bool cookie_lies_not_after(const void *context, size_t position) {
    const struct sought_cookie *sought = context;
    return sought->directory->names[sought->directory->order[position]].cookie <= sought->cookie;
}

size_t tree_position_after(const struct tree_directory *directory, uint64_t cookie) {
    return sorted_find(directory->count, cookie_lies_not_after, &(struct sought_cookie){directory, cookie});
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

struct sought_inode {
    const struct tree *tree;
    uint64_t inode;
};

static bool inode_lies_before(const void *context, size_t position) {
    const struct sought_inode *sought = context;
    return sought->tree->directories[position]->node->inode < sought->inode;
}

const struct tree_directory *tree_directory_of(const struct tree *tree, uint64_t inode) {
    size_t at = sorted_find(tree->directory_count, inode_lies_before, &(struct sought_inode){tree, inode});
    bool is_found = at < tree->directory_count && tree->directories[at]->node->inode == inode;
    return is_found ? tree->directories[at] : NULL;
}
