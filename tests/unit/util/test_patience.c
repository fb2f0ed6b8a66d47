/* What is asked of a file system, as another process sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migfs/util/clock.h"
#include "migfs/util/patience.h"

static void without_a_share_nothing_is_asked(void **state) {
    patience_begin("/srv");
    usleep(2000);
    assert_int_equal(patience_silence(), 0);
    assert_string_equal(patience_path(), "");
    patience_end();
}

static void wait_until_silent(int64_t ms) {
    for (int64_t end = clock_ms() + 20000; patience_silence() < ms && clock_ms() < end;) {
        usleep(1000);
    }
}

static void another_process_sees_how_long_there_was_no_answer(void **state) {
    int64_t before = clock_ms();
    assert_true(patience_share());
    assert_int_equal(patience_silence(), 0);
    pid_t child = fork();
    if (child == 0) {
        patience_begin("/srv/app");
        pause();
        _exit(0);
    }
    wait_until_silent(20);
    assert_in_range(patience_silence(), 20, clock_ms() - before);
    assert_string_equal(patience_path(), "/srv/app");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    patience_end(); /* for the child */
    assert_int_equal(patience_silence(), 0);
}

static void each_answer_begins_the_silence_again(void **state) {
    assert_true(patience_share());
    patience_begin("/srv/app");
    patience_begin("/srv/app/meta");
    assert_string_equal(patience_path(), "/srv/app/meta");
    wait_until_silent(20);
    int64_t before = clock_ms();
    patience_step();
    assert_in_range(patience_silence(), 0, clock_ms() - before);
    patience_end();
    wait_until_silent(5); /* the outer one goes on */
    assert_true(patience_silence() >= 5);
    patience_end();
    assert_int_equal(patience_silence(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_share_nothing_is_asked),
        cmocka_unit_test(another_process_sees_how_long_there_was_no_answer),
        cmocka_unit_test(each_answer_begins_the_silence_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
