/* Which effects of each migration exist in a database, by its SQL, the rows and the catalogs. The
 * numbers are existing facts and judged facts. */
#include "effects.h"

static void what_a_row_promises_is_there_or_missing(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer, y integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer);");
    file(world, "0002_c.sql", "CREATE TABLE c (x integer, y integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    database_holds(world, "CREATE TABLE a (x integer, y integer); CREATE TABLE c (x integer);");
    look(world);
    assert_effects(0, "0000_a there 3/3, 0001_b missing 0/2, 0002_c partly 2/3");
}

static void what_later_ones_have_written_is_theirs(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_drop.sql", "DROP TABLE a;");
    file(world, "0002_data.sql", "INSERT INTO b VALUES (1);");
    ENTRIES(world, "0000_a@1000", "0001_drop@2000", "0002_data@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_drop@2000", "file:0002_data@3000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_a superseded 0/0, 0001_drop there 1/1, 0002_data none 0/0");
}

static void what_is_all_there_without_a_row_is_found(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "ALTER TABLE a ADD COLUMN y integer;");
    file(world, "0002_c.sql", "CREATE TABLE c (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer, y integer);");
    look(world);
    assert_effects(0, "0000_a there 2/2, 0001_b there 1/1 found, 0002_c missing 0/2");
}

static void what_was_found_counts_as_run_for_the_others(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "ALTER TABLE a RENAME TO b;");
    file(world, "0002_c.sql", "ALTER TABLE b ADD COLUMN y integer;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "text:x@1");
    database_holds(world, "CREATE TABLE b (x integer, y integer);");
    look(world);
    assert_effects(0, "0000_a there 1/1 found, 0001_b there 2/2 found, 0002_c there 1/1 found");
}

static void that_a_thing_is_gone_shows_nothing_where_nothing_had_made_it(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_drop_a.sql", "DROP TABLE a;");
    file(world, "0002_drop_z.sql", "DROP TABLE z;");
    ENTRIES(world, "0000_a@1000", "0001_drop_a@2000", "0002_drop_z@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_a superseded 0/0, 0001_drop_a there 1/1 found, 0002_drop_z missing 0/1");
}

static void attributes_alone_do_not_show_that_it_ran(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "ALTER TABLE a ALTER COLUMN x DROP NOT NULL;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    assert_false(effects_standing_of(world->view->effects, 1, 0)->is_found);
    assert_int_equal(effects_standing_of(world->view->effects, 1, 0)->existence, 0);
}

static void what_is_missing_is_listed(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer, y integer, z integer);");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (y integer);");
    look(world);
    const struct effects_standing *standing = effects_standing_of(world->view->effects, 0, 0);
    assert_int_equal(standing->missing_count, 2);
    assert_text(effects_name(world->arena, world->view->effects, &standing->missing[0]), "column a.x");
    assert_text(effects_name(world->arena, world->view->effects, &standing->missing[1]), "column a.z");
}

static void a_database_is_emptied_where_two_ran_and_nothing_is_there(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "empty", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, "CREATE TABLE other (x integer);");
    LEDGER(world, "one", "file:0000_a@1000");
    database_holds(world, "");
    LEDGER(world, "half", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, "CREATE TABLE b (x integer);");
    look(world);
    assert_true(world->view->effects->databases[0].is_emptied);
    assert_false(world->view->effects->databases[1].is_emptied);
    assert_false(world->view->effects->databases[2].is_emptied);
}

static void without_rows_the_first_ones_that_are_there_are_counted(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_data.sql", "INSERT INTO a VALUES (1);");
    file(world, "0002_b.sql", "CREATE TABLE b (x integer);");
    file(world, "0003_c.sql", "CREATE TABLE c (x integer);");
    file(world, "0004_d.sql", "CREATE TABLE d (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_data@2000", "0002_b@3000", "0003_c@4000", "0004_d@5000");
    empty_ledger(world, "lost");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer); CREATE TABLE d (x integer);");
    LEDGER(world, "kept", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer);");
    look(world);
    assert_int_equal(world->view->effects->databases[0].found_first, 2);
    assert_int_equal(world->view->effects->databases[1].found_first, 0);
}

static void nothing_is_known_without_the_whole_catalogs_or_the_ledger(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "unread", "file:0000_a@1000");
    LEDGER(world, "cut", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer);");
    world->catalogs[1]->is_cut = true;
    LEDGER(world, "gone", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer);");
    fail_ledger(world);
    look(world);
    for (size_t i = 0; i < 3; i++) {
        assert_effects(i, "0000_a unknown 0/0");
        assert_false(world->view->effects->databases[i].is_known);
    }
}

static void tables_are_looked_for_where_the_search_path_leads(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    world->catalogs[0] =
        catalog_of_sql(world->arena, "CREATE SCHEMA app; CREATE TABLE app.a (x integer);", "app, public");
    look(world);
    assert_effects(0, "0000_a there 2/2");
    assert_text(world->view->effects->databases[0].default_schema, "app");
}

static void where_only_schemas_beside_the_search_path_have_them_nothing_is_known(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    world->catalogs[0] = catalog_of_sql(world->arena, "CREATE SCHEMA t1; CREATE TABLE t1.a (x integer);", "public");
    look(world);
    const struct effects_database *database = &world->view->effects->databases[0];
    assert_effects(0, "0000_a unknown 0/0");
    assert_false(database->is_known);
    assert_int_equal(database->elsewhere_count, 1);
    assert_text(database->elsewhere[0], "t1");
}

