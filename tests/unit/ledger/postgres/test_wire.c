/* Parts are read as they were written, and nothing is read beyond the end of a message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/postgres/wire.h"

static struct wire_buffer one_message(void) {
    struct wire_buffer buffer = {0};
    size_t start;
    wire_begin(&buffer, WIRE_ROW, &start);
    wire_put_number(&buffer, 7);
    wire_put_string(&buffer, "name");
    wire_put_cell(&buffer, "a\0b", 3);
    wire_put_null(&buffer);
    wire_end(&buffer, start);
    assert_false(buffer.is_failed);
    return buffer;
}

static void parts_come_out_as_they_went_in(void **state) {
    struct wire_buffer buffer = one_message();
    const char *at = buffer.bytes, *string;
    struct wire_message message;
    struct text cell;
    uint32_t number;
    bool is_null;
    assert_int_equal(wire_take_message(&at, buffer.bytes + buffer.length, &message), 1);
    assert_ptr_equal(at, buffer.bytes + buffer.length);
    assert_int_equal(message.kind, WIRE_ROW);
    assert_true(wire_take_number(&message, &number));
    assert_int_equal(number, 7);
    assert_true(wire_take_string(&message, &string));
    assert_string_equal(string, "name");
    assert_true(wire_take_cell(&message, &cell, &is_null));
    assert_false(is_null);
    assert_int_equal(cell.length, 3);
    assert_memory_equal(cell.bytes, "a\0b", 3);
    assert_true(wire_take_cell(&message, &cell, &is_null));
    assert_true(is_null);
    assert_false(wire_take_number(&message, &number));
    wire_release(&buffer);
}

static void a_part_of_a_message_is_none(void **state) {
    struct wire_buffer buffer = one_message();
    for (size_t length = 0; length < buffer.length; length++) {
        const char *at = buffer.bytes;
        struct wire_message message;
        assert_int_equal(wire_take_message(&at, buffer.bytes + length, &message), 0);
        assert_ptr_equal(at, buffer.bytes);
    }
    wire_release(&buffer);
}

static void a_message_longer_than_any_is_refused_by_its_head(void **state) {
    struct wire_buffer buffer = one_message();
    const char *at = buffer.bytes;
    uint32_t length = WIRE_MESSAGE_MAXIMUM + 1;
    struct wire_message message;
    memcpy(buffer.bytes, &length, sizeof length);
    assert_int_equal(wire_take_message(&at, buffer.bytes + buffer.length, &message), -1);
    wire_release(&buffer);
}

static void lengths_are_those_of_the_message(void **state) {
    static const char open[] = {'n', 'o', ' ', 'e', 'n', 'd'};
    struct wire_message message = {.at = open, .end = open + sizeof open};
    const char *string;
    assert_false(wire_take_string(&message, &string));

    struct wire_buffer buffer = {0};
    struct text cell;
    bool is_null;
    wire_put_number(&buffer, 100); /* a cell that claims more bytes than follow */
    wire_put_number(&buffer, 0);
    message = (struct wire_message){.at = buffer.bytes, .end = buffer.bytes + buffer.length};
    assert_false(wire_take_cell(&message, &cell, &is_null));
    wire_release(&buffer);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_out_as_they_went_in),
        cmocka_unit_test(a_part_of_a_message_is_none),
        cmocka_unit_test(a_message_longer_than_any_is_refused_by_its_head),
        cmocka_unit_test(lengths_are_those_of_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
