/* What the value of a column says of its type, its default and its identity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/schema_column.h"

/* `mood` makes columns of an enum, `own` of something unknown; `string` is another name of text. */
static bool find_function(const void *context, struct text function, struct text *ret_name, bool *ret_is_enum) {
    *ret_is_enum = text_is(function, "mood");
    *ret_name = *ret_is_enum ? TEXT("my_mood") : text_is(function, "string") ? TEXT("text") : function;
    return !text_is(function, "own");
}

/* *: declared, -: something else is declared, ?: it is not certain. */
static char says(const char *code, enum snapshots_named kind, const char *text) {
    static const struct schema_column_functions functions = {find_function, NULL};
    static const char signs[] = {[SNAPSHOTS_ABSENT] = '-', [SNAPSHOTS_UNSURE] = '?', [SNAPSHOTS_DECLARED] = '*'};
    return signs[schema_column_says(text_of(code), &functions, kind, text_of(text))];
}

struct said {
    const char *code, *text;
    char expected;
};

static void check(const struct said *cases, size_t count, enum snapshots_named kind) {
    for (size_t i = 0; i < count; i++) {
        char is = says(cases[i].code, kind, cases[i].text);
        if (is != cases[i].expected) {
            print_error("%s: %s: %c\n", cases[i].code, cases[i].text, is);
        }
        assert_int_equal(is, cases[i].expected);
    }
}

#define CHECK(cases, kind) check((cases), sizeof(cases) / sizeof *(cases), (kind))

static void the_type_is_that_of_the_function_and_its_options(void **state) {
    static const struct said cases[] = {
        {"integer('c')", "integer", '*'},
        {" pg . integer ( 'c' ) . notNull ( ) ", "integer", '*'},
        {"integer()", "bigint", '-'},
        {"bigint('c', { mode: 'number' })", "bigint", '*'},
        {"t.doublePrecision()", "double precision", '*'},
        {"string('c').$type<Record<string, 'a' | 'b'>>()", "text", '*'},
        {"/* of */ text('c') // it\n", "text", '*'},
        {"text(\"c\", { enum: ['a', 'b'] })", "text", '*'},
        {"varchar('c')", "varchar", '*'},
        {"varchar('c')", "varchar(20)", '-'},
        {"varchar('c', { length: 20 })", "varchar(20)", '*'},
        {"varchar('c', { length: 20 })", "varchar(2)", '-'},
        {"varchar('c', { length: 20 })", "varchar(200)", '-'},
        {"varchar({ enum: ['a, b', `]`], length : 20, })", "varchar(20)", '*'},
        {"varchar('c', { length: LONGEST })", "varchar(20)", '?'},
        {"varchar('c', options)", "varchar(20)", '?'},
        {"varchar('c', { ...options })", "varchar(20)", '?'},
        {"varchar('c', { length })", "varchar(20)", '?'},
        {"numeric('c', { precision: 10, scale: 2 })", "numeric(10, 2)", '*'},
        {"decimal('c', { precision: 10, scale: 2 })", "numeric(10,2)", '*'},
        {"numeric('c', { precision: 10 })", "numeric(10)", '*'},
        {"numeric('c', { precision: 10 })", "numeric(10, 2)", '-'},
        {"timestamp('c')", "timestamp", '*'},
        {"timestamp('c')", "timestamp with time zone", '-'},
        {"timestamp('c', { withTimezone: true })", "timestamp with time zone", '*'},
        {"timestamp('c', { withTimezone: false, mode: 'string' })", "timestamp", '*'},
        {"timestamp('c', { precision: 3, withTimezone: true })", "timestamp (3) with time zone", '*'},
        {"timestamp('c', { precision: 3, withTimezone: true })", "timestamp(3)", '-'},
        {"timestamp('c', { withTimezone: zone })", "timestamp with time zone", '?'},
        {"time({ precision: 3 })", "time(3)", '*'},
        {"vector('c', { dimensions: 3 })", "vector(3)", '*'},
        {"vector('c')", "vector", '?'},
        {"interval('c')", "interval", '?'},
        {"integer('c').array()", "integer[]", '*'},
        {"integer('c').array()", "integer", '-'},
        {"integer('c')", "integer[]", '-'},
        {"integer('c').array(3).array()", "integer[3][]", '*'},
        {"integer('c').array(size)", "integer[3]", '?'},
        {"mood('c').default('x')", "my_mood", '*'},
        {"mood('c').array()", "my_mood[]", '*'},
        {"mood('c')", "my_mood_too", '-'},
        {"own('c')", "citext", '?'},
        {"citext('c')", "citext", '?'},
        {"integer('c').own()", "integer", '?'},
        {"integer", "integer", '?'},
        {"cond ? integer('c') : text('c')", "integer", '?'},
        {"integer('c'", "integer", '?'},
        {"integer('c') as any", "integer", '?'},
        {"", "integer", '?'},
    };
    CHECK(cases, SNAPSHOTS_OF_TYPE);
}

