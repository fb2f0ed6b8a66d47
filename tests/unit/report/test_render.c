#include "fixture.h"

#include "migfs/json/print.h"
#include "report/phrases.h"

static void a_status_has_its_keys_in_their_order(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    file(world, "0019_b.sql", "select 1;\n--> statement-breakpoint\nselect 2;\n");
    ENTRIES(world, "0000_a@1759655000000");
    LEDGER(world, "staging", "file:0000_a@1759655000000");
    look(world);
    char expected[1024];
    int64_t made = stamp_marked(stamp_mark(TEXT("0019_b")), 1759655000000);
    snprintf(expected, sizeof expected,
             "tag: 0019_b\nstate: unjournaled\nfile: 0019_b.sql\nsize: 45\nsha256: %s\nstatements: 2\njournal: no\n"
             "idx: 19 (was -)\nwhen: %lld (was -) %s\nsnapshot: missing\n"
             "drizzle: never runs it: meta/_journal.json does not list it\nconsistent: runs in staging\n"
             "database staging: not-applied\n",
             hash_of_file(world, TEXT("0019_b")).bytes, (long long)made, phrase_time(world->arena, made).bytes);
    assert_text(render_status(world->arena, world->view, migration(world, "0019_b")), expected);
    assert_holds_text(render_status(world->arena, world->view, migration(world, "0000_a")),
                      "\njournal: yes\nidx: 0\nwhen: 1759655000000 2025-10-05T09:03:20.000Z\nsnapshot: yes\n");
}

static void what_is_gone_is_told_by_dashes(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0009_gone@1000");
    look(world);
    assert_text(render_status(world->arena, world->view, migration(world, "0009_gone")),
                "tag: 0009_gone\nstate: missing\nfile: -\nsize: -\nsha256: -\nstatements: -\njournal: yes\n"
                "idx: - (was 0)\nwhen: - (was 1000)\nsnapshot: missing\n"
                "drizzle: aborts every run: 0009_gone.sql is not there\nconsistent: left out: its file is not there\n");
}

static void while_the_journal_is_refused_nothing_is_said_against_what_is_on_disk(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000#7");
    unread_ledger(world, "db");
    look(world);
    struct text status = render_status(world->arena, world->view, migration(world, "0000_a"));
    assert_holds_text(status, "\nidx: 7\nwhen: 1000 1970-01-01T00:00:01.000Z\n");
    assert_holds_text(status, "\nconsistent: refused: see problems\n");
}

static void changes_tells_each_difference_in_one_line(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0009_gone@1", "0000_a@1000#0", "0001_b@2000#0", "0002_c@500#3", "0000_a@9000#9");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_text(render_changes(world->arena, world->view),
                "0009_gone: dropped: its file is not there\n"
                "0000_a: dropped in line 33: it is listed in line 12 already\n"
                "0001_b: idx 1 (was 0)\n"
                "0002_c: when 21867 (was 500); a database that is not attached and has run it would run it again\n"
                "0003_d: added with idx 4, when 59312\n"
                "_journal.json: the newest timestamp made here is 59312 (1970-01-01T00:00:59.312Z)\n");
    assert_int_equal(render_changes_count(world->view), 5);
}

static void an_entry_that_is_only_moved_is_a_change(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0002_c@3000#5", "0000_a@1000#1", "0001_b@2000#2");
    LEDGER(world, "old", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "new", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    look(world);
    assert_served("0000_a@1000#1, 0001_b@2000#2, 0002_c@3000#5");
    assert_text(render_changes(world->arena, world->view), "0002_c: moved behind 0001_b\n");
}

static void no_changes_are_no_bytes(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    look(world);
    assert_int_equal(render_changes(world->arena, world->view).length, 0);
    assert_int_equal(render_changes_count(world->view), 0);
    assert_int_equal(render_problems(world->arena, world->view).length, 0);
}

static void the_ledger_shows_each_row_and_whose_it_is(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "raw:0000_a@1000", "raw:a\tb\n@2000", "raw:@NULL");
    look(world);
    assert_text(render_ledger(world->arena, world->view, 0), "id\tcreated_at\thash\ttag\tmatched\n"
                                                             "3\tNULL\t\t-\t-\n"
                                                             "1\t1000\t0000_a\t0000_a\tname\n"
                                                             "2\t2000\ta\\tb\\n\t-\t-\n");
}

