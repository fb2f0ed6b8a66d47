/* The tree's own source, compiled with an allocator that can be told to fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "migfs/util/content.h"

static size_t allocations_left = SIZE_MAX;

static void *limited_calloc(size_t count, size_t size) {
    return allocations_left > 0 && allocations_left-- ? calloc(count, size) : NULL;
}

static struct content *limited_content_create(struct text text) {
    return allocations_left > 0 && allocations_left-- ? content_create(text) : NULL;
}

#define calloc limited_calloc
#define content_create limited_content_create
#include "tree/build.c"
#include "tree/tree.c"
#undef content_create
#undef calloc

#include "trees.h"

/* Tries with 0, 1, 2, … allocations until it works, and returns how often it failed. A leak is for
 * the sanitizer to find. */
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

static void a_directory_counts_itself_and_its_subdirectories_as_links(void **state) {
    struct tree *tree = TREE(NULL, 5, "a/", "a/x/", "a/y/", "a/file=", "b/");
    assert_int_equal(trees_node(tree, "")->links, 4);
    assert_int_equal(trees_node(tree, "a")->links, 4);
    assert_int_equal(trees_node(tree, "a/x")->links, 2);
    tree_unref(tree);
}

static void the_first_tree_shows_the_times_it_is_given(void **state) {
    struct tree *tree = TREE(NULL, 5, "a/", "a/b=text");
    assert_int_equal(trees_node(tree, "")->mtime.tv_sec, 1000);
    assert_int_equal(trees_node(tree, "a")->mtime.tv_sec, 1000);
    assert_int_equal(trees_node(tree, "a/b")->mtime.tv_sec, 1000);
    tree_unref(tree);
}

static void the_same_content_gives_the_very_same_tree(void **state) {
#define LINES "a/", "a/b=text", "a/l>b", "c!3", "d=other", "e/", "e/f/"
    struct tree *first = TREE(NULL, 5, LINES);
    struct tree *second = TREE(first, 6, LINES);
    assert_ptr_equal(first, second);
    tree_unref(second);
    struct tree *other_order = TREE(first, 6, "d=other", "e/", "e/f/", "c!3", "a/", "a/l>b", "a/b=text");
    assert_ptr_equal(first, other_order);
    tree_unref(other_order);
    tree_unref(first);
}

static void a_changed_file_is_a_new_inode_and_all_others_are_kept(void **state) {
    struct tree *first = TREE(NULL, 5, "a/", "a/one=1", "a/two=2", "b/", "b/three=3");
    struct tree *second = TREE(first, 2000, "a/", "a/one=x", "a/two=2", "b/", "b/three=3");
    assert_int_not_equal(trees_node(first, "a/one")->inode, trees_node(second, "a/one")->inode);
    assert_memory_equal(content_text(trees_node(first, "a/one")->content).bytes, "1", 1);
    assert_memory_equal(content_text(trees_node(second, "a/one")->content).bytes, "x", 1);
    assert_ptr_equal(trees_node(first, "a/two"), trees_node(second, "a/two"));
    assert_ptr_equal(tree_lookup(first->root, TEXT("b"))->directory, tree_lookup(second->root, TEXT("b"))->directory);
    tree_unref(second);
    tree_unref(first);
}

static void a_change_of_kind_owner_mode_target_or_refusal_is_a_new_inode(void **state) {
    const char *const forms[] = {"a=text", "#a=text", "a>text", "a!4", "a!5", "a=texu"};
    enum { COUNT = sizeof forms / sizeof *forms };
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            struct tree *first = TREE(NULL, 5, forms[i]);
            struct tree *second = TREE(first, 6, forms[j]);
            if (i == j) {
                assert_ptr_equal(first, second);
            } else {
                assert_int_not_equal(trees_node(first, "a")->inode, trees_node(second, "a")->inode);
            }
            tree_unref(second);
            tree_unref(first);
        }
    }
}

