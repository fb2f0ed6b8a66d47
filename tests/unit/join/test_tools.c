/* Which tables of other tools name which migrations. A table is `SCHEMA.NAME`, its rows are
 * `NUMBER/NAME` or `NUMBER!MARK`. */
#include "fixture.h"

#include "join/tools.h"

static struct text of_string(const char *string) {
    return (struct text){string, strlen(string)};
}

/* The tags named by the table, each after a blank. */
static struct text named_by(struct world *world, const char *schema, const char *table, const char *const *rows) {
    size_t count = 0;
    char *bytes;
    while (rows[count]) {
        count++;
    }
    struct catalog *catalog = catalog_create(count + 1, 0, &bytes);
    assert_non_null(catalog);
    catalog->rows[0] = (struct catalog_row){.kind = 'l', .object = 7, .fields = {of_string(table), of_string(schema)}};
    for (size_t i = 0; i < count; i++) {
        struct text row = of_string(rows[i]);
        size_t at = strcspn(rows[i], "/!");
        bool is_marked = rows[i][at] == '!';
        struct text rest = text_slice(row, at + 1, row.length);
        catalog->rows[i + 1] = (struct catalog_row){
            .kind = 'm',
            .object = 7,
            .fields = {text_slice(row, 0, at), is_marked ? TEXT("") : rest, is_marked ? rest : TEXT("")}};
    }
    struct effects_database database = {0};
    look(world);
    tools_find(world->arena, world->view->join, catalog, &database);
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < world->view->join->count; i++) {
        if (database.is_named && database.is_named[i]) {
            buffer_format(&buffer, " %.*s", TEXT_ARGS(world->view->join->migrations[i].tag));
        }
    }
    assert_int_equal(database.ledger_count, buffer.length > 0);
    catalog_unref(catalog);
    return buffer_text(&buffer);
}

#define NAMED(schema, table, ...) named_by(world, schema, table, (const char *const[]){__VA_ARGS__, NULL})

static void tags_and_names_of_files_are_known_wherever_they_stand(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    assert_text(NAMED("public", "knex_migrations", "/0001_b.sql"), " 0001_b");
    assert_text(NAMED("public", "knex_migrations", "/db/drizzle/0001_b.sql"), " 0001_b");
    assert_text(NAMED("app", "ran", "0000_a/", "0002_c/"), " 0000_a 0002_c");
    assert_text(NAMED("app", "ran", "0000_a/"), ""); /* a single one may be a coincidence */
    assert_text(NAMED("app", "migrations", "1/b"), " 0001_b");
    assert_text(NAMED("app", "migrations", "1/c"), "");
}

static void numbers_that_are_times_are_known_alone(void **state) {
    struct world *world = *state;
    FILES(world, "20251210080000_users", "20251210081500_rls", "20251211000000_x", "20251211000000_y");
    assert_text(NAMED("supabase_migrations", "schema_migrations", "20251210081500/rls"), " 20251210081500_rls");
    assert_text(NAMED("public", "schema_migrations", "20251210081500/"), " 20251210081500_rls");
    assert_text(NAMED("public", "schema_migrations", "20251211000000/"), ""); /* two files have it */
    assert_text(NAMED("public", "schema_migrations", "20251211000000/y"), " 20251211000000_y");
}

static void small_numbers_count_where_all_are_of_this_folder(void **state) {
    struct world *world = *state;
    FILES(world, "0001_a", "0002_b", "0003_c");
    assert_text(NAMED("public", "schema_migrations", "1/", "2/"), " 0001_a 0002_b");
    assert_text(NAMED("public", "schema_migrations", "1/", "2/", "9/"), "");
    assert_text(NAMED("public", "schema_migrations", "1/"), "");
    assert_text(NAMED("public", "products", "1/", "2/"), "");
}

static void the_newest_number_stands_for_all_up_to_it(void **state) {
    struct world *world = *state;
    FILES(world, "0001_a", "0002_b", "0003_c");
    assert_text(NAMED("public", "schema_migrations", "2!clean"), " 0001_a 0002_b");
    assert_text(NAMED("public", "schema_migrations", "3!dirty"), " 0001_a 0002_b");
    assert_text(NAMED("public", "schema_migrations", "4!clean"), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(tags_and_names_of_files_are_known_wherever_they_stand),
        world_test(numbers_that_are_times_are_known_alone),
        world_test(small_numbers_count_where_all_are_of_this_folder),
        world_test(the_newest_number_stands_for_all_up_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
