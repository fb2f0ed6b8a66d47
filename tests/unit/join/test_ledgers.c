/* Which tables of a database look like ledgers of Drizzle. */
#include "effects.h"

#define COLUMNS "(id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)"

/* "app.ran, drizzle.__drizzle_migrations": the ledgers found in a database made by this SQL. */
static struct text ledgers_of(struct world *world, const char *sql) {
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    if (world->ledger_count == 0) {
        empty_ledger(world, "db");
    }
    database_holds(world, sql);
    look(world);
    const struct effects_database *database = &world->view->effects->databases[0];
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < database->ledger_count; i++) {
        buffer_format(&buffer, "%s%.*s.%.*s", i > 0 ? ", " : "", TEXT_ARGS(database->ledgers[i].schema),
                      TEXT_ARGS(database->ledgers[i].table));
        assert_int_equal(database->ledgers[i].names, 0);
    }
    return buffer_text(&buffer);
}

static void a_ledger_is_known_by_its_columns_whatever_its_name(void **state) {
    struct world *world = *state;
    assert_text(ledgers_of(world, "CREATE TABLE ran " COLUMNS), "public.ran");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash text, created_at bigint, name text, applied_at "
                                  "timestamptz)"),
                "public.ran");
}

static void a_column_more_or_less_or_of_another_type_makes_it_another_table(void **state) {
    struct world *world = *state;
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash text, created_at bigint, owner text)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (hash text, created_at bigint)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, created_at bigint)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash text)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash varchar, created_at bigint)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash text, created_at integer)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash text[], created_at bigint)"), "");
    assert_text(ledgers_of(world, "CREATE TABLE ran (id int, hash text, created_at bigint[])"), "");
}

static void the_usual_name_is_enough_for_a_table(void **state) {
    struct world *world = *state;
    assert_text(ledgers_of(world, "CREATE TABLE __drizzle_migrations (x int)"), "public.__drizzle_migrations");
    assert_text(ledgers_of(world, "CREATE VIEW __drizzle_migrations AS SELECT 1"), "");
}

static void several_come_by_schema_and_name(void **state) {
    struct world *world = *state;
    assert_text(ledgers_of(world, "CREATE SCHEMA b; CREATE SCHEMA a; CREATE TABLE b.two " COLUMNS
                                  "; CREATE TABLE b.one " COLUMNS "; CREATE TABLE a.three " COLUMNS),
                "a.three, b.one, b.two");
}

static void the_one_that_was_asked_for_is_none_of_them(void **state) {
    struct world *world = *state;
    assert_text(ledgers_of(world, "CREATE TABLE ran " COLUMNS "; CREATE TABLE too " COLUMNS), "public.ran, public.too");
    struct catalog *catalog = world->catalogs[0];
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'r' && text_is(catalog->rows[i].fields[0], "ran")) {
            catalog->rows[0].object = catalog->rows[i].object;
        }
    }
    look(world);
    assert_int_equal(world->view->effects->databases[0].ledger_count, 1);
    assert_text(world->view->effects->databases[0].ledgers[0].table, "too");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(a_ledger_is_known_by_its_columns_whatever_its_name),
        effects_test(a_column_more_or_less_or_of_another_type_makes_it_another_table),
        effects_test(the_usual_name_is_enough_for_a_table),
        effects_test(several_come_by_schema_and_name),
        effects_test(the_one_that_was_asked_for_is_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
