/* Reads that wait for a source: each request is answered once, whatever comes first. libfuse's side
 * is the test's own; a source waits until it is let go. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mount/slow.h"

/* ---- libfuse ---- */

struct fuse_req {
    int answers, code; /* code: 0 with bytes, else an errno */
    char bytes[16];
    size_t length;
    bool is_interrupted;
    fuse_interrupt_func_t on_interrupt;
    void *context;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static int answer(fuse_req_t request, int code, const char *bytes, size_t length) {
    pthread_mutex_lock(&lock);
    request->answers++;
    request->code = code;
    request->length = length;
    memcpy(request->bytes, bytes, length < sizeof request->bytes ? length : sizeof request->bytes);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fuse_reply_buf(fuse_req_t request, const char *bytes, size_t length) {
    return answer(request, 0, bytes, length);
}

int fuse_reply_err(fuse_req_t request, int code) {
    return answer(request, code, "", 0);
}

void fuse_req_interrupt_func(fuse_req_t request, fuse_interrupt_func_t function, void *context) {
    request->on_interrupt = function;
    request->context = context;
}

int fuse_req_interrupted(fuse_req_t request) {
    return request->is_interrupted;
}

/* ---- a source ---- */

enum { SIZE = 10 };

static bool is_open; /* what is read comes at once */
static int reading;  /* so many reads wait */
static bool is_broken;

static bool read_when_open(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    (void)context;
    pthread_mutex_lock(&lock);
    reading++;
    pthread_cond_broadcast(&changed);
    while (!is_open) {
        pthread_cond_wait(&changed, &lock);
    }
    reading--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)('a' + offset + i);
    }
    return !is_broken || error_set(error, ERROR_SYSTEM, "the file has changed");
}

static const struct content_source source = {.read = read_when_open};

static void set_open(bool open) {
    pthread_mutex_lock(&lock);
    is_open = open;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void wait_for_readers(int count) {
    pthread_mutex_lock(&lock);
    while (reading != count) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static void wait_for_answer(fuse_req_t request) {
    pthread_mutex_lock(&lock);
    while (request->answers == 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- the tests ---- */

static struct slow *slow;
static struct content *content;

static int begin(void **state) {
    struct error error;
    is_open = is_broken = false;
    reading = 0;
    slow = slow_create(&error);
    content = content_create_on_demand(SIZE, &source, NULL);
    return slow && content ? 0 : -1;
}

static int end(void **state) {
    set_open(true);
    slow_destroy(slow);
    content_unref(content);
    return 0;
}

static void assert_answered(const struct fuse_req *request, int code) {
    assert_int_equal(request->answers, 1);
    assert_int_equal(request->code, code);
}

/* Four that are being read, which is as many as there are threads. */
static void occupy_all(struct fuse_req *requests) {
    for (int i = 0; i < 4; i++) {
        slow_read(slow, &requests[i], content, SIZE, 0);
        wait_for_readers(i + 1);
    }
}

static void what_is_asked_for_is_answered_as_far_as_it_is_there(void **state) {
    struct fuse_req middle = {0}, last = {0}, beyond = {0};
    set_open(true);
    slow_read(slow, &middle, content, 3, 2);
    slow_read(slow, &last, content, 4096, 8);
    slow_read(slow, &beyond, content, 4096, 11);
    wait_for_answer(&middle);
    wait_for_answer(&last);
    wait_for_answer(&beyond);
    assert_answered(&middle, 0);
    assert_int_equal(middle.length, 3);
    assert_memory_equal(middle.bytes, "cde", 3);
    assert_answered(&last, 0);
    assert_int_equal(last.length, 2);
    assert_memory_equal(last.bytes, "ij", 2);
    assert_answered(&beyond, 0);
    assert_int_equal(beyond.length, 0);
}

static void what_cannot_be_read_is_an_error(void **state) {
    struct fuse_req request = {0};
    is_broken = true;
    set_open(true);
    slow_read(slow, &request, content, SIZE, 0);
    wait_for_answer(&request);
    assert_answered(&request, EIO);
}

static void what_no_thread_has_time_for_waits_in_order(void **state) {
    struct fuse_req requests[6] = {0};
    occupy_all(requests);
    slow_read(slow, &requests[4], content, SIZE, 0);
    slow_read(slow, &requests[5], content, SIZE, 0);
    assert_int_equal(requests[4].answers + requests[5].answers, 0);
    set_open(true);
    for (size_t i = 0; i < 6; i++) {
        wait_for_answer(&requests[i]);
        assert_answered(&requests[i], 0);
    }
}

static void an_interrupt_answers_what_is_being_read(void **state) {
    struct fuse_req request = {0};
    slow_read(slow, &request, content, SIZE, 0);
    wait_for_readers(1);
    request.on_interrupt(&request, request.context);
    assert_answered(&request, EINTR);
    set_open(true);
    wait_for_readers(0);
    struct fuse_req next = {0};
    slow_read(slow, &next, content, SIZE, 0);
    wait_for_answer(&next);
    assert_answered(&next, 0);
    assert_answered(&request, EINTR);
}

static void an_interrupt_answers_what_waits_for_a_thread(void **state) {
    struct fuse_req requests[7] = {0};
    occupy_all(requests);
    for (int i = 4; i < 7; i++) {
        slow_read(slow, &requests[i], content, SIZE, 0);
    }
    requests[6].on_interrupt(&requests[6], requests[6].context);
    requests[4].on_interrupt(&requests[4], requests[4].context);
    assert_answered(&requests[4], EINTR);
    assert_int_equal(requests[5].answers, 0);
    assert_answered(&requests[6], EINTR);
    requests[4].on_interrupt(&requests[4], requests[4].context);
    set_open(true);
    for (int i = 0; i < 4; i++) {
        wait_for_answer(&requests[i]); /* before they are gone */
    }
    wait_for_answer(&requests[5]);
    assert_answered(&requests[5], 0);
    assert_answered(&requests[4], EINTR);
    struct fuse_req next = {0};
    slow_read(slow, &next, content, SIZE, 0);
    wait_for_answer(&next);
    assert_answered(&next, 0);
}

static void one_that_was_interrupted_before_is_not_read(void **state) {
    struct fuse_req request = {.is_interrupted = true};
    slow_read(slow, &request, content, SIZE, 0);
    assert_answered(&request, EINTR);
    assert_int_equal(reading, 0);
}

static void the_end_answers_everyone_and_waits_for_no_source(void **state) {
    struct fuse_req requests[5] = {0}, late = {0};
    occupy_all(requests);
    slow_read(slow, &requests[4], content, SIZE, 0);
    slow_stop(slow);
    for (size_t i = 0; i < 5; i++) {
        assert_answered(&requests[i], EIO);
    }
    slow_read(slow, &late, content, SIZE, 0);
    assert_answered(&late, EIO);
    set_open(true);
    wait_for_readers(0);
    for (size_t i = 0; i < 5; i++) {
        assert_answered(&requests[i], EIO);
    }
}

#define slow_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        slow_test(what_is_asked_for_is_answered_as_far_as_it_is_there),
        slow_test(what_cannot_be_read_is_an_error),
        slow_test(what_no_thread_has_time_for_waits_in_order),
        slow_test(an_interrupt_answers_what_is_being_read),
        slow_test(an_interrupt_answers_what_waits_for_a_thread),
        slow_test(one_that_was_interrupted_before_is_not_read),
        slow_test(the_end_answers_everyone_and_waits_for_no_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
