/* To which parts the names in a table's declaration lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cli/schema_graph_ask.h"

static struct schema_graph *graph;

static int begin(void **state) {
    graph = schema_graph_create();
    return graph ? 0 : -1;
}

static int end(void **state) {
    schema_graph_destroy(graph);
    return 0;
}

static void declare(const char *name, const char *reference) {
    schema_graph_declaration(graph);
    schema_graph_name(graph, text_of(name));
    schema_graph_reference(graph, text_of(reference));
}

static void declare_table(const char *name, const char *reference) {
    schema_graph_declaration(graph);
    schema_graph_table(graph, text_of(name));
    schema_graph_reference(graph, text_of(reference));
    schema_graph_table_end(graph);
}

static enum snapshots_declared ask(const char *table, enum schema_part part) {
    size_t most;
    return schema_graph_ask(graph, text_of(table), part, &most);
}

static void names_are_followed_in_any_order_and_in_circles(void **state) {
    declare_table("t", "a");
    declare("a", "b");
    declare("b", "c");
    declare("c", "a");
    schema_graph_part(graph, SCHEMA_PART_KEY);
    declare_table("u", "d");
    declare("d", "e");
    assert_true(schema_graph_follow(graph));
    assert_int_equal(ask("t", SCHEMA_PART_KEY), SNAPSHOTS_DECLARED);
    assert_int_equal(ask("t", SCHEMA_PART_INDEX), SNAPSHOTS_ABSENT);
    assert_int_equal(ask("u", SCHEMA_PART_KEY), SNAPSHOTS_ABSENT);
    assert_int_equal(ask("v", SCHEMA_PART_KEY), SNAPSHOTS_UNSURE);
}

static void all_declarations_of_a_name_count(void **state) {
    declare("a", "");
    declare("a", "");
    schema_graph_part(graph, SCHEMA_PART_UNIQUE);
    declare("a", "");
    schema_graph_alias(graph, TEXT("key"), TEXT("primaryKey"));
    schema_graph_alias(graph, TEXT("b"), TEXT("a"));
    declare_table("t", "b");
    declare_table("u", "key");
    declare_table("v", "foreign");
    schema_graph_foreign(graph, TEXT("foreign"));
    assert_true(schema_graph_follow(graph));
    assert_int_equal(ask("t", SCHEMA_PART_UNIQUE), SNAPSHOTS_DECLARED);
    assert_int_equal(ask("u", SCHEMA_PART_KEY), SNAPSHOTS_DECLARED);
    assert_int_equal(ask("u", SCHEMA_PART_UNIQUE), SNAPSHOTS_ABSENT);
    assert_int_equal(ask("v", SCHEMA_PART_UNIQUE), SNAPSHOTS_UNSURE);
}

static void what_no_name_leads_to_may_be_of_any_table(void **state) {
    declare_table("t", "a");
    schema_graph_declaration(graph);
    schema_graph_part(graph, SCHEMA_PART_KEY);
    assert_true(schema_graph_follow(graph));
    assert_int_equal(ask("t", SCHEMA_PART_KEY), SNAPSHOTS_UNSURE);
    assert_int_equal(ask("t", SCHEMA_PART_INDEX), SNAPSHOTS_ABSENT);
}

static void a_table_may_use_what_is_declared_around_it(void **state) {
    declare("make", "");
    schema_graph_part(graph, SCHEMA_PART_KEY);
    schema_graph_table(graph, TEXT("t"));
    schema_graph_table_end(graph);
    declare_table("u", "");
    assert_true(schema_graph_follow(graph));
    assert_int_equal(ask("t", SCHEMA_PART_KEY), SNAPSHOTS_DECLARED);
    assert_int_equal(ask("u", SCHEMA_PART_KEY), SNAPSHOTS_ABSENT);
}

static void a_file_that_is_not_understood_leaves_all_open(void **state) {
    declare_table("t", "");
    schema_graph_open(graph);
    assert_true(schema_graph_follow(graph));
    assert_int_equal(ask("t", SCHEMA_PART_KEY), SNAPSHOTS_UNSURE);
}

static void a_column_may_come_from_what_the_table_leads_to_and_not_from_what_leads_to_it(void **state) {
    declare_table("t", "base");
    declare("base", "more");
    declare("more", "");
    schema_graph_mention(graph, TEXT("given"));
    declare("base_user", "base");
    schema_graph_mention(graph, TEXT("other"));
    assert_true(schema_graph_follow(graph));
    assert_int_equal(schema_graph_ask_mention(graph, TEXT("t"), TEXT("given")), SNAPSHOTS_DECLARED);
    assert_int_equal(schema_graph_ask_mention(graph, TEXT("t"), TEXT("other")), SNAPSHOTS_ABSENT);
    assert_int_equal(schema_graph_ask_mention(graph, TEXT("t"), TEXT("nowhere")), SNAPSHOTS_ABSENT);
    assert_int_equal(schema_graph_ask_mention(graph, TEXT("u"), TEXT("given")), SNAPSHOTS_UNSURE);
}

static void long_chains_are_followed(void **state) {
    enum { COUNT = 20000 };
    static char names[COUNT + 1][8];
    for (size_t i = 0; i <= COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
    }
    declare_table("t", names[0]);
    for (size_t i = 0; i < COUNT; i++) {
        declare(names[i], names[i + 1]);
    }
    schema_graph_part(graph, SCHEMA_PART_INDEX);
    assert_true(schema_graph_follow(graph));
    assert_int_equal(ask("t", SCHEMA_PART_INDEX), SNAPSHOTS_DECLARED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_followed_in_any_order_and_in_circles, begin, end),
        cmocka_unit_test_setup_teardown(all_declarations_of_a_name_count, begin, end),
        cmocka_unit_test_setup_teardown(what_no_name_leads_to_may_be_of_any_table, begin, end),
        cmocka_unit_test_setup_teardown(a_table_may_use_what_is_declared_around_it, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_understood_leaves_all_open, begin, end),
        cmocka_unit_test_setup_teardown(a_column_may_come_from_what_the_table_leads_to_and_not_from_what_leads_to_it,
                                        begin, end),
        cmocka_unit_test_setup_teardown(long_chains_are_followed, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
