/* Sentences on what the catalogs show about files that no journal lists. */
#include "effects.h"

#include "report/evidence.h"

#define A "CREATE TABLE a (x integer);"
#define B "CREATE TABLE b (x integer);"

static struct finder finder_of(struct world *world) {
    struct finder finder;
    finder_init(&finder, world->arena, world->view->join, world->view->synthesis);
    finder.effects = world->view->effects;
    finder.deploys = world->view->deploys;
    return finder;
}

static struct text said(struct world *world,
                        const char *(*say)(const struct finder *finder, const struct migration *it), const char *tag) {
    struct finder finder = finder_of(world);
    return text_of(say(&finder, migration(world, tag)));
}

static void databases_in_which_all_is_there_are_named(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "one", "file:0000_a@1000");
    database_holds(world, A B);
    look(world);
    assert_text(said(world, evidence_all_there, "0001_b"), "all 2 objects it makes are there in database one");
    assert_text(said(world, evidence_all_there, "0000_a"), "");
    LEDGER(world, "two", "file:0000_a@1000");
    database_holds(world, A B);
    LEDGER(world, "lacks", "file:0000_a@1000");
    database_holds(world, A);
    LEDGER(world, "ran", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, A B);
    look(world);
    assert_text(said(world, evidence_all_there, "0001_b"), "all 2 objects it makes are there in databases one, two");
}

static void a_single_thing_is_not_counted(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_y.sql", "ALTER TABLE a ADD COLUMN y integer;");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer, y integer);");
    look(world);
    assert_text(said(world, evidence_all_there, "0001_y"), "what it does is there in database db");
}

static void nothing_is_known_without_the_sql(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "text:x@500");
    rules_file(world, "foreign db\n");
    world->view = look(world);
    struct finder finder = finder_of(world);
    finder.effects = NULL;
    assert_string_equal(evidence_all_there(&finder, migration(world, "0000_a")), "");
}

static void a_rule_for_each_database_is_offered_where_it_can_be_right(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    file(world, "0002_c.sql", "select 'c';");
    ENTRIES(world, "0000_a@1000", "0002_c@3000");
    LEDGER(world, "has", "file:0000_a@1000", "file:0002_c@3000");
    database_holds(world, A B);
    LEDGER(world, "too", "file:0000_a@1000", "file:0002_c@3000");
    database_holds(world, A B);
    LEDGER(world, "lacks", "file:0000_a@1000");
    database_holds(world, A);
    look(world);
    assert_text(said(world, evidence_listing, "0001_b"),
                "`include 0001_b`, and run databases/has/baseline.sql, databases/too/baseline.sql with psql; or, where "
                "every database that lacks it is attached, `applied 0001_b has`, `applied 0001_b too`");
}

static void else_rows_are_to_be_written(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "has", "file:0000_a@1000");
    database_holds(world, A B);
    LEDGER(world, "lacks", "file:0000_a@1000", "text:x@9000");
    database_holds(world, A);
    look(world);
    assert_text(said(world, evidence_listing, "0001_b"),
                "`include 0001_b`, and run databases/has/baseline.sql with psql");
}

static void a_copy_that_is_there_is_to_be_excluded(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, A B);
    look(world);
    assert_text(said(world, evidence_of_held, "0001_b"),
                "; all 2 objects it makes are there in database db: `exclude` it");
}

/* 0001_c has the same number as 0001_b, which is listed. */
static void one_that_is_not_there_would_run_or_abort(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    file(world, "0001_c.sql", "CREATE TABLE c (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, A);
    look(world);
    assert_text(said(world, evidence_of_held, "0001_c"),
                "; none of its 2 objects is there in database db, and it would run: `include` it if it was meant");
    file(world, "0001_c.sql", "ALTER TABLE gone ADD COLUMN x integer;");
    look(world);
    assert_text(said(world, evidence_of_held, "0001_c"),
                "; what it does is not there in database db, and it would abort at line 1: table gone is not there");
}

static void what_the_next_run_makes_before_it_counts(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    file(world, "0001_c.sql", "ALTER TABLE b ADD COLUMN y integer;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, A);
    look(world);
    assert_text(said(world, evidence_of_held, "0001_c"),
                "; what it does is not there in database db, and it would run: `include` it if it was meant");
}

static void one_whose_entry_lost_its_file_has_run_under_another_name(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", A);
    file(world, "0001_renamed.sql", B);
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000", "text:something else@2000");
    database_holds(world, A B);
    look(world);
    assert_text(said(world, evidence_of_held, "0001_renamed"),
                "; all 2 objects it makes are there in database db: it has run there");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(databases_in_which_all_is_there_are_named),
        effects_test(a_single_thing_is_not_counted),
        effects_test(nothing_is_known_without_the_sql),
        effects_test(a_rule_for_each_database_is_offered_where_it_can_be_right),
        effects_test(else_rows_are_to_be_written),
        effects_test(a_copy_that_is_there_is_to_be_excluded),
        effects_test(one_that_is_not_there_would_run_or_abort),
        effects_test(what_the_next_run_makes_before_it_counts),
        effects_test(one_whose_entry_lost_its_file_has_run_under_another_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
