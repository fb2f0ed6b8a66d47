#include "fixture.h"

#include "migfs/synthesis/snapshots.h"
#include "report/phrases.h"

static void a_time_is_written_in_utc_with_milliseconds(void **state) {
    struct world *world = *state;
    static const struct {
        int64_t stamp;
        const char *time;
    } times[] = {
        {1759655001380, "2025-10-05T09:03:21.380Z"},
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-62135596800000, "0001-01-01T00:00:00.000Z"},
        {-62135596800001, "-"},
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        {253402300800000, "-"},
        {INT64_MAX, "-"},
        {INT64_MIN, "-"},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        assert_text(phrase_time(world->arena, times[i].stamp), times[i].time);
    }
}

static void a_list_names_some_and_counts_the_rest(void **state) {
    struct world *world = *state;
    struct phrase_list list = phrase_list(world->arena, 2);
    assert_text(phrase_list_end(&list), "");
    phrase_list_add(&list, TEXT("a\n"));
    phrase_list_add(&list, TEXT("b"));
    assert_text(phrase_list_end(&list), "a\\n, b");
    phrase_list_add(&list, TEXT("c"));
    phrase_list_add(&list, TEXT("d"));
    assert_text(phrase_list_end(&list), "a\\n, b and 2 more");
}

static struct text drizzle(struct world *world, const char *tag) {
    return phrase_drizzle(world->arena, world->view->join, migration(world, tag));
}

static struct text consistent(struct world *world, const char *tag) {
    return phrase_consistent(world->arena, world->view->join, world->view->synthesis, migration(world, tag));
}

static void it_says_what_drizzle_does_in_each_database_and_what_the_consistent_journal_does(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@1500", "0003_d@7000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0003_d@2000");
    LEDGER(world, "two", "text:x@1000");
    look(world);
    assert_text(drizzle(world, "0000_a"),
                "passes over it in one; passes over it in two, where it ran with another text");
    assert_text(drizzle(world, "0001_b"), "runs it in two; never runs it in one: its when is not above the watermark");
    assert_text(drizzle(world, "0002_c"), "never runs it: meta/_journal.json does not list it");
    assert_text(drizzle(world, "0003_d"), "runs it in two; runs it again in one: its when is above the watermark");
    assert_text(consistent(world, "0000_a"), "passes over it in one, two");
    assert_text(consistent(world, "0001_b"), "runs in one, two");
    assert_text(consistent(world, "0003_d"), "runs in two; passes over it in one");
}

static void a_file_that_is_gone_stops_them_all(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0009_gone@2000");
    look(world);
    assert_text(drizzle(world, "0000_a"), "aborts every run: 0009_gone.sql is not there");
    assert_text(consistent(world, "0009_gone"), "left out: its file is not there");
}

static void a_row_without_a_hash_shows_no_other_text(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "one", "raw:@1000");
    LEDGER(world, "two", "text:x@1000");
    look(world);
    assert_text(drizzle(world, "0000_a"), "passes over it in two, where it ran with another text; passes over it in "
                                          "one, where its row has no hash");
}

static void what_is_left_out_says_why(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0000_b", "seed", "0001_x.down", "0002_y");
    file(world, "0003_z.sql", "select '0000_a';\n");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "# none\nexclude 0002_y\n");
    look(world);
    assert_text(consistent(world, "0000_b"), "left out until you decide: it shares its number with 0000_a");
    assert_text(consistent(world, "0003_z"), "left out until you decide: the same bytes as 0000_a");
    assert_text(consistent(world, "seed"), "left out: its name does not begin with a number and _");
    assert_text(consistent(world, "0001_x.down"), "left out: it is named like a down script");
    assert_text(consistent(world, "0002_y"), "left out: line 2 of the rules file excludes it");
}

static void it_says_who_writes_missing_snapshots_and_what_stands_in_the_way(void **state) {
    struct world *world = *state;
    struct snapshots_made made[] = {{.tag = TEXT("0001_a"), .left = TEXT("")},
                                    {.tag = TEXT("0002_b"), .left = TEXT("policy p")}};
    struct snapshots snapshots = {.made = made, .count = 2, .wanted = 2};
    struct synthesis synthesis = {0};
    assert_text(phrase_snapshots(world->arena, &synthesis), "");
    synthesis.snapshots = &snapshots;
    assert_text(
        phrase_snapshots(world->arena, &synthesis),
        "`migfs fix` writes them, made from the SQL; left out of them, since the schema seldom has it: policy p "
        "of 0002_b");
    snapshots = (struct snapshots){.made = made,
                                   .count = 1,
                                   .wanted = 2,
                                   .blocked_tag = TEXT("0002_b"),
                                   .line = 3,
                                   .reason = TEXT("table \"x\" is not in the snapshot before")};
    assert_text(
        phrase_snapshots(world->arena, &synthesis),
        "`migfs fix` writes the first 1, made from the SQL; 0002_b stands in the way, line 3: table \"x\" is not in "
        "the snapshot before");
    snapshots.count = 0;
    snapshots.line = 0;
    snapshots.reason = TEXT("its SQL is larger than 4 MiB");
    assert_text(phrase_snapshots(world->arena, &synthesis),
                "for 0002_b none can be made: its SQL is larger than 4 MiB");
    snapshots.wanted = 0;
    assert_text(phrase_snapshots(world->arena, &synthesis), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_time_is_written_in_utc_with_milliseconds),
        world_test(a_list_names_some_and_counts_the_rest),
        world_test(it_says_what_drizzle_does_in_each_database_and_what_the_consistent_journal_does),
        world_test(a_file_that_is_gone_stops_them_all),
        world_test(a_row_without_a_hash_shows_no_other_text),
        world_test(what_is_left_out_says_why),
        world_test(it_says_who_writes_missing_snapshots_and_what_stands_in_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
