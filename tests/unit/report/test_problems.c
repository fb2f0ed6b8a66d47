/* How problems are reported. tests/examples has an example of each code. */
#include "fixture.h"

static void a_folder_in_order_has_none(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_problems("");
}

static void every_code_has_a_name_of_its_own_and_a_meaning(void **state) {
    for (enum problem_kind kind = 0; kind < PROBLEM_KIND_COUNT; kind++) {
        assert_non_null(problem_codes[kind].code);
        assert_non_null(problem_codes[kind].meaning);
        for (enum problem_kind other = 0; other < kind; other++) {
            assert_string_not_equal(problem_codes[kind].code, problem_codes[other].code);
        }
    }
}

static void they_come_by_severity_then_in_file_order_and_each_is_one_line(void **state) {
    struct world *world = *state;
    file(world, "0001_b.sql", "x");
    file(world, "0000_a.sql", "y");
    file(world, "0002_\n.sql", "z");
    ENTRIES(world, "0009_gone@1000");
    look(world);
    assert_problems("unjournaled unjournaled unjournaled missing snapshot-missing");
    assert_int_equal(world->view->problems->by_severity[SEVERITY_ERROR], 4);
    assert_int_equal(world->view->problems->by_severity[SEVERITY_WARNING], 1);
    struct text lines = render_problems(world->arena, world->view), line;
    assert_holds_text(lines, "0002_\\n.sql: error: not in meta/_journal.json, so Drizzle never runs it");
    for (size_t i = 0; i < 5; i++) {
        assert_true(text_line(&lines, &line));
        assert_true(text_ends(line, "]"));
    }
    assert_false(text_line(&lines, &line));
}

static void foreign_text_of_any_kind_stays_on_its_line(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    journal(world,
            "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},{\"idx\":[\n1],\"when\":{\n\"a\":\"\xc2\x9b\"},"
            "\"tag\":\"0001_b\"}],\"dialect\":\"\\u001b[31m\"}");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct text lines = render_problems(world->arena, world->view), line;
    while (text_line(&lines, &line)) {
        assert_true(text_ends(line, "]"));
        assert_lacks_text(line, "\x1b");
        assert_lacks_text(line, "\xc2\x9b");
    }
    assert_holds_text(problem(world, "skipped"), "0001_b.sql");
    assert_holds_text(problem(world, "dialect"), "\\x1b[31m");
}

static void the_place_is_given_as_compilers_do(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    journal(world, "{\n \"entries\": [,]\n}");
    look(world);
    assert_true(text_starts(problem(world, "journal-unreadable"), "meta/_journal.json:2:14: error: "));
}

static void equal_stamps_are_out_of_order(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@1000");
    look(world);
    assert_problems("when-order");
}

static void an_order_that_no_database_meets_any_more_is_none_to_tell(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@2000", "0001_b@1000");
    LEDGER(world, "one", "file:0000_a@2000", "file:0001_b@1000");
    look(world);
    assert_problems("");
}

static void what_runs_again_for_a_null_alone_is_told_once_for_all(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@NULL");
    look(world);
    assert_problems("null-created-at");
}

static void what_the_rules_exclude_is_told_while_drizzle_may_run_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "exclude 0000_a\n");
    look(world);
    assert_problems("excluded");
    empty_ledger(world, "new");
    look(world);
    assert_problems("excluded");
    fail_ledger(world);
    look(world);
    assert_problems("database-unreadable excluded");
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "old", "file:0000_a@1000");
    look(world);
    assert_problems("");
}

static void a_tag_listed_twice_is_told_once_whatever_its_idx(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000#0", "0000_a@2000#0");
    look(world);
    assert_problems("duplicate-tag");
}

static void the_future_begins_with_the_year_2100(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@4102444799999");
    LEDGER(world, "db", "file:0000_a@4102444799999");
    look(world);
    assert_problems("");
    ENTRIES(world, "0000_a@4102444800000");
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@4102444800000");
    look(world);
    assert_problems("watermark-future when-future");
}

static void what_has_run_in_a_database_that_is_gone_may_still_be_lacking_there(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_problems("journal-incomplete");
    fail_ledger(world);
    look(world);
    assert_problems("database-unreadable unjournaled");
}

static void a_row_told_by_a_stamp_that_must_change_is_told_unless_something_else_tells_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@9000");
    LEDGER(world, "has", "text:before@1000", "file:0001_b@9000");
    LEDGER(world, "lacks", "text:x@2000");
    rules_file(world, "foreign lacks\n");
    look(world);
    assert_problems("commit-forgets skipped modified");
    assert_holds_text(problem(world, "commit-forgets"), "write `applied 0000_a has` into .migfs");
    assert_holds_text(problem(world, "skipped"), "do what commit-forgets asks for, then run `migfs fix`");
    rules_file(world, "foreign lacks\napplied 0000_a has\n");
    look(world);
    assert_problems("skipped modified");
}

