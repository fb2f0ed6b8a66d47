/* The refresh thread's reads of files that hang: it goes on without them, and is woken when they arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "live/reread.h"
#include "migfs/util/content.h"

enum { NEVER = 1000000000, MEBI = 1 << 20, SOURCES = 1000 };

/* A source that answers while its gate is open, and a content that is read from it. */
static struct source {
    bool is_open, is_broken, is_released;
    int reads;
    pthread_t reader;
    struct content *content;
} sources[SOURCES];

static size_t source_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct reread *reread;

static bool no_threads;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context) {
    return no_threads ? EAGAIN : __real_pthread_create(thread, attributes, run, context);
}

static void change(bool *flag) {
    pthread_mutex_lock(&lock);
    *flag = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void wait_until(const bool *flag) {
    pthread_mutex_lock(&lock);
    while (!*flag) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static int reads_of(const struct source *source) {
    pthread_mutex_lock(&lock);
    int reads = source->reads;
    pthread_mutex_unlock(&lock);
    return reads;
}

static bool read_gated(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    struct source *source = context;
    pthread_mutex_lock(&lock);
    source->reads++;
    source->reader = pthread_self();
    pthread_mutex_unlock(&lock);
    wait_until(&source->is_open);
    if (source->is_broken) {
        return error_set(error, ERROR_SYSTEM, "the file has changed");
    }
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)('a' + (offset + i) % 26);
    }
    return true;
}

static void release(void *context) {
    change(&((struct source *)context)->is_released);
}

static struct source *source_of(size_t size) {
    static const struct content_source gated = {read_gated, release};
    struct source *source = &sources[source_count++];
    *source = (struct source){.content = content_create_on_demand(size, &gated, source)};
    assert_non_null(source->content);
    return source;
}

static void start(unsigned silence_ms) {
    struct error error;
    source_count = 0;
    reread = reread_start(silence_ms, &error);
    assert_non_null(reread);
    reread_use(reread);
}

/* In the end nobody has a content any more. */
static int stop(void **state) {
    content_set_reader(NULL);
    reread_stop(reread);
    reread = NULL;
    for (size_t i = 0; i < source_count; i++) {
        change(&sources[i].is_open);
        content_unref(sources[i].content);
        wait_until(&sources[i].is_released);
    }
    source_count = 0;
    return 0;
}

static void assert_whole(const struct source *source) {
    struct content *content = source->content;
    struct text text;
    struct error error;
    assert_true(content_pin(content, &text, &error));
    assert_int_equal(text.length, content_size(content));
    for (size_t i = 0; i < text.length; i++) {
        assert_int_equal(text.bytes[i], 'a' + i % 26);
    }
    content_unpin(content);
}

static void assert_late(const struct source *source) {
    struct text text;
    struct error error;
    assert_false(content_pin(source->content, &text, &error));
    assert_int_equal(error.code, ERROR_LATE);
}

static void wait_for_arrival(void) {
    struct pollfd arrived = {.fd = reread_descriptor(reread), .events = POLLIN};
    assert_int_equal(poll(&arrived, 1, -1), 1);
}

static bool step_after_arrival(void) {
    wait_for_arrival();
    return reread_step(reread);
}

static void another_thread_reads_in_pieces(void **state) {
    char part[4];
    size_t length;
    struct error error;
    start(NEVER);
    struct source *source = source_of(3 * MEBI + 5);
    source->is_open = true;
    assert_whole(source);
    assert_false(pthread_equal(source->reader, pthread_self()));
    assert_int_equal(reads_of(source), 4);
    assert_true(content_read(source->content, part, sizeof part, 3 * MEBI + 3, &length, &error));
    assert_int_equal(length, 2);
    assert_int_equal(part[0], 'a' + (3 * MEBI + 3) % 26);
    assert_int_equal(reads_of(source), 8); /* nothing is kept that came in time */
    assert_false(reread_step(reread));
    assert_int_equal(reread_wait_ms(reread), -1);
}