static void numbers_are_never_used_again(void **state) {
    struct tree *tree = TREE(NULL, 5, "a=0");
    uint64_t highest = trees_node(tree, "a")->inode;
    for (int i = 0; i < 100; i++) {
        struct tree *next = i % 3 == 0 ? TREE(tree, 6, "b=") : i % 3 == 1 ? TREE(tree, 6, "a=0") : TREE(tree, 6, "a=1");
        const struct node *node = trees_node(next, i % 3 == 0 ? "b" : "a");
        assert_true(node->inode > highest);
        highest = node->inode;
        tree_unref(tree);
        tree = next;
    }
    tree_unref(tree);
}

static void a_directory_keeps_its_number_as_long_as_its_path_is_there(void **state) {
    struct tree *first = TREE(NULL, 5, "a/", "a/b/", "a/b/x=1");
    struct tree *second = TREE(first, 6, "a/", "a/b/", "a/b/y=2");
    struct tree *third = TREE(second, 7, "a/");
    struct tree *fourth = TREE(third, 8, "a/", "a/b/", "a/b/x=1");
    assert_int_equal(trees_node(first, "a")->inode, trees_node(fourth, "a")->inode);
    assert_int_equal(trees_node(first, "a/b")->inode, trees_node(second, "a/b")->inode);
    assert_int_not_equal(trees_node(second, "a/b")->inode, trees_node(fourth, "a/b")->inode);
    tree_unref(fourth);
    tree_unref(third);
    tree_unref(second);
    tree_unref(first);
}

static void a_directorys_time_changes_with_its_listing_alone(void **state) {
    struct tree *first = TREE(NULL, 5, "a/", "a/b/", "a/b/x=1", "a/y=");
    struct tree *second = TREE(first, 2000, "a/", "a/b/", "a/b/x=2", "a/y=");
    assert_int_equal(trees_node(second, "a/b")->mtime.tv_sec, 2000);
    assert_ptr_equal(trees_node(second, "a"), trees_node(first, "a"));
    struct tree *third = TREE(second, 3000, "a/", "a/b/", "a/b/x=2", "a/y=", "a/c/");
    assert_int_equal(trees_node(third, "a/b")->mtime.tv_sec, 2000);
    assert_int_equal(trees_node(third, "a")->mtime.tv_sec, 3000);
    assert_int_equal(trees_node(third, "")->mtime.tv_sec, 1000);
    struct tree *fourth = TREE(third, 4000, "a/", "#a/b/", "a/b/x=2", "a/y=", "a/c/");
    assert_int_equal(trees_node(fourth, "a/b")->mode, 0750);
    assert_int_equal(trees_node(fourth, "a/b")->inode, trees_node(third, "a/b")->inode);
    tree_unref(fourth);
    tree_unref(third);
    tree_unref(second);
    tree_unref(first);
}

static void what_changes_is_later_even_when_the_clock_is_not(void **state) {
    struct tree *first = TREE(NULL, 5, "a=1", "d/");
    struct tree *second = TREE(first, 7, "a=2", "d/", "d/x=");
    assert_int_equal(trees_node(second, "a")->mtime.tv_sec, 1000);
    assert_int_equal(trees_node(second, "a")->mtime.tv_nsec, 1);
    assert_int_equal(trees_node(second, "d")->mtime.tv_nsec, 1);
    struct tree *third = TREE(second, 1000, "a=3", "d/", "d/x=");
    assert_int_equal(trees_node(third, "a")->mtime.tv_nsec, 2);
    struct tree *fourth = TREE(third, 1001, "a=4", "b=new", "d/", "d/x=");
    assert_int_equal(trees_node(fourth, "a")->mtime.tv_sec, 1001);
    assert_int_equal(trees_node(fourth, "b")->mtime.tv_sec, 1001);
    struct tree *fifth = TREE(fourth, 1001, "a=5", "b=new", "d/", "d/x=");
    assert_int_equal(trees_node(fifth, "a")->mtime.tv_nsec, 1);
    tree_unref(fifth);
    tree_unref(fourth);
    tree_unref(third);
    tree_unref(second);
    tree_unref(first);
}

