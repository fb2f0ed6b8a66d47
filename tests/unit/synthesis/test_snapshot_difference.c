/* The first difference of two snapshots, and differences that do not count. */
#include "snapshots.h"

#include "synthesis/snapshot_difference.h"

static const char *difference_of(const char *made, const char *real) {
    struct json_fault fault;
    struct text difference = TEXT("none");
    const struct cJSON *left = json_tree(snapshots_arena, text_of(made), &fault);
    const struct cJSON *right = json_tree(snapshots_arena, text_of(real), &fault);
    assert_non_null(left);
    assert_non_null(right);
    bool is_same = snapshot_is_same(snapshots_arena, left, right, &difference);
    assert_int_equal(is_same, text_is(difference, "none"));
    return difference.bytes;
}

static void the_order_of_members_and_what_is_not_compared_make_none(void **state) {
    assert_string_equal(difference_of("{\"id\":\"1\",\"prevId\":\"0\",\"tables\":{\"a\":{},\"b\":{\"x\":1}}}",
                                      "{\"tables\":{\"b\":{\"x\":1},\"a\":{}},\"_meta\":{\"columns\":{\"x\":\"y\"}}}"),
                        "none");
}

static void what_an_older_drizzle_kit_does_not_write_is_as_if_it_were_empty(void **state) {
    assert_string_equal(difference_of("{\"tables\":{\"a\":{\"policies\":{},\"isRLSEnabled\":false}},\"views\":{}}",
                                      "{\"tables\":{\"a\":{}}}"),
                        "none");
    assert_string_equal(difference_of("{\"tables\":{\"a\":{}}}",
                                      "{\"tables\":{\"a\":{\"policies\":{},\"isRLSEnabled\":false}},\"roles\":{}}"),
                        "none");
    assert_string_equal(difference_of("{\"tables\":{\"a\":{\"isRLSEnabled\":true}}}", "{\"tables\":{\"a\":{}}}"),
                        "tables.a.isRLSEnabled is only in what the SQL gives");
}

static void the_first_difference_is_named_with_its_path(void **state) {
    assert_string_equal(difference_of("{\"tables\":{}}", "{\"tables\":{\"public.a\":{\"name\":\"a\"}}}"),
                        "tables.public.a is only in the file");
    assert_string_equal(difference_of("{\"tables\":{\"a\":{\"t\":\"text\"}}}", "{\"tables\":{\"a\":{\"t\":\"uuid\"}}}"),
                        "tables.a.t is \"uuid\" in the file and \"text\" by the SQL");
    assert_string_equal(difference_of("{\"tables\":{\"a\":{\"d\":0}}}", "{\"tables\":{\"a\":{\"d\":\"0\"}}}"),
                        "tables.a.d is \"0\" in the file and 0 by the SQL");
    assert_string_equal(difference_of("{\"enums\":{\"e\":[\"a\",\"b\"]}}", "{\"enums\":{\"e\":[\"a\",\"c\"]}}"),
                        "enums.e.1 is \"c\" in the file and \"b\" by the SQL");
    assert_string_equal(difference_of("{\"enums\":{\"e\":[\"a\"]}}", "{\"enums\":{\"e\":[\"a\",\"c\"]}}"),
                        "enums.e.1 is only in the file");
}

static void it_is_safe_to_print(void **state) {
    assert_string_equal(difference_of("{\"tables\":{\"\\u001b[2J\":1}}", "{\"tables\":{}}"),
                        "tables.\\x1b[2J is only in what the SQL gives");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_members_and_what_is_not_compared_make_none),
        cmocka_unit_test(what_an_older_drizzle_kit_does_not_write_is_as_if_it_were_empty),
        cmocka_unit_test(the_first_difference_is_named_with_its_path),
        cmocka_unit_test(it_is_safe_to_print),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
