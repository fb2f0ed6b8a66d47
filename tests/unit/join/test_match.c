#include "fixture.h"

#include "join/match.h"

/* The whole second after the one of another timestamp, with the tag's mark. */
static int64_t made(const char *tag, int64_t second) {
    return stamp_marked(stamp_mark(text_of(tag)), (second - 1) * 1000);
}

static const char *raw(struct world *world, const char *what, int64_t stamp) {
    return text_format(world->arena, "%s@%" PRId64, what, stamp).bytes;
}

/* ---- the rules in order ---- */

static void rule_1_takes_the_row_with_the_hash_and_the_stamp(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "same");
    file(world, "0001_b.sql", "same");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "text:same@2000");
    look(world);
    assert_in(0, "0000_a skipped -, 0001_b applied hash+stamp");
}

static void rule_2_takes_the_row_with_the_hash_whatever_its_stamp(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@7777");
    look(world);
    assert_in(0, "0000_a applied hash");
}

static void rule_2_takes_a_hash_in_capitals(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    struct text hash = hash_of_file(world, TEXT("0000_a"));
    for (size_t i = 0; i < hash.length; i++) {
        ((char *)(uintptr_t)hash.bytes)[i] = (char)(hash.bytes[i] >= 'a' ? hash.bytes[i] - 32 : hash.bytes[i]);
    }
    LEDGER(world, "db", text_format(world->arena, "raw:%s@1000", hash.bytes).bytes);
    look(world);
    assert_in(0, "0000_a applied hash+stamp");
}

static void rule_3_takes_the_row_of_the_text_with_other_line_ends_either_way(void **state) {
    struct world *world = *state;
    file(world, "0000_crlf.sql", "a\r\nb\r\n");
    file(world, "0001_lf.sql", "c\nd\n");
    file(world, "0002_mixed.sql", "e\r\nf\n");
    ENTRIES(world, "0000_crlf@1000", "0001_lf@2000", "0002_mixed@3000");
    LEDGER(world, "db", "text:a\nb\n@1000", "text:c\r\nd\r\n@2000", "text:e\nf\n@2500", "text:x@3000");
    look(world);
    assert_in(0, "0000_crlf applied line-ends, 0001_lf applied line-ends, 0002_mixed applied line-ends");
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
}

static void rule_4_takes_a_row_that_holds_the_tag_or_the_file_name(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "raw:0000_a@9000", "raw:0001_b.sql@9001", "raw:0002@9002", "raw:@9003");
    look(world);
    assert_in(0, "0000_a applied name, 0001_b applied name, 0002_c skipped -");
}

static void rule_5_takes_the_row_with_the_stamp_of_the_entry(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0001_gone@2000");
    LEDGER(world, "db", "text:as it was@1000", "text:gone@2000");
    look(world);
    assert_in(0, "0000_a modified stamp, 0001_gone missing stamp");
    assert_int_equal(world->view->join->databases[0].unmatched, 0);
}

static void rule_6_takes_the_row_whose_stamp_has_the_mark_and_follows_another(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5500");
    LEDGER(world, "db", "file:0000_a@5500", raw(world, "text:as it was", made("0001_b", 6)));
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b modified mark");
}

static void rule_6_wants_a_stamp_in_the_second_before(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5500");
    LEDGER(world, "db", "file:0000_a@5500", raw(world, "text:as it was", made("0001_b", 7)));
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b not-applied -");
}

static void rule_6_finds_the_stamp_before_in_the_journal_or_any_ledger(void **state) {
    struct world *world = *state;
    FILES(world, "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_gone@41000");
    LEDGER(world, "one", raw(world, "text:b", made("0001_b", 42)), raw(world, "text:c", made("0002_c", 62)));
    LEDGER(world, "two", "text:z@61234", raw(world, "text:d", made("0003_d", 74)));
    look(world);
    assert_in(0, "0000_gone missing -, 0001_b modified mark, 0002_c modified mark, 0003_d not-applied -");
    assert_in(1, "0000_gone missing -, 0001_b not-applied -, 0002_c not-applied -, 0003_d modified mark");
}