/* The names in the order of a listing, each with a blank behind it. */
static void listing(const struct tree *tree, uint64_t after, char *ret_names) {
    const struct tree_directory *root = tree->root;
    *ret_names = '\0';
    uint64_t last = 0;
    for (size_t i = tree_position_after(root, after); i < root->count; i++) {
        const struct tree_name *name = &root->names[root->order[i]];
        assert_true(name->cookie >= TREE_FIRST_COOKIE && name->cookie > last);
        last = name->cookie;
        strcat(strcat(ret_names, name->name.bytes), " ");
    }
}

static uint64_t cookie_of(const struct tree *tree, const char *name) {
    return tree_lookup(tree->root, text_of(name))->cookie;
}

static void a_name_keeps_its_place_in_the_listing_while_it_is_there(void **state) {
    char names[100];
    struct tree *first = TREE(NULL, 5, "e=", "a=", "c=");
    listing(first, 0, names);
    assert_string_equal(names, "a c e ");
    struct tree *second = TREE(first, 6, "b=", "e=changed", "d=", "a=");
    listing(second, 0, names);
    assert_string_equal(names, "a e b d ");
    assert_int_equal(cookie_of(first, "e"), cookie_of(second, "e"));
    struct tree *third = TREE(second, 7, "a=", "b/", "c=", "d=", "e=changed");
    listing(third, 0, names);
    assert_string_equal(names, "a e b d c ");
    assert_int_equal(cookie_of(second, "b"), cookie_of(third, "b"));
    assert_int_not_equal(cookie_of(first, "c"), cookie_of(third, "c"));
    tree_unref(third);
    tree_unref(second);
    tree_unref(first);
}

static void a_listing_goes_on_behind_a_name_be_it_there_or_gone(void **state) {
    char names[100];
    struct tree *first = TREE(NULL, 5, "a=", "b=", "c=", "d=");
    struct tree *second = TREE(first, 6, "a=", "c=", "d=", "aa=");
    listing(second, cookie_of(first, "b"), names);
    assert_string_equal(names, "c d aa ");
    listing(second, cookie_of(second, "c"), names);
    assert_string_equal(names, "d aa ");
    listing(second, UINT64_MAX, names);
    assert_string_equal(names, "");
    tree_unref(second);
    tree_unref(first);
}

static void of_names_added_twice_the_first_stays(void **state) {
    struct tree *tree = TREE(NULL, 5, "b=first", "a=", "b=second", "b/");
    assert_int_equal(tree->root->count, 2);
    assert_memory_equal(content_text(trees_node(tree, "b")->content).bytes, "first", 5);
    assert_int_equal(trees_node(tree, "")->links, 2);
    tree_unref(tree);
}

struct shared {
    struct arena *arena;
    const struct tree *previous;
    struct content *content;
    struct tree *tree;
};

static void add_shared(void *context) {
    struct shared *shared = context;
    struct tree_attributes attributes = trees_attributes(0444);
    struct tree_builder *builder =
        tree_builder_create(shared->arena, shared->previous, (struct timespec){0}, &attributes);
    tree_add_content(builder, tree_builder_root(builder), TEXT("a"), &attributes, shared->content);
    struct error error;
    shared->tree = tree_finish(builder, &error);
}

static struct tree *tree_of_content(const struct tree *previous, struct content *content) {
    struct shared shared = {.arena = arena_create(), .previous = previous, .content = content};
    assert_true(arena_run(shared.arena, add_shared, &shared));
    arena_destroy(shared.arena);
    return shared.tree;
}

static bool read_nothing(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    memset(bytes, 0, size);
    return true;
}

static void release_nothing(void *context) {
}

