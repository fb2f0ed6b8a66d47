#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/write.h"

enum { SIZE = 1 << 20 }; /* larger than a pipe buffer */

static char sent[SIZE], arrived[SIZE + 1];
static size_t count;

static void *drain(void *context) {
    ssize_t got;
    while ((got = read(*(int *)context, arrived + count, sizeof arrived - count)) > 0) {
        count += (size_t)got;
    }
    return NULL;
}

/* Writes to a pipe with these flags while another thread reads it. */
static void assert_arrives(int flags) {
    int ends[2];
    pthread_t thread;
    for (size_t i = 0; i < SIZE; i++) {
        sent[i] = (char)(i * 7 + i / 251);
    }
    memset(arrived, 0, sizeof arrived);
    count = 0;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, flags), 0);
    assert_int_equal(pthread_create(&thread, NULL, drain, &ends[0]), 0);
    assert_true(write_all(ends[1], (struct text){sent, SIZE}));
    close(ends[1]);
    pthread_join(thread, NULL);
    close(ends[0]);
    assert_int_equal(count, SIZE);
    assert_memory_equal(arrived, sent, SIZE);
}

static void all_arrives_in_order(void **state) {
    assert_arrives(0);
}

static void a_pipe_that_does_not_block_is_waited_for(void **state) {
    assert_arrives(O_NONBLOCK);
}

static void a_file_that_takes_no_more_is_an_error(void **state) {
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    assert_false(write_all(ends[1], TEXT("x")));
    assert_int_equal(errno, EPIPE);
    assert_true(write_all(ends[1], TEXT("")));
    close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arrives_in_order),
        cmocka_unit_test(a_pipe_that_does_not_block_is_waited_for),
        cmocka_unit_test(a_file_that_takes_no_more_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
