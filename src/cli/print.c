/* Makes the tree of the view, and prints one node of it. */
#include "cli/print.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/reading.h"
#include "migfs/util/log.h"

/* Follows the links of the view itself, which lead from state/ to status/. */
static const struct node *find_node(const struct tree *tree, const char *path) {
    const struct node *node = tree_find(tree, text_of(path));
    if (node && node->kind == NODE_LINK) {
        struct text target = content_text(node->content);
        size_t at;
        return text_find(target, "status/", &at) ? tree_find(tree, text_slice(target, at, target.length)) : NULL;
    }
    return node;
}

static void print_names(const struct tree_directory *directory) {
    for (size_t i = 0; i < directory->count; i++) {
        struct text name = directory->names[i].name;
        fwrite(name.bytes, 1, name.length, stdout);
        fputs(directory->names[i].node->kind == NODE_DIRECTORY ? "/\n" : "\n", stdout);
    }
}

/* Part by part, since a large file is not held in memory. */
static bool print_content(struct content *content, struct error *error) {
    char part[1 << 16];
    for (size_t at = 0, length; at < content_size(content); at += length) {
        if (!content_read(content, part, sizeof part, at, &length, error)) {
            return false;
        }
        fwrite(part, 1, length, stdout);
    }
    return true;
}

static int print_node(const struct tree *tree, const struct node *node, const struct options *options) {
    struct error error;
    if (!node) {
        log_error("there is no %s in the view; see what there is: migfs print SOURCE /", options->path);
        return READING_CANNOT_TELL;
    }
    if (node->kind == NODE_DIRECTORY) {
        print_names(tree_directory_of(tree, node->inode));
    } else if (node->is_refused) {
        log_error("%s is refused; see why: migfs print SOURCE problems", options->path);
        return READING_CANNOT_TELL;
    } else if (!print_content(node->content, &error)) {
        log_error("%s: %s", options->path, error.sentence);
        return READING_CANNOT_TELL;
    }
    return reading_is_written() ? EXIT_SUCCESS : READING_CANNOT_TELL;
}

int print_run(struct options *options) {
    struct inputs *inputs = reading_inputs(options);
    struct error error;
    if (!inputs) {
        return READING_CANNOT_TELL;
    }
    int status = READING_CANNOT_TELL;
    struct tree *tree = inputs_tree(inputs, NULL, NULL, NULL, &error);
    if (tree) {
        status = print_node(tree, find_node(tree, options->path), options);
    } else {
        log_error("%s", error.sentence);
    }
    tree_unref(tree);
    inputs_destroy(inputs);
    return status;
}
