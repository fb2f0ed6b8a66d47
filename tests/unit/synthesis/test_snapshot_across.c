/* What may be in any table of a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_renames.h"

static struct arena *arena;
static struct snapshot_names left;
static struct snapshot_puts put;

static struct making making_of(const char *text) {
    struct json_fault fault;
    struct making making = {
        .arena = arena, .members = snapshot_members(arena), .left = &left, .notes = BUFFER(arena), .put = &put};
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

static size_t count_of(const struct snapshot_found *found) {
    size_t count = 0;
    for (; found; found = found->next) {
        count++;
    }
    return count;
}

static struct cJSON *table_of(const struct making *making, const char *key) {
    return json_member(snapshot_part(making, "tables"), key);
}

static const char tables[] =
    "{\"tables\": {"
    "\"public.a\": {\"name\": \"a\", \"schema\": \"\", \"indexes\": {\"i\": {\"name\": \"i\"}}, "
    "\"columns\": {\"m\": {\"name\": \"m\", \"type\": \"mood[]\", \"typeSchema\": \"public\"}, "
    "\"g\": {\"name\": \"g\", \"type\": \"text\", \"generated\": {\"as\": \"\\\"m\\\"\"}}}},"
    "\"x.a\": {\"name\": \"a\", \"schema\": \"x\", \"uniqueConstraints\": {\"i\": {\"name\": \"i\"}}, "
    "\"foreignKeys\": {\"k\": {\"name\": \"k\", \"tableTo\": \"a\"}, \"self\": {\"name\": \"self\", \"tableTo\": "
    "\"b\"}}},"
    "\"x.b\": {\"name\": \"b\", \"schema\": \"x\", \"compositePrimaryKeys\": {\"i\": {\"name\": \"i\"}}}},"
    "\"enums\": {\"public.mood\": {\"name\": \"mood\", \"schema\": \"public\"}, \"y.e\": {\"name\": \"e\", "
    "\"schema\": \"y\"}}}";

static void a_table_without_a_schema_is_public_or_the_only_one_of_its_name(void **state) {
    struct making making =
        making_of("{\"tables\": {\"public.a\": {\"name\": \"a\"}, \"x.a\": {\"name\": \"a\"}, \"x.b\": {\"name\": "
                  "\"b\"}, \"x.c\": {\"name\": \"c\"}, \"y.c\": {\"name\": \"c\"}}}");
    assert_string_equal(json_key(snapshot_table(&making, (struct sql_name){TEXT(""), TEXT("a")})), "public.a");
    assert_string_equal(json_key(snapshot_table(&making, (struct sql_name){TEXT("x"), TEXT("a")})), "x.a");
    assert_string_equal(json_key(snapshot_table(&making, (struct sql_name){TEXT(""), TEXT("b")})), "x.b");
    assert_null(snapshot_table(&making, (struct sql_name){TEXT(""), TEXT("c")}));
    assert_null(snapshot_table(&making, (struct sql_name){TEXT("y"), TEXT("b")}));
}

static void an_enum_is_found_in_the_same_way(void **state) {
    struct making making = making_of(tables);
    assert_string_equal(json_key(snapshot_enum(&making, (struct sql_name){TEXT(""), TEXT("e")})), "y.e");
    assert_null(snapshot_enum(&making, (struct sql_name){TEXT(""), TEXT("f")}));
    snapshot_rename_enum(&making, json_member(snapshot_part(&making, "enums"), "y.e"), TEXT("y"), TEXT("f"));
    assert_null(snapshot_enum(&making, (struct sql_name){TEXT(""), TEXT("e")}));
    assert_string_equal(json_key(snapshot_enum(&making, (struct sql_name){TEXT(""), TEXT("f")})), "y.f");
}

static void relations_are_tables_indexes_and_those_of_constraints(void **state) {
    struct making making = making_of(tables);
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("i"))), 3);
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("a"))), 2);
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("k"))), 0);
    struct cJSON *a = table_of(&making, "public.a"), *indexes = json_member(a, "indexes");
    snapshot_remove(making.members, indexes, json_member(indexes, "i"));
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("i"))), 2);
    snapshot_note(&making, a, "indexes", snapshot_add(making.members, indexes, "i"));
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("i"))), 3);
    snapshot_remove(making.members, snapshot_part(&making, "tables"), a);
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("i"))), 2);
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("a"))), 1);
}

static void what_is_renamed_there_and_back_is_found_once(void **state) {
    struct making making = making_of(tables);
    assert_int_equal(count_of(snapshot_references(&making, TEXT("b"))), 1);
    struct cJSON *b = table_of(&making, "x.b");
    assert_true(snapshot_rename_table(&making, b, TEXT("x"), TEXT("c")));
    assert_true(snapshot_rename_table(&making, b, TEXT("x"), TEXT("b")));
    assert_true(snapshot_rename_table(&making, b, TEXT("y"), TEXT("b")));
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("b"))), 1);
    assert_int_equal(count_of(snapshot_relations(&making, TEXT("c"))), 0);
    assert_int_equal(count_of(snapshot_references(&making, TEXT("b"))), 1);
    assert_int_equal(count_of(snapshot_tables_in(&making, TEXT("x"))), 1);
    assert_int_equal(count_of(snapshot_tables_in(&making, TEXT("y"))), 1);
}

static void columns_are_found_by_their_enum_and_if_they_are_generated(void **state) {
    struct making making = making_of(tables);
    struct cJSON *a = table_of(&making, "public.a"), *columns = json_member(a, "columns");
    assert_string_equal(json_key(snapshot_columns_of(&making, TEXT("mood"))->item), "m");
    snapshot_rename_enum(&making, json_member(snapshot_part(&making, "enums"), "public.mood"), TEXT("public"),
                         TEXT("state"));
    assert_null(snapshot_columns_of(&making, TEXT("mood")));
    assert_string_equal(json_chars(json_member(snapshot_columns_of(&making, TEXT("state"))->item, "type")), "state[]");
    assert_string_equal(json_key(snapshot_generated(&making, a)->item), "g");
    struct cJSON *h = snapshot_add(making.members, columns, "h");
    json_add_object(h, "generated");
    snapshot_note(&making, a, "columns", h);
    assert_int_equal(count_of(snapshot_generated(&making, a)), 2);
    snapshot_remove(making.members, columns, json_member(columns, "g"));
    assert_string_equal(json_key(snapshot_generated(&making, a)->item), "h");
    assert_int_equal(count_of(snapshot_generated(&making, a)), 1);
}

int main(void) {
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(a_table_without_a_schema_is_public_or_the_only_one_of_its_name),
        cmocka_unit_test(an_enum_is_found_in_the_same_way),
        cmocka_unit_test(relations_are_tables_indexes_and_those_of_constraints),
        cmocka_unit_test(what_is_renamed_there_and_back_is_found_once),
        cmocka_unit_test(columns_are_found_by_their_enum_and_if_they_are_generated),
    };
    return cmocka_run_group_tests(cases, begin, end);
}
