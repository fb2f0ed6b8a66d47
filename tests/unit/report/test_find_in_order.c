/* Which timestamps are reported as out of order, and what to do. */
#include "fixture.h"

/* The sentences of when-order without file, line and code, concatenated. */
static struct text lines(struct world *world) {
    struct buffer buffer = BUFFER(world->arena);
    look(world);
    for (size_t i = 0; i < world->view->problems->count; i++) {
        const struct problem *it = &world->view->problems->problems[i];
        if (strcmp(it->code->code, "when-order") == 0) {
            buffer_add_string(&buffer, buffer.length > 0 ? "\n" : "");
            buffer_add(&buffer, it->sentence);
        }
    }
    return buffer_text(&buffer);
}

static void one_that_is_ahead_of_its_time_is_one_line(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@9000", "0002_c@3000", "0003_d@4000");
    assert_text(lines(world), "when of 0001_b, 9000, is too high: 0002_c after it is 3000, and where this ran without "
                              "it, Drizzle never runs it; while it has run nowhere, set its when below 3000");
    assert_true(text_starts(problem(world, "when-order"), "meta/_journal.json:12: warning: "));
}

static void one_that_is_behind_its_time_is_one_line(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@500", "0003_d@4000");
    assert_text(lines(world), "when of 0002_c, 500, is too low: 0001_b before it is 2000, and where that ran without "
                              "it, Drizzle never runs it; while it has run nowhere, set its when above 2000");
}

static void neighbours_of_one_kind_share_a_line(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d", "0004_e", "0005_f");
    ENTRIES(world, "0000_a@1000", "0001_b@9000", "0002_c@8000", "0003_d@3000", "0004_e@4000", "0005_f@5000");
    assert_text(lines(world), "when of 0001_b, 0002_c, 9000, is too high: 0003_d after them is 3000, and where they "
                              "ran without it, Drizzle never runs it; while they have run nowhere, set their whens "
                              "below 3000");
}

static void those_of_two_kinds_do_not(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d", "0004_e", "0005_f");
    ENTRIES(world, "0000_a@1500", "0001_b@2000", "0002_c@9000", "0003_d@1000", "0004_e@3000", "0005_f@4000");
    assert_text(lines(world), "when of 0002_c, 9000, is too high: 0004_e after it is 3000, and where this ran without "
                              "it, Drizzle never runs it; while it has run nowhere, set its when below 3000\n"
                              "when of 0003_d, 1000, is too low: 0001_b before it is 2000, and where that ran without "
                              "it, Drizzle never runs it; while it has run nowhere, set its when above 2000");
}

static void of_two_equal_ones_the_later_stays(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@2000");
    assert_true(text_starts(lines(world), "when of 0001_b, 2000, is too high: 0002_c after it is 2000"));
}

static void the_longest_rising_sequence_is_right_and_not_the_first(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d", "0004_e");
    ENTRIES(world, "0000_a@7000", "0001_b@8000", "0002_c@1000", "0003_d@2000", "0004_e@3000");
    assert_true(text_starts(lines(world), "when of 0000_a, 0001_b, 7000, is too high: 0002_c after them is 1000"));
}

static void what_has_run_everywhere_harms_only_what_it_shadows(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@9000", "0002_c@3000", "0003_d@4000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@9000", "file:0002_c@3000", "file:0003_d@4000");
    assert_text(lines(world), "");
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@1000", "file:0002_c@3000");
    assert_int_not_equal(lines(world).length, 0);
}

static void what_a_skipped_line_says_is_not_said_again(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@9000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@9000");
    look(world);
    assert_problems("skipped");
}

static void one_that_has_run_keeps_its_timestamp(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@9000", "0002_c@3000", "0003_d@4000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@9000", "file:0002_c@3000", "file:0003_d@4000");
    LEDGER(world, "two", "file:0000_a@1000");
    assert_holds_text(lines(world),
                      "; it has run in database one, so leave its timestamp as it is; a deploy that runs both "
                      "at once is fine");
}

/* 0001_b gets a timestamp with its mark, based on the second of 0000_a, and 0002_c is below it. */
static void timestamps_of_our_own_making_are_right(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0002_c");
    file(world, "0001_b.sql", "select 'b';");
    put(world->folder, "meta/0001_snapshot.json", "{}");
    ENTRIES(world, "0000_a@1000000", "0002_c@2000000");
    look(world);
    int64_t made = 0;
    for (size_t i = 0; i < world->view->synthesis->count; i++) {
        const struct synthesis_entry *entry = &world->view->synthesis->entries[i];
        made = text_is(world->view->join->migrations[entry->migration].tag, "0001_b") ? entry->when : made;
    }
    assert_int_not_equal(made, 0);
    char line[80];
    snprintf(line, sizeof line, "0001_b@%" PRId64, made);
    ENTRIES(world, "0000_a@1000000", line, "0002_c@2000000");
    assert_text(lines(world), "");
    snprintf(line, sizeof line, "0001_b@%" PRId64, made + 1);
    ENTRIES(world, "0000_a@1000000", line, "0002_c@2000000");
    assert_true(text_starts(lines(world), "when of 0001_b, "));
}

static void entries_without_a_timestamp_or_said_twice_do_not_count(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0000_a@500");
    assert_text(lines(world), "");
    journal(world,
            "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},{\"idx\":1,\"when\":[],\"tag\":\"0001_b\"}]}");
    assert_text(lines(world), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(one_that_is_ahead_of_its_time_is_one_line),
        world_test(one_that_is_behind_its_time_is_one_line),
        world_test(neighbours_of_one_kind_share_a_line),
        world_test(those_of_two_kinds_do_not),
        world_test(of_two_equal_ones_the_later_stays),
        world_test(the_longest_rising_sequence_is_right_and_not_the_first),
        world_test(what_has_run_everywhere_harms_only_what_it_shadows),
        world_test(what_a_skipped_line_says_is_not_said_again),
        world_test(one_that_has_run_keeps_its_timestamp),
        world_test(timestamps_of_our_own_making_are_right),
        world_test(entries_without_a_timestamp_or_said_twice_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
