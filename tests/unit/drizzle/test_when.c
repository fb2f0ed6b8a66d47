#include "drizzle/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

static struct arena *arena;

/* Bitwise the same double, with all NaN equal. */
static void assert_number(double number, double expected) {
    assert_true(isnan(expected) ? isnan(number) : number == expected && signbit(number) == signbit(expected));
}

/* The results of node's Number(). tests/json compares thousands more with node itself. */
static void strings_are_numbers_by_the_grammar_of_javascript(void **state) {
    static const struct {
        const char *characters;
        double number;
    } cases[] = {
        {"", 0},
        {" \t\v\f\r\n", 0},
        {"\xc2\xa0"
         "5\xef\xbb\xbf",
         5},
        {"1750000000000.5", 1750000000000.5},
        {"+5", 5},
        {"-0", -0.0},
        {"5.", 5},
        {".5e1", 5},
        {"5E-1", 0.5},
        {"1e400", INFINITY},
        {"Infinity", INFINITY},
        {"-Infinity", -INFINITY},
        {"0x10", 16},
        {"0B101", 5},
        {"0o17", 15},
        {"0x20000000000001", 9007199254740992.0},
        {"0x20000000000003", 9007199254740996.0},
        {"0x200000000000010000000000000000000001", 0x1.0000000000001p141},
        {"inf", NAN},
        {"infinity", NAN},
        {"nan", NAN},
        {"+0x10", NAN},
        {"0x", NAN},
        {"0b2", NAN},
        {"0x1p3", NAN},
        {"1_000", NAN},
        {".", NAN},
        {"+", NAN},
        {"5e", NAN},
        {"5e+", NAN},
        {"5 5", NAN},
        {"5n", NAN},
        {"5\xe2\x80\x8b", NAN}, /* a zero width space is not a blank in JavaScript */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_number(when_string_number(text_of(cases[i].characters)), cases[i].number);
    }
}

static void values_are_numbers_as_javascript_makes_them_primitive(void **state) {
    static const struct {
        const char *value;
        double number;
    } cases[] = {
        {"5 ", 5},       {"\"\\u0035\"", 5}, {"\"\\t5\"", 5},   {"null", 0},        {"true", 1},
        {"false", 0},    {"[true]", NAN},    {"[null]", 0},     {"[]", 0},          {"[[\"7\"]]", 7},
        {"[1, 2]", NAN}, {"{}", NAN},        {"\"soon\"", NAN}, {"[\"0x10\"]", 16},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_number(when_number(arena, text_of(cases[i].value)), cases[i].number);
    }
    assert_number(when_number(arena, TEXT("")), NAN);
}

static int create_arena(void **state) {
    arena = arena_create();
    return 0;
}

static int destroy_arena(void **state) {
    arena_destroy(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_numbers_by_the_grammar_of_javascript),
        cmocka_unit_test(values_are_numbers_as_javascript_makes_them_primitive),
    };
    return cmocka_run_group_tests(tests, create_arena, destroy_arena);
}
