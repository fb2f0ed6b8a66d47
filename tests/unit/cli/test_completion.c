#include "commands.h"

#include "cli/completion.h"
#include "cli/option_table.h"
#include "migfs/report/problem.h"

static struct result completion_for(struct folder *folder, const char *shell) {
    return run_command(folder, completion_run, (const char *const[]){"migfs", "completion", shell, NULL});
}

/* Contains every option, choice and command of the tables. */
static void a_completion_holds_what_the_tables_hold(void **state) {
    struct folder *folder = *state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t shell = 0; shell < 3; shell++) {
        struct result result = completion_for(folder, shells[shell]);
        assert_int_equal(result.status, 0);
        for (size_t i = 0; i < option_table_count; i++) {
            const struct option_row *row = &option_table[i];
            char spelling[64];
            snprintf(spelling, sizeof spelling, shell == 2 ? "-l %s" : "--%s", row->name ? row->name : "");
            assert_true(!row->name || strstr(result.output, spelling));
            for (size_t at = 0; row->choices && row->choices[at]; at++) {
                assert_non_null(strstr(result.output, row->choices[at]));
            }
        }
        for (size_t i = 0; i < COMMAND_COUNT; i++) {
            assert_true(!command_table[i].name || strstr(result.output, command_table[i].name));
        }
        for (size_t i = 0; i < PROBLEM_KIND_COUNT; i++) {
            assert_non_null(strstr(result.output, problem_codes[i].code));
        }
        for (size_t i = 0; i < STATE_COUNT; i++) {
            assert_non_null(strstr(result.output, state_name((enum state)i)));
        }
    }
}

static void another_shell_is_an_error(void **state) {
    struct folder *folder = *state;
    struct result result = completion_for(folder, "csh");
    assert_int_equal(result.status, 2);
    assert_string_equal(result.output, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_completion_holds_what_the_tables_hold),
        folder_test(another_shell_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
