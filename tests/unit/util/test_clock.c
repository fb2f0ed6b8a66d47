/* The clock against the kernel's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "migfs/util/clock.h"

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void it_tells_whole_milliseconds_of_the_monotonic_clock(void **state) {
    for (int i = 0; i < 10000; i++) {
        int64_t before = nanoseconds(), now = clock_ms(), after = nanoseconds();
        assert_true(before / 1000000 <= now && now <= after / 1000000);
    }
}

static void it_tells_nanoseconds_of_the_same_clock(void **state) {
    int64_t before = nanoseconds(), now = clock_ns(), after = nanoseconds();
    assert_true(before <= now && now <= after);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_whole_milliseconds_of_the_monotonic_clock),
        cmocka_unit_test(it_tells_nanoseconds_of_the_same_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