static void a_rule_that_is_advised_can_be_written_for_any_tag(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a [b]*", "0001_b");
    ENTRIES(world, "0000_a [b]*@1000", "0001_b@9000");
    LEDGER(world, "has", "text:before@1000", "file:0001_b@9000");
    LEDGER(world, "lacks", "text:x@2000");
    rules_file(world, "foreign lacks\n");
    look(world);
    assert_holds_text(problem(world, "commit-forgets"), "write `applied 0000_a[[:blank:]][[]b][*] has` into .migfs");
    rules_file(world, "foreign lacks\napplied 0000_a[[:blank:]][[]b][*] has\n");
    look(world);
    assert_problems("skipped modified");
}

static void what_has_changed_is_in_doubt_where_only_a_stamp_tells_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "20250615150640_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "text:x@1000");
    look(world);
    assert_holds_text(problem(world, "modified"),
                      "if another migration ran there with its timestamp, give it another when");
    ENTRIES(world, "20250615150640_b@1");
    assert_int_equal(unlink(in_folder(world->folder, "0000_a.sql")), 0);
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "text:x@1750000000357");
    look(world);
    assert_lacks_text(problem(world, "modified"), "give it another when");
}

static void a_row_without_a_hash_does_not_show_that_the_text_has_changed(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "raw:@1000", "file:0001_b@2000");
    LEDGER(world, "other", "text:x@1000", "file:0001_b@2000");
    look(world);
    assert_problems("modified modified");
    assert_holds_text(problem(world, "modified"), "warning: has changed since it ran in database other, ");
    ledger_destroy(world->ledgers[--world->ledger_count]);
    look(world);
    assert_text(problem(world, "modified"),
                "0000_a.sql: note: recognized by its timestamp alone in database db, where its row has no hash, so it "
                "is not known whether it has changed since; Drizzle does not run it again there [modified]");
    rules_file(world, "edited 0000_a\n");
    look(world);
    assert_problems("");
}

static void what_has_no_row_may_be_that_of_a_row_of_nobody(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000", "text:x@1500");
    look(world);
    assert_holds_text(problem(world, "unknown-row"),
                      "if the newest belongs to a migration that has no row, write `applied 0001_b db` into .migfs");
}

static void where_nothing_tells_the_place_of_an_unlisted_file_that_is_said(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0002_c@3000");
    look(world);
    assert_holds_text(problem(world, "unjournaled"), "it is not certain what has to run before 0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@3000");
    look(world);
    assert_lacks_text(problem(world, "unjournaled"), "not certain");
    ENTRIES(world, "0002_c@1000", "0000_a@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_holds_text(problem(world, "unjournaled"), "it is not certain what has to run before 0001_b");
}

/* Every database has 0001_b, so it is not reported. 0003_d is, and a journal committed for it lists
 * both. */
static void that_is_said_of_one_without_a_line_of_its_own(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0002_c@1000", "0000_a@3000");
    LEDGER(world, "db", "file:0000_a@3000", "file:0001_b@2000", "file:0002_c@1000");
    look(world);
    assert_holds_text(problem(world, "unjournaled"), "0003_d.sql: error: ");
    assert_holds_text(problem(world, "unjournaled"), "it is not certain what has to run before 0001_b");
}

static void a_folder_of_sql_files_is_told_once(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    put_directory(world->folder, "sub");
    put_directory(world->folder, "sub/m");
    file(world, "sub/a.sql", "x");
    file(world, "sub/m/b.sql", "x");
    file(world, "sub/z.sql", "x");
    look(world);
    assert_problems("nested-sql nested-sql");
}

static void a_rule_for_a_database_that_is_not_there_is_told(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "applied 0000_a stagign\nexclude\n");
    LEDGER(world, "staging", "file:0000_a@1000");
    look(world);
    assert_problems("bad-rule bad-rule");
    assert_true(text_starts(problem(world, "bad-rule"), ".migfs:2: error: "));
    rules_file(world, "applied 0000_a stagign\n");
    look(world);
    assert_text(
        problem(world, "bad-rule"),
        ".migfs:1: note: no database that is attached is named stagign, so the line has no effect here [bad-rule]");
}

static void without_a_database_no_rule_is_for_one_that_is_not_there(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "applied 0000_a staging\n");
    look(world);
    assert_problems("");
}

static void a_database_that_is_gone_is_said_to_count_only_where_it_does(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "one", "file:0000_a@1000");
    LEDGER(world, "two", "file:0000_a@1000");
    fail_ledger(world);
    look(world);
    assert_holds_text(problem(world, "database-unreadable"), "cannot be read, so _journal.json is refused: ");
    world->options.stale = STALE_SERVE;
    look(world);
    assert_holds_text(problem(world, "database-unreadable"), "_journal.json is made from what was last read: ");
}

static void a_database_that_is_gone_while_another_forbids_a_journal_is_not_said_to_count(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "one", "file:0000_a@NULL");
    LEDGER(world, "two", "file:0000_a@1000");
    fail_ledger(world);
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_NULL_STAMP);
    assert_holds_text(problem(world, "database-unreadable"), "what has run there is not known: ");
}

