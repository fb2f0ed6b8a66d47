/* The tree's own source, compiled with an allocator that can be told to fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "migfs/content.h"

static size_t allocations_left = SIZE_MAX;

static void *limited_calloc(size_t count, size_t size) {
    return allocations_left > 0 && allocations_left-- ? calloc(count, size) : NULL;
}

static struct content *limited_content_create(struct text text) {
    return allocations_left > 0 && allocations_left-- ? content_create(text) : NULL;
}

#define calloc limited_calloc
#define content_create limited_content_create
#include "../../src/tree.c"
#include "../../src/tree_build.c"
#undef content_create
#undef calloc

#include "trees.h"

/* Tries with 0, 1, 2, … allocations until it works, and returns how often it failed. A leak is for the sanitizer to find. */
static size_t failures_before_success(const struct tree *previous, const char *const *lines, struct tree **ret_tree) {
    for (size_t allowed = 0;; allowed++) {
        struct trees_job job = {.previous = previous, .lines = lines, .now = {.tv_sec = 6}, .arena = arena_create()};
        assert_non_null(job.arena);
        allocations_left = allowed;
        bool ran = arena_run(job.arena, trees_body, &job);
        allocations_left = SIZE_MAX;
        assert_true(ran);
        arena_destroy(job.arena);
        if (job.tree) {
            *ret_tree = job.tree;
            return allowed;
        }
        assert_int_equal(job.error.code, ERROR_MEMORY);
    }
}

static void whenever_memory_runs_out_nothing_is_left_behind(void **state) {
    const char *const lines[] = {"a/", "a/b/", "a/b/x=1", "a/l>b", "c!3", "d=other", NULL};
    struct tree *first = NULL;
    assert_true(failures_before_success(NULL, lines, &first) >= 10);

    const char *const changed[] = {"a/", "a/b/", "a/b/x=2", "a/l>b", "c!3", "d=other", NULL};
    struct tree *second = NULL;
    assert_true(failures_before_success(first, changed, &second) >= 5);
    assert_memory_equal(content_text(trees_node(first, "a/b/x")->content).bytes, "1", 1);
    assert_memory_equal(content_text(trees_node(second, "a/b/x")->content).bytes, "2", 1);
    tree_unref(second);
    tree_unref(first);
}

static void a_tree_in_which_nothing_changed_needs_no_memory(void **state) {
    const char *const lines[] = {"a/", "a/b/", "a/b/x=1", NULL};
    struct tree *first = TREE(NULL, 5, "a/", "a/b/", "a/b/x=1");
    struct tree *second = NULL;
    assert_int_equal(failures_before_success(first, lines, &second), 0);
    assert_ptr_equal(first, second);
    tree_unref(second);
    tree_unref(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whenever_memory_runs_out_nothing_is_left_behind),
        cmocka_unit_test(a_tree_in_which_nothing_changed_needs_no_memory),
    };
    return cmocka_run_group_tests_name("tree_memory", tests, NULL, NULL);
}
