/* Absent facts are unknown if an unreadable migration may have removed them, and missing
 * otherwise. */
#include "effects.h"

#define RUNS_SQL "DO $$ BEGIN EXECUTE 'DROP ' || 'TABLE a'; END $$;"

static void what_runs_sql_made_at_run_time_may_have_undone_what_came_before(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_run.sql", RUNS_SQL);
    file(world, "0002_b.sql", "CREATE TABLE b (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_run@2000", "0002_b@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_run@2000", "file:0002_b@3000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_a unknown 0/0, 0001_run unknown 0/0, 0002_b missing 0/2");
    assert_true(world->view->effects->databases[0].facts[0].is_unknown);
}

static void that_which_has_not_run_undoes_nothing(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_run.sql", RUNS_SQL);
    ENTRIES(world, "0000_a@1000", "0001_run@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_a missing 0/2, 0001_run unknown 0/0");
}

static void of_what_is_opaque_only_the_kinds_that_its_words_name_are_unknown(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_v.sql", "CREATE TYPE mood AS ENUM ('sad');");
    file(world, "0002_run.sql", "DO $$ BEGIN EXECUTE format('DROP TYPE %I', 'mood'); END $$;");
    ENTRIES(world, "0000_a@1000", "0001_v@2000", "0002_run@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_v@2000", "file:0002_run@3000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_a missing 0/2, 0001_v unknown 0/0, 0002_run unknown 0/0");
}

static void a_file_that_is_not_parsed_counts_where_it_speaks_of_the_thing(void **state) {
    struct world *world = *state;
    file(world, "0000_accounts.sql", "CREATE TABLE accounts (x integer);");
    file(world, "0001_users.sql", "CREATE TABLE users (users_id integer, x integer);");
    file(world, "0002_broken.sql", "DROP TABLE accounts; SELECT FROM WHERE x;");
    ENTRIES(world, "0000_accounts@1000", "0001_users@2000", "0002_broken@3000");
    LEDGER(world, "db", "file:0000_accounts@1000", "file:0001_users@2000", "file:0002_broken@3000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_accounts unknown 0/0, 0001_users missing 0/2, 0002_broken unknown 0/0");
}

static void what_is_there_is_there_all_the_same(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_run.sql", RUNS_SQL);
    ENTRIES(world, "0000_a@1000", "0001_run@2000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_run@2000");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    assert_effects(0, "0000_a there 2/2, 0001_run unknown 0/0");
}

/* As in a mount before all SQL is parsed: nothing is known about the second file. */
static void second_is_being_read(void *context, struct arena *arena, const struct digest *digest,
                                 struct effects *ret_effects) {
    const struct world *world = context;
    effects_of_digest(context, arena, digest, ret_effects);
    if (digest_equal(&disk_find(world->folder->disk, TEXT("0001_b.sql"))->sql->digest, digest)) {
        *ret_effects = (struct effects){.status = EFFECTS_PENDING};
    }
}

static void nothing_older_than_what_is_being_read_is_missing(void **state) {
    struct world *world = *state;
    world->effects->effects = second_is_being_read;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer);");
    file(world, "0002_c.sql", "CREATE TABLE c (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    database_holds(world, "");
    look(world);
    assert_effects(0, "0000_a unknown 0/0, 0001_b unknown 0/0, 0002_c missing 0/2");
    assert_int_equal(world->view->effects->searched, 0); /* no text is searched */
}

/* 40 texts of 1 MiB that cannot be parsed and contain none of 100 table names. */
static void texts_that_cannot_be_parsed_are_searched_within_a_bound(void **state) {
    enum { TEXTS = 40, TABLES = 100, SIZE = 1 << 20 };
    struct world *world = *state;
    struct buffer sql = BUFFER(world->arena);
    static char text[SIZE + 1];
    const char *lines[TEXTS + 2] = {"0000_a@1000"};
    memset(text, 'x', SIZE);
    for (int i = 0; i < TABLES; i++) {
        buffer_format(&sql, "CREATE TABLE t%d (y integer);\n", i);
    }
    file(world, "0000_a.sql", buffer_text(&sql).bytes);
    for (int i = 1; i <= TEXTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "%04d_b.sql", i);
        text[0] = (char)('A' + i); /* makes them different */
        file(world, name, text);
        lines[i] = text_format(world->arena, "%04d_b@%d", i, 1000 * (i + 1)).bytes;
    }
    entries(world, lines);
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "");
    look(world);
    assert_in_range(world->view->effects->searched, 1 << 29, (1 << 29) + 2 * SIZE);
    const struct effects_standing *standing = effects_standing_of(world->view->effects, 0, 0);
    assert_in_range(standing->of, 1,
                    /* Searched names are missing, the others unknown. */
                    2 * TABLES - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(what_runs_sql_made_at_run_time_may_have_undone_what_came_before),
        effects_test(that_which_has_not_run_undoes_nothing),
        effects_test(of_what_is_opaque_only_the_kinds_that_its_words_name_are_unknown),
        effects_test(a_file_that_is_not_parsed_counts_where_it_speaks_of_the_thing),
        effects_test(what_is_there_is_there_all_the_same),
        effects_test(nothing_older_than_what_is_being_read_is_missing),
        effects_test(texts_that_cannot_be_parsed_are_searched_within_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
