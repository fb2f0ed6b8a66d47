#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "abort.h"
#include "mount/inodes.h"
#include "trees.h"

/* Takes the caller's reference to the tree over. */
static struct inodes *inodes_of(struct tree *first) {
    struct error error;
    struct inodes *inodes = inodes_create(first, &error);
    assert_non_null(inodes);
    tree_unref(first);
    return inodes;
}

static void publish(struct inodes *inodes, struct tree *tree) {
    inodes_publish(inodes, tree);
    tree_unref(tree);
}

/* The inode that a lookup gives, or 0. */
static uint64_t look_up(struct inodes *inodes, uint64_t parent, const char *name) {
    struct node *node = inodes_lookup(inodes, parent, text_of(name));
    uint64_t inode = node ? node->inode : 0;
    node_unref(node);
    return inode;
}

static bool answers(struct inodes *inodes, uint64_t inode) {
    struct node *node = inodes_get(inodes, inode);
    node_unref(node);
    return node != NULL;
}

static struct tree *next(struct inodes *inodes, const char *const *lines) {
    struct tree *before = inodes_tree(inodes);
    struct tree *after = trees_make(before, 2000, lines);
    tree_unref(before);
    return after;
}
#define NEXT(inodes, ...) next((inodes), (const char *const[]){__VA_ARGS__, NULL})

static void the_root_answers_without_being_looked_up(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1"));
    assert_true(answers(inodes, TREE_ROOT_INODE));
    assert_false(answers(inodes, 12345678));
    assert_int_equal(inodes_known(inodes), 0);
    inodes_destroy(inodes);
}

static void a_name_that_is_not_there_counts_nothing(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1"));
    assert_int_equal(look_up(inodes, TREE_ROOT_INODE, "b"), 0);
    uint64_t file = look_up(inodes, TREE_ROOT_INODE, "a");
    assert_int_equal(look_up(inodes, file, "a"), 0);
    assert_int_equal(inodes_known(inodes), 1);
    inodes_destroy(inodes);
}

static void a_replaced_file_answers_until_it_is_forgotten(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1"));
    uint64_t old = look_up(inodes, TREE_ROOT_INODE, "a");
    assert_int_equal(look_up(inodes, TREE_ROOT_INODE, "a"), old);
    publish(inodes, NEXT(inodes, "a=2"));
    assert_int_equal(inodes_retired(inodes), 1);
    assert_int_not_equal(look_up(inodes, TREE_ROOT_INODE, "a"), old);

    inodes_forget(inodes, old, 1);
    struct node *node = inodes_get(inodes, old);
    assert_memory_equal(content_text(node->content).bytes, "1", 1);
    node_unref(node);
    inodes_forget(inodes, old, 1);
    assert_false(answers(inodes, old));
    assert_int_equal(inodes_retired(inodes), 0);
    inodes_destroy(inodes);
}

static void a_kept_file_keeps_its_count_across_trees(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1", "b=1"));
    uint64_t inode = look_up(inodes, TREE_ROOT_INODE, "a");
    publish(inodes, NEXT(inodes, "a=1", "b=2"));
    assert_int_equal(look_up(inodes, TREE_ROOT_INODE, "a"), inode);
    inodes_forget(inodes, inode, 1);
    publish(inodes, NEXT(inodes, "b=2"));
    assert_true(answers(inodes, inode));
    inodes_forget(inodes, inode, 1);
    assert_false(answers(inodes, inode));
    inodes_destroy(inodes);
}

static void a_directory_answers_with_its_state_in_the_current_tree(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "d/", "d/x=1"));
    uint64_t inode = look_up(inodes, TREE_ROOT_INODE, "d");
    publish(inodes, NEXT(inodes, "d/", "d/x=1", "d/sub/"));
    assert_int_equal(look_up(inodes, TREE_ROOT_INODE, "d"), inode);
    assert_int_equal(inodes_known(inodes), 1);
    struct node *node = inodes_get(inodes, inode);
    assert_int_equal(node->links, 3);
    node_unref(node);
    assert_int_not_equal(look_up(inodes, inode, "sub"), 0);

    publish(inodes, NEXT(inodes, "other="));
    assert_true(answers(inodes, inode));
    assert_int_equal(look_up(inodes, inode, "x"), 0);
    inodes_forget(inodes, inode, 2);
    assert_false(answers(inodes, inode));
    inodes_destroy(inodes);
}

