/* Describes the effects of a migration, and how much of them exists, in a few words. */
#include "effects.h"

#include "report/effect_phrases.h"

/* For a file with this SQL. */
static struct text own(struct world *world, const char *sql) {
    file(world, "0000_a.sql", sql);
    ENTRIES(world, "0000_a@1000");
    look(world);
    return effect_phrase_own(world->arena, world->view->effects, 0);
}

static void tables_come_first_with_their_columns(void **state) {
    struct world *world = *state;
    assert_text(own(world, "CREATE TABLE a (x int, y int);"), "creates table a (2 columns)");
    assert_text(own(world, "CREATE TABLE a (x int);"), "creates table a (1 column)");
    assert_text(own(world, "ALTER TABLE z ADD COLUMN n int; CREATE INDEX i ON z (n); CREATE TABLE a (x int);"),
                "creates table a (1 column), column z.n, 1 more");
    assert_text(own(world, "CREATE TABLE a (x int); CREATE TABLE b (x int, y int); CREATE TYPE m AS ENUM ('c');"),
                "creates table a (1 column), table b (2 columns), 2 more");
}

static void what_is_dropped_and_changed_follows(void **state) {
    struct world *world = *state;
    assert_text(own(world, "ALTER TABLE a ALTER COLUMN x SET NOT NULL; DROP TABLE b; CREATE TABLE c (x int);"),
                "creates table c (1 column); drops table b; changes not null a.x");
}

static void what_is_none_of_the_catalogs_is_named_by_its_statements(void **state) {
    struct world *world = *state;
    assert_text(own(world, "UPDATE a SET x = 1; INSERT INTO a VALUES (1); UPDATE a SET x = 2;"),
                "none in the catalogs (UPDATE, INSERT)");
    assert_text(own(world, "-- nothing yet"), "none in the catalogs");
}

static void what_is_unknown_says_why(void **state) {
    struct world *world = *state;
    assert_text(own(world, "DO $$ BEGIN EXECUTE 'x' || 'y'; END $$;"), "unknown (runs SQL made at run time, line 1)");
    assert_text(own(world, "CREATE TABLE a (x int);\nDO $$ BEGIN EXECUTE 'x' || 'y'; END $$;"),
                "creates table a (1 column); and unknown ones (runs SQL made at run time, line 2)");
    assert_text(own(world, "SELECT FROM WHERE"), "unknown (line 1 cannot be parsed: syntax error)");
    struct effects effects = {.status = EFFECTS_PENDING};
    assert_text(effect_phrase_unknown(world->arena, &effects), "being read");
    effects.status = EFFECTS_NOT_BUILT;
    assert_text(effect_phrase_unknown(world->arena, &effects), "not built in");
    effects.status = EFFECTS_FAILED;
    assert_int_not_equal(effect_phrase_unknown(world->arena, &effects).length, 0);
    effects.status = EFFECTS_KNOWN;
    assert_text(effect_phrase_unknown(world->arena, &effects), "");
}

static void how_much_is_there_is_counted_and_what_is_missing_named(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (v int, w int, x int, y int, z int);");
    file(world, "0001_b.sql", "DROP TABLE old; CREATE TABLE b (x int);");
    file(world, "0002_c.sql", "UPDATE a SET v = 1;");
    file(world, "0003_d.sql", "DROP TABLE b;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000", "0003_d@4000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    database_holds(world, "CREATE TABLE a (v int); CREATE TABLE old (x int); CREATE TABLE b (x int);");
    look(world);
    const struct effects_join *effects = world->view->effects;
    assert_text(effect_phrase_standing(world->arena, effects, 0, 0),
                "2 of 6 there, missing: column a.w, column a.x, column a.y and 1 more");
    assert_text(effect_phrase_standing(world->arena, effects, 1, 0), "2 of 3 there, missing: table old is there still");
    assert_text(effect_phrase_standing(world->arena, effects, 2, 0), "none in the catalogs");
    assert_text(effect_phrase_standing(world->arena, effects, 3, 0), "0 of 1 there");
}

static void schemas_beside_the_search_path_are_a_reason_of_their_own(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x int);");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    LEDGER(world, "unread", "file:0000_a@1000");
    world->catalogs[0] = catalog_of_sql(world->arena, "CREATE SCHEMA t1; CREATE TABLE t1.a (x integer);", "public");
    look(world);
    assert_text(effect_phrase_standing(world->arena, world->view->effects, 0, 0),
                "unknown (its tables are in schemas that are not on the search path)");
    assert_text(effect_phrase_standing(world->arena, world->view->effects, 0, 1), "unknown");
}

static void a_table_that_looks_like_the_ledger_is_named(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x int);");
    ENTRIES(world, "0000_a@1000");
    empty_ledger(world, "db");
    database_holds(world, "");
    look(world);
    assert_text(effect_phrase_elsewhere(world->arena, world->view->effects, 0), "");
    database_holds(world, "CREATE TABLE __drizzle_migrations (x int);");
    look(world);
    assert_text(effect_phrase_elsewhere(world->arena, world->view->effects, 0),
                "public.__drizzle_migrations looks like one");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(tables_come_first_with_their_columns),
        effects_test(what_is_dropped_and_changed_follows),
        effects_test(what_is_none_of_the_catalogs_is_named_by_its_statements),
        effects_test(what_is_unknown_says_why),
        effects_test(how_much_is_there_is_counted_and_what_is_missing_named),
        effects_test(schemas_beside_the_search_path_are_a_reason_of_their_own),
        effects_test(a_table_that_looks_like_the_ledger_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