static void all_facts_of_what_ran_are_listed(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "ALTER TABLE a ADD COLUMN y integer;");
    file(world, "0002_c.sql", "CREATE TABLE c (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    const struct effects_database *database = &world->view->effects->databases[0];
    assert_int_equal(database->fact_count, 3);
    assert_true(database->facts[0].is_there);
    assert_true(database->facts[1].is_there);
    assert_false(database->facts[2].is_there);
    assert_false(database->facts[2].is_unknown);
}

/* Three migrations of which the later ones change what the first makes. */
static void three(struct world *world) {
    file(world, "0000_a.sql", "CREATE TABLE a (x integer, y integer);");
    file(world, "0001_b.sql", "ALTER TABLE a RENAME COLUMN y TO z; CREATE TABLE b (x integer);");
    file(world, "0002_c.sql", "DROP TABLE b; ALTER TABLE a ADD COLUMN w integer;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
}

#define AFTER_A "CREATE TABLE a (x integer, y integer);"
#define AFTER_B "CREATE TABLE a (x integer, z integer); CREATE TABLE b (x integer);"
#define AFTER_C "CREATE TABLE a (x integer, z integer, w integer);"
#define IN_A "0000_a there 3/3, 0001_b missing 0/4, 0002_c missing 0/2"
#define IN_B "0000_a there 2/2, 0001_b there 4/4, 0002_c missing 0/2"
#define IN_C "0000_a there 2/2, 0001_b there 2/2, 0002_c there 2/2"

static void what_ran_in_one_database_is_the_beginning_of_what_ran_in_another(void **state) {
    struct world *world = *state;
    three(world);
    LEDGER(world, "c", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    database_holds(world, AFTER_C);
    LEDGER(world, "a", "file:0000_a@1000");
    database_holds(world, AFTER_A);
    LEDGER(world, "b", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, AFTER_B);
    empty_ledger(world, "none");
    database_holds(world, AFTER_C);
    LEDGER(world, "gap", "file:0000_a@1000", "file:0002_c@3000");
    database_holds(world, AFTER_C);
    look(world);
    assert_effects(0, IN_C);
    assert_effects(1, IN_A);
    assert_effects(2, IN_B);
    struct text none = effects_in(world, 3), gap = effects_in(world, 4);
    /* As each by itself. */
    forget_ledgers(world);
    empty_ledger(world, "none");
    database_holds(world, AFTER_C);
    look(world);
    assert_text(effects_in(world, 0), none.bytes);
    forget_ledgers(world);
    LEDGER(world, "gap", "file:0000_a@1000", "file:0002_c@3000");
    database_holds(world, AFTER_C);
    look(world);
    assert_text(effects_in(world, 0), gap.bytes);
}

static void databases_that_are_alike_share_all_verdicts(void **state) {
    struct world *world = *state;
    three(world);
    LEDGER(world, "one", "file:0000_a@1000");
    database_holds(world, AFTER_A "CREATE TABLE own (x integer);");
    LEDGER(world, "copy", "file:0000_a@1000");
    database_holds(world, AFTER_A "CREATE TABLE own (x integer);");
    LEDGER(world, "of other objects", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE own (x integer);" AFTER_A);
    LEDGER(world, "of another type", "file:0000_a@1000");
    database_holds(world, AFTER_A "CREATE TABLE own (x text);");
    LEDGER(world, "of other rows", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, AFTER_A "CREATE TABLE own (x integer);");
    look(world);
    const struct effects_join *effects = world->view->effects;
    const size_t first[] = {0, 0, 0, 3, 4};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        assert_int_equal(effects->databases[i].first_alike, first[i]);
    }
    assert_effects(2, IN_A);
    assert_effects(3, IN_A);
    assert_effects(4, "0000_a there 2/2, 0001_b missing 0/4, 0002_c missing 0/2");
}

static void databases_of_empty_catalogs_are_alike_only_where_the_same_ran(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "INSERT INTO a VALUES (1);");
    file(world, "0001_b.sql", "ALTER TABLE gone ADD COLUMN x integer;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000");
    database_holds(world, "");
    LEDGER(world, "other", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE gone (y integer);");
    look(world);
    assert_int_equal(world->view->effects->databases[1].first_alike, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(what_a_row_promises_is_there_or_missing),
        effects_test(what_later_ones_have_written_is_theirs),
        effects_test(what_is_all_there_without_a_row_is_found),
        effects_test(what_was_found_counts_as_run_for_the_others),
        effects_test(that_a_thing_is_gone_shows_nothing_where_nothing_had_made_it),
        effects_test(attributes_alone_do_not_show_that_it_ran),
        effects_test(what_is_missing_is_listed),
        effects_test(a_database_is_emptied_where_two_ran_and_nothing_is_there),
        effects_test(without_rows_the_first_ones_that_are_there_are_counted),
        effects_test(nothing_is_known_without_the_whole_catalogs_or_the_ledger),
        effects_test(tables_are_looked_for_where_the_search_path_leads),
        effects_test(where_only_schemas_beside_the_search_path_have_them_nothing_is_known),
        effects_test(all_facts_of_what_ran_are_listed),
        effects_test(what_ran_in_one_database_is_the_beginning_of_what_ran_in_another),
        effects_test(databases_that_are_alike_share_all_verdicts),
        effects_test(databases_of_empty_catalogs_are_alike_only_where_the_same_ran),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
