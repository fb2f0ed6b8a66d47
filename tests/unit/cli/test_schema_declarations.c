/* The tables of schema files, under the names that their makers give them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/schema_declarations.h"

static char said[256];
static char *composed_names[8];
static size_t composed_count;

static bool say_table(void *context, struct text name, char *composed) {
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%.*s ", TEXT_ARGS(name));
    if (composed) {
        composed_names[composed_count++] = composed;
    }
    return true;
}

static struct schema_declarations declarations;

static int begin(void **state) {
    said[0] = '\0';
    composed_count = 0;
    declarations =
        (struct schema_declarations){.graph = schema_graph_create(), .is_known = true, .add_table = say_table};
    return declarations.graph ? 0 : -1;
}

static int end(void **state) {
    schema_graph_destroy(declarations.graph);
    while (composed_count > 0) {
        free(composed_names[--composed_count]);
    }
    return 0;
}

static void add_maker(const char *name, const char *before, const char *after) {
    const struct schema_maker maker = {text_of(name), text_of(before), text_of(after), TEXT("")};
    schema_declarations_add_maker(&declarations, &maker);
}

static void tables_have_the_names_of_their_makers(void **state) {
    add_maker("make", "a_", "");
    add_maker("make", "", "_b");
    schema_declarations_add_imported(&declarations, TEXT("{ pgTable as t, makeTable as other, text as s }"));
    add_maker("makeTable", "c_", "_d");
    schema_declarations_scan(&declarations,
                             TEXT("make('x', {}); t('y', {}); other('z', {}); pgTable('w', {}); s('no', {})"));
    assert_true(declarations.is_known);
    assert_string_equal(said, "a_x x_b y c_z_d w ");
}

static void where_names_may_be_composed_nothing_is_known(void **state) {
    schema_declarations_scan(&declarations, TEXT("index(NAME)"));
    assert_true(declarations.is_known && declarations.has_composed_parts);
    schema_declarations_scan(&declarations, TEXT("pgTable(NAME, {})"));
    assert_false(declarations.is_known);
}

static void a_creator_that_is_not_understood_leaves_nothing_known(void **state) {
    schema_declarations_add_imported(&declarations, TEXT("{ pgTableCreator }"));
    assert_true(declarations.is_known);
    schema_declarations_add_imported(&declarations, TEXT("{ pgTableCreator as make }"));
    assert_false(declarations.is_known);
    declarations.is_known = true;
    schema_declarations_add_maker(&declarations, NULL);
    assert_false(declarations.is_known);
}

static void too_many_makers_leave_nothing_known(void **state) {
    for (size_t i = 0; i < SCHEMA_MAKERS; i++) {
        add_maker("make", "a", "");
    }
    assert_true(declarations.is_known);
    add_maker("make", "a", "");
    assert_false(declarations.is_known);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_have_the_names_of_their_makers, begin, end),
        cmocka_unit_test_setup_teardown(where_names_may_be_composed_nothing_is_known, begin, end),
        cmocka_unit_test_setup_teardown(a_creator_that_is_not_understood_leaves_nothing_known, begin, end),
        cmocka_unit_test_setup_teardown(too_many_makers_leave_nothing_known, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
