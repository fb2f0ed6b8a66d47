/* Uses the parser's result for each statement, or the text if the two do not find the same
 * statements. */
#include "effects.h"

#include "migfs/folder/statements.h"
#include "report/sql_source.h"

static struct sql_sources sources_of(struct world *world, const char *sql, const struct effects *effects) {
    file(world, "0000_a.sql", sql);
    scan(world->folder);
    const struct sql_statements *statements = disk_statements(world->folder->disk, find(world->folder, "0000_a.sql"));
    assert_non_null(statements);
    return sql_source_list(world->arena, statements, effects);
}

static struct sql_sources parsed(struct world *world, const char *sql) {
    struct effects effects = effects_of_sql(world->arena, text_of(sql));
    return sources_of(world, sql, &effects);
}

static void statements_are_the_same_but_for_their_spelling_where_they_are_parsed(void **state) {
    struct world *world = *state;
    const char *sql = "CREATE TABLE a (x int);\n--> statement-breakpoint\ncreate table \"public\".a (\"x\" integer);";
    struct sql_sources by_parser = parsed(world, sql), by_words = sources_of(world, sql, NULL);
    assert_int_equal(by_parser.count, 2);
    assert_true(by_parser.is_parsed);
    assert_true(text_equal(by_parser.sources[0].same, by_parser.sources[1].same));
    assert_int_equal(by_words.count, 2);
    assert_false(by_words.is_parsed);
    assert_false(text_equal(by_words.sources[0].same, by_words.sources[1].same));
}

static void each_has_what_no_transaction_holds(void **state) {
    struct world *world = *state;
    const char *sql = "SELECT 1; CREATE INDEX CONCURRENTLY i ON a (x);";
    struct sql_sources by_parser = parsed(world, sql), by_words = sources_of(world, sql, NULL);
    assert_null(by_parser.sources[0].forbidden);
    assert_string_equal(by_parser.sources[1].forbidden, "CREATE INDEX CONCURRENTLY");
    assert_null(by_words.sources[0].forbidden);
    assert_string_equal(by_words.sources[1].forbidden, "CREATE INDEX CONCURRENTLY");
}

static void strings_and_names_are_known_by_the_parser(void **state) {
    struct world *world = *state;
    struct sql_sources sources =
        parsed(world, "INSERT INTO people (state) VALUES ('happy', 'it''s'); SELECT 'sad'::mood;");
    assert_int_equal(sources.count, 2);
    assert_true(sql_source_holds(&sources.sources[0], TEXT("happy")));
    assert_true(sql_source_holds(&sources.sources[0], TEXT("it's")));
    assert_false(sql_source_holds(&sources.sources[0], TEXT("sad")));
    assert_true(sql_source_names(&sources.sources[0], TEXT("people")));
    assert_false(sql_source_names(&sources.sources[0], TEXT("state")));
    assert_true(sql_source_holds(&sources.sources[1], TEXT("sad")));
    assert_true(sql_source_names(&sources.sources[1], TEXT("mood")));
}

static void without_it_any_word_may_be_a_name(void **state) {
    struct world *world = *state;
    struct sql_sources sources = sources_of(world, "INSERT INTO people (state) VALUES ('happy');", NULL);
    assert_true(sql_source_names(&sources.sources[0], TEXT("people")));
    assert_true(sql_source_names(&sources.sources[0], TEXT("state")));
    assert_false(sql_source_names(&sources.sources[0], TEXT("peop")));
}

static void the_text_decides_where_the_parser_has_read_something_else(void **state) {
    struct world *world = *state;
    struct effects of_other = effects_of_sql(world->arena, TEXT("SELECT 1; SELECT 2;"));
    struct effects refused = effects_of_sql(world->arena, TEXT("SELECT FROM WHERE"));
    assert_int_equal(refused.status, EFFECTS_REFUSED);
    assert_false(sources_of(world, "CREATE TABLE a (x int);", &of_other).is_parsed);
    assert_false(sources_of(world, "CREATE TABLE a (x int);", &refused).is_parsed);
    assert_false(sources_of(world, "CREATE TABLE a (x int);", &of_other).sources[0].is_parsed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(statements_are_the_same_but_for_their_spelling_where_they_are_parsed),
        effects_test(each_has_what_no_transaction_holds),
        effects_test(strings_and_names_are_known_by_the_parser),
        effects_test(without_it_any_word_may_be_a_name),
        effects_test(the_text_decides_where_the_parser_has_read_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
