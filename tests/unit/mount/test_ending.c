/* The signals of a mount, each in a process of its own, since they are taken over for good. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "migfs/util/clock.h"
#include "mount/ending.h"

enum { PASSED = 7 }; /* no status that the deadline ends with */

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            _exit(EXIT_FAILURE);                                                                                       \
        }                                                                                                              \
    } while (0)

/* Seconds. A body that hangs is killed, if the deadline has not ended it. */
enum { MOST = 15 + ENDING_MS / 1000 };

/* Runs the body in a process that has taken the signals over, to the end with this status. */
static void in_process(void (*body)(void), int expected) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        alarm(MOST);
        CHECK(ending_prepare(&error));
        body();
        _exit(PASSED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), expected);
}

static bool is_readable(int descriptor) {
    struct pollfd it = {.fd = descriptor, .events = POLLIN};
    return poll(&it, 1, 0) == 1;
}

static void check_wishes(void) {
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
    CHECK(!is_readable(ending_descriptor()));
    CHECK(ending_take() == ENDING_NOTHING);
    raise(SIGUSR1);
    raise(SIGUSR1);
    CHECK(is_readable(ending_descriptor()));
    CHECK(ending_take() == ENDING_REFRESH);
    CHECK(ending_take() == ENDING_NOTHING);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        raise(SIGUSR1);
        raise(ends[i]);
        raise(SIGUSR1);
        CHECK(ending_take() == ENDING_END);
        CHECK(ending_take() == ENDING_NOTHING);
    }
}

static void signals_ask_for_a_refresh_or_the_end_and_the_end_is_more_urgent(void **state) {
    in_process(check_wishes, PASSED);
}

static void *raise_here(void *context) {
    CHECK(pthread_kill(pthread_self(), SIGTERM) == 0);
    return context;
}

static void check_threads(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, raise_here, NULL) == 0);
    pthread_join(thread, NULL);
    CHECK(ending_take() == ENDING_END);
}

static void it_does_not_matter_which_thread_gets_the_signal(void **state) {
    in_process(check_threads, PASSED);
}

static void check_blocked(void) {
    raise(SIGTERM);
    CHECK(ending_take() == ENDING_END);
}

static void signals_that_our_parent_had_blocked_arrive(void **state) {
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    in_process(check_blocked, PASSED);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int pipe_ends[2];

static void hang_at_the_end(void) {
    ending_begin(pipe_ends[1]);
    for (;;) {
        pause();
    }
}

static void an_end_that_hangs_comes_when_the_time_is_up(void **state) {
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    int64_t before = clock_ms();
    in_process(hang_at_the_end, EXIT_SUCCESS);
    assert_true(clock_ms() - before >= ENDING_MS);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static void hang_and_ask_again(void) {
    ending_begin(pipe_ends[1]);
    raise(SIGTERM);
    for (;;) {
        pause();
    }
}

/* How long it takes shows nothing on a busy machine; with a sanitizer it would be killed before its
 * time is up. */
static void a_second_signal_ends_it_at_once(void **state) {
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    in_process(hang_and_ask_again, EXIT_SUCCESS);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_ask_for_a_refresh_or_the_end_and_the_end_is_more_urgent),
        cmocka_unit_test(it_does_not_matter_which_thread_gets_the_signal),
        cmocka_unit_test(signals_that_our_parent_had_blocked_arrive),
        cmocka_unit_test(an_end_that_hangs_comes_when_the_time_is_up),
        cmocka_unit_test(a_second_signal_ends_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
