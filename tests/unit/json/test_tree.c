/* What trees accept and contain is compared with JSON.parse by tests/json; this tests the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/json/print.h"
#include "migfs/json/tree.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

static struct cJSON *tree(const char *text) {
    struct json_fault fault;
    struct cJSON *made = json_tree(arena, text_of(text), &fault);
    assert_non_null(made);
    return made;
}

#define assert_printed(tree, expected) assert_string_equal(json_print_lines(arena, (tree)).bytes, (expected))

static void a_member_is_found_by_its_case_and_the_last_of_equal_ones_counts(void **state) {
    struct cJSON *object = tree("{\"when\":1,\"When\":2,\"when\":3,\"a\":{\"when\":4}}");
    assert_printed(json_member(object, "when"), "3\n");
    assert_printed(json_member(object, "When"), "2\n");
    assert_null(json_member(object, "WHEN"));
    assert_null(json_member(tree("[1]"), "when"));
    assert_null(json_member(NULL, "when"));
}

static void of_many_equal_keys_one_member_stays(void **state) {
    struct cJSON *object = tree("{\"a\":1,\"b\":2,\"c\":3,\"a\":4,\"d\":5,\"a\":[6],\"e\":7,\"f\":8,\"g\":9,\"b\":{}}");
    assert_string_equal(
        json_stringify(arena, object).bytes,
        "{\n  \"a\": [\n    6\n  ],\n  \"b\": {},\n  \"c\": 3,\n  \"d\": 5,\n  \"e\": 7,\n  \"f\": 8,\n  \"g\": 9\n}");
}

static void an_integer_is_read_only_where_a_double_has_it_exactly(void **state) {
    int64_t number = 7;
    assert_true(json_integer(tree("1757494035694"), &number));
    assert_true(number == INT64_C(1757494035694));
    assert_true(json_integer(tree("-9007199254740991"), &number));
    assert_true(number == INT64_C(-9007199254740991));
    assert_true(json_integer(tree("1e3"), &number));
    assert_int_equal(number, 1000);
    static const char *const others[] = {
        "9007199254740992", "9007199254740993", "1.5", "1e400", "\"1\"", "null", "true"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(json_integer(tree(others[i]), &number));
    }
    assert_false(json_integer(NULL, &number));
    assert_int_equal(number, 1000);
}

static void an_integer_that_programs_would_round_is_added_as_its_digits(void **state) {
    struct cJSON *array = json_array(arena);
    json_add_integer(array, NULL, INT64_C(9007199254740991));
    json_add_integer(array, NULL, INT64_C(9007199254740992));
    json_add_integer(array, NULL, INT64_MIN);
    assert_printed(array, "[\n  9007199254740991,\n  \"9007199254740992\",\n  \"-9223372036854775808\"\n]\n");
}

static void a_text_may_hold_any_byte(void **state) {
    struct cJSON *array = json_array(arena);
    json_add_text(array, NULL, TEXT("a\0b"));
    json_add_text(array, NULL, TEXT("\xff"));
    json_add_text(array, NULL, TEXT(""));
    assert_printed(array, "[\n  \"a\\u0000b\",\n  \"\xef\xbf\xbd\",\n  \"\"\n]\n");
    assert_string_equal(json_stringify(arena, array).bytes, "[\n  \"a\\u0000b\",\n  \"\xef\xbf\xbd\",\n  \"\"\n]");
}

static void a_text_is_copied(void **state) {
    char bytes[] = "before";
    struct cJSON *object = json_object(arena);
    json_add_text(object, "key", (struct text){bytes, 6});
    memcpy(bytes, "behind", 6);
    assert_printed(object, "{\n  \"key\": \"before\"\n}\n");
}

static void a_lasting_text_is_copied_only_where_it_cannot_stay(void **state) {
    static const char plain[] = "users", broken[] = "a\xff", with_nul[] = "a\0b";
    struct cJSON *array = json_array(arena);
    json_add_lasting_text(array, NULL, text_of(plain));
    json_add_lasting_text(array, NULL, text_of(broken));
    json_add_lasting_text(array, NULL, (struct text){with_nul, 3});
    assert_ptr_equal(json_chars(json_first(array)), plain);
    assert_printed(array, "[\n  \"users\",\n  \"a\xef\xbf\xbd\",\n  \"a\\u0000b\"\n]\n");
}

static void what_is_nested_too_deep_has_a_fault_at_its_place(void **state) {
    enum { DEPTH = 1001 };
    char *bytes = arena_alloc(arena, 2 * DEPTH + 2);
    memset(bytes, '[', DEPTH);
    memset(bytes + DEPTH, ']', DEPTH);
    struct json_fault fault;
    assert_null(json_tree(arena, (struct text){bytes, 2 * DEPTH}, &fault));
    assert_int_equal(fault.column, 1001);
    assert_string_equal(fault.reason, "it is nested more than 1000 deep");
    assert_non_null(json_tree(arena, (struct text){bytes + 1, 2 * DEPTH - 2}, &fault));
}

static void values_that_follow_one_another_are_read_one_by_one(void **state) {
    struct text rest = TEXT("{\"a\":[1,2]},{\"a\":[3]}]");
    struct cJSON *first = json_tree_next(arena, &rest);
    assert_non_null(json_member(first, "a"));
    assert_string_equal(rest.bytes, ",{\"a\":[3]}]");
    assert_int_equal(rest.length, strlen(rest.bytes));
    rest = text_slice(rest, 1, rest.length);
    assert_non_null(json_tree_next(arena, &rest));
    assert_string_equal(rest.bytes, "]");
    assert_null(json_tree_next(arena, &rest));
}

static void what_json_parse_refuses_has_its_fault(void **state) {
    struct json_fault fault;
    assert_null(json_tree(arena, TEXT("{\"a\": 01}"), &fault));
    assert_string_equal(fault.reason, "a number that begins with 0");
}

struct filling {
    struct arena *arena;
    size_t added;
};

static void fill(void *context) {
    struct filling *filling = context;
    struct cJSON *array = json_array(filling->arena);
    while (true) {
        if (++filling->added == 1000) {
            arena_exhausted(filling->arena);
        }
        json_add_bool(array, NULL, true);
    }
}

static void memory_that_runs_out_leaves_the_run_and_the_next_arena_is_used(void **state) {
    struct filling filling = {.arena = arena_create()};
    assert_false(arena_run(filling.arena, fill, &filling));
    arena_destroy(filling.arena);
    assert_int_equal(filling.added, 1000);
    assert_printed(tree("[1]"), "[\n  1\n]\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_found_by_its_case_and_the_last_of_equal_ones_counts),
        cmocka_unit_test(of_many_equal_keys_one_member_stays),
        cmocka_unit_test(an_integer_is_read_only_where_a_double_has_it_exactly),
        cmocka_unit_test(an_integer_that_programs_would_round_is_added_as_its_digits),
        cmocka_unit_test(a_text_may_hold_any_byte),
        cmocka_unit_test(a_text_is_copied),
        cmocka_unit_test(a_lasting_text_is_copied_only_where_it_cannot_stay),
        cmocka_unit_test(what_is_nested_too_deep_has_a_fault_at_its_place),
        cmocka_unit_test(values_that_follow_one_another_are_read_one_by_one),
        cmocka_unit_test(what_json_parse_refuses_has_its_fault),
        cmocka_unit_test(memory_that_runs_out_leaves_the_run_and_the_next_arena_is_used),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
