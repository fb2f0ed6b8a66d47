/* What the kernel is told of a new tree, and when those who wait are answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abort.h"
#include "libfuse.h"
#include "mount/notify.h"
#include "trees.h"

static const int reader = 1, other_reader = 2;
static struct notifier *notifier;
static struct tree *tree; /* last published */
static uint64_t requests;
static uint64_t request_refresh(void *context) {
    (void)context;
    return requests;
}

static int begin_with(bool is_silent) {
    struct error error;
    requests = 1;
    tree = TREE(NULL, 5, "d/", "d/a=1", "d/b=1", "e/", "e/x=1");
    struct notifier_options options = {.tree = tree, .is_silent = is_silent, .request_refresh = request_refresh};
    notifier = notifier_create(&options, &error);
    kernel_said();
    return notifier ? 0 : -1;
}

static int begin(void **state) {
    (void)state;
    return begin_with(false);
}

static int begin_silent(void **state) {
    (void)state;
    return begin_with(true);
}

static int end(void **state) {
    (void)state;
    notifier_destroy(notifier);
    tree_unref(tree);
    return 0;
}

static uint64_t inode_of(const char *path) {
    return trees_node(tree, path)->inode;
}

static void publish(struct tree *next) {
    tree_unref(tree);
    tree = next;
    notifier_published(notifier, tree);
}

/* A new `d/a`, and e/y beside e/x. */
static void change_both(void) {
    publish(TREE(tree, 6, "d/", "d/a=2", "d/b=1", "e/", "e/x=1", "e/y=1"));
}

static bool said(const char *all, const char *format, uint64_t inode) {
    char word[64];
    snprintf(word, sizeof word, format, (unsigned long long)inode);
    return strstr(all, word);
}

/* ---- tests ---- */

static void the_kernel_forgets_what_has_changed_before_who_waits_is_answered(void **state) {
    uint64_t d = inode_of("d"), e = inode_of("e");
    notifier_sync(notifier, kernel_request(&reader));
    change_both();
    notifier_synced(notifier, 1);
    kernel_wait_for("answer1:0");
    const char *all = kernel_said();
    assert_true(said(all, "forget%llu/a ", d) && said(all, "%llu:all ", d));
    assert_true(said(all, "forget%llu/y ", e) && said(all, "%llu:all ", e));
    assert_null(strstr(all, "/b "));
    assert_null(strstr(all, "/x "));
    assert_string_equal(strstr(all, "answer"), "answer1:0 ");
}

static void who_asks_before_the_refresh_that_meets_it_waits(void **state) {
    requests = 2;
    notifier_sync(notifier, kernel_request(&reader));
    notifier_synced(notifier, 1);
    requests = 1;
    notifier_sync(notifier, kernel_request(&other_reader)); /* is met already */
    kernel_wait_for("answer2:0");
    assert_false(kernel_has_said("answer1"));
    notifier_synced(notifier, 2);
    kernel_wait_for("answer1:0");
}

static void after_the_end_the_answer_is_an_error(void **state) {
    notifier_sync(notifier, kernel_request(&reader));
    notifier_stop(notifier);
    notifier_sync(notifier, kernel_request(&other_reader));
    assert_string_equal(strstr(kernel_said(), "answer"), "answer1:EIO answer2:EIO ");
}

static void where_nothing_is_remembered_nothing_is_told(void **state) {
    notifier_sync(notifier, kernel_request(&reader));
    change_both();
    notifier_synced(notifier, 1);
    kernel_wait_for("answer1:0");
    assert_string_equal(kernel_said(), "answer1:0 ");
}

/* ---- planted faults ---- */

static void ask_for_a_refresh_that_is_none(void *context) {
    (void)context;
    requests = 0;
    notifier_sync(notifier, kernel_request(&reader));
}

static void take_back_a_refresh(void *context) {
    (void)context;
    requests = 5;
    notifier_sync(notifier, kernel_request(&reader));
    notifier_synced(notifier, 5);
    notifier_synced(notifier, 1);
}

static void the_checker_finds_what_cannot_be(void **state) {
#ifndef NDEBUG
    assert_aborts(ask_for_a_refresh_that_is_none, NULL);
    assert_aborts(take_back_a_refresh, NULL);
#else
    (void)ask_for_a_refresh_that_is_none;
    (void)take_back_a_refresh;
#endif
}

#define notify_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        notify_test(the_kernel_forgets_what_has_changed_before_who_waits_is_answered),
        notify_test(who_asks_before_the_refresh_that_meets_it_waits),
        notify_test(after_the_end_the_answer_is_an_error),
        cmocka_unit_test_setup_teardown(where_nothing_is_remembered_nothing_is_told, begin_silent, end),
        notify_test(the_checker_finds_what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
