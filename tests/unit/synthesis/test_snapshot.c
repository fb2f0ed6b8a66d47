/* Lookups in a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "synthesis/snapshot.h"

static struct arena *arena;
static struct snapshot_names left;

static struct making making_of(const char *text) {
    struct json_fault fault;
    struct making making = {.arena = arena, .left = &left, .notes = BUFFER(arena)};
    making.tree = json_tree(arena, text_of(text), &fault);
    assert_non_null(making.tree);
    return making;
}

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

static void a_part_that_is_not_there_is_made(void **state) {
    struct making making = making_of("{}");
    assert_true(json_is_object(snapshot_part(&making, "enums")));
    assert_ptr_equal(snapshot_part(&making, "enums"), json_member(making.tree, "enums"));
}

static void what_is_left_out_is_remembered_by_its_name(void **state) {
    struct making making = making_of("{}");
    assert_true(snapshot_leave(&making, "policy", TEXT("p\x1b")));
    assert_true(snapshot_leave(&making, "check", TEXT("c")));
    assert_string_equal(buffer_text(&making.notes).bytes, "policy p\\x1b, check c");
    assert_true(snapshot_is_left(&making, TEXT("c")));
    assert_false(snapshot_is_left(&making, TEXT("d")));
    assert_false(snapshot_refuse(&making, "table \"%s\"", "x"));
    assert_string_equal(making.reason.bytes, "table \"x\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_that_is_not_there_is_made),
        cmocka_unit_test(what_is_left_out_is_remembered_by_its_name),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
