#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/drizzle/tokens.h"

static int create(void **state) {
    *state = arena_create();
    return *state ? 0 : -1;
}

static int destroy(void **state) {
    arena_destroy(*state);
    return 0;
}

/* The statements with their lines, as `1:create table a ( );3:…`. */
static const char *read(struct arena *arena, const char *text) {
    struct sql_statements statements;
    struct buffer buffer = BUFFER(arena);
    sql_statements_read(arena, text_of(text), &statements);
    for (size_t i = 0; i < statements.count; i++) {
        buffer_format(&buffer, "%s%zu:", i > 0 ? ";" : "", statements.statements[i].line);
        buffer_add(&buffer, statements.statements[i].text);
    }
    return buffer_text(&buffer).bytes;
}

#define assert_read(text, expected) assert_string_equal(read(*state, (text)), (expected))

static void spelling_does_not_matter(void **state) {
    assert_read("CREATE TABLE \"users\" (\"Id\" int);", "1:create table users ( \"Id\" int )");
    assert_read("create\ttable users(\n  \"Id\" INT\n)", "1:create table users ( \"Id\" int )");
    assert_read("alter table \"public\" . \"a\" add x numeric(10,2)",
                "1:alter table public.a add x numeric ( 10 , 2 )");
    assert_read("\xef\xbb\xbfSELECT 1", "1:select 1");
}

static void words_in_comments_strings_and_bodies_are_no_statements(void **state) {
    assert_read("-- commit;\n/* vacuum; /* nested; */ x */ select 'a;''b' ;\n select 2", "2:select 'a;''b';3:select 2");
    assert_read("select e'a\\'; commit', E'\\\\'; select 2", "1:select e'a\\'; commit' , e'\\\\';1:select 2");
    assert_read("do $$ begin commit; end $$; select 1", "1:do $$ begin commit; end $$;1:select 1");
    assert_read("do $a$ x; $b$ y; $a$; select $1", "1:do $a$ x; $b$ y; $a$;1:select $ 1");
    assert_read("select \"a;b\", \"x\"\"y\"", "1:select \"a;b\" , \"x\"\"y\"");
    assert_read("--> statement-breakpoint\nselect 1", "2:select 1");
}

static bool is_ambiguous(struct arena *arena, const char *text) {
    struct sql_statements statements;
    sql_statements_read(arena, text_of(text), &statements);
    return statements.statements[0].is_ambiguous;
}

static void names_that_are_words_of_a_command_keep_their_quotes(void **state) {
    assert_read("alter table \"a\" add \"column\" int", "1:alter table a add \"column\" int");
    assert_read("create table a (\"value\" int)", "1:create table a ( value int )");
}

static void what_postgresql_may_read_otherwise_is_ambiguous(void **state) {
    assert_true(is_ambiguous(*state, "create table U&\"\\0061\" (x int)"));
    assert_true(is_ambiguous(*state, "select e'a' \n 'b\\''"));
    assert_true(is_ambiguous(*state, "select 1$a$ ; $a$"));
    assert_false(is_ambiguous(*state, "select e'a', 'b', u & 'x', $1, a$b$, 'c' 'd'"));
}

static void a_semicolon_inside_belongs_to_the_statement(void **state) {
    assert_read("create rule r as on insert to a do (select 1; select 2); select 3",
                "1:create rule r as on insert to a do ( select 1 ; select 2 );1:select 3");
    assert_read(
        "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
        "1:create function f ( ) returns int begin atomic select case when true then 1 end ; select 2 ; end;"
        "1:select 3");
    assert_read("begin; select 1; end", "1:begin;1:select 1;1:end");
}

static void what_has_no_end_goes_to_the_end(void **state) {
    assert_read("select 'a", "1:select 'a");
    assert_read("select $$a", "1:select $$a");
    assert_read("/* a", "");
    assert_read("select \"", "1:select \"");
    assert_read("", "");
}

static void white_space_at_the_ends_does_not_count_for_the_digest(void **state) {
    struct sql_statements a, b, c;
    sql_statements_read(*state, TEXT("select 1;"), &a);
    sql_statements_read(*state, TEXT("\n select 1; \r\n"), &b);
    sql_statements_read(*state, TEXT("select  1;"), &c);
    assert_int_equal(digest_compare(&a.digest, &b.digest), 0);
    assert_int_not_equal(digest_compare(&a.digest, &c.digest), 0);
}

static void only_what_makes_nothing_is_cut(void **state) {
    struct buffer buffer = BUFFER(*state);
    struct sql_statements statements;
    buffer_add_string(&buffer, "insert into a values (1)");
    for (int i = 0; i < 20000; i++) {
        buffer_add_string(&buffer, ",(1)");
    }
    buffer_add_string(&buffer, "; create table b (x text default '");
    for (int i = 0; i < 20000; i++) {
        buffer_add_string(&buffer, "abcd");
    }
    buffer_add_string(&buffer, "')");
    sql_statements_read(*state, buffer_text(&buffer), &statements);
    assert_int_equal(statements.count, 2);
    assert_true(statements.statements[0].text.length < 20000);
    assert_true(statements.statements[1].text.length > 80000);
    struct sql_statements *copy = sql_statements_copy(*state, &statements);
    assert_true(text_equal(copy->statements[1].text, statements.statements[1].text));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(spelling_does_not_matter, create, destroy),
        cmocka_unit_test_setup_teardown(words_in_comments_strings_and_bodies_are_no_statements, create, destroy),
        cmocka_unit_test_setup_teardown(names_that_are_words_of_a_command_keep_their_quotes, create, destroy),
        cmocka_unit_test_setup_teardown(what_postgresql_may_read_otherwise_is_ambiguous, create, destroy),
        cmocka_unit_test_setup_teardown(a_semicolon_inside_belongs_to_the_statement, create, destroy),
        cmocka_unit_test_setup_teardown(what_has_no_end_goes_to_the_end, create, destroy),
        cmocka_unit_test_setup_teardown(white_space_at_the_ends_does_not_count_for_the_digest, create, destroy),
        cmocka_unit_test_setup_teardown(only_what_makes_nothing_is_cut, create, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
