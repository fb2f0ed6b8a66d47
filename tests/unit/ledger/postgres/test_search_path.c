#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/postgres/search_path.h"

static void it_is_found_among_the_words_of_options(void **state) {
    static const struct {
        const char *options, *path;
        bool has_others;
    } cases[] = {
        {"-c search_path=tenant_a", "tenant_a", false},
        {"-csearch_path=tenant_a", "tenant_a", false},
        {"--search_path=tenant_a", "tenant_a", false},
        {"--search-path=tenant_a", "tenant_a", false},
        {"-c Search_Path=a,public", "a,public", false},
        {" -c search_path=a,\\ public ", "a, public", false},
        {"-c search_path=a -c search_path=b", "b", false},
        {"-c statement_timeout=5s -c search_path=a", "a", true},
        {"-c statement_timeout=5s", NULL, true},
        {"-e -c", NULL, true},
        {"-c search_paths=a", NULL, true},
        {"-c search_path", NULL, true},
        {"", NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool has_others;
        char *path = search_path_find(cases[i].options, &has_others);
        assert_int_equal(has_others, cases[i].has_others);
        assert_int_equal(path != NULL, cases[i].path != NULL);
        if (path) {
            assert_string_equal(path, cases[i].path);
        }
        free(path);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_found_among_the_words_of_options)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