static void rule_6_knows_the_very_first_stamp_that_is_made(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    entries(world, (const char *const[]){NULL});
    LEDGER(world, "db", raw(world, "text:as it was", made("0000_a", 1)));
    look(world);
    assert_in(0, "0000_a modified mark");
}

static void rule_6_is_not_for_files_that_are_no_migrations(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a.down");
    entries(world, (const char *const[]){NULL});
    LEDGER(world, "db", raw(world, "text:as it was", made("0000_a.down", 1)));
    look(world);
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
}

static void rule_6_holds_for_stamps_before_1970_and_for_the_lowest_of_all(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0001_gone@-5500");
    LEDGER(world, "db", raw(world, "text:as it was", made("0000_a", -5)), "text:x@-9223372036854775808");
    look(world);
    assert_in(0, "0000_a modified mark, 0001_gone missing -");
}

/* ---- precedence ---- */

static void a_surer_sign_of_a_later_migration_comes_before_an_earlier_ones_weaker_sign(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "one");
    file(world, "0001_b.sql", "two");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    /* By timestamp, the row belongs to the first one; by hash, to the second. */
    LEDGER(world, "db", "text:two@1000");
    look(world);
    assert_in(0, "0000_a skipped -, 0001_b rerun hash");
}

static void a_migration_takes_one_row_and_no_other_is_its_own(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@900", "file:0000_a@1000", "raw:0000_a@1100");
    look(world);
    assert_in(0, "0000_a applied hash+stamp");
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
    assert_int_equal(world->view->join->databases[0].row_match[0], MATCH_AGAIN);
    assert_int_equal(world->view->join->databases[0].row_match[1], MATCH_HASH_AND_STAMP);
    assert_int_equal(world->view->join->databases[0].row_migration[2], SIZE_MAX);
}

static void migrations_of_the_same_bytes_take_a_row_each(void **state) {
    struct world *world = *state;
    for (int i = 0; i < 4; i++) {
        char name[32];
        snprintf(name, sizeof name, "000%d_custom.sql", i);
        file(world, name, "-- Custom SQL migration file, put your code below! --");
    }
    ENTRIES(world, "0000_custom@1000", "0001_custom@2000", "0002_custom@3000", "0003_custom@4000");
#define CUSTOM "text:-- Custom SQL migration file, put your code below! --"
    LEDGER(world, "db", CUSTOM "@1000", CUSTOM "@1500", CUSTOM "@3000");
    look(world);
    assert_in(0, "0000_custom applied hash+stamp, 0001_custom applied hash, 0002_custom applied hash+stamp, "
                 "0003_custom pending -");
}

static void of_two_with_the_same_bytes_the_one_listed_first_has_the_first_claim(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "same");
    file(world, "0001_b.sql", "same");
    file(world, "0002_c.sql", "same");
    ENTRIES(world, "0002_c@3000", "0001_b@2000");
    rules_file(world, "include 0000_a\n");
    LEDGER(world, "db", "text:same@500", "text:same@600");
    look(world);
    assert_in(0, "0000_a not-applied -, 0001_b rerun hash, 0002_c rerun hash");
}

static void a_leftover_has_the_last_claim(void **state) {
    struct world *world = *state;
    file(world, "0001_a.sql", "same");
    file(world, "0001_b.sql", "same");
    ENTRIES(world, "0001_b@1000");
    LEDGER(world, "db", "text:same@900", "text:same@1000");
    look(world);
    assert_in(0, "0001_a applied hash, 0001_b applied hash+stamp");
    assert_overall("0001_a unjournaled, 0001_b applied");
}

static void a_name_comes_before_a_stamp_and_line_ends_before_a_name(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "x\n");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "raw:0000_a@1000", "text:x\r\n@400");
    look(world);
    assert_in(0, "0000_a applied line-ends");
    assert_int_equal(world->view->join->databases[0].row_match[0], MATCH_LINE_ENDS);
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
}