static void a_timestamp_that_has_run_somewhere_is_not_to_be_changed(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@3000", "0002_c@2000");
    LEDGER(world, "one", "file:0000_a@1000");
    look(world);
    assert_holds_text(problem(world, "when-order"), "while it has run nowhere, set its when below 2000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0001_b@3000", "file:0002_c@2000");
    look(world);
    assert_holds_text(problem(world, "when-order"), "; it has run in database two, so leave its timestamp as it is; a");
    assert_lacks_text(problem(world, "when-order"), "set its when");
}

static void a_sentence_is_never_cut(void **state) {
    struct world *world = *state;
    char tags[3][256];
    struct buffer buffer = BUFFER(world->arena);
    buffer_add_string(&buffer, "{\"entries\":[");
    for (size_t i = 0; i < 2; i++) {
        memset(tags[i], 0, sizeof tags[i]);
        memset(tags[i], '\x01', 250);
        tags[i][249] = (char)('a' + i);
        buffer_format(&buffer, "%s{\"idx\":%zu,\"when\":%d,\"tag\":", i > 0 ? "," : "", i, 2000 - (int)i);
        buffer_add_json(&buffer, text_of(tags[i]));
        buffer_add_char(&buffer, '}');
    }
    buffer_add_string(&buffer, "]}");
    journal(world, buffer_text(&buffer).bytes);
    look(world);
    assert_true(text_ends(problem(world, "when-order"), "below 1999 [when-order]"));
}

static void a_word_of_the_rules_file_is_quoted_as_far_as_it_helps(void **state) {
    struct world *world = *state;
    char word[4096];
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, word);
    look(world);
    assert_true(problem(world, "bad-rule").length < 300);
}

static void an_ignored_problem_counts_nowhere_and_changes_nothing(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "prod", "file:0000_a@1000", "text:other@2000");
    mkdir(in_folder(world->folder, "archive"), 0755);
    file(world, "archive/x.sql", "select 1;");
    rules_file(world, "ignore modified 0001_*\nignore nested-sql\nignore unknown-row staging\n");
    look(world);
    const struct problems *problems = world->view->problems;
    assert_problems("");
    assert_int_equal(problems->ignored_count, 2);
    assert_string_equal(problems->problems[0].code->code, "modified");
    assert_int_equal(problems->problems[0].ignored_by->line, 1);
    assert_string_equal(problems->problems[1].code->code, "nested-sql");
    assert_int_equal(problems->by_severity[SEVERITY_WARNING] + problems->by_severity[SEVERITY_NOTE], 0);
    assert_overall("0000_a applied, 0001_b modified");
}

static void a_code_to_ignore_is_one_that_there_is(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "ignore modifed\n");
    look(world);
    assert_text(problem(world, "bad-rule"),
                ".migfs:1: error: no problem has the code modifed; the line has no effect: correct it [bad-rule]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_folder_in_order_has_none),
        cmocka_unit_test(every_code_has_a_name_of_its_own_and_a_meaning),
        world_test(they_come_by_severity_then_in_file_order_and_each_is_one_line),
        world_test(foreign_text_of_any_kind_stays_on_its_line),
        world_test(the_place_is_given_as_compilers_do),
        world_test(equal_stamps_are_out_of_order),
        world_test(an_order_that_no_database_meets_any_more_is_none_to_tell),
        world_test(what_runs_again_for_a_null_alone_is_told_once_for_all),
        world_test(what_the_rules_exclude_is_told_while_drizzle_may_run_it),
        world_test(a_tag_listed_twice_is_told_once_whatever_its_idx),
        world_test(the_future_begins_with_the_year_2100),
        world_test(what_has_run_in_a_database_that_is_gone_may_still_be_lacking_there),
        world_test(a_row_told_by_a_stamp_that_must_change_is_told_unless_something_else_tells_it),
        world_test(a_rule_that_is_advised_can_be_written_for_any_tag),
        world_test(what_has_changed_is_in_doubt_where_only_a_stamp_tells_it),
        world_test(what_has_no_row_may_be_that_of_a_row_of_nobody),
        world_test(a_row_without_a_hash_does_not_show_that_the_text_has_changed),
        world_test(where_nothing_tells_the_place_of_an_unlisted_file_that_is_said),
        world_test(that_is_said_of_one_without_a_line_of_its_own),
        world_test(a_folder_of_sql_files_is_told_once),
        world_test(a_rule_for_a_database_that_is_not_there_is_told),
        world_test(without_a_database_no_rule_is_for_one_that_is_not_there),
        world_test(a_database_that_is_gone_is_said_to_count_only_where_it_does),
        world_test(a_database_that_is_gone_while_another_forbids_a_journal_is_not_said_to_count),
        world_test(a_timestamp_that_has_run_somewhere_is_not_to_be_changed),
        world_test(a_sentence_is_never_cut),
        world_test(an_ignored_problem_counts_nowhere_and_changes_nothing),
        world_test(a_code_to_ignore_is_one_that_there_is),
        world_test(a_word_of_the_rules_file_is_quoted_as_far_as_it_helps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
