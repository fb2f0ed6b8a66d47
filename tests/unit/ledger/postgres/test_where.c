#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/ledger/postgres/where.h"

static void name_and_server_are_told_and_never_a_password(void **state) {
    static const char *const pairs[][2] = {
        {"postgres://user:secret@db.example.com:6432/shop", "\"shop\" at db.example.com:6432"},
        {"postgres://user:secret@db.example.com/shop", "\"shop\" at db.example.com:5432"},
        {"postgres://user:secret@[::1]/shop", "\"shop\" at [::1]:5432"},
        {"postgresql:///shop?host=/run/postgresql&user=x", "\"shop\" at the socket in /run/postgresql"},
        {"host=a,b port=1,2 dbname=d user=u password=secret", "\"d\" at a:1"},
        {"host=h user=somebody", "\"somebody\" at h:5432"},
        {"nonsense", ""},
    };
    static const char *const variables[] = {"PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGHOSTADDR"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        unsetenv(variables[i]);
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char where[256];
        where_describe(pairs[i][0], where, sizeof where);
        assert_string_equal(where, pairs[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(name_and_server_are_told_and_never_a_password)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
