/* Records come out as they went in; what is not a record is left where it is. */
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
    struct protocol_reader reader = {.arena = arena, .rest = two_records()};
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
    struct protocol_reader reader = {.arena = arena, .rest = whole};
    assert_true(protocol_next(&reader, &record));
    size_t first = whole.length - reader.rest.length;
    for (size_t length = 1; length < first; length++) {
        reader.rest = text_slice(whole, 0, length);
        assert_false(protocol_next(&reader, &record));
        assert_int_equal(reader.rest.length, length);
    }
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
        cmocka_unit_test_setup_teardown(more_fields_than_a_record_has_are_a_failure, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