/* drizzle-kit puts the second at which it makes a migration into some names, and the milliseconds
 * into `when`. */
static void a_row_in_the_second_that_the_name_tells_is_its_own(void **state) {
    struct world *world = *state;
    FILES(world, "20251005090321_a", "1759655002_b", "1759655003_c", "0004_d");
    ENTRIES(world, "1759655003_c@5000");
    LEDGER(world, "db", raw(world, "text:old", 1759655001380), raw(world, "text:older", 1759655002999),
           raw(world, "text:oldest", 1759655004000));
    look(world);
    assert_in(0, "0004_d not-applied -, 1759655002_b modified second, 1759655003_c skipped -, "
                 "20251005090321_a modified second");
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
}

static void a_held_file_is_not_told_by_the_second_in_its_name(void **state) {
    struct world *world = *state;
    FILES(world, "1759655002_a", "1759655002_b");
    ENTRIES(world, "1759655002_a@1759655002000");
    LEDGER(world, "db", "file:1759655002_a@1759655002000", "text:other@1759655002001");
    look(world);
    assert_in(0, "1759655002_a applied hash+stamp, 1759655002_b not-applied -");
}

static void a_stamp_comes_before_a_mark(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    int64_t stamp = made("0000_a", 1);
    entries(world, (const char *const[]){raw(world, "0000_a", 500), NULL});
    LEDGER(world, "db", "text:x@500", raw(world, "text:y", stamp));
    look(world);
    assert_in(0, "0000_a modified stamp");
}

static void a_row_without_created_at_is_matched_by_its_hash_alone(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@0", "0001_b@1000");
    LEDGER(world, "db", "file:0001_b@NULL", "text:x@NULL");
    look(world);
    assert_int_equal(migration(world, "0000_a")->standings[0].match, MATCH_NONE);
    assert_int_equal(migration(world, "0001_b")->standings[0].match, MATCH_HASH);
}

/* ---- v1 ---- */

static void in_a_v1_ledger_the_name_comes_first(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "name:0001_b@1000", "name:elsewhere@1500");
    look(world);
    assert_in(0, "0000_a skipped -, 0001_b rerun name");
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
}

static void a_name_with_sql_at_its_end_is_the_same(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "name:0000_a.sql@1000");
    look(world);
    assert_in(0, "0000_a applied name");
}

static void rows_of_a_v1_ledger_without_a_name_go_by_hash(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000", "name:0001_b@2000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b applied name");
}

/* ---- many rows ---- */

static void a_ledger_of_equal_rows_goes_to_the_first_claims(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@1000");
    LEDGER(world, "db", "text:x@1000", "text:x@1000", "text:x@1000");
    look(world);
    assert_in(0, "0000_a modified stamp, 0001_b modified stamp");
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
}

/* ---- leftovers, and entries without a file ---- */

static void a_leftover_with_the_very_bytes_comes_after_a_migration_with_a_weaker_sign(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "a\r\n");
    file(world, "0000_a_backup.sql", "a\n");
    file(world, "0001_b.sql", "squashed");
    file(world, "0001_b_before.sql", "before");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "text:a\n@1500", "text:before@2000");
    look(world);
    assert_in(0, "0000_a applied line-ends, 0000_a_backup not-applied -, 0001_b modified stamp, "
                 "0001_b_before not-applied -");
}

static void a_file_that_is_there_comes_before_one_that_is_gone(void **state) {
    struct world *world = *state;
    FILES(world, "0002_new", "20250615150640_new", "0001_new");
    rules_file(world, "include *_new\n");
    ENTRIES(world, "0002_old@2000", "20250615150640_old@1750000000357", "0001_old@1000");
    LEDGER(world, "db", "file:0002_new@2000", "text:x@1750000000357", "text:y@1000");
    look(world);
    assert_in(0, "0001_new not-applied -, 0001_old missing stamp, 0002_new applied hash, 0002_old missing -, "
                 "20250615150640_new modified second, 20250615150640_old missing -");
}

