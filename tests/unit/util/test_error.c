#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "migfs/util/error.h"

static void an_error_is_a_code_and_a_sentence(void **state) {
    struct error error;
    assert_false(error_set(&error, ERROR_USAGE, "--%s is %d", "poll", 7));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.sentence, "--poll is 7");
    assert_false(error_set_memory(&error));
    assert_int_equal(error.code, ERROR_MEMORY);
}

static void errno_as_it_was_ends_the_sentence(void **state) {
    struct error error;
    errno = ENOENT;
    assert_false(error_set_errno(&error, "the folder %s", "x"));
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_string_equal(error.sentence, "the folder x: No such file or directory");
}

static void a_folder_is_not_there_or_is_none_or_cannot_be_read(void **state) {
    static const struct {
        int error;
        const char *sentence;
    } cases[] = {{ENOENT, "the folder /x does not exist"},
                 {ENOTDIR, "/x is not a folder"},
                 {EACCES, "the folder /x cannot be read: Permission denied"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        errno = cases[i].error;
        assert_false(error_set_folder(&error, "/x"));
        assert_int_equal(error.code, ERROR_SYSTEM);
        assert_string_equal(error.sentence, cases[i].sentence);
    }
}

static void what_was_being_done_goes_in_front_and_the_code_stays(void **state) {
    struct error error;
    error_set(&error, ERROR_FORMAT, "inner");
    assert_false(error_wrap(&error, "outer %d", 1));
    assert_string_equal(error.sentence, "outer 1: inner");
    assert_int_equal(error.code, ERROR_FORMAT);
}

static void a_sentence_that_is_too_long_is_cut(void **state) {
    struct error error;
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&error, ERROR_FORMAT, "%s", text);
    assert_int_equal(strlen(error.sentence), sizeof error.sentence - 1);
    error_wrap(&error, "%s", text);
    assert_int_equal(strlen(error.sentence), sizeof error.sentence - 1);
    errno = ENOENT;
    error_set_errno(&error, "%s", text);
    assert_int_equal(strlen(error.sentence), sizeof error.sentence - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_a_code_and_a_sentence),
        cmocka_unit_test(errno_as_it_was_ends_the_sentence),
        cmocka_unit_test(a_folder_is_not_there_or_is_none_or_cannot_be_read),
        cmocka_unit_test(what_was_being_done_goes_in_front_and_the_code_stays),
        cmocka_unit_test(a_sentence_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
