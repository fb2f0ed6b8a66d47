/* Where the next run fails, by the contents of the catalogs. */
#include "effects.h"

#include "migfs/join/effects_ahead.h"

/* "0001_b, 1 before it, 42P07 in line 2: table b is there already", for a run of all migrations
 * except the first `done`; "-": no failure. */
static struct text failure_after(struct world *world, size_t done) {
    const struct join *join = world->view->join;
    const struct migration *runs[16];
    for (size_t i = done; i < join->count; i++) {
        runs[i - done] = &join->migrations[i];
    }
    struct effects_failure failure = effects_ahead(world->arena, world->view->effects, 0, runs, join->count - done);
    if (failure.migration == SIZE_MAX) {
        return TEXT("-");
    }
    return text_format(world->arena, "%.*s, %zu before it, %s in line %u: %.*s",
                       TEXT_ARGS(join->migrations[failure.migration].tag), failure.position, failure.sqlstate,
                       failure.line, TEXT_ARGS(failure.what));
}

static void what_is_there_already_cannot_be_made(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE c (x integer);");
    file(world, "0002_c.sql", "SELECT 1;\nCREATE TABLE b (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (y integer);");
    look(world);
    assert_text(failure_after(world, 1), "0002_c, 1 before it, 42P07 in line 2: table b is there already");
    assert_text(failure_after(world, 3), "-");
}

static void what_is_not_there_cannot_be_changed(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "ALTER TABLE gone ADD COLUMN x integer;");
    ENTRIES(world, "0000_a@1000");
    empty_ledger(world, "db");
    database_holds(world, "");
    look(world);
    assert_text(failure_after(world, 0), "0000_a, 0 before it, 42P01 in line 1: table gone is not there");
}

static void one_goes_by_what_those_before_it_in_the_run_have_done(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "DROP TABLE a;");
    file(world, "0001_b.sql", "CREATE TABLE a (x integer);");
    file(world, "0002_c.sql", "CREATE TABLE a (y integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    empty_ledger(world, "db");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    assert_text(failure_after(world, 0), "0002_c, 2 before it, 42P07 in line 1: table a is there already");
}

static void nothing_is_certain_after_what_cannot_be_read(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "DO $$ BEGIN EXECUTE 'DROP ' || 'TABLE a'; END $$;");
    file(world, "0001_b.sql", "CREATE TABLE a (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    empty_ledger(world, "db");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    assert_text(failure_after(world, 0), "-");
    assert_text(failure_after(world, 1), "0001_b, 0 before it, 42P07 in line 1: table a is there already");
}

static void without_catalogs_none_is_known(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "ALTER TABLE gone ADD COLUMN x integer;");
    ENTRIES(world, "0000_a@1000");
    empty_ledger(world, "db");
    look(world);
    assert_text(failure_after(world, 0), "-");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(what_is_there_already_cannot_be_made),
        effects_test(what_is_not_there_cannot_be_changed),
        effects_test(one_goes_by_what_those_before_it_in_the_run_have_done),
        effects_test(nothing_is_certain_after_what_cannot_be_read),
        effects_test(without_catalogs_none_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