static void a_row_without_id_or_hash_is_told_as_such(void **state) {
    struct world *world = *state;
    struct error error;
    struct ledger_row row = {.id = TEXT(""), .hash = TEXT(""), .is_hash_null = true, .has_created_at = true};
    struct ledger from = {.database = TEXT("db"), .status = LEDGER_READ, .was_read = true, .rows = &row, .count = 1};
    world->ledgers[world->ledger_count++] = ledger_create(&from, &error);
    look(world);
    assert_text(render_ledger(world->arena, world->view, 0), "id\tcreated_at\thash\ttag\tmatched\n"
                                                             "-\t0\tNULL\t-\t-\n");
}

static void every_match_has_a_word(void **state) {
    static const char *const words[] = {"-",     "hash+stamp", "hash", "line-ends", "name",
                                        "stamp", "second",     "mark", "again"};
    for (enum match match = MATCH_NONE; match <= MATCH_AGAIN; match++) {
        assert_string_equal(match_facts(match)->name, words[match]);
    }
}

static void status_json_is_json_whatever_is_in_it(void **state) {
    struct world *world = *state;
    struct json_fault fault;
    look(world);
    assert_true(json_check(world->arena, render_json(world->arena, world->view), &fault));
    FILES(world, "0000_\"\\\n\x1b", "0001_\xff");
    ENTRIES(world, "0000_\\\"\\\\\\n\\u001b@9007199254740991", "gone\\ud800@\"x\"");
    LEDGER(world, "db", "raw:\xff\"@-9223372036854775808", "raw:x@9223372036854775807", "raw:x@NULL");
    look(world);
    struct text json = render_json(world->arena, world->view);
    assert_true(json_check(world->arena, json, &fault));
    assert_true(text_is_utf8(json));
}

static void in_status_json_numbers_that_javascript_would_round_are_strings(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    LEDGER(world, "high", "file:0000_a@9007199254740992");
    LEDGER(world, "exact", "file:0000_a@9007199254740991");
    LEDGER(world, "null", "file:0000_a@NULL");
    look(world);
    struct text json = render_json(world->arena, world->view);
    assert_holds_text(json, "\"watermark\": \"9007199254740992\"");
    assert_holds_text(json, "\"watermark\": 9007199254740991,");
    assert_holds_text(json, "\"name\": \"null\", \"status\": \"read\", \"reason\": null, \"rows\": 1, "
                            "\"rowsOfNobody\": 0, \"watermark\": null,");
}

static void a_problem_as_json_may_have_a_path(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "x");
    ENTRIES(world, "0000_a@1000");
    look(world);
    struct text path = TEXT("db/0000_a.sql"), none = TEXT("");
    struct cJSON *array = json_array(world->arena);
    render_add_problem_json(array, &world->view->problems->problems[0], &path);
    render_add_problem_json(array, &world->view->problems->problems[0], &none);
    render_add_problem_json(array, &world->view->problems->problems[0], NULL);
    struct text json = json_print_lines(world->arena, array);
    assert_holds_text(json, "\"ignored\": false, \"path\": \"db/0000_a.sql\"}");
    assert_holds_text(json, "\"ignored\": false, \"path\": null}");
    assert_holds_text(json, "\"ignored\": false}\n");
}

static void the_readme_names_every_overall_state_and_fits_a_screen(void **state) {
    struct text readme = render_readme(), line;
    size_t lines = 0;
    for (enum state one = 0; one < STATE_COUNT; one++) {
        if (state_facts(one)->is_overall) {
            assert_holds_text(readme, state_name(one));
        }
    }
    while (text_line(&readme, &line)) {
        assert_true(line.length <= 80);
        lines++;
    }
    assert_true(lines <= 30);
}

