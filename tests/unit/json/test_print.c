/* The layout and numbers of JSON.stringify are compared with node's by tests/json; this tests our
 * own layout. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/json/print.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

static const char *lines(const char *text) {
    struct json_fault fault;
    struct cJSON *tree = json_tree(arena, text_of(text), &fault);
    assert_non_null(tree);
    return json_print_lines(arena, tree).bytes;
}

static void the_outermost_value_and_arrays_in_it_have_an_element_a_line(void **state) {
    assert_string_equal(
        lines("{\"a\":1,\"b\":{\"c\":[1,2],\"d\":{}},\"e\":[{\"f\":[3,{}]},[4]],\"g\":[]}"),
        "{\n  \"a\": 1,\n  \"b\": {\"c\": [1, 2], \"d\": {}},\n  \"e\": [\n    {\"f\": [3, {}]},\n    [4]\n  ],\n"
        "  \"g\": []\n}\n");
    assert_string_equal(lines("[{\"a\":[1,2]},[]]"), "[\n  {\"a\": [1, 2]},\n  []\n]\n");
}

static struct cJSON *make_element(void *context, struct arena *within, size_t index) {
    assert_ptr_not_equal(within, arena);
    struct cJSON *object = json_object(within);
    json_add_integer(object, "n", (int64_t)index);
    json_add_text(object, "s", *(struct text *)context);
    return object;
}

/* The output equals that of elements in the tree, for any number of them. */
static void elements_that_are_made_when_they_are_printed(void **state) {
    static char bytes[3000];
    memset(bytes, 'x', sizeof bytes);
    static const size_t counts[] = {0, 1, 2, 3000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct text string = {bytes, counts[i] > 2 ? sizeof bytes : 2};
        const struct json_elements elements = {counts[i], make_element, &string};
        struct cJSON *tree = json_object(arena), *all = json_object(arena);
        json_add_elements(tree, "a", &elements);
        json_add_integer(tree, "b", 1);
        struct cJSON *array = json_add_array(all, "a");
        for (size_t at = 0; at < counts[i]; at++) {
            struct cJSON *object = json_add_object(array, NULL);
            json_add_integer(object, "n", (int64_t)at);
            json_add_text(object, "s", string);
        }
        json_add_integer(all, "b", 1);
        struct text text = json_print_lines(arena, tree);
        assert_true(text_equal(text, json_print_lines(arena, all)));
        assert_int_equal(text.bytes[text.length], 0);
    }
}

static void the_outermost_brackets_have_a_line_each_though_nothing_is_in_them(void **state) {
    assert_string_equal(lines("[]"), "[\n]\n");
    assert_string_equal(lines("{}"), "{\n}\n");
    assert_string_equal(lines("null"), "null\n");
}

static void what_could_deceive_in_a_terminal_is_escaped(void **state) {
    assert_string_equal(lines("{\"\\u001b[31m\": \"\\u202e\\u0000\\\"\"}"),
                        "{\n  \"\\u001b[31m\": \"\\u202e\\u0000\\\"\"\n}\n");
}

static void a_number_is_printed_as_javascript_prints_it(void **state) {
    static const struct {
        double number;
        const char *printed;
    } numbers[] = {
        {0.1, "0.1"},       {-0.0, "0"},        {1e21, "1e+21"},    {1e20, "100000000000000000000"},
        {1e-6, "0.000001"}, {1.5e-7, "1.5e-7"}, {5e-324, "5e-324"}, {1757494035694.0, "1757494035694"},
        {INFINITY, "null"}, {NAN, "null"},      {-12.5, "-12.5"},   {9007199254740992.0, "9007199254740992"}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct buffer buffer = BUFFER(arena);
        json_add_number(&buffer, numbers[i].number);
        assert_string_equal(buffer_text(&buffer).bytes, numbers[i].printed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_outermost_value_and_arrays_in_it_have_an_element_a_line),
        cmocka_unit_test(elements_that_are_made_when_they_are_printed),
        cmocka_unit_test(the_outermost_brackets_have_a_line_each_though_nothing_is_in_them),
        cmocka_unit_test(what_could_deceive_in_a_terminal_is_escaped),
        cmocka_unit_test(a_number_is_printed_as_javascript_prints_it),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
