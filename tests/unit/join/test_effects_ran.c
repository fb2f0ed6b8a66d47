/* Folds that databases share: they continue one another, and are the same as if they did not. */
#include "effects.h"

#include "join/effects_ran.h"

struct rans {
    struct world *world;
    struct effects_rans *rans;
    uint32_t public;
};

static struct rans rans_of(struct world *world) {
    struct names *names = world->view->effects->names_of->names;
    return (struct rans){world, effects_rans_create(arena_within(world->arena), world->view->effects, names),
                         names_number(names, TEXT("public"))};
}

static struct effects_ran *ran(struct rans *rans, bool a, bool b, bool c) {
    const bool has_run[] = {a, b, c};
    return effects_ran_find(rans->rans, has_run, rans->public);
}

static void three(struct world *world) {
    file(world, "0000_a.sql", "CREATE TABLE a (x integer, y integer);");
    file(world, "0001_b.sql", "ALTER TABLE a RENAME COLUMN y TO z; CREATE TABLE b (x integer);");
    file(world, "0002_c.sql", "DROP TABLE b; ALTER TABLE a ADD COLUMN w integer;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    look(world);
}

static void a_fold_that_continues_another_is_the_same_as_one_made_anew(void **state) {
    three(*state);
    struct rans some = rans_of(*state), other = rans_of(*state);
    ran(&some, true, false, false);
    ran(&some, true, true, false);
    const struct effects_ran *continued = ran(&some, true, true, true), *anew = ran(&other, true, true, true);
    assert_true(fold_equal(continued->fold, anew->fold));
    assert_int_equal(continued->work, anew->work);
    assert_int_equal(continued->looked, anew->looked);
    assert_int_equal(continued->last_run, 2);
    assert_false(fold_equal(continued->fold, ran(&some, true, true, false)->fold));
}

static void what_was_asked_for_is_kept_for_a_while(void **state) {
    three(*state);
    struct rans rans = rans_of(*state);
    struct effects_ran *first = ran(&rans, true, false, false);
    ran(&rans, true, true, false);
    assert_ptr_equal(ran(&rans, true, false, false), first);
    assert_false(effects_ran_is_exhausted(first));
}

static void evidence_is_what_a_migration_would_change(void **state) {
    three(*state);
    struct rans rans = rans_of(*state);
    struct effects_ran *it = ran(&rans, true, false, false);
    const struct effects_evidence *evidence = effects_ran_evidence(rans.rans, it, 1);
    assert_non_null(evidence);
    assert_int_equal(evidence->count, 4); /* y gone, z, b and b.x */
    assert_ptr_equal(effects_ran_evidence(rans.rans, it, 1), evidence);
    /* Among those that ran, rather than behind them. */
    evidence = effects_ran_evidence(rans.rans, ran(&rans, false, true, true), 0);
    assert_non_null(evidence);
    assert_true(evidence->count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(a_fold_that_continues_another_is_the_same_as_one_made_anew),
        effects_test(what_was_asked_for_is_kept_for_a_while),
        effects_test(evidence_is_what_a_migration_would_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
