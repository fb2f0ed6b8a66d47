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

static int end(void **state) {
    option_finish(&options);
    memset(&options, 0, sizeof options);
    return 0;
}

#define list_test(function) cmocka_unit_test_teardown(function, end)

static void a_backslash_keeps_a_comma_in_a_value(void **state) {
    assert_true(option_set_list(&options, "database=a=host=h\\,h2 port=1,poll=3", &error));
    assert_string_equal(options.databases[0].conninfo, "host=h,h2 port=1");
    assert_int_equal(options.poll_ms, 3000);
}

static void what_fstab_adds_is_left_out_and_the_rest_is_for_fuse(void **state) {
    assert_true(option_set_list(&options, "rw,noauto,,x-systemd.automount,comment=view,allow_other,fsname=x", &error));
    assert_int_equal(options.mount_option_count, 2);
    assert_string_equal(options.mount_options[0], "allow_other");
    assert_string_equal(options.mount_options[1], "fsname=x");
}

static void behind_a_database_a_piece_of_it_is_no_option_and_is_not_repeated(void **state) {
    assert_false(option_set_list(&options, "database=postgres://u:p,secret@h/d", &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_null(strstr(error.sentence, "secret"));
    end(state);
    assert_true(option_set_list(&options, "database=postgres://h/d,allow_other,idx=position", &error));
    assert_int_equal(options.idx, IDX_POSITION);
}

static void a_value_that_lacks_or_is_too_much_is_an_error(void **state) {
    assert_false(option_set_list(&options, "stale", &error));
    assert_string_equal(error.sentence, "-o stale needs a value: -o stale=refuse|serve");
    assert_false(option_set_list(&options, "no-database=1", &error));
    assert_string_equal(error.sentence, "-o no-database takes no value");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        list_test(a_backslash_keeps_a_comma_in_a_value),
        list_test(what_fstab_adds_is_left_out_and_the_rest_is_for_fuse),
        list_test(behind_a_database_a_piece_of_it_is_no_option_and_is_not_repeated),
        list_test(a_value_that_lacks_or_is_too_much_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
