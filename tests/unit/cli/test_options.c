#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"

static struct options options;
static struct error error;

static int end(void **state) {
    free(options.source);
    free(options.written);
    memset(&options, 0, sizeof options);
    return unsetenv("NO_COLOR");
}

#define options_test(function) cmocka_unit_test_teardown(function, end)

static void a_source_is_absolute_and_kept_as_it_was_written(void **state) {
    char folder[PATH_MAX], expected[PATH_MAX + 16];
    assert_non_null(getcwd(folder, sizeof folder));
    snprintf(expected, sizeof expected, "%s/./there", folder);
    assert_true(options_set_source(&options, "./there", &error));
    assert_string_equal(options.source, expected);
    assert_string_equal(options.written, "./there");
    assert_true(options_set_source(&options, "/else/where/", &error));
    assert_string_equal(options.source, "/else/where/");
    assert_string_equal(options.written, "/else/where/");
}

static void no_memory_for_a_string_is_an_error_and_leaves_the_one_before(void **state) {
    char *string = NULL;
    assert_true(options_set_string(&string, strdup("one"), &error));
    assert_true(options_set_string(&string, strdup("two"), &error));
    assert_false(options_set_string(&string, NULL, &error));
    assert_string_equal(string, "two");
    free(string);
}

static void colours_are_as_said_and_else_for_a_terminal_alone(void **state) {
    int output = dup(STDOUT_FILENO), null = open("/dev/null", O_WRONLY);
    assert_true(output >= 0 && null >= 0 && dup2(null, STDOUT_FILENO) >= 0);
    options.color = COLOR_ALWAYS;
    bool always = options_are_coloured(&options);
    options.color = COLOR_NEVER;
    bool never = options_are_coloured(&options);
    options.color = COLOR_AUTO;
    bool into_a_file = options_are_coloured(&options);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    bool has_terminal = terminal >= 0 && dup2(terminal, STDOUT_FILENO) >= 0;
    bool on_terminal = options_are_coloured(&options);
    setenv("NO_COLOR", "1", 1);
    bool against_its_wish = options_are_coloured(&options);
    setenv("NO_COLOR", "", 1);
    bool with_a_blank_wish = options_are_coloured(&options);
    dup2(output, STDOUT_FILENO);
    close(output);
    close(null);
    close(terminal);
    assert_true(always);
    assert_false(never);
    assert_false(into_a_file);
    if (has_terminal) {
        assert_true(on_terminal);
        assert_false(against_its_wish);
        assert_true(with_a_blank_wish);
    }
}

static void only_a_mount_shows_its_view_before_all_is_read_after_a_second(void **state) {
    options.command = COMMAND_MOUNT;
    assert_int_equal(options_inputs(&options).effects_wait_ms, 1000);
    options.command = COMMAND_CHECK;
    assert_int_equal(options_inputs(&options).effects_wait_ms, -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        options_test(a_source_is_absolute_and_kept_as_it_was_written),
        options_test(no_memory_for_a_string_is_an_error_and_leaves_the_one_before),
        options_test(colours_are_as_said_and_else_for_a_terminal_alone),
        options_test(only_a_mount_shows_its_view_before_all_is_read_after_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
