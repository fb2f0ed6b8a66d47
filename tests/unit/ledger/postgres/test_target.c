#include "ledger/postgres/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char dropped[512];

static void keep_dropped(void *context, const char *names) {
    snprintf(dropped, sizeof dropped, "%s", names);
}

static void assert_search_path(const char *conninfo, const char *expected) {
    struct ledger_target target;
    struct error error;
    dropped[0] = '\0';
    assert_true(ledger_target_parse(conninfo, &target, keep_dropped, NULL, &error));
    if (expected) {
        assert_non_null(target.search_path);
        assert_string_equal(target.search_path, expected);
    } else {
        assert_null(target.search_path);
    }
    for (size_t i = 0; i < target.count; i++) {
        assert_true(strcmp(target.keywords[i], "options") != 0 || target.values[i][0] == '\0');
    }
    ledger_target_wipe(&target);
}

/* As in node-postgres and libpq, `options` in a connection string replaces PGOPTIONS. */
static void the_search_path_of_pgoptions_is_for_those_without_options(void **state) {
    setenv("PGOPTIONS", "-c search_path=acme,public -c statement_timeout=5s", 1);
    ledger_target_take_options();
    assert_null(getenv("PGOPTIONS"));
    assert_search_path("postgres://h/d", "acme,public");
    assert_string_equal(dropped, "PGOPTIONS");
    assert_search_path("host=h dbname=d", "acme,public");
    assert_string_equal(dropped, ""); /* reported once */
    assert_search_path("postgres://h/d?options=-csearch_path%3Dother", "other");
    assert_search_path("host=h options='-c search_path=other'", "other");
    assert_search_path("postgres://h/d?search_path=other", "other");
    assert_search_path("postgres://h/d?options=-cgeqo%3Doff", NULL);
    assert_string_equal(dropped, "options");
    unsetenv("PGOPTIONS");
    ledger_target_take_options();
    assert_search_path("postgres://h/d", "acme,public"); /* kept for the rest of the process */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_path_of_pgoptions_is_for_those_without_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
