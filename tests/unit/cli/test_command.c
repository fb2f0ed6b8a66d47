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

static void every_operand_has_a_name(void **state) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        for (size_t at = 0; at < COMMAND_OPERANDS; at++) {
            enum operand operand = command_table[i].operands[at];
            assert_int_equal(*command_operand_name(operand) == '\0', operand == OPERAND_NONE);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_found_by_its_name),
        cmocka_unit_test(every_operand_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
