/* A session's process ends when nothing waits for it any more, when it uses too much CPU time, and
 * when it needs too much memory; but not while it waits for a server. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/postgres/limits.h"

enum { DONE = 7, REFUSED = 8 };

/* Runs `body` in a session's process and, if `is_closed`, closes the other end of its socket.
 * Returns its exit status. */
static int status_of(void (*body)(void), bool is_closed) {
    int ends[2], status;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        limits_set(ends[1]);
        if (is_closed) {
            char byte;
            if (read(ends[1], &byte, 1) < 0) { /* waits for the close */
                _exit(1);
            }
        }
        body();
        _exit(DONE);
    }
    close(ends[1]);
    if (is_closed) {
        close(ends[0]);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!is_closed) {
        close(ends[0]);
    }
    return status;
}

static void ask(void) {
    limits_begin();
    limits_end();
}

static void wait_only(void) {
}

static void compute(void) {
    struct rlimit limit;
    limits_begin();
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = 1; /* instead of five seconds */
    setrlimit(RLIMIT_CPU, &limit);
    for (volatile unsigned i = 0;; i++) {
    }
}

static int asking; /* our end of a pipe */

static void compute_while_asking(void) {
    const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    limits_begin();
    setrlimit(RLIMIT_CPU, &none); /* nothing else ends it */
    if (write(asking, "", 1) == 1) {
        for (volatile unsigned i = 0;; i++) {
        }
    }
}

static void look_at_time(void) {
    struct rlimit before, within, after;
    getrlimit(RLIMIT_CPU, &before);
    limits_begin();
    getrlimit(RLIMIT_CPU, &within);
    limits_end();
    getrlimit(RLIMIT_CPU, &after);
    _exit(within.rlim_cur >= 5 && within.rlim_cur <= 10 && after.rlim_cur == after.rlim_max ? DONE : REFUSED);
}

#ifndef MIGFS_SANITIZED
static void want_memory(void) {
    enum { TOO_MUCH = 256 << 20 };
    void *memory = malloc(TOO_MUCH);
    _exit(memory ? DONE : REFUSED);
}
#endif

static void want_little(void) {
    enum { LITTLE = 4 << 20 };
    char *memory = malloc(LITTLE);
    if (memory) {
        memset(memory, 1, LITTLE);
    }
    _exit(memory ? DONE : REFUSED);
}

static void ended_with(int status, int code) {
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

static void it_ends_once_nothing_waits_for_what_it_asks(void **state) {
    ended_with(status_of(ask, true), 0);
    ended_with(status_of(ask, false), DONE);
}

static void it_ends_in_the_middle_of_a_computation(void **state) {
    int ends[2], pipe_ends[2], status;
    char byte;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        asking = pipe_ends[1];
        limits_set(ends[1]);
        compute_while_asking();
        _exit(DONE);
    }
    close(ends[1]);
    close(pipe_ends[1]);
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    ended_with(status, 0);
    close(pipe_ends[0]);
}

static void it_does_not_end_by_that_while_it_asks_nothing(void **state) {
    ended_with(status_of(wait_only, true), DONE);
}

static void its_time_is_limited_while_it_asks(void **state) {
    ended_with(status_of(look_at_time, false), DONE);
    int status = status_of(compute, false);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGXCPU);
}

static void its_memory_is_limited(void **state) {
#ifndef MIGFS_SANITIZED
    ended_with(status_of(want_memory, false), REFUSED);
#endif
    ended_with(status_of(want_little, false), DONE);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_once_nothing_waits_for_what_it_asks),
        cmocka_unit_test(it_ends_in_the_middle_of_a_computation),
        cmocka_unit_test(it_does_not_end_by_that_while_it_asks_nothing),
        cmocka_unit_test(its_time_is_limited_while_it_asks),
        cmocka_unit_test(its_memory_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