static void the_summary_says_what_the_next_deploy_does(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    fresh_ledger(world, "new");
    look(world);
    struct text summary = render_summary(world->arena, world->view);
    assert_holds_text(summary, "migrations: 1 unjournaled, 2 pending\n");
    assert_holds_text(summary, "database db: 1 row, newest created_at 1000 (1970-01-01T00:00:01.000Z)\n");
    assert_holds_text(summary, "from meta/_journal.json:\n    runs 1: 0001_b\n    leaves out 1: 0002_c\n");
    assert_holds_text(summary, "runs 2: 0001_b, 0002_c\n");
    assert_text(
        render_database_summary(world->arena, world->view, 0),
        text_copy(world->arena, text_slice(summary, (size_t)(strstr(summary.bytes, "database db") - summary.bytes),
                                           (size_t)(strstr(summary.bytes, "\ndatabase new") - summary.bytes)))
            .bytes);
}

static void the_summary_says_once_what_both_journals_do(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_held");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_holds_text(render_summary(world->arena, world->view),
                      "\n  next deploy:\n    runs 1: 0001_b\n    leaves out 1: 0001_held\n");
}

/* See plan_hides(): migrations that were run by hand, below one that is published. */
static void the_summary_says_what_a_database_that_is_not_attached_may_pass_over_or_run_again(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0003_d@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    rules_file(world, "applied 0001_b db\nexclude 0002_c\n");
    look(world);
    assert_holds_text(render_summary(world->arena, world->view),
                      "\n  1 new timestamp lies below a published one: a database that is not attached and lacks the "
                      "migration may pass over it\n");
    rules_file(world, "applied 0001_b db\napplied 0002_c db\n");
    look(world);
    assert_holds_text(render_summary(world->arena, world->view),
                      "\n  2 new timestamps lie below published ones: a database that is not attached and lacks the "
                      "migrations may pass over them\n");
    ENTRIES(world, "0000_a@1000", "0003_d@3000", "0001_b@500", "0002_c@600");
    rules_file(world, "");
    look(world);
    struct text summary = render_summary(world->arena, world->view);
    assert_holds_text(summary,
                      "\n  2 published timestamps are others here: a database that is not attached and has run "
                      "them would run them again\n");
    assert_lacks_text(summary, "new timestamp");
}

static void the_summary_says_what_the_journal_served_leaves_out(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_held", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_holds_text(render_summary(world->arena, world->view),
                      "from _journal.json here:\n    runs 2: 0001_b, 0002_c\n    leaves out 1: 0001_held\n");
}

static void what_is_excluded_counts_in_no_database(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    file(world, "seed.sql", "x");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    fresh_ledger(world, "new");
    unread_ledger(world, "gone");
    look(world);
    assert_holds_text(render_database_summary(world->arena, world->view, 0), "\n  1 pending, 1 applied\n");
    struct view view = *world->view;
    view.source = TEXT("/srv/a\"b");
    struct text metrics = render_metrics(world->arena, &view);
    assert_holds_text(metrics, "\nmigfs_migrations{source=\"/srv/a\\\"b\",state=\"excluded\"} 1\n");
    assert_holds_text(metrics,
                      "\nmigfs_database_migrations{source=\"/srv/a\\\"b\",database=\"db\",state=\"not-applied\"} 0\n");
    assert_holds_text(metrics, "\nmigfs_database_readable{source=\"/srv/a\\\"b\",database=\"new\"} 1\n");
    assert_holds_text(metrics, "\nmigfs_database_readable{source=\"/srv/a\\\"b\",database=\"gone\"} 0\n");
    assert_holds_text(metrics, "\nmigfs_journal_refused{source=\"/srv/a\\\"b\"} 1\n");
}

/* Thirty databases, of which two are behind and one is down: one line each, and one line in the
 * summary. */
