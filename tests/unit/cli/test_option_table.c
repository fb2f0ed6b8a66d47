#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/option_table.h"

static struct options options;
static struct error error;

static const struct option_row *row_of(const char *name) {
    const struct option_row *row = option_find(name, strlen(name));
    assert_non_null(row);
    return row;
}

static int end(void **state) {
    option_finish(&options);
    memset(&options, 0, sizeof options);
    return 0;
}

#define table_test(function) cmocka_unit_test_teardown(function, end)

static void each_row_is_found_by_its_name_and_letter_and_has_all_that_its_kind_needs(void **state) {
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        assert_true(row->name || row->letter);
        assert_true(!row->name || option_find(row->name, strlen(row->name)) == row);
        assert_true(!row->letter || option_find_letter(row->letter) == row);
        assert_true((row->kind == OPTION_CALL) == (row->call != NULL));
        assert_true((row->kind == OPTION_CHOICE) == (row->choices != NULL));
        assert_true(row->kind != OPTION_FLAG || !option_takes_value(row));
        assert_true(row->kind == OPTION_CALL || row->kind == OPTION_FLAG || option_takes_value(row));
    }
    assert_null(option_find("nothing", 7));
    assert_null(option_find("id", 2));
    assert_null(option_find_letter('x'));
}

static void the_defaults_are_those_of_the_table_and_only_where_nothing_is_given(void **state) {
    assert_true(option_set(row_of("poll"), &options, "0.5", &error));
    assert_true(option_set(row_of("idx"), &options, "position", &error));
    assert_true(option_set_defaults(&options, &error));
    assert_int_equal(options.poll_ms, 500);
    assert_int_equal(options.timeout_ms, 5000);
    assert_int_equal(options.idx, IDX_POSITION);
    assert_int_equal(options.stale, STALE_REFUSE);
    assert_int_equal(options.severity, SEVERITY_WARNING);
    assert_string_equal(options.schema, "drizzle");
    assert_string_equal(options.table, "__drizzle_migrations");
    assert_null(options.rules_file);
}

static void the_last_of_two_values_counts(void **state) {
    assert_true(option_set(row_of("migrations-table"), &options, "a", &error));
    assert_true(option_set(row_of("migrations-table"), &options, "b", &error));
    assert_string_equal(options.table, "b");
}

static void a_path_becomes_absolute(void **state) {
    assert_true(option_set(row_of("rules"), &options, "rules", &error));
    assert_true(options.rules_file[0] == '/' && strstr(options.rules_file, "/rules"));
    assert_true(option_set(row_of("rules"), &options, "/a/../b", &error));
    assert_string_equal(options.rules_file, "/a/../b");
}

static void a_wrong_value_changes_nothing_and_says_what_is_right(void **state) {
    static const struct {
        const char *name, *value, *sentence;
    } wrong[] = {
        {"idx", "x", "--idx is prefix or position, not \"x\""},
        {"idx", "", "--idx is prefix or position, not \"\""},
        {"severity", "warn ", "--severity is error or warning or note, not \"warn \""},
        {"poll", "0.001", "--poll is a number of seconds from 0.01 to 86400, not \"0.001\""},
        {"poll", "inf", "--poll is a number of seconds from 0.01 to 86400, not \"inf\""},
        {"connections", "1001", "--connections is a number from 1 to 1000, not \"1001\""},
        {"connections", "1 ", "--connections is a number from 1 to 1000, not \"1 \""},
    };
    assert_true(option_set_defaults(&options, &error));
    options.idx = IDX_POSITION;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(option_set(row_of(wrong[i].name), &options, wrong[i].value, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_string_equal(error.sentence, wrong[i].sentence);
    }
    assert_int_equal(options.idx, IDX_POSITION);
    assert_int_equal(options.poll_ms, 2000);
    assert_int_equal(options.connections, 0);
}

static void what_stands_for_a_value_is_its_name_or_its_choices(void **state) {
    char buffer[64];
    assert_string_equal(option_argument(row_of("rules"), buffer, sizeof buffer), "FILE");
    assert_string_equal(option_argument(row_of("stale"), buffer, sizeof buffer), "refuse|serve");
    assert_string_equal(option_argument(row_of("no-database"), buffer, sizeof buffer), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        table_test(each_row_is_found_by_its_name_and_letter_and_has_all_that_its_kind_needs),
        table_test(the_defaults_are_those_of_the_table_and_only_where_nothing_is_given),
        table_test(the_last_of_two_values_counts),
        table_test(a_path_becomes_absolute),
        table_test(a_wrong_value_changes_nothing_and_says_what_is_right),
        table_test(what_stands_for_a_value_is_its_name_or_its_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
