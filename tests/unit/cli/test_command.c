#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"

static void a_command_is_found_by_its_name(void **state) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &command_table[i];
        assert_non_null(command->help);
        assert_int_equal(command_find(command->name ? command->name : ""), command->name ? i : COMMAND_COUNT);
    }
    assert_int_equal(command_find("check"), COMMAND_CHECK);
    assert_int_equal(command_find("chec"), COMMAND_COUNT);
}

static void assert_usage(enum command_kind kind, const char *expected) {
    char usage[200];
    command_usage(&command_table[kind], usage, sizeof usage);
    assert_string_equal(usage, expected);
}

static void a_usage_has_the_name_and_the_operands(void **state) {
    assert_usage(COMMAND_MOUNT, "SOURCE MOUNTPOINT");
    assert_usage(COMMAND_CHECK, "check [SOURCE...]");
    assert_usage(COMMAND_PRINT, "print [SOURCE] PATH");
    assert_usage(COMMAND_EXPLAIN, "explain CODE|TAG [SOURCE]");
    assert_usage(COMMAND_VERSION, "version");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_found_by_its_name),
        cmocka_unit_test(a_usage_has_the_name_and_the_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