static void what_a_listing_hands_out_is_counted_even_if_it_was_just_replaced(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1"));
    struct tree *old = inodes_tree(inodes);
    publish(inodes, NEXT(inodes, "a=2"));
    inodes_remember(inodes, old->root->names[0].node);
    assert_int_equal(inodes_retired(inodes), 1);
    uint64_t inode = old->root->names[0].node->inode;
    tree_unref(old);
    assert_true(answers(inodes, inode));
    inodes_forget(inodes, inode, 1);
    assert_int_equal(inodes_known(inodes), 0);
    inodes_destroy(inodes);
}

static void the_kernel_need_not_forget_before_the_end(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1", "d/"));
    look_up(inodes, TREE_ROOT_INODE, "a");
    look_up(inodes, TREE_ROOT_INODE, "d");
    publish(inodes, NEXT(inodes, "b="));
    inodes_destroy(inodes);
}

/* Several thousand names, so that the table grows while they are in it. */
static void many_nodes_are_remembered_and_forgotten_one_by_one(void **state) {
    enum { COUNT = 3000 };
    static char lines[COUNT][32];
    static const char *pointers[COUNT + 1];
    for (int i = 0; i < COUNT; i++) {
        snprintf(lines[i], sizeof lines[i], "%05d=%d", i, i);
        pointers[i] = lines[i];
    }
    struct inodes *inodes = inodes_of(trees_make(NULL, 5, pointers));
    static uint64_t numbers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "%05d", i);
        numbers[i] = look_up(inodes, TREE_ROOT_INODE, name);
    }
    publish(inodes, NEXT(inodes, "none="));
    assert_int_equal(inodes_known(inodes), COUNT);
    assert_int_equal(inodes_retired(inodes), COUNT);
    for (int i = 0; i < COUNT; i += 2) {
        inodes_forget(inodes, numbers[i], 1);
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(answers(inodes, numbers[i]), i % 2 == 1);
    }
    inodes_destroy(inodes);
}

/* Looks names up, reads what is behind them and forgets them again, while trees come and go. */
static void *busy_kernel(void *context) {
    struct inodes *inodes = context;
    for (int i = 0; i < 20000; i++) {
        struct node *node = inodes_lookup(inodes, TREE_ROOT_INODE, i % 2 ? TEXT("a") : TEXT("b"));
        if (node) {
            struct node *again = inodes_get(inodes, node->inode);
            assert_ptr_equal(again, node);
            assert_int_equal(content_text(again->content).length, node->size);
            inodes_forget(inodes, node->inode, 1);
            node_unref(again);
            node_unref(node);
        }
    }
    return NULL;
}

static void lookups_and_forgets_run_while_trees_are_published(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=0", "b=0"));
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, busy_kernel, inodes), 0);
    }
    for (int i = 0; i < 2000; i++) {
        publish(inodes, i % 2 ? NEXT(inodes, "a=0", "b=00") : NEXT(inodes, "a=000"));
    }
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(inodes_known(inodes), 0);
    inodes_destroy(inodes);
}

#ifndef NDEBUG
static void look_for_nothing(void *inodes) {
    look_up(inodes, TREE_ROOT_INODE, "nothing");
}

static void a_table_that_is_none_is_caught(void **state) {
    struct inodes *inodes = inodes_of(TREE(NULL, 5, "a=1", "b=2"));
    uint64_t number = look_up(inodes, TREE_ROOT_INODE, "a");
    struct node *node = inodes_get(inodes, number);
    node->lookups = 0;
    assert_aborts(look_for_nothing, inodes);
    node->lookups = 1;
    node->inode++; /* is not found where it is */
    assert_aborts(look_for_nothing, inodes);
    node->inode = number;
    node_unref(node);
    inodes_destroy(inodes);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_answers_without_being_looked_up),
        cmocka_unit_test(a_name_that_is_not_there_counts_nothing),
        cmocka_unit_test(a_replaced_file_answers_until_it_is_forgotten),
        cmocka_unit_test(a_kept_file_keeps_its_count_across_trees),
        cmocka_unit_test(a_directory_answers_with_its_state_in_the_current_tree),
        cmocka_unit_test(what_a_listing_hands_out_is_counted_even_if_it_was_just_replaced),
        cmocka_unit_test(the_kernel_need_not_forget_before_the_end),
        cmocka_unit_test(many_nodes_are_remembered_and_forgotten_one_by_one),
#ifndef NDEBUG
        cmocka_unit_test(a_table_that_is_none_is_caught),
#endif
        cmocka_unit_test(lookups_and_forgets_run_while_trees_are_published),
    };
    return cmocka_run_group_tests_name("inodes", tests, NULL, NULL);
}
