/* A server's answer about its catalogs is accepted only if it has exactly the expected form, and
 * reading it never leaves its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/postgres/catalog_query.h"

enum { COLUMNS = 8, TEXT_TYPE = 25, OID_TYPE = 26 };

static struct wire_buffer buffer;

static int begin(void **state) {
    buffer = (struct wire_buffer){0};
    return 0;
}

static int end(void **state) {
    wire_release(&buffer);
    return 0;
}

static void put_types(size_t count, uint32_t second) {
    size_t start;
    wire_begin(&buffer, WIRE_COLUMNS, &start);
    for (size_t i = 0; i < count; i++) {
        wire_put_number(&buffer, i == 1 ? second : i == 2 ? OID_TYPE : TEXT_TYPE);
    }
    wire_end(&buffer, start);
}

static void put_row(const char *kind, const char *object, const char *parent, const char *name, size_t cells) {
    const char *first[] = {kind, object, parent, name};
    size_t start;
    wire_begin(&buffer, WIRE_ROW, &start);
    for (size_t i = 0; i < cells; i++) {
        if (i < 4 && first[i]) {
            wire_put_cell(&buffer, first[i], strlen(first[i]));
        } else {
            wire_put_null(&buffer);
        }
    }
    wire_end(&buffer, start);
}

static void put_end(const char *tag) {
    size_t start;
    wire_begin(&buffer, WIRE_END, &start);
    wire_put_string(&buffer, tag);
    wire_end(&buffer, start);
}

static const char *search_path;

static bool take(struct catalog_answer *ret_answer) {
    const char *at = buffer.bytes;
    return catalog_query_take(&at, buffer.bytes + buffer.length, ret_answer) && at == buffer.bytes + buffer.length;
}

static struct catalog *read_catalog(void) {
    struct catalog_answer answer;
    struct error error;
    assert_true(take(&answer));
    struct catalog *catalog = catalog_query_read(&answer, search_path, &error);
    assert_non_null(catalog);
    return catalog;
}

static void put_two(const char *first, const char *second) {
    put_types(COLUMNS, OID_TYPE);
    put_row("n", "2200", "0", first, COLUMNS);
    put_row("r", "16384", "2200", second, COLUMNS);
    put_end("SELECT 2");
}

static void rows_come_with_their_numbers_and_names(void **state) {
    put_two("public", "users");
    struct catalog *catalog = read_catalog();
    assert_int_equal(catalog->count, 2);
    assert_false(catalog->is_cut);
    assert_int_equal(catalog->rows[1].kind, 'r');
    assert_int_equal(catalog->rows[1].object, 16384);
    assert_int_equal(catalog->rows[1].parent, 2200);
    assert_true(text_equal(catalog->rows[1].fields[0], TEXT("users")));
    assert_int_equal(catalog->rows[1].fields[1].length, 0);
    catalog_unref(catalog);
}

/* So a poll without changes makes no new view. */
static void what_is_the_same_replaces_nothing(void **state) {
    struct catalog *held = NULL;
    put_two("public", "users");
    assert_true(catalog_replace(&held, read_catalog()));
    assert_false(catalog_replace(&held, read_catalog()));
    wire_release(&buffer);
    put_two("publicu", "sers"); /* the same bytes in total */
    assert_true(catalog_replace(&held, read_catalog()));
    catalog_unref(held);
}

/* Only once: two such rows from a server must not overflow the buffer, which has room for one. */
static void the_search_path_of_the_connection_string_stands_in_for_the_servers(void **state) {
    put_types(COLUMNS, OID_TYPE);
    put_row("s", "0", "0", "app", COLUMNS);
    put_row("s", "0", "0", "app", COLUMNS);
    put_end("SELECT 2");
    search_path = "tenant_a, public";
    struct catalog *catalog = read_catalog();
    search_path = NULL;
    assert_true(text_equal(catalog->rows[0].fields[0], TEXT("app")));
    assert_true(text_equal(catalog->rows[0].fields[1], TEXT("tenant_a, public")));
    assert_int_equal(catalog->rows[1].fields[1].length, 0);
    catalog_unref(catalog);
}

static void numbers_that_are_none_are_zero(void **state) {
    static const char *const odd[] = {"", "-1", "4294967296", "99999999999999999999999", "1x", "x"};
    put_types(COLUMNS, OID_TYPE);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        put_row("", odd[i], odd[i], NULL, COLUMNS);
    }
    put_end("SELECT 6");
    struct catalog *catalog = read_catalog();
    for (size_t i = 0; i < catalog->count; i++) {
        assert_int_equal(catalog->rows[i].object, 0);
        assert_int_equal(catalog->rows[i].kind, 0);
    }
    catalog_unref(catalog);
}