static void the_default_is_a_literal_or_plain_sql(void **state) {
    static const struct said cases[] = {
        {"integer().default(5)", "5", '*'},
        {"integer().default(5)", "'5'", '*'},
        {"integer().default(5)", "50", '-'},
        {"integer().default(-1.5).notNull()", "-1.5", '*'},
        {"integer().default(1 + 1)", "2", '?'},
        {"boolean().default(true)", "true", '*'},
        {"boolean().default(true)", "false", '-'},
        {"text().default('x')", "'x'", '*'},
        {"text().default(\"it's\")", "'it''s'", '*'},
        {"text().default('x')", "x", '-'},
        {"text().default('x')", "'xy'", '-'},
        {"text().default('xy')", "'x'", '-'},
        {"text().default('')", "''", '*'},
        {"text().default(`${x}`)", "'x'", '?'},
        {"text().default(x)", "'x'", '?'},
        {"text().default(sql` upper('x') `)", "upper('x')", '*'},
        {"text().default(sql`upper('x')`)", "upper('y')", '-'},
        {"text().default(sql`${x}`)", "'x'", '?'},
        {"timestamp().defaultNow()", "now()", '*'},
        {"timestamp().defaultNow()", "CURRENT_TIMESTAMP", '-'},
        {"uuid().defaultRandom()", "gen_random_uuid()", '*'},
        {"text().$default(() => 'x')", "'x'", '-'},
        {"text()", "", '*'},
        {"own().default('x')", "'x'", '*'},
        {"text().own()", "'x'", '?'},
    };
    CHECK(cases, SNAPSHOTS_OF_DEFAULT);
}

static void an_identity_has_its_kind_and_perhaps_options(void **state) {
    static const struct said cases[] = {
        {"integer().generatedAlwaysAsIdentity()", "always", '*'},
        {"integer().generatedAlwaysAsIdentity()", "byDefault", '-'},
        {"integer().generatedByDefaultAsIdentity()", "byDefault", '*'},
        {"integer().generatedAlwaysAsIdentity()", "", '-'},
        {"integer().generatedAlwaysAsIdentity()", "always+", '-'},
        {"integer().generatedAlwaysAsIdentity({ startWith: 5 })", "always+", '?'},
        {"integer().generatedAlwaysAsIdentity({ startWith: 5 })", "always", '?'},
        {"integer()", "", '*'},
        {"integer()", "always", '-'},
    };
    CHECK(cases, SNAPSHOTS_OF_IDENTITY);
    assert_int_equal(says("text().generatedAlwaysAs(sql`'x'`)", SNAPSHOTS_OF_GENERATED, ""), '-');
    assert_int_equal(says("text().generatedAlwaysAs(sql`'x'`)", SNAPSHOTS_OF_GENERATED, "'x'"), '*');
    assert_int_equal(says("text()", SNAPSHOTS_OF_GENERATED, ""), '*');
    assert_int_equal(says("own", SNAPSHOTS_OF_GENERATED, ""), '?');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_type_is_that_of_the_function_and_its_options),
        cmocka_unit_test(the_default_is_a_literal_or_plain_sql),
        cmocka_unit_test(an_identity_has_its_kind_and_perhaps_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
