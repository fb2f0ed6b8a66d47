/* Holders come and go on any thread, and exactly one of them is the last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "migfs/util/record.h"

enum { THREADS = 4, ROUNDS = 20000 };

struct counted {
    struct record record;
    atomic_int last;
};

static void the_last_holder_is_told_so(void **state) {
    struct record record;
    record_init(&record);
    record_ref(&record);
    record_ref(&record);
    assert_false(record_unref(&record));
    assert_false(record_unref(&record));
    assert_true(record_unref(&record));
}

static void *come_and_go(void *context) {
    struct counted *counted = context;
    for (int i = 0; i < ROUNDS; i++) {
        record_ref(&counted->record);
        if (record_unref(&counted->record)) {
            atomic_fetch_add(&counted->last, 1);
        }
    }
    if (record_unref(&counted->record)) {
        atomic_fetch_add(&counted->last, 1);
    }
    return NULL;
}

static void among_threads_exactly_one_is_the_last(void **state) {
    struct counted counted = {0};
    pthread_t threads[THREADS];
    record_init(&counted.record);
    for (size_t i = 0; i < THREADS; i++) {
        record_ref(&counted.record);
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, &counted), 0);
    }
    bool is_last = record_unref(&counted.record);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(atomic_load(&counted.last) + is_last, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_holder_is_told_so),
        cmocka_unit_test(among_threads_exactly_one_is_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