static void a_file_that_cannot_be_read_says_why(void **state) {
    struct text text;
    struct error error;
    start(NEVER);
    struct source *source = source_of(5);
    source->is_open = source->is_broken = true;
    assert_false(content_pin(source->content, &text, &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_string_equal(error.sentence, "the file has changed");
}

static void a_file_that_hangs_is_late_and_those_after_it_are_not_awaited(void **state) {
    start(NEVER);
    struct source *hanging = source_of(5), *other = source_of(5);
    assert_late(hanging);
    assert_late(hanging); /* not asked for again */
    assert_late(other);
    assert_int_equal(reads_of(hanging), 1);
    assert_false(reread_is_awaited(reread)); /* no view lacks it */
    change(&other->is_open);
    assert_false(step_after_arrival());
    assert_whole(other);
    assert_int_equal(reads_of(other), 1);
}

static void what_a_view_missed_is_kept_for_the_next_one(void **state) {
    start(NEVER);
    struct source *first = source_of(5), *second = source_of(5);
    reread_begin(reread);
    assert_late(first);
    assert_late(second);
    reread_end(reread);
    assert_true(reread_is_awaited(reread));
    change(&first->is_open);
    assert_true(step_after_arrival());
    for (int i = 0; i < 2; i++) { /* views that lack the second still */
        reread_begin(reread);
        assert_whole(first);
        assert_whole(first);
        assert_late(second);
        reread_end(reread);
    }
    assert_int_equal(reads_of(first), 1);
    change(&second->is_open);
    assert_true(step_after_arrival());
    reread_begin(reread);
    assert_whole(first);
    assert_whole(second);
    reread_end(reread);
    assert_int_equal(reads_of(first), 1);
    assert_int_equal(reads_of(second), 1);
    assert_false(reread_is_awaited(reread));
    assert_whole(first); /* all was there, so nothing is kept any more */
    assert_int_equal(reads_of(first), 2);
}

/* The step before that view did not see it, so the next view must have it. */
static void what_arrives_while_a_view_is_made_is_kept_too(void **state) {
    start(NEVER);
    struct source *source = source_of(5);
    reread_begin(reread);
    assert_late(source);
    change(&source->is_open);
    wait_for_arrival();
    reread_end(reread);
    assert_true(reread_is_awaited(reread));
    assert_true(reread_step(reread));
    assert_whole(source);
    assert_int_equal(reads_of(source), 1);
}

static void a_failure_that_a_view_missed_is_kept_too(void **state) {
    struct text text;
    struct error error;
    start(NEVER);
    struct source *source = source_of(5);
    source->is_broken = true;
    reread_begin(reread);
    assert_late(source);
    reread_end(reread);
    change(&source->is_open);
    assert_true(step_after_arrival());
    reread_begin(reread);
    assert_false(content_pin(source->content, &text, &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    reread_end(reread);
    assert_int_equal(reads_of(source), 1);
}

static void a_file_that_stays_away_is_silent_until_it_answers(void **state) {
    start(1001);
    struct source *source = source_of(5);
    reread_begin(reread);
    assert_late(source);
    reread_end(reread);
    assert_int_equal(content_silence(source->content), 0);
    while (!reread_step(reread)) {
        assert_true(reread_is_awaited(reread));
        int wait = reread_wait_ms(reread);
        assert_true(wait >= 0);
        poll(NULL, 0, wait);
    }
    assert_int_equal(content_silence(source->content), 2); /* seconds, rounded up */
    assert_false(reread_is_awaited(reread));
    assert_int_equal(reread_wait_ms(reread), -1);
    assert_false(reread_step(reread)); /* said once */
    change(&source->is_open);
    assert_true(step_after_arrival());
    assert_int_equal(content_silence(source->content), 0);
    assert_whole(source);
    assert_int_equal(reads_of(source), 1);
}

static void while_the_whole_source_is_silent_nothing_is_begun(void **state) {
    start(NEVER);
    struct source *source = source_of(5);
    source->is_open = true;
    reread_set_waits(reread, false);
    assert_late(source);
    assert_int_equal(reads_of(source), 0);
    reread_set_waits(reread, true);
    assert_whole(source);
}

static void those_behind_four_that_hang_are_late_and_come_in_their_turn(void **state) {
    enum { COUNT = 6 };
    struct source *behind[COUNT];
    start(NEVER);
    for (int i = 0; i < COUNT; i++) {
        behind[i] = source_of(5);
        assert_late(behind[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        change(&behind[i]->is_open);
    }
    for (int i = 0; i < COUNT; i++) {
        struct text text;
        struct error error;
        while (!content_pin(behind[i]->content, &text, &error)) {
            assert_int_equal(error.code, ERROR_LATE);
            wait_for_arrival();
            reread_step(reread);
        }
        content_unpin(behind[i]->content);
        assert_int_equal(reads_of(behind[i]), 1);
    }
}

static void too_much_is_not_kept(void **state) {
    start(NEVER);
    struct source *hanging = source_of(5), *large = source_of(256 * (size_t)MEBI);
    reread_begin(reread);
    assert_late(hanging);
    assert_late(large);
    reread_end(reread);
    change(&large->is_open);
    assert_true(step_after_arrival());
    reread_begin(reread);
    assert_whole(large);
    assert_late(hanging);
    reread_end(reread);
    assert_late(large); /* it is read once more */
}

/* The source may be so slow that each view lacks another file. */
static void late_files_do_not_cause_views_without_end(void **state) {
    bool is_needed = true;
    start(NEVER);
    struct source *hanging = source_of(5);
    while (is_needed && source_count < SOURCES) {
        struct source *source = source_of(5);
        reread_begin(reread);
        assert_late(hanging);
        assert_late(source);
        reread_end(reread);
        change(&source->is_open);
        is_needed = step_after_arrival();
    }
    assert_false(is_needed);
    assert_true(source_count > 50);
    assert_false(reread_is_awaited(reread));
}

static void without_a_thread_the_caller_reads_by_itself(void **state) {
    start(NEVER);
    struct source *source = source_of(5);
    source->is_open = true;
    no_threads = true;
    assert_whole(source);
    no_threads = false;
    assert_true(pthread_equal(source->reader, pthread_self()));
    assert_whole(source);
    assert_false(pthread_equal(source->reader, pthread_self()));
}

static void the_end_waits_for_no_file(void **state) {
    start(NEVER);
    for (int i = 0; i < 6; i++) { /* four of which are being read */
        assert_late(source_of(5));
    }
}

#define reread_test(name) cmocka_unit_test_teardown(name, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        reread_test(another_thread_reads_in_pieces),
        reread_test(a_file_that_cannot_be_read_says_why),
        reread_test(a_file_that_hangs_is_late_and_those_after_it_are_not_awaited),
        reread_test(what_a_view_missed_is_kept_for_the_next_one),
        reread_test(what_arrives_while_a_view_is_made_is_kept_too),
        reread_test(a_failure_that_a_view_missed_is_kept_too),
        reread_test(a_file_that_stays_away_is_silent_until_it_answers),
        reread_test(while_the_whole_source_is_silent_nothing_is_begun),
        reread_test(those_behind_four_that_hang_are_late_and_come_in_their_turn),
        reread_test(too_much_is_not_kept),
        reread_test(late_files_do_not_cause_views_without_end),
        reread_test(without_a_thread_the_caller_reads_by_itself),
        reread_test(the_end_waits_for_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