static void more_rows_than_are_taken_are_none(void **state) {
    char tag[32];
    put_types(COLUMNS, OID_TYPE);
    for (int i = 0; i < CATALOG_ROWS_MAXIMUM + 1; i++) {
        put_row("r", "1", "1", "a", COLUMNS);
    }
    snprintf(tag, sizeof tag, "SELECT %d", CATALOG_ROWS_MAXIMUM + 1);
    put_end(tag);
    struct catalog *catalog = read_catalog();
    assert_true(catalog->is_cut);
    assert_int_equal(catalog->count, 0);
    catalog_unref(catalog);
}

static void other_types_or_columns_are_no_answer(void **state) {
    struct catalog_answer answer;
    put_types(COLUMNS, TEXT_TYPE);
    put_end("SELECT 0");
    assert_false(take(&answer));
    wire_release(&buffer);
    put_types(COLUMNS + 1, OID_TYPE);
    put_end("SELECT 0");
    assert_false(take(&answer));
    wire_release(&buffer);
    put_types(COLUMNS - 1, OID_TYPE);
    put_end("SELECT 0");
    assert_false(take(&answer));
}

static void rows_of_another_length_or_number_are_no_answer(void **state) {
    struct catalog_answer answer;
    for (size_t cells = COLUMNS - 1; cells <= COLUMNS + 1; cells += 2) {
        put_types(COLUMNS, OID_TYPE);
        put_row("r", "1", "1", "a", cells);
        put_end("SELECT 1");
        assert_false(take(&answer));
        wire_release(&buffer);
    }
    put_types(COLUMNS, OID_TYPE);
    put_row("r", "1", "1", "a", COLUMNS);
    put_end("SELECT 2");
    assert_false(take(&answer));
    wire_release(&buffer);
    put_types(COLUMNS, OID_TYPE);
    put_end("DELETE 0");
    assert_false(take(&answer));
}

/* Cut at each byte, and with each byte changed. */
static void what_is_cut_or_changed_leads_nowhere(void **state) {
    struct catalog_answer answer;
    struct error error;
    put_two("public", "users");
    for (size_t length = 0; length < buffer.length; length++) {
        const char *at = buffer.bytes;
        char *whole = malloc(length + 1); /* exact size, so that sanitizers detect overruns */
        memcpy(whole, buffer.bytes, length);
        at = whole;
        assert_false(catalog_query_take(&at, whole + length, &answer));
        free(whole);
    }
    for (size_t i = 0; i < buffer.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *whole = malloc(buffer.length);
            memcpy(whole, buffer.bytes, buffer.length);
            whole[i] = (char)(whole[i] ^ 1 << bit);
            const char *at = whole;
            if (catalog_query_take(&at, whole + buffer.length, &answer)) {
                catalog_unref(catalog_query_read(&answer, search_path, &error));
            }
            free(whole);
        }
    }
}

/* These functions would take locks, or show only what the role may use. */
static void nothing_is_asked_that_locks_or_needs_a_grant(void **state) {
    static const char *const never[] = {"pg_get_",          "information_schema.", "pg_table_is_visible", "has_",
                                        "pg_relation_size", "obj_description",     "FOR UPDATE"};
    const struct text users = TEXT("users");
    struct catalog_names *names = catalog_names_create(&users, 1);
    assert_non_null(names);
    for (enum catalog_extent extent = CATALOG_AHEAD; extent <= CATALOG_WHOLE; extent++) {
        const struct catalog_question question = {.extent = extent, .names = names, .tools = ""};
        char *text = catalog_query_text("'drizzle.ledger'", "", &question);
        assert_non_null(text);
        for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
            assert_null(strstr(text, never[i]));
        }
        assert_int_equal(extent == CATALOG_NAMED, strstr(text, "E'{\"users\"}'") != NULL);
        free(text);
    }
    catalog_names_unref(names);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_with_their_numbers_and_names, begin, end),
        cmocka_unit_test_setup_teardown(what_is_the_same_replaces_nothing, begin, end),
        cmocka_unit_test_setup_teardown(the_search_path_of_the_connection_string_stands_in_for_the_servers, begin, end),
        cmocka_unit_test_setup_teardown(numbers_that_are_none_are_zero, begin, end),
        cmocka_unit_test_setup_teardown(more_rows_than_are_taken_are_none, begin, end),
        cmocka_unit_test_setup_teardown(other_types_or_columns_are_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(rows_of_another_length_or_number_are_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(what_is_cut_or_changed_leads_nowhere, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_asked_that_locks_or_needs_a_grant, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
