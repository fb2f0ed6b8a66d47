#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/ledger/ledger.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct ledger_row row(const char *id, int64_t created_at) {
    return (struct ledger_row){
        .id = text_of(id), .hash = TEXT("9f2c"), .has_created_at = true, .created_at = created_at};
}

static struct ledger_row row_null(const char *id) {
    return (struct ledger_row){.id = text_of(id), .hash = TEXT("9f2c")};
}

static struct ledger *ledger_of(const struct ledger_row *rows, size_t count) {
    struct ledger from = {
        .database = TEXT("staging"), .status = LEDGER_READ, .was_read = true, .rows = rows, .count = count};
    struct error error;
    struct ledger *ledger = ledger_create(&from, &error);
    assert_non_null(ledger);
    return ledger;
}

static struct watermark watermark_of(const struct ledger_row *rows, size_t count) {
    struct ledger *ledger = ledger_of(rows, count);
    struct watermark watermark = ledger_watermark(ledger);
    ledger_destroy(ledger);
    return watermark;
}

static void rows_are_ordered_by_stamp_with_null_first_then_by_id_as_a_number(void **state) {
    const struct ledger_row rows[] = {row("10", 5),        row("uuid", 5),     row("9", 5),
                                      row("1", INT64_MAX), row("2", -7),       row("", 5),
                                      row_null("12"),      row_null("3"),      row("4", 5),
                                      row("5", INT64_MIN), row("-9999999", 5), row("99999999999999999999", 5)};
    const char *const expected[] = {"3",    "12", "5", "2", "-9999999", "4", "9", "10", "", "99999999999999999999",
                                    "uuid", "1"};
    struct ledger *ledger = ledger_of(rows, COUNT(rows));
    assert_int_equal(ledger->count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_string_equal(ledger->rows[i].id.bytes, expected[i]);
    }
    ledger_destroy(ledger);
}

static void the_order_in_which_the_server_returns_rows_does_not_show(void **state) {
    struct ledger_row a = row("", 5), b = row("", 5), c = row("", 5);
    b.hash = TEXT("aaaa");
    c.hash = TEXT("aaaa");
    c.name = TEXT("0001_x");
    struct ledger *one = ledger_of((struct ledger_row[]){a, b, c}, 3);
    struct ledger *other = ledger_of((struct ledger_row[]){c, b, a}, 3);
    assert_true(ledger_same(one, other));
    ledger_destroy(one);
    ledger_destroy(other);
}

static void a_ledger_owns_all_its_texts(void **state) {
    char bytes[] = "staging", hash[] = "9f\0c", reason[] = "why";
    struct ledger_row only = {.id = text_of("1"), .hash = {hash, 4}, .has_created_at = true};
    struct ledger from = {.database = text_of(bytes), .reason = text_of(reason), .rows = &only, .count = 1};
    struct error error;
    struct ledger *ledger = ledger_create(&from, &error);
    memset(bytes, 'x', 7);
    memset(hash, 'x', 4);
    memset(reason, 'x', 3);
    memset(&only, 0, sizeof(only));
    assert_true(text_is(ledger->database, "staging"));
    assert_true(text_is(ledger->reason, "why"));
    assert_int_equal(ledger->rows[0].hash.length, 4);
    assert_memory_equal(ledger->rows[0].hash.bytes, "9f\0c", 4);
    ledger_destroy(ledger);
}

static void a_failed_ledger_keeps_the_rows_last_read(void **state) {
    struct ledger *read = ledger_of((struct ledger_row[]){row("1", 5), row("2", 6)}, 2);
    struct error error;
    struct ledger *failed = ledger_fail(read, "the server is gone", &error);
    assert_int_equal(failed->status, LEDGER_UNREADABLE);
    assert_true(failed->was_read);
    assert_true(text_is(failed->reason, "the server is gone"));
    assert_true(text_is(failed->database, "staging"));
    assert_int_equal(failed->count, 2);
    ledger_destroy(read);
    assert_int_equal(failed->rows[1].created_at, 6);
    ledger_destroy(failed);
}

