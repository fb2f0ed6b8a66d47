/* Walking a statement's tokens. */
#include "snapshots.h"

#include "migfs/schema/tokens.h"
#include "synthesis/sql.h"

static struct sql_reader reader_of(const char *sql) {
    struct snapshots_file file = snapshots_file_of("x", sql);
    struct tokens tokens;
    assert_true(tokens_read(snapshots_arena, file.sql, file.answer, &tokens));
    const struct token_statement *last = &tokens.statements[tokens.count - 1]; /* after comments */
    return (struct sql_reader){snapshots_arena, file.sql, last->tokens, 0, last->count};
}

static void words_are_taken_all_or_none_in_any_case(void **state) {
    struct sql_reader sql = reader_of("Drop Table IF EXISTS a");
    assert_false(sql_take(&sql, "drop index"));
    assert_true(sql_take(&sql, "drop table"));
    assert_true(sql_take(&sql, "if exists"));
    assert_false(sql_take(&sql, "a b"));
    assert_true(sql_is(&sql, "a"));
}

static void a_name_has_its_quotes_gone_or_is_in_lower_case(void **state) {
    struct sql_reader sql = reader_of("DROP TABLE \"My \"\"S\".Tab, \"drop\"");
    struct sql_name name;
    sql_take(&sql, "drop table");
    assert_true(sql_take_qualified(&sql, &name));
    assert_string_equal(name.schema.bytes, "My \"S");
    assert_string_equal(name.name.bytes, "tab");
    assert_true(sql_take_sign(&sql, ','));
    assert_false(sql_is(&sql, "drop")); /* quoted, so not a keyword */
    assert_true(sql_take_qualified(&sql, &name));
    assert_string_equal(name.name.bytes, "drop");
    assert_true(sql_at_end(&sql));
    assert_false(sql_take_qualified(&sql, &name));
}

static void a_string_has_its_quotes_gone(void **state) {
    struct sql_reader sql = reader_of("SELECT 'it''s', $$x$$");
    struct text value;
    sql_take(&sql, "select");
    assert_true(sql_take_string(&sql, &value));
    assert_string_equal(value.bytes, "it's");
    sql_take_sign(&sql, ',');
    assert_false(sql_take_string(&sql, &value));
}

static void a_group_has_its_text_and_its_parts(void **state) {
    struct sql_reader sql = reader_of("SELECT ( f(1, 2), ARRAY[3, 4] , 'a,b' ) /* x */ + 1"), inner, part;
    struct text text;
    sql_take(&sql, "select");
    assert_true(sql_take_group(&sql, &inner, &text));
    assert_string_equal(text_copy(snapshots_arena, text).bytes, " f(1, 2), ARRAY[3, 4] , 'a,b' ");
    static const char *const parts[] = {"f(1, 2)", "ARRAY[3, 4]", "'a,b'"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(sql_next_part(&inner, &part));
        assert_string_equal(text_copy(snapshots_arena, sql_slice(&part, part.at, part.count)).bytes, parts[i]);
    }
    assert_false(sql_next_part(&inner, &part));
    assert_true(sql_is_sign(&sql, '+'));
    assert_false(sql_take_group(&sql, &inner, &text));
}

static void names_in_brackets_are_nothing_but_names(void **state) {
    struct text *names;
    size_t count;
    struct sql_reader sql = reader_of("SELECT (\"a\", B)");
    sql_take(&sql, "select");
    assert_true(sql_take_names(&sql, &names, &count));
    assert_int_equal(count, 2);
    assert_string_equal(names[0].bytes, "a");
    assert_string_equal(names[1].bytes, "b");
    sql = reader_of("SELECT (a, lower(b))");
    sql_take(&sql, "select");
    assert_false(sql_take_names(&sql, &names, &count));
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_taken_all_or_none_in_any_case),
        cmocka_unit_test(a_name_has_its_quotes_gone_or_is_in_lower_case),
        cmocka_unit_test(a_string_has_its_quotes_gone),
        cmocka_unit_test(a_group_has_its_text_and_its_parts),
        cmocka_unit_test(names_in_brackets_are_nothing_but_names),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
