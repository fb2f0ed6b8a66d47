#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "abort.h"
#include "trees.h"

static void every_path_is_found_with_what_it_was_made_of(void **state) {
    struct tree *tree = TREE(NULL, 5, "b/", "b/two=second", "a=first", "b/link>../a", "c!9", "b/c/", "b/c/deep=");
    assert_memory_equal(content_text(trees_node(tree, "a")->content).bytes, "first", 5);
    assert_int_equal(trees_node(tree, "a")->size, 5);
    assert_int_equal(trees_node(tree, "a")->mode, 0444);
    assert_int_equal(trees_node(tree, "a")->uid, 7);
    assert_int_equal(trees_node(tree, "a")->gid, 8);
    assert_int_equal(trees_node(tree, "a")->links, 1);
    assert_int_equal(trees_node(tree, "b")->kind, NODE_DIRECTORY);
    assert_int_equal(trees_node(tree, "b/link")->kind, NODE_LINK);
    assert_int_equal(trees_node(tree, "b/link")->size, 4);
    assert_true(trees_node(tree, "c")->is_refused);
    assert_int_equal(trees_node(tree, "c")->size, 9);
    assert_null(trees_node(tree, "c")->content);
    assert_int_equal(trees_node(tree, "b/c/deep")->size, 0);
    assert_int_equal(trees_node(tree, "")->inode, TREE_ROOT_INODE);
    tree_unref(tree);
}

static void what_is_not_there_is_not_found(void **state) {
    struct tree *tree = TREE(NULL, 5, "a/", "a/b=text", "aa=");
    const char *const paths[] = {"b", "a/", "a/c", "a/b/", "a/b/c", "/a", "a//b", "aaa", "A"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_null(trees_node(tree, paths[i]));
    }
    tree_unref(tree);
}

static void directories_are_found_by_number(void **state) {
    struct tree *tree = TREE(NULL, 5, "a/", "a/b/", "c/", "d=", "e/");
    const char *const paths[] = {"", "a", "a/b", "c", "e"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct node *node = trees_node(tree, paths[i]);
        assert_ptr_equal(tree_directory_of(tree, node->inode)->node, node);
    }
    assert_null(tree_directory_of(tree, trees_node(tree, "d")->inode));
    assert_null(tree_directory_of(tree, 0));
    assert_null(tree_directory_of(tree, UINT64_MAX));
    assert_int_equal(tree_directory_of(tree, trees_node(tree, "a/b")->inode)->parent_inode,
                     trees_node(tree, "a")->inode);
    assert_int_equal(tree->root->parent_inode, TREE_ROOT_INODE);
    tree_unref(tree);
}

#ifndef NDEBUG
static void create_again(void *tree) {
    tree_create(((struct tree *)tree)->root);
}

/* As if tree_finish() had gone wrong. */
static void a_tree_that_is_none_is_caught(void **state) {
    struct tree *tree = TREE(NULL, 5, "a/", "a/b=text", "c=");
    struct tree_directory *root = tree->root;
    struct tree_name first = root->names[0];
    root->names[0] = root->names[1];
    root->names[1] = first;
    assert_aborts(create_again, tree);
    root->names[1] = root->names[0];
    root->names[0] = first;
    root->node->links++;
    assert_aborts(create_again, tree);
    root->node->links--;
    root->names[1].node->size++;
    assert_aborts(create_again, tree);
    tree_unref(tree);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_is_found_with_what_it_was_made_of),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(directories_are_found_by_number),
#ifndef NDEBUG
        cmocka_unit_test(a_tree_that_is_none_is_caught),
#endif
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