static void a_ledger_never_read_can_fail(void **state) {
    struct error error;
    struct ledger *failed = ledger_fail(&(struct ledger){.database = TEXT("staging")}, "no such host", &error);
    assert_int_equal(failed->status, LEDGER_UNREADABLE);
    assert_false(failed->was_read);
    assert_int_equal(failed->count, 0);
    ledger_destroy(failed);
}

static void ledgers_are_the_same_only_when_nothing_that_can_be_seen_differs(void **state) {
    struct ledger_row rows[] = {row("1", 5), row("2", 6)};
    struct ledger from = {.database = TEXT("a"), .status = LEDGER_READ, .was_read = true, .rows = rows, .count = 2};
    struct error error;
    struct ledger *ledger = ledger_create(&from, &error), *copy = ledger_create(&from, &error);
    assert_true(ledger_same(ledger, ledger));
    assert_true(ledger_same(ledger, copy));
    ledger_destroy(copy);

    struct ledger others[] = {from, from, from, from, from, from};
    others[0].database = TEXT("b");
    others[1].status = LEDGER_UNREADABLE;
    others[2].was_read = false;
    others[3].is_v1 = true;
    others[4].reason = TEXT("why");
    others[5].count = 1;
    for (size_t i = 0; i < COUNT(others); i++) {
        struct ledger *other = ledger_create(&others[i], &error);
        assert_false(ledger_same(ledger, other));
        ledger_destroy(other);
    }
    ledger_destroy(ledger);
}

static void ledgers_with_different_rows_are_not_the_same(void **state) {
    struct ledger_row changed[] = {row("1", 5), row("1", 5), row("1", 5), row("1", 5), row("1", 5)};
    changed[0].id = TEXT("2");
    changed[1].hash = TEXT("9f2d");
    changed[2].is_hash_null = true;
    changed[3].has_created_at = false;
    changed[4].name = TEXT("0000_init");
    struct ledger *ledger = ledger_of((struct ledger_row[]){row("1", 5)}, 1);
    for (size_t i = 0; i < COUNT(changed); i++) {
        struct ledger *other = ledger_of(&changed[i], 1);
        assert_false(ledger_same(ledger, other));
        ledger_destroy(other);
    }
    struct ledger *later = ledger_of((struct ledger_row[]){row("1", 6)}, 1);
    assert_false(ledger_same(ledger, later));
    ledger_destroy(later);
    ledger_destroy(ledger);
}

static void an_empty_ledger_has_no_watermark(void **state) {
    struct watermark watermark = watermark_of(NULL, 0);
    assert_int_equal(watermark.kind, WATERMARK_NONE);
}

static void the_watermark_is_the_greatest_stamp(void **state) {
    struct watermark watermark = watermark_of((struct ledger_row[]){row("3", 7), row("1", 9), row("2", -1)}, 3);
    assert_int_equal(watermark.kind, WATERMARK_STAMP);
    assert_int_equal(watermark.stamp, 9);
}

static void one_null_stamp_makes_the_watermark_zero(void **state) {
    struct watermark watermark = watermark_of((struct ledger_row[]){row("1", 1759655001380), row_null("2")}, 2);
    assert_int_equal(watermark.kind, WATERMARK_NULL);
    assert_int_equal(watermark.stamp, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_ordered_by_stamp_with_null_first_then_by_id_as_a_number),
        cmocka_unit_test(the_order_in_which_the_server_returns_rows_does_not_show),
        cmocka_unit_test(a_ledger_owns_all_its_texts),
        cmocka_unit_test(a_failed_ledger_keeps_the_rows_last_read),
        cmocka_unit_test(a_ledger_never_read_can_fail),
        cmocka_unit_test(ledgers_are_the_same_only_when_nothing_that_can_be_seen_differs),
        cmocka_unit_test(ledgers_with_different_rows_are_not_the_same),
        cmocka_unit_test(an_empty_ledger_has_no_watermark),
        cmocka_unit_test(the_watermark_is_the_greatest_stamp),
        cmocka_unit_test(one_null_stamp_makes_the_watermark_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
