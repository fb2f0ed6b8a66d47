/* A worker's answer is accepted only if each effect has the fields that its kind needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/schema/effects.h"

static struct arena *arena;
static struct protocol_writer writer;

static int begin(void **state) {
    arena = arena_create();
    writer = (struct protocol_writer){0};
    return arena ? 0 : -1;
}

static int end(void **state) {
    free(writer.bytes);
    arena_destroy(arena);
    return 0;
}

static void add_all(uint8_t kind, uint8_t flags, const char *const *fields) {
    protocol_begin(&writer, kind, flags, 2);
    for (; *fields; fields++) {
        protocol_field(&writer, text_of(*fields));
    }
}

#define add(kind, flags, ...) add_all(kind, flags, (const char *const[]){__VA_ARGS__, NULL})

static bool decode(struct effects *ret_effects) {
    return effects_decode(arena, (struct text){writer.bytes, writer.length}, ret_effects);
}

static void effects_stand_in_their_order(void **state) {
    struct effects effects;
    add(EFFECT_STATEMENT, 0, "CREATE TABLE");
    add(EFFECT_RELATION, 0, "", "users", "r");
    assert_true(decode(&effects));
    assert_int_equal(effects.status, EFFECTS_KNOWN);
    assert_int_equal(effects.count, 2);
    struct protocol_reader reader = effects_begin(arena, &effects);
    struct effect effect;
    assert_true(effects_next(&reader, &effect));
    assert_int_equal(effect.kind, EFFECT_STATEMENT);
    assert_true(effects_next(&reader, &effect));
    assert_int_equal(effect.kind, EFFECT_RELATION);
    assert_int_equal(effect.line, 2);
    assert_true(text_equal(effect.fields[1], TEXT("users")));
    assert_false(effects_next(&reader, &effect));
    assert_false(effects.is_opaque);
    assert_false(effects.is_guarded);
}

static void all_is_guarded_where_each_effect_is(void **state) {
    struct effects effects;
    add(EFFECT_STATEMENT, 0, "CREATE TABLE");
    add(EFFECT_RELATION, EFFECT_GUARDED, "", "users", "r");
    add(EFFECT_COLUMN, EFFECT_NEW, "", "users", "id", "", "int4", "f");
    assert_true(decode(&effects));
    assert_true(effects.is_guarded);
    add(EFFECT_SCHEMA, 0, "app");
    assert_true(decode(&effects));
    assert_false(effects.is_guarded);
}

static void the_first_opaque_statement_gives_the_reason(void **state) {
    struct effects effects;
    add(EFFECT_OPAQUE, 0, "EXECUTE", "r");
    add(EFFECT_OPAQUE, 0, "CALL", "r");
    assert_true(decode(&effects));
    assert_true(effects.is_opaque);
    assert_true(text_equal(effects.reason, TEXT("EXECUTE")));
    assert_int_equal(effects.line, 2);
}

static void an_effect_without_its_fields_is_no_answer(void **state) {
    struct effects effects;
    add(EFFECT_RELATION, 0, "", "users");
    assert_false(decode(&effects));
}

static void a_kind_that_is_none_is_no_answer(void **state) {
    struct effects effects;
    add(EFFECT_KIND_END, 0, "", "", "", "", "", "", "");
    assert_false(decode(&effects));
}

static void what_is_counted_has_to_be_there(void **state) {
    struct effects effects;
    add(EFFECT_INDEX, 0, "", "users", "users_name", "2", "a", "b");
    assert_true(decode(&effects));
    add(EFFECT_INDEX, 0, "", "users", "users_name", "3", "a", "b");
    assert_false(decode(&effects));
}

static void a_count_below_nothing_is_no_answer(void **state) {
    struct effects effects;
    add(EFFECT_INDEX, 0, "", "users", "users_name", "-1", "a");
    assert_false(decode(&effects));
}

static void a_name_longer_than_any_is_no_answer(void **state) {
    struct effects effects;
    char name[1026];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    add(EFFECT_SCHEMA, 0, name);
    assert_false(decode(&effects));
}

static void what_is_left_over_is_no_answer(void **state) {
    struct effects effects;
    add(EFFECT_SCHEMA, 0, "app");
    writer.length--;
    assert_false(decode(&effects));
}

static void more_effects_than_are_folded_are_unknown(void **state) {
    struct effects effects;
    for (int i = 0; i < EFFECTS_MAXIMUM; i++) {
        add(EFFECT_SCHEMA, 0, "a");
    }
    assert_true(decode(&effects));
    assert_int_equal(effects.status, EFFECTS_KNOWN);
    add(EFFECT_SCHEMA, 0, "a");
    assert_true(decode(&effects));
    assert_int_equal(effects.status, EFFECTS_FAILED);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(effects_stand_in_their_order, begin, end),
        cmocka_unit_test_setup_teardown(all_is_guarded_where_each_effect_is, begin, end),
        cmocka_unit_test_setup_teardown(the_first_opaque_statement_gives_the_reason, begin, end),
        cmocka_unit_test_setup_teardown(an_effect_without_its_fields_is_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(a_kind_that_is_none_is_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(what_is_counted_has_to_be_there, begin, end),
        cmocka_unit_test_setup_teardown(a_count_below_nothing_is_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(a_name_longer_than_any_is_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(what_is_left_over_is_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(more_effects_than_are_folded_are_unknown, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
