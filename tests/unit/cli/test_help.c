#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "cli/help.h"
#include "cli/option_table.h"

static void the_help_names_every_command_and_option_and_fits_a_terminal(void **state) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    help_print(file);
    fclose(file);
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        char spelling[64], argument[64];
        snprintf(spelling, sizeof spelling, row->name ? "--%s%s%s" : " -", row->name,
                 option_takes_value(row) ? "=" : " ", option_argument(row, argument, sizeof argument));
        assert_non_null(strstr(text, spelling));
        assert_true(!row->initial || strstr(text, row->initial));
    }
    assert_non_null(strstr(text, "migfs check [SOURCE...] "));
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(strlen(line) <= 80);
    }
    free(text);
}

/* The screen is 80 by 24. */
static void the_help_of_a_command_is_a_screen_with_its_options_alone(void **state) {
    for (enum command_kind kind = 0; kind < COMMAND_COUNT; kind++) {
        char *text = NULL;
        size_t size = 0, lines = 0;
        FILE *file = open_memstream(&text, &size);
        help_print_command(file, kind);
        fclose(file);
        assert_true((strstr(text, "--fail-on") != NULL) == (kind == COMMAND_CHECK));
        assert_true((strstr(text, "--poll") != NULL) == (kind == COMMAND_MOUNT));
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
            assert_true(strlen(line) <= 80);
            lines++;
        }
        assert_true(lines <= 24);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_help_names_every_command_and_option_and_fits_a_terminal),
        cmocka_unit_test(the_help_of_a_command_is_a_screen_with_its_options_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