static void contents_in_memory_are_compared_by_bytes_and_others_by_identity(void **state) {
    const struct content_source source = {read_nothing, release_nothing};
    struct content *contents[] = {content_create(TEXT("same")), content_create(TEXT("same")),
                                  content_create(TEXT("diff")), content_create_on_demand(4, &source, NULL),
                                  content_create_on_demand(4, &source, NULL)};
    const bool expected[5][5] = {{true, true, false, false, false},
                                 {true, true, false, false, false},
                                 {false, false, true, false, false},
                                 {false, false, false, true, false},
                                 {false, false, false, false, true}};
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 5; j++) {
            struct tree *first = tree_of_content(NULL, contents[i]);
            struct tree *second = tree_of_content(first, contents[j]);
            assert_int_equal(first == second, expected[i][j]);
            tree_unref(second);
            tree_unref(first);
        }
    }
    for (size_t i = 0; i < 5; i++) {
        content_unref(contents[i]);
    }
}

static void large_files_with_the_same_bytes_share_them(void **state) {
    enum { SIZE = 100000 };
    char *lines[3];
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(asprintf(&lines[i], "%s=%0*zu", names[i], SIZE, i / 2) > 0);
    }
    struct tree *tree = TREE(NULL, 5, lines[0], lines[1], lines[2]);
    assert_ptr_equal(trees_node(tree, "a")->content, trees_node(tree, "b")->content);
    assert_ptr_not_equal(trees_node(tree, "a")->content, trees_node(tree, "c")->content);
    assert_int_not_equal(trees_node(tree, "a")->inode, trees_node(tree, "b")->inode);
    tree_unref(tree);
    for (size_t i = 0; i < 3; i++) {
        free(lines[i]);
    }
}

static void texts_that_are_names_are_safe_as_they_are(void **state) {
    struct arena *arena = arena_create();
    const char *const names[] = {"0019_webauthn_mfa", "...", ".x", "\xc3\xa4 b", "~", "a\\b", "\xff"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(tree_safe_name(arena, text_of(names[i])).bytes, names[i]);
    }
    arena_destroy(arena);
}