static void in_a_v1_ledger_the_name_of_a_file_that_is_gone_comes_after_a_hash(void **state) {
    struct world *world = *state;
    FILES(world, "0000_new", "0001_kept");
    ENTRIES(world, "0000_old@1000", "0001_kept@2000", "0002_gone@3000");
    rules_file(world, "include 0000_new\n");
    struct text hash = hash_of_file(world, TEXT("0000_new"));
    LEDGER(world, "db", "name:0000_old@1000", "name:0002_gone@2500");
    ((struct ledger_row *)(uintptr_t)&world->ledgers[0]->rows[0])->hash = hash;
    look(world);
    assert_in(0, "0000_new applied hash, 0000_old missing -, 0001_kept skipped -, 0002_gone missing name");
}

/* ---- second runs ---- */

static void more_rows_with_the_hash_of_one_that_has_its_row_are_of_second_runs(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0000_a@2000", "file:0000_a@3000", "text:x@1500");
    look(world);
    const struct database *database = &world->view->join->databases[0];
    assert_int_equal(database->row_match[0], MATCH_HASH_AND_STAMP);
    assert_int_equal(database->row_match[1], MATCH_NONE);
    assert_int_equal(database->row_match[2], MATCH_AGAIN);
    assert_int_equal(database->row_migration[3], 0);
    assert_int_equal(database->unmatched, 1);
    assert_problems("repeated-row unknown-row");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(rule_1_takes_the_row_with_the_hash_and_the_stamp),
        world_test(rule_2_takes_the_row_with_the_hash_whatever_its_stamp),
        world_test(rule_2_takes_a_hash_in_capitals),
        world_test(rule_3_takes_the_row_of_the_text_with_other_line_ends_either_way),
        world_test(rule_4_takes_a_row_that_holds_the_tag_or_the_file_name),
        world_test(rule_5_takes_the_row_with_the_stamp_of_the_entry),
        world_test(rule_6_takes_the_row_whose_stamp_has_the_mark_and_follows_another),
        world_test(rule_6_wants_a_stamp_in_the_second_before),
        world_test(rule_6_finds_the_stamp_before_in_the_journal_or_any_ledger),
        world_test(rule_6_knows_the_very_first_stamp_that_is_made),
        world_test(rule_6_is_not_for_files_that_are_no_migrations),
        world_test(rule_6_holds_for_stamps_before_1970_and_for_the_lowest_of_all),
        world_test(a_surer_sign_of_a_later_migration_comes_before_an_earlier_ones_weaker_sign),
        world_test(a_migration_takes_one_row_and_no_other_is_its_own),
        world_test(migrations_of_the_same_bytes_take_a_row_each),
        world_test(of_two_with_the_same_bytes_the_one_listed_first_has_the_first_claim),
        world_test(a_leftover_has_the_last_claim),
        world_test(a_name_comes_before_a_stamp_and_line_ends_before_a_name),
        world_test(a_row_in_the_second_that_the_name_tells_is_its_own),
        world_test(a_held_file_is_not_told_by_the_second_in_its_name),
        world_test(a_stamp_comes_before_a_mark),
        world_test(a_row_without_created_at_is_matched_by_its_hash_alone),
        world_test(in_a_v1_ledger_the_name_comes_first),
        world_test(a_name_with_sql_at_its_end_is_the_same),
        world_test(rows_of_a_v1_ledger_without_a_name_go_by_hash),
        world_test(a_ledger_of_equal_rows_goes_to_the_first_claims),
        world_test(a_leftover_with_the_very_bytes_comes_after_a_migration_with_a_weaker_sign),
        world_test(a_file_that_is_there_comes_before_one_that_is_gone),
        world_test(in_a_v1_ledger_the_name_of_a_file_that_is_gone_comes_after_a_hash),
        world_test(more_rows_with_the_hash_of_one_that_has_its_row_are_of_second_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
