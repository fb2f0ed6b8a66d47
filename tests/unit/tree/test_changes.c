#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "migfs/tree/changes.h"
#include "trees.h"

/* Everything that has changed, as "path: name name; path: …;", and the trees are given back. */
static void expect_changes(struct tree *before, struct tree *after, const char *const *paths, const char *expected) {
    struct arena *arena = arena_create();
    struct changes *changes = changes_between(arena, before, after);
    struct buffer said = BUFFER(arena);
    for (size_t i = 0; i < changes->count; i++) {
        const struct changed_directory *changed = &changes->directories[i];
        const char *path = "?";
        for (const char *const *candidate = paths; *candidate; candidate++) {
            const struct node *node = trees_node(before, *candidate);
            path = node && node->inode == changed->inode ? *candidate : path;
        }
        buffer_format(&said, "/%s:", path);
        for (size_t j = 0; j < changed->count; j++) {
            buffer_format(&said, " %.*s", TEXT_ARGS(changed->names[j]));
        }
        buffer_add_char(&said, ';');
    }
    assert_string_equal(buffer_text(&said).bytes ? buffer_text(&said).bytes : "", expected);
    arena_destroy(arena);
    tree_unref(after);
    tree_unref(before);
}

#define PATHS ((const char *const[]){"", "a", "a/b", "a/b/c", "d", NULL})

static void nothing_has_changed_between_a_tree_and_itself(void **state) {
    struct tree *tree = TREE(NULL, 5, "a/", "a/x=1");
    expect_changes(tree_ref(tree), tree, PATHS, "");
}

static void new_gone_and_changed_names_are_listed_by_directory(void **state) {
    struct tree *before = TREE(NULL, 5, "a/", "a/gone=1", "a/changed=1", "a/kept=1", "d/", "d/kept=");
    struct tree *after = TREE(before, 6, "a/", "a/new=1", "a/changed=2", "a/kept=1", "d/", "d/kept=");
    expect_changes(before, after, PATHS, "/a: changed gone new;");
}

static void a_change_below_does_not_change_the_directory_above(void **state) {
    struct tree *before = TREE(NULL, 5, "a/", "a/b/", "a/b/c/", "a/b/c/x=1", "d/");
    struct tree *after = TREE(before, 6, "a/", "a/b/", "a/b/c/", "a/b/c/x=2", "d/");
    expect_changes(before, after, PATHS, "/a/b/c: x;");
}

static void the_deepest_directory_comes_first(void **state) {
    struct tree *before = TREE(NULL, 5, "x=1", "a/", "a/x=1", "a/b/", "a/b/x=1");
    struct tree *after = TREE(before, 6, "x=2", "a/", "a/x=2", "a/b/", "a/b/x=2");
    expect_changes(before, after, PATHS, "/a/b: x;/a: x;/: x;");
}

static void a_directory_that_is_gone_has_lost_all_its_names(void **state) {
    struct tree *before = TREE(NULL, 5, "a/", "a/b/", "a/b/x=1", "a/b/y=1", "d/");
    struct tree *after = TREE(before, 6, "d/");
    expect_changes(before, after, PATHS, "/a/b: x y;/a: b;/: a;");
}

static void a_directory_in_place_of_a_file_is_a_changed_name(void **state) {
    struct tree *before = TREE(NULL, 5, "a=1", "d/", "d/x=1");
    struct tree *after = TREE(before, 6, "a/", "a/x=1", "d=1");
    expect_changes(before, after, PATHS, "/d: x;/: a d;");
}

static void a_directory_with_other_permissions_is_listed_without_names(void **state) {
    struct tree *before = TREE(NULL, 5, "a/", "a/x=1");
    struct tree *after = TREE(before, 6, "#a/", "a/x=1");
    expect_changes(before, after, PATHS, "/a:;");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_has_changed_between_a_tree_and_itself),
        cmocka_unit_test(new_gone_and_changed_names_are_listed_by_directory),
        cmocka_unit_test(a_change_below_does_not_change_the_directory_above),
        cmocka_unit_test(the_deepest_directory_comes_first),
        cmocka_unit_test(a_directory_that_is_gone_has_lost_all_its_names),
        cmocka_unit_test(a_directory_in_place_of_a_file_is_a_changed_name),
        cmocka_unit_test(a_directory_with_other_permissions_is_listed_without_names),
    };
    return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