static void other_texts_become_names_that_no_other_text_becomes(void **state) {
    struct arena *arena = arena_create();
    const struct {
        struct text text;
        const char *name;
    } cases[] = {{TEXT(""), "%"},
                 {TEXT("."), "%2E"},
                 {TEXT(".."), "%2E%2E"},
                 {TEXT("%"), "%25"},
                 {TEXT("%2E"), "%252E"},
                 {TEXT("../../etc/passwd"), "..%2F..%2Fetc%2Fpasswd"},
                 {TEXT("a\nb\x1b[0m\x7f"), "a%0Ab%1B[0m%7F"},
                 {TEXT("\xc2\x9b"
                       "31m\xc2\xa0\xc3\x80"),
                  "%C2%9B31m\xc2\xa0\xc3\x80"},
                 {TEXT("a\0b"), "a%00b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text name = tree_safe_name(arena, cases[i].text);
        assert_int_equal(name.length, strlen(cases[i].name));
        assert_memory_equal(name.bytes, cases[i].name, name.length);
    }
    arena_destroy(arena);
}

static void long_texts_are_cut_between_characters_and_stay_different(void **state) {
    struct arena *arena = arena_create();
    char text[400];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', sizeof text);
        for (size_t i = shift; i + 2 < sizeof text; i += 2) {
            text[i] = (char)0xc3;
            text[i + 1] = (char)0xa4;
        }
        struct text one = tree_safe_name(arena, (struct text){text, 300});
        struct text other = tree_safe_name(arena, (struct text){text, 302});
        assert_true(one.length <= TREE_NAME_MAXIMUM && text_is_utf8(one));
        assert_false(text_equal(one, other));

        memset(text, '/', sizeof text);
        memset(text, 'x', shift);
        struct text slashes = tree_safe_name(arena, (struct text){text, sizeof text});
        assert_true(slashes.length <= TREE_NAME_MAXIMUM);
        assert_int_equal((slashes.length - shift - 17) % 3, 0); /* whole %2F only, then ~ and 16 digits */
    }
    memset(text, 'x', sizeof text);
    assert_int_equal(tree_safe_name(arena, (struct text){text, 255}).length, 255);
    arena_destroy(arena);
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

/* ---- directories of another identity ---- */

struct identified {
    struct arena *arena;
    const struct tree *previous;
    uint64_t identity;
    struct tree *tree;
};

static void add_identified(void *context) {
    struct identified *identified = context;
    struct tree_attributes root = trees_attributes(0555), outer = root, inner = root, file = trees_attributes(0444);
    struct tree_builder *builder =
        tree_builder_create(identified->arena, identified->previous, (struct timespec){0}, &root);
    outer.identity = identified->identity;
    struct tree_draft *draft = tree_add_directory(builder, tree_builder_root(builder), TEXT("outer"), &outer);
    draft = tree_add_directory(builder, draft, TEXT("inner"), &inner);
    tree_add_file(builder, draft, TEXT("file"), &file, TEXT("same"));
    tree_add_file(builder, tree_builder_root(builder), TEXT("beside"), &file, TEXT("same"));
    struct error error;
    identified->tree = tree_finish(builder, &error);
}

static struct tree *tree_of_identity(const struct tree *previous, uint64_t identity) {
    struct identified identified = {.arena = arena_create(), .previous = previous, .identity = identity};
    assert_true(arena_run(identified.arena, add_identified, &identified));
    arena_destroy(identified.arena);
    return identified.tree;
}

static void a_directory_of_another_identity_is_another_with_all_below_it(void **state) {
    struct tree *first = tree_of_identity(NULL, 1), *same = tree_of_identity(first, 1),
                *other = tree_of_identity(first, 2);
    static const char *const changed[] = {"outer", "outer/inner", "outer/inner/file"};
    assert_ptr_equal(same, first);
    for (size_t i = 0; i < 3; i++) {
        assert_int_not_equal(trees_node(other, changed[i])->inode, trees_node(first, changed[i])->inode);
        assert_null(tree_directory_of(other, trees_node(first, changed[i])->inode));
    }
    assert_ptr_equal(trees_node(other, "beside"), trees_node(first, "beside"));
    assert_int_equal(trees_node(other, "")->inode, trees_node(first, "")->inode);
    tree_unref(other);
    tree_unref(same);
    tree_unref(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_counts_itself_and_its_subdirectories_as_links),
        cmocka_unit_test(the_first_tree_shows_the_times_it_is_given),
        cmocka_unit_test(the_same_content_gives_the_very_same_tree),
        cmocka_unit_test(a_changed_file_is_a_new_inode_and_all_others_are_kept),
        cmocka_unit_test(a_change_of_kind_owner_mode_target_or_refusal_is_a_new_inode),
        cmocka_unit_test(numbers_are_never_used_again),
        cmocka_unit_test(a_directory_keeps_its_number_as_long_as_its_path_is_there),
        cmocka_unit_test(a_directorys_time_changes_with_its_listing_alone),
        cmocka_unit_test(what_changes_is_later_even_when_the_clock_is_not),
        cmocka_unit_test(a_name_keeps_its_place_in_the_listing_while_it_is_there),
        cmocka_unit_test(a_listing_goes_on_behind_a_name_be_it_there_or_gone),
        cmocka_unit_test(of_names_added_twice_the_first_stays),
        cmocka_unit_test(contents_in_memory_are_compared_by_bytes_and_others_by_identity),
        cmocka_unit_test(large_files_with_the_same_bytes_share_them),
        cmocka_unit_test(texts_that_are_names_are_safe_as_they_are),
        cmocka_unit_test(other_texts_become_names_that_no_other_text_becomes),
        cmocka_unit_test(long_texts_are_cut_between_characters_and_stay_different),
        cmocka_unit_test(whenever_memory_runs_out_nothing_is_left_behind),
        cmocka_unit_test(a_tree_in_which_nothing_changed_needs_no_memory),
        cmocka_unit_test(a_directory_of_another_identity_is_another_with_all_below_it),
    };
    return cmocka_run_group_tests_name("tree_build", tests, NULL, NULL);
}
