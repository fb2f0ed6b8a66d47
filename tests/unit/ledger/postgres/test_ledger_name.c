#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/ledger/postgres/ledger_name.h"

/* The rest of the string, then schema and table. */
static void it_is_taken_out_of_a_url_and_of_keywords(void **state) {
    static const char *const cases[][4] = {
        {"postgres://h/d?ledger=drizzle.tenant_a", "postgres://h/d", "drizzle", "tenant_a"},
        {"postgres://h/d?ledger=tenant_a", "postgres://h/d", NULL, "tenant_a"},
        {"postgres://h/d?ledger=a.b&sslmode=require", "postgres://h/d?sslmode=require", "a", "b"},
        {"postgres://h/d?host=/x&ledger=a.b&user=u#f", "postgres://h/d?host=/x&user=u#f", "a", "b"},
        {"postgres://h/d?ledger=a.b#f", "postgres://h/d#f", "a", "b"},
        {"postgres://h/d?sslmode=require?ledger=a.b", "postgres://h/d?sslmode=require", "a", "b"},
        {"postgres://h/d?ledger=%22my.schema%22.%22a%20%22%22b%22%22%22", "postgres://h/d", "my.schema", "a \"b\""},
        {"postgres://h/d?ledger=\"my.schema\".My+Table", "postgres://h/d", "my.schema", "My Table"},
        {"postgres://h/d?ledger=sch%C3%A9ma.t%2Ct", "postgres://h/d", "sch\xc3\xa9ma", "t,t"},
        {"postgres://h/ledger?ledgers=a.b", "postgres://h/ledger?ledgers=a.b", NULL, NULL},
        {"postgres://u:x#?ledger=a.b@h/d", "postgres://u:x#?ledger=a.b@h/d", NULL, NULL},
        {"postgres://h/d", "postgres://h/d", NULL, NULL},
        {"host=h ledger=drizzle.tenant_a dbname=d", "host=h dbname=d", "drizzle", "tenant_a"},
        {"ledger=a.b", "", "a", "b"},
        {"ledger = a.b host = h", " host = h", "a", "b"},
        {"host=h ledger='\"my.schema\".a b' user=u", "host=h user=u", "my.schema", "a b"},
        {"host=h ledger=it\\'s.t", "host=h", "it's", "t"},
        {"password='x ledger=a.b' host=h", "password='x ledger=a.b' host=h", NULL, NULL},
        {"password=x\\ ledger=a.b host=h", "password=x\\ ledger=a.b host=h", NULL, NULL},
        {"host ledger=a.b", "host ledger=a.b", NULL, NULL},
        {"host='h ledger=a.b", "host='h ledger=a.b", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *string = strdup(cases[i][0]);
        struct ledger_name name;
        struct error error;
        assert_true(ledger_name_take(string, &name, &error));
        assert_string_equal(string, cases[i][1]);
        for (int part = 0; part < 2; part++) {
            const char *is = part == 0 ? name.schema : name.table, *expected = cases[i][2 + part];
            if (expected) {
                assert_non_null(is);
                assert_string_equal(is, expected);
            } else {
                assert_null(is);
            }
        }
        ledger_name_free(&name);
        free(string);
    }
}

static void what_names_no_table_is_an_error_that_repeats_nothing(void **state) {
    static const char *const wrong[] = {"",           ".",           "secret.",  ".secret", "a.b.secret",
                                        "\"secret",   "\"secret\"x", "a..b",     "\"\"",    "\"\".t",
                                        "se\"cret.t", "a.\"t\".",    "%22secret"};
    for (size_t i = 0; i < 2 * (sizeof wrong / sizeof *wrong); i++) {
        char string[100];
        struct ledger_name name = {0};
        struct error error;
        const char *value = wrong[i / 2];
        if (i % 2 == 1 && strchr(value, '%')) {
            continue;
        }
        snprintf(string, sizeof string, i % 2 == 0 ? "postgres://h/d?ledger=%s" : "host=h ledger='%s'", value);
        assert_false(ledger_name_take(string, &name, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.sentence, "SCHEMA.TABLE"));
        assert_null(strstr(error.sentence, "secret"));
        assert_null(name.table);
    }
}

static void a_nul_would_cut_the_name_short(void **state) {
    char uri[] = "postgres://h/d?ledger=a%00b";
    struct ledger_name name = {0};
    struct error error;
    assert_false(ledger_name_take(uri, &name, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_null(name.table);
}

static void two_of_them_are_an_error(void **state) {
    char uri[] = "postgres://h/d?ledger=a.b&ledger=c.d", keywords[] = "ledger=a.b ledger=c.d";
    struct ledger_name name;
    struct error error;
    assert_false(ledger_name_take(uri, &name, &error));
    assert_non_null(strstr(error.sentence, "twice"));
    assert_false(ledger_name_take(keywords, &name, &error));
    assert_non_null(strstr(error.sentence, "twice"));
}

static void a_database_may_be_named_ledger(void **state) {
    assert_true(ledger_name_begins("ledger=a.b"));
    assert_true(ledger_name_begins("ledger=a.b host=h"));
    assert_true(ledger_name_begins("ledger = a.b"));
    assert_false(ledger_name_begins("ledger=postgres://h/d"));
    assert_false(ledger_name_begins("ledger=host=h"));
    assert_false(ledger_name_begins("ledger=host = h"));
    assert_false(ledger_name_begins("ledgers=a.b"));
    assert_false(ledger_name_begins("host=h ledger=a.b"));
}

static void a_name_is_described_as_it_may_be_given(void **state) {
    static const char *const cases[][3] = {
        {"drizzle", "t", "drizzle.t"}, {NULL, "t", "t"}, {"my.schema", "a \"b\"", "\"my.schema\".\"a \"\"b\"\"\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = ledger_name_text(cases[i][0], cases[i][1]);
        assert_string_equal(text, cases[i][2]);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_taken_out_of_a_url_and_of_keywords),
        cmocka_unit_test(what_names_no_table_is_an_error_that_repeats_nothing),
        cmocka_unit_test(a_nul_would_cut_the_name_short),
        cmocka_unit_test(two_of_them_are_an_error),
        cmocka_unit_test(a_database_may_be_named_ledger),
        cmocka_unit_test(a_name_is_described_as_it_may_be_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
