/* Files without an entry and without a row whose objects exist. */
#include "effects.h"

#include "migfs/synthesis/refusal.h"

#define A "CREATE TABLE a (x integer);"
#define B "CREATE TABLE b (x integer);"

/* A migration that is listed and has run everywhere, and one that is not listed. */
static void folder(struct world *world) {
    file(world, "0000_a.sql", A);
    file(world, "0001_b.sql", B);
    ENTRIES(world, "0000_a@1000");
}

static void what_is_there_in_every_database_is_held(void **state) {
    struct world *world = *state;
    folder(world);
    LEDGER(world, "one", "file:0000_a@1000");
    database_holds(world, A B);
    LEDGER(world, "two", "file:0000_a@1000");
    database_holds(world, A B);
    look(world);
    assert_overall("0000_a applied, 0001_b held");
    assert_int_equal(migration(world, "0001_b")->reason, REASON_THERE);
    assert_true(migration(world, "0001_b")->standings[1].is_there);
    assert_served("0000_a@1000#0");
}

static void what_is_there_in_some_only_is_for_a_rule_to_decide(void **state) {
    struct world *world = *state;
    folder(world);
    LEDGER(world, "has", "file:0000_a@1000");
    database_holds(world, A B);
    LEDGER(world, "lacks", "file:0000_a@1000");
    database_holds(world, A);
    look(world);
    assert_overall("0000_a applied, 0001_b unjournaled");
    assert_true(migration(world, "0001_b")->standings[0].is_there);
    assert_false(migration(world, "0001_b")->standings[1].is_there);
    assert_int_not_equal(world->view->synthesis->refusal, REFUSAL_NONE);
    rules_file(world, "include 0001_b\n");
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_NONE);
}

static void a_database_that_has_its_row_is_no_evidence(void **state) {
    struct world *world = *state;
    folder(world);
    LEDGER(world, "ran", "file:0000_a@1000", "file:0001_b@2000");
    database_holds(world, A B);
    look(world);
    assert_overall("0000_a applied, 0001_b unjournaled");
    assert_false(migration(world, "0001_b")->standings[0].is_there);
    LEDGER(world, "by hand", "file:0000_a@1000");
    database_holds(world, A B);
    look(world);
    assert_overall("0000_a applied, 0001_b held");
    assert_false(migration(world, "0001_b")->standings[0].is_there);
    assert_true(migration(world, "0001_b")->standings[1].is_there);
}

static void a_database_whose_catalogs_are_not_known_is_no_evidence(void **state) {
    struct world *world = *state;
    folder(world);
    LEDGER(world, "there", "file:0000_a@1000");
    database_holds(world, A B);
    LEDGER(world, "unknown", "file:0000_a@1000");
    look(world);
    assert_overall("0000_a applied, 0001_b held");
}

static void what_is_listed_or_has_a_rule_is_not_held(void **state) {
    struct world *world = *state;
    folder(world);
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, A B);
    rules_file(world, "include 0001_b\n");
    look(world);
    assert_overall("0000_a applied, 0001_b unjournaled");
    rules_file(world, "");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    look(world);
    assert_overall("0000_a applied, 0001_b pending");
    assert_true(migration(world, "0001_b")->standings[0].is_there);
}

static void all_is_being_read(void *context, struct arena *arena, const struct digest *digest,
                              struct effects *ret_effects) {
    *ret_effects = (struct effects){.status = EFFECTS_PENDING};
}

/* No journal is served while it is not known whether the objects of an unlisted file exist. */
static void while_sql_is_read_the_journal_waits_for_what_is_not_listed(void **state) {
    struct world *world = *state;
    folder(world);
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, A B);
    world->effects->effects = all_is_being_read;
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_UNREAD);
    assert_int_equal(world->view->own[0]->refusal, REFUSAL_UNREAD);
    assert_holds_text(synthesis_refusal(world->arena, world->view->join, world->view->synthesis),
                      "0001_b is not listed");
    world->effects->effects = effects_of_digest;
    look(world);
    assert_served("0000_a@1000#0");
}

static void what_is_listed_waits_for_nothing(void **state) {
    struct world *world = *state;
    folder(world);
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, A B);
    world->effects->effects = all_is_being_read;
    look(world);
    assert_served("0000_a@1000#0, 0001_b@2000#1");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "include 0001_b\n");
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(what_is_there_in_every_database_is_held),
        effects_test(what_is_there_in_some_only_is_for_a_rule_to_decide),
        effects_test(a_database_that_has_its_row_is_no_evidence),
        effects_test(a_database_whose_catalogs_are_not_known_is_no_evidence),
        effects_test(what_is_listed_or_has_a_rule_is_not_held),
        effects_test(while_sql_is_read_the_journal_waits_for_what_is_not_listed),
        effects_test(what_is_listed_waits_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
