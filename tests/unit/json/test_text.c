/* What is accepted is compared with JSON.parse by tests/json; this tests the walk and the
 * messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/json/text.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

#define assert_text(text, expected) assert_string_equal(text_copy(arena, (text)).bytes, (expected))

static void a_walk_meets_every_element_as_it_stands(void **state) {
    static const char *const expected[] = {"1", "\"],\\\"\"", "[2, [3]]", "{\"a\": [4]}", "-1.5e+3", "null", "[]"};
    struct json_walk walk = {.rest = TEXT(" [1 ,\"],\\\"\",[2, [3]],\n{\"a\": [4]}\t,-1.5e+3,null, [] ] ")};
    struct text key, value;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(json_next(&walk, &key, &value));
        assert_text(value, expected[i]);
        assert_int_equal(key.length, 0);
    }
    assert_false(json_next(&walk, &key, &value));
}

static void a_walk_meets_every_member_with_its_key(void **state) {
    struct json_walk walk = {.rest = TEXT("{\"a\" : 1 , \"b:\\\"\":{\"c\":2},\"\":\"x\"}")};
    struct text key, value;
    assert_true(json_next(&walk, &key, &value));
    assert_text(key, "\"a\"");
    assert_text(value, "1");
    assert_true(json_next(&walk, &key, &value));
    assert_text(key, "\"b:\\\"\"");
    assert_text(value, "{\"c\":2}");
    assert_true(json_next(&walk, &key, &value));
    assert_text(key, "\"\"");
    assert_false(json_next(&walk, &key, &value));
}

static void an_empty_array_or_object_ends_at_once(void **state) {
    struct text key, value;
    assert_false(json_next(&(struct json_walk){.rest = TEXT(" [ ] ")}, &key, &value));
    assert_false(json_next(&(struct json_walk){.rest = TEXT("{\n}")}, &key, &value));
}

static void a_value_has_a_type(void **state) {
    static const struct {
        const char *text;
        enum json_type type;
    } values[] = {{" {}", JSON_OBJECT}, {"[]", JSON_ARRAY},  {"\n\"\"", JSON_STRING}, {"-1", JSON_NUMBER},
                  {"0", JSON_NUMBER},   {"true", JSON_TRUE}, {"false", JSON_FALSE},   {"null ", JSON_NULL}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_int_equal(json_type(text_of(values[i].text)), values[i].type);
    }
}

static void a_string_is_decoded_and_a_lone_surrogate_replaced(void **state) {
    assert_text(json_string(arena, TEXT(" \"a\\n\\u00e4\\ud83d\\ude00\\/\" ")), "a\n\xc3\xa4\xf0\x9f\x98\x80/");
    assert_text(json_string(arena, TEXT("\"\\ud83d\\n\\ude00\"")), "\xef\xbf\xbd\n\xef\xbf\xbd");
    assert_text(json_string(arena, TEXT("\"\xff\"")), "\xef\xbf\xbd");
    assert_int_equal(json_string(arena, TEXT("\"a\\u0000b\"")).length, 3);
}

static void a_fault_has_its_place_in_bytes_from_one(void **state) {
    struct json_fault fault;
    assert_false(json_check(arena, TEXT("{\n  \"\xc3\xa4\": 1,\n}"), &fault));
    assert_int_equal(fault.line, 3);
    assert_int_equal(fault.column, 1);
    assert_int_equal(fault.offset, 13);
    assert_string_equal(fault.reason, "a comma before the closing bracket");
    assert_false(json_check(arena, TEXT("[\"\xc3\xa4\" 1]"), &fault));
    assert_int_equal(fault.column, 7);
}

static void deep_nesting_costs_a_bit_a_level(void **state) {
    enum { DEPTH = 1000000 };
    char *bytes = arena_alloc(arena, 2 * DEPTH);
    struct json_fault fault;
    memset(bytes, '[', DEPTH);
    memset(bytes + DEPTH, ']', DEPTH);
    assert_true(json_check(arena, (struct text){bytes, 2 * DEPTH}, &fault));
    assert_false(json_check(arena, (struct text){bytes, 2 * DEPTH - 1}, &fault));
    assert_string_equal(fault.reason, "it ends too early");
    struct json_walk walk = {.rest = {bytes, 2 * DEPTH}};
    struct text key, value;
    assert_true(json_next(&walk, &key, &value));
    assert_int_equal(value.length, 2 * DEPTH - 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_meets_every_element_as_it_stands),
        cmocka_unit_test(a_walk_meets_every_member_with_its_key),
        cmocka_unit_test(an_empty_array_or_object_ends_at_once),
        cmocka_unit_test(a_value_has_a_type),
        cmocka_unit_test(a_string_is_decoded_and_a_lone_surrogate_replaced),
        cmocka_unit_test(a_fault_has_its_place_in_bytes_from_one),
        cmocka_unit_test(deep_nesting_costs_a_bit_a_level),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