static void who_is_behind_is_told_in_a_line(void **state) {
    struct world *world = *state;
    char name[16];
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0002_c@3000", "0001_b@2000");
    for (int i = 1; i <= 30; i++) {
        snprintf(name, sizeof name, "t%02d", i);
        if (i == 9) {
            unread_ledger(world, name);
        } else if (i == 7 || i == 21) {
            LEDGER(world, name, "file:0000_a@1000");
        } else {
            LEDGER(world, name, "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
        }
    }
    look(world);
    struct text overview = render_overview(world->arena, world->view);
    assert_holds_text(overview, "t06  applied         rows 3     behind 0   next -\n"
                                "t07  pending         rows 1     behind 2   next 0002_c\n"
                                "t08  applied         rows 3     behind 0   next -\nt09  unreadable\n");
    assert_text(render_next(world->arena, world->view, 6), "0002_c\n0001_b\n");
    assert_text(render_next(world->arena, world->view, 8), "");
    struct text summary = render_summary(world->arena, world->view);
    assert_holds_text(summary, "\ndatabases: 27 level, 2 not (t07, t21), 1 cannot be read (t09)\n");
    assert_holds_text(summary, "\ndatabase t21: 1 row");
    assert_lacks_text(summary, "\ndatabase t01: ");
}

static void no_effects(void *context, struct arena *arena, const struct digest *digest, struct effects *ret_effects) {
    *ret_effects = (struct effects){.status = EFFECTS_FAILED};
}

static void the_summary_says_how_much_less_often_the_catalogs_of_many_databases_are_read(void **state) {
    struct world *world = *state;
    struct effects_input effects = {.effects = no_effects, .catalogs = world->catalogs};
    char name[16];
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    for (int i = 1; i <= 50; i++) {
        snprintf(name, sizeof name, "t%02d", i);
        LEDGER(world, name, "file:0000_a@1000");
    }
    world->effects = &effects;
    look(world);
    assert_lacks_text(render_summary(world->arena, world->view), "what is there is looked at");
    LEDGER(world, "one_more", "file:0000_a@1000");
    look(world);
    assert_holds_text(render_summary(world->arena, world->view),
                      "\nwhat is there is looked at every 60 seconds, since there are many databases, and when their "
                      "rows or the folder change\n");
    world->effects = NULL;
    look(world);
    assert_lacks_text(render_summary(world->arena, world->view), "what is there is looked at");
}

static void a_summary_names_the_database_and_its_server(void **state) {
    struct world *world = *state;
    static const char *const places[] = {"\"shop\" at localhost:5432"};
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct view view = *world->view;
    view.places = places;
    assert_holds_text(render_summary(world->arena, &view), "database db (\"shop\" at localhost:5432): 1 row");
    assert_holds_text(render_json(world->arena, &view), "\"at\": \"\\\"shop\\\" at localhost:5432\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(who_is_behind_is_told_in_a_line),
        world_test(a_summary_names_the_database_and_its_server),
        world_test(the_summary_says_how_much_less_often_the_catalogs_of_many_databases_are_read),
        world_test(a_status_has_its_keys_in_their_order),
        world_test(what_is_gone_is_told_by_dashes),
        world_test(while_the_journal_is_refused_nothing_is_said_against_what_is_on_disk),
        world_test(changes_tells_each_difference_in_one_line),
        world_test(an_entry_that_is_only_moved_is_a_change),
        world_test(no_changes_are_no_bytes),
        world_test(the_ledger_shows_each_row_and_whose_it_is),
        world_test(a_row_without_id_or_hash_is_told_as_such),
        cmocka_unit_test(every_match_has_a_word),
        world_test(status_json_is_json_whatever_is_in_it),
        world_test(in_status_json_numbers_that_javascript_would_round_are_strings),
        world_test(a_problem_as_json_may_have_a_path),
        cmocka_unit_test(the_readme_names_every_overall_state_and_fits_a_screen),
        world_test(the_summary_says_what_the_next_deploy_does),
        world_test(the_summary_says_once_what_both_journals_do),
        world_test(the_summary_says_what_a_database_that_is_not_attached_may_pass_over_or_run_again),
        world_test(the_summary_says_what_the_journal_served_leaves_out),
        world_test(what_is_excluded_counts_in_no_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
