/* Records are decoded as they were encoded; malformed bytes are not consumed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/schema/protocol.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

static struct text two_records(void) {
    struct protocol_writer writer = {0};
    protocol_begin(&writer, 3, 5, 70000);
    protocol_field(&writer, TEXT("one"));
    protocol_field(&writer, TEXT(""));
    protocol_begin(&writer, 4, 0, 1);
    assert_false(writer.has_failed);
    struct text made = text_copy(arena, (struct text){writer.bytes, writer.length});
    free(writer.bytes);
    return made;
}

static void records_come_out_as_they_went_in(void **state) {
    struct protocol_reader reader = protocol_read(arena, two_records());
    struct protocol_record record;
    assert_true(protocol_next(&reader, &record));
    assert_int_equal(record.kind, 3);
    assert_int_equal(record.flags, 5);
    assert_int_equal(record.line, 70000);
    assert_int_equal(record.count, 2);
    assert_true(text_equal(record.fields[0], TEXT("one")));
    assert_int_equal(record.fields[1].length, 0);
    assert_true(protocol_next(&reader, &record));
    assert_int_equal(record.kind, 4);
    assert_int_equal(record.count, 0);
    assert_false(protocol_next(&reader, &record));
    assert_int_equal(reader.rest.length, 0);
}

static void what_is_cut_off_is_no_record(void **state) {
    struct text whole = two_records();
    struct protocol_record record;
    struct protocol_reader reader = protocol_read(arena, whole);
    assert_true(protocol_next(&reader, &record));
    size_t first = whole.length - reader.rest.length;
    for (size_t length = 1; length < first; length++) {
        reader.rest = text_slice(whole, 0, length);
        assert_false(protocol_next(&reader, &record));
        assert_int_equal(reader.rest.length, length);
    }
}

static struct text record_of(const char *const *fields, size_t count) {
    struct protocol_writer writer = {0};
    protocol_begin(&writer, 1, 0, 1);
    for (size_t i = 0; i < count; i++) {
        protocol_field(&writer, text_of(fields[i]));
    }
    assert_false(writer.has_failed);
    struct text made = text_copy(arena, (struct text){writer.bytes, writer.length});
    free(writer.bytes);
    return made;
}

static void a_field_that_occurs_again_is_written_once(void **state) {
    static const char *const once[] = {"a_table_with_a_name"}, *const again[] = {"a_table_with_a_name", "id",
                                                                                 "a_table_with_a_name", "id"};
    struct text first = record_of(once, 1), all = record_of(again, 4);
    assert_in_range(all.length - first.length, 5, 7); /* "id" and two numbers */
    struct protocol_reader reader = protocol_read(arena, all);
    struct protocol_record record;
    assert_true(protocol_next(&reader, &record));
    for (size_t i = 0; i < 4; i++) {
        assert_true(text_equal(record.fields[i], text_of(again[i])));
    }
}

static void many_fields_of_any_length_come_out_as_they_went_in(void **state) {
    enum { FIELDS = 3000 };
    struct protocol_writer writer = {0};
    char bytes[400];
    memset(bytes, 'x', sizeof bytes);
    protocol_begin(&writer, 1, 0, 1);
    for (size_t i = 0; i < FIELDS; i++) {
        bytes[0] = (char)(i % 251);
        protocol_field(&writer, (struct text){bytes, i * 7 % sizeof bytes});
    }
    struct protocol_reader reader = protocol_read(arena, (struct text){writer.bytes, writer.length});
    struct protocol_record record;
    assert_true(protocol_next(&reader, &record));
    assert_int_equal(record.count, FIELDS);
    for (size_t i = 0; i < FIELDS; i++) {
        bytes[0] = (char)(i % 251);
        assert_true(text_equal(record.fields[i], (struct text){bytes, i * 7 % sizeof bytes}));
    }
    free(writer.bytes);
}

static void what_is_forgotten_is_not_referred_to(void **state) {
    struct protocol_writer writer = {0};
    protocol_begin(&writer, 1, 0, 1);
    protocol_field(&writer, TEXT("name"));
    protocol_forget(&writer);
    protocol_begin(&writer, 1, 0, 1);
    protocol_field(&writer, TEXT("name"));
    struct protocol_reader reader = protocol_read(arena, (struct text){writer.bytes, writer.length});
    struct protocol_record record;
    assert_true(protocol_next(&reader, &record));
    assert_true(text_is(record.fields[0], "name"));
    free(writer.bytes);
}

/* A record with kind, flags, one field, line 1, and these bytes as the field. */
static bool is_record(const char *field, size_t length) {
    char bytes[64] = {1, 0, 0, 0, 1};
    const uint16_t count = 1;
    memcpy(bytes + 2, &count, sizeof count);
    memcpy(bytes + 5, field, length);
    struct protocol_reader reader = protocol_read(arena, text_copy(arena, (struct text){bytes, 5 + length}));
    struct protocol_record record;
    return protocol_next(&reader, &record);
}

static void no_field_leads_out_of_the_answer(void **state) {
    assert_true(is_record("\x04hi", 3));
    assert_false(is_record("\x06hi", 3));               /* longer than the rest */
    assert_false(is_record("\x01", 1));                 /* itself */
    assert_false(is_record("\x03", 1));                 /* a reference */
    assert_true(is_record("\x05", 1));                  /* a zero: an empty field */
    assert_false(is_record("\x0d", 1));                 /* before the answer */
    assert_false(is_record("\xff\xff\xff\xff\x1f", 5)); /* more than 32 bits */
    assert_false(is_record("\xff\xff\xff\xff\xff", 5));
    assert_false(is_record("\x80", 1));
}

static void more_fields_than_a_record_has_are_a_failure(void **state) {
    struct protocol_writer writer = {0};
    protocol_begin(&writer, 1, 0, 1);
    for (int i = 0; i < PROTOCOL_FIELDS_MAXIMUM; i++) {
        protocol_field(&writer, TEXT("x"));
    }
    assert_false(writer.has_failed);
    protocol_field(&writer, TEXT("x"));
    assert_true(writer.has_failed);
    free(writer.bytes);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(records_come_out_as_they_went_in, begin, end),
        cmocka_unit_test_setup_teardown(what_is_cut_off_is_no_record, begin, end),
        cmocka_unit_test_setup_teardown(a_field_that_occurs_again_is_written_once, begin, end),
        cmocka_unit_test_setup_teardown(many_fields_of_any_length_come_out_as_they_went_in, begin, end),
        cmocka_unit_test_setup_teardown(what_is_forgotten_is_not_referred_to, begin, end),
        cmocka_unit_test_setup_teardown(no_field_leads_out_of_the_answer, begin, end),
        cmocka_unit_test_setup_teardown(more_fields_than_a_record_has_are_a_failure, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
