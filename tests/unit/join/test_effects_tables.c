/* Which schema holds the tables that migrations name without one. */
#include "effects.h"

#include "join/effects_tables.h"
#include "migfs/schema/catalog.h"

/* The schema of "a" and "b" in a database of this SQL and search path, whose ledger is in "drizzle";
 * "-": only other schemas have them. */
static struct text schema_in(struct world *world, const char *sql, const char *path) {
    struct names *names = names_create(world->arena);
    struct fold *own = fold_create(world->arena, names, TEXT("public"));
    struct effects effects = effects_of_sql(world->arena, TEXT("CREATE TABLE a (x integer); CREATE TABLE b ();"));
    struct effects_tables tables = {.arena = world->arena, .names = names};
    fold_apply(own, &effects, 0, true);
    for (size_t i = 0; i < own->count; i++) {
        effects_tables_note(&tables, &own->facts[i]);
    }
    assert_int_equal(tables.count, 2);
    struct catalog *catalog = catalog_of_sql(world->arena, sql, path);
    struct fold *fold = schema_catalog_fold(world->arena, names, catalog, TEXT("public"));
    struct effects_database database = {.is_known = false};
    struct text schema;
    bool is_found =
        effects_tables_find_schema(&tables, world->arena, fold, catalog, TEXT("drizzle"), &database, &schema);
    assert_int_equal(database.elsewhere_count > 0, !is_found);
    schema = is_found ? text_copy(world->arena, schema) : TEXT("-");
    catalog_unref(catalog);
    return schema;
}

static void it_is_the_one_on_the_search_path_with_most_of_them(void **state) {
    struct world *world = *state;
    const char *both = "CREATE SCHEMA app; CREATE TABLE app.a (x integer); CREATE TABLE app.b (); CREATE TABLE a ();";
    assert_text(schema_in(world, both, "public, app"), "app");
    assert_text(schema_in(world, both, "public"), "public");
}

static void it_is_public_where_none_has_them_or_several_alike(void **state) {
    struct world *world = *state;
    assert_text(schema_in(world, "CREATE TABLE c ();", "public"), "public");
    assert_text(schema_in(world, "CREATE SCHEMA app; CREATE TABLE app.a (); CREATE TABLE a ();", "app, public"),
                "public");
}

static void beside_the_search_path_it_is_the_ledgers_or_not_known(void **state) {
    struct world *world = *state;
    assert_text(schema_in(world, "CREATE SCHEMA drizzle; CREATE TABLE drizzle.a ();", "public"), "drizzle");
    assert_text(schema_in(world, "CREATE SCHEMA t1; CREATE TABLE t1.a ();", "public"), "-");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(it_is_the_one_on_the_search_path_with_most_of_them),
        effects_test(it_is_public_where_none_has_them_or_several_alike),
        effects_test(beside_the_search_path_it_is_the_ledgers_or_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
