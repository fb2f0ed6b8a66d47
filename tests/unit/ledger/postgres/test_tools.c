/* The query for other tools' ledgers, made from the rows that list them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/postgres/tools.h"

static struct wire_buffer buffer;
static char *query;

static int begin(void **state) {
    buffer = (struct wire_buffer){0};
    query = NULL;
    return 0;
}

static int end(void **state) {
    wire_release(&buffer);
    free(query);
    return 0;
}

/* A row of the previous answer; NULL omits the cell. */
static void put_table(const char *kind, const char *oid, const char *table, const char *schema, const char *number,
                      const char *name, const char *flags) {
    const char *cells[CATALOG_CELLS] = {kind, oid, "0", table, schema, number, name, flags};
    size_t start;
    wire_begin(&buffer, WIRE_ROW, &start);
    for (size_t i = 0; i < CATALOG_CELLS; i++) {
        if (cells[i]) {
            wire_put_cell(&buffer, cells[i], strlen(cells[i]));
        } else {
            wire_put_null(&buffer);
        }
    }
    wire_end(&buffer, start);
}

static const char *question(void) {
    struct catalog_answer answer = {.is_there = true, .rows = {buffer.bytes, buffer.length}};
    free(query);
    query = tools_query(&answer);
    assert_non_null(query);
    return query;
}

static void assert_asks(const char *part) {
    if (!strstr(question(), part)) {
        fail_msg("%s is not in: %s", part, query);
    }
}

static size_t parts(void) {
    size_t count = 0;
    for (const char *at = question(); (at = strstr(at, "UNION ALL")); at++) {
        count++;
    }
    return count;
}

static void without_such_tables_nothing_is_asked(void **state) {
    assert_string_equal(question(), "");
    put_table("r", "16384", "users", "public", "r", "f", NULL);
    assert_string_equal(question(), "");
}

static void numbers_and_names_are_asked_of_each_table(void **state) {
    put_table("l", "16385", "schema_migrations", "supabase_migrations", "version", "name", NULL);
    assert_asks("16385::oid");
    assert_asks("left(\"version\"::text, 300) AS number, left(\"name\"::text, 300) AS name, NULL::text AS mark");
    assert_asks("FROM \"supabase_migrations\".\"schema_migrations\" WHERE true LIMIT ");
    put_table("l", "16386", "knex_migrations", "public", NULL, "name", NULL);
    assert_asks("NULL::text AS number, left(\"name\"::text, 300) AS name");
    assert_int_equal(parts(), 2);
}

static void what_failed_or_was_taken_back_is_left_out(void **state) {
    put_table("l", "1", "t", "s", "version", NULL, "finished_at,rolled_back_at,success");
    assert_asks("WHERE true AND success AND finished_at IS NOT NULL AND rolled_back_at IS NULL LIMIT");
    wire_release(&buffer);
    buffer = (struct wire_buffer){0};
    put_table("l", "1", "t", "s", "version", NULL, "is_applied");
    assert_asks("WHERE true AND is_applied LIMIT");
}

static void a_table_of_the_newest_number_says_whether_that_was_reached(void **state) {
    put_table("l", "1", "schema_migrations", "public", "version", NULL, "dirty");
    assert_asks("CASE WHEN dirty THEN 'dirty' ELSE 'clean' END AS mark");
}

static void names_are_quoted_and_cannot_end_their_quotes(void **state) {
    put_table("l", "1", "a\"; DROP TABLE x; --", "s\"s", "v\"", NULL, NULL);
    assert_asks("\"s\"\"s\".\"a\"\"; DROP TABLE x; --\"");
    assert_asks("left(\"v\"\"\"::text, 300)");
}

static void what_can_be_no_name_or_number_is_passed_over(void **state) {
    char name[80];
    memset(name, 'n', sizeof name);
    name[64] = '\0';
    put_table("l", "1", name, "public", "version", NULL, NULL);
    put_table("l", "1); DROP TABLE x; --", "t", "public", "version", NULL, NULL);
    assert_string_equal(question(), "");
    name[63] = '\0';
    put_table("l", "1", name, "public", "version", NULL, NULL);
    assert_int_equal(parts(), 1);
}

static void no_more_than_two_dozen_are_asked(void **state) {
    for (int i = 0; i < 30; i++) {
        put_table("l", "1", "t", "public", "version", NULL, NULL);
    }
    assert_int_equal(parts(), 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_such_tables_nothing_is_asked, begin, end),
        cmocka_unit_test_setup_teardown(numbers_and_names_are_asked_of_each_table, begin, end),
        cmocka_unit_test_setup_teardown(what_failed_or_was_taken_back_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(a_table_of_the_newest_number_says_whether_that_was_reached, begin, end),
        cmocka_unit_test_setup_teardown(names_are_quoted_and_cannot_end_their_quotes, begin, end),
        cmocka_unit_test_setup_teardown(what_can_be_no_name_or_number_is_passed_over, begin, end),
        cmocka_unit_test_setup_teardown(no_more_than_two_dozen_are_asked, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
