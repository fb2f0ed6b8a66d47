#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/pages.h"

enum { HUGE_PAGE = 1 << 21, BLOCK = 8 << 20 };

/* Whether the kernel has been asked for huge pages at this address. */
static bool is_advised(const char *at) {
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[1024];
    unsigned long from, to;
    bool is_within = false, is_found = false;
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            is_within = from <= (uintptr_t)at && (uintptr_t)at < to;
        }
        is_found = is_found || (is_within && strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " hg"));
    }
    if (file) {
        fclose(file);
    }
    return is_found;
}

static void whole_huge_pages_within_a_block_are_asked_for(void **state) {
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) != 0) {
        skip(); /* this kernel has none */
    }
    char *bytes = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(bytes != MAP_FAILED);
    char *page = (char *)(((uintptr_t)bytes + 2 * HUGE_PAGE) / HUGE_PAGE * HUGE_PAGE);
    pages_prefer_huge(page - HUGE_PAGE / 2, HUGE_PAGE); /* no whole one */
    assert_false(is_advised(page - 1));
    assert_false(is_advised(page));
    pages_prefer_huge(page - 1, HUGE_PAGE + 2);
    assert_false(is_advised(page - 1));
    assert_true(is_advised(page));
    assert_true(is_advised(page + HUGE_PAGE - 1));
    assert_false(is_advised(page + HUGE_PAGE));
    memset(bytes, 1, BLOCK);
    munmap(bytes, BLOCK);
}

static void nothing_and_small_blocks_are_left_alone(void **state) {
    char bytes[16] = "as they are";
    pages_prefer_huge(NULL, 0);
    pages_prefer_huge(bytes, sizeof bytes);
    assert_string_equal(bytes, "as they are");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_huge_pages_within_a_block_are_asked_for),
        cmocka_unit_test(nothing_and_small_blocks_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
