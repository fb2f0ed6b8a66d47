#include "fixture.h"

#include "migfs/report/screen.h"

static struct text screen(struct world *world) {
    struct screen_options options = {.source = TEXT("my folder"), .width = SCREEN_WIDTH, .has_fix = true};
    return screen_render(world->arena, world->view, &options);
}

static size_t lines_of(struct text text) {
    struct text line;
    size_t count = 0;
    while (text_line(&text, &line)) {
        count++;
    }
    return count;
}

static void what_is_level_is_one_line_and_the_rest_is_named(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "staging", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "live", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    look(world);
    struct text text = screen(world);
    assert_holds_text(
        text,
        "my folder: 4 migrations, 3 in meta/_journal.json; 2 databases\n  migration                           staging  "
        "      live\n  0000 … 0001 (2 migrations)          ✓ applied      ✓ applied\n  0002_c                          "
        "    → pending      ✓ applied\n  0003_d                              ✗ unjournaled  ✗ unjournaled\n\nnext "
        "deploy, from meta/_journal.json as it is\n  staging: runs 1\n    in this order: 0002_c\n    never runs: "
        "0003_d\n  live: runs nothing\n    never runs: 0003_d\n\nnext deploy, from the consistent journal\n  staging: "
        "runs 2\n    in this order: 0002_c, 0003_d\n  live: runs 1\n    in this order: 0003_d\n");
    assert_holds_text(text, "  error unjournaled: 0003_d.sql\n");
    assert_holds_text(text, "\n    $ migfs fix 'my folder'\n");
}

static void where_all_is_level_it_is_three_lines(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_text(screen(world), "my folder: 2 migrations, 2 in meta/_journal.json; 1 database\n"
                               "  migration                           db\n"
                               "  0000 … 0001 (2 migrations)          ✓ applied\n"
                               "\nnext deploy\n  db: runs nothing\n");
}

static void a_fold_of_long_names_widens_its_column(void **state) {
    struct world *world = *state;
    FILES(world, "20250101000000_a", "20250102000000_b");
    ENTRIES(world, "20250101000000_a@1000", "20250102000000_b@2000");
    LEDGER(world, "db", "file:20250101000000_a@1000", "file:20250102000000_b@2000");
    look(world);
    assert_holds_text(screen(world), "\n  migration                                       db\n"
                                     "  20250101000000 … 20250102000000 (2 migrations)  ✓ applied\n");
}

static void without_a_database_the_journal_is_what_is_shown(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    look(world);
    assert_text(screen(world),
                "my folder: 2 migrations, 2 in meta/_journal.json; no database is attached, so what has run is not "
                "known\n  0000 … 0001 (2 migrations)          · journaled\n");
}

static void databases_that_stand_alike_are_one_column_and_a_dead_one_hides_nothing(void **state) {
    struct world *world = *state;
    char name[24];
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    for (int i = 1; i <= 30; i++) {
        snprintf(name, sizeof name, "tenant-%02d", i);
        if (i == 9) {
            unread_ledger(world, name);
        } else if (i == 7 || i == 21) {
            LEDGER(world, name, "file:0000_a@1000", "file:0001_b@2000");
        } else {
            LEDGER(world, name, "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
        }
    }
    look(world);
    struct text text = screen(world);
    assert_holds_text(text, "; 30 databases, 1 cannot be read\n");
    assert_holds_text(text, "27 databases  tenant-07, tenant-21  tenant-09\n");
    assert_holds_text(text, "  0002_c                              ✓ applied     → pending             ? unknown\n");
    assert_holds_text(text, "  tenant-07, tenant-21: runs 1\n    in this order: 0002_c\n");
    assert_holds_text(text, "  tenant-09: cannot be read\n");
    assert_holds_text(text, "  27 databases: runs nothing\n");
    assert_lacks_text(text, "tenant-01"); /* nothing is pending there */
    assert_true(lines_of(text) <= 59);
}

/* Each database has run one more migration than the one before, so no two columns are equal, and
 * the screen has no room for all of them. */
static void where_columns_do_not_fit_rows_say_where_it_has_not_run(void **state) {
    struct world *world = *state;
    char names[10][24], rows[10][40];
    const char *tags[11] = {NULL}, *lines[11] = {NULL}, *run[11] = {NULL};
    char whens[10][40];
    for (int i = 0; i < 10; i++) {
        snprintf(names[i], sizeof names[i], "000%d_x", i);
        snprintf(whens[i], sizeof whens[i], "000%d_x@%d000", i, i + 1);
        snprintf(rows[i], sizeof rows[i], "file:000%d_x@%d000", i, i + 1);
        tags[i] = names[i];
        lines[i] = whens[i];
    }
    files(world, tags);
    entries(world, lines);
    for (int i = 0; i < 10; i++) {
        char name[24];
        snprintf(name, sizeof name, "tenant-%02d", i);
        run[i] = rows[i];
        ledger(world, name, run);
    }
    look(world);
    assert_holds_text(screen(world),
                      "  0002_x                              → pending in 2 of 10: tenant-00, tenant-01\n");
}

static void the_screen_of_19_migrations_is_one(void **state) {
    struct world *world = *state;
    static const char *const names[] = {"0000_a", "0001_b", "0002_c", "0003_d", "0004_e", "0005_f", "0006_g",
                                        "0007_h", "0008_i", "0009_j", "0010_k", "0011_l", "0012_m", "0013_n",
                                        "0014_o", "0015_p", "0016_q", "0017_r", "0018_s", NULL};
    files(world, names);
    for (size_t i = 0; names[i]; i++) {
        char path[32];
        snprintf(path, sizeof path, "meta/%.4s_snapshot.json", names[i]);
        unlink(in_folder(world->folder, path));
    }
    file(world, "0019_odd.SQL", "x");
    file(world, "0018_copy.sql", "select 2;");
    file(world, ".migfs", "nonsense");
    ENTRIES(world, "0000_a@5000", "0001_b@\"x\"", "0002_c@3000", "0003_d@3000", "0004_e@1", "0004_e@2",
            "0005_f@99999999999999");
    fresh_ledger(world, "one");
    LEDGER(world, "two", "file:0000_a@4000", "raw:x@3");
    LEDGER(world, "three", "file:0002_c@4000", "raw:x@3");
    look(world);
    assert_true(world->view->problems->count > 12);
    struct text text = screen(world);
    assert_true(lines_of(text) <= 59);
    for (size_t i = 0; names[i]; i++) {
        assert_holds_text(text, names[i]);
    }
    assert_holds_text(text, ": migfs check 'my folder'\n");
}

/* In both databases up to 0009, in one of them up to 0019. */
static void a_long_table_folds_what_stands_alike_and_the_next_deploy_names_it(void **state) {
    enum { COUNT = 40 };
    struct world *world = *state;
    char names[COUNT][16], whens[COUNT][32], rows[COUNT][32];
    const char *tags[COUNT + 1] = {NULL}, *lines[COUNT + 1] = {NULL}, *run[COUNT + 1] = {NULL};
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "%04d_x", i);
        snprintf(whens[i], sizeof whens[i], "%04d_x@%d000", i, i + 1);
        snprintf(rows[i], sizeof rows[i], "file:%04d_x@%d000", i, i + 1);
        tags[i] = names[i];
        lines[i] = whens[i];
        run[i] = i < 20 ? rows[i] : NULL;
    }
    files(world, tags);
    entries(world, lines);
    ledger(world, "live", run);
    run[10] = NULL;
    ledger(world, "staging", run);
    look(world);
    struct text text = screen(world);
    assert_holds_text(text, "  migration                           live       staging\n"
                            "  0000 … 0009 (10 migrations)         ✓ applied  ✓ applied\n"
                            "  0010 … 0019 (10 migrations)         ✓ applied  → pending\n"
                            "  0020 … 0039 (20 migrations)         → pending  → pending\n\n");
    for (int i = 10; i < COUNT; i++) {
        assert_holds_text(text, names[i]);
    }
    assert_true(lines_of(text) <= 59);
}

static void columns_and_lines_go_by_what_a_terminal_shows(void **state) {
    struct world *world = *state;
    FILES(world, "0000_用户", "0001_b");
    ENTRIES(world, "0000_用户@1000", "0001_b@2000");
    fresh_ledger(world, "live");
    look(world);
    assert_holds_text(screen(world), "  0000_用户                           → pending\n"
                                     "  0001_b                              → pending\n");
    struct screen_options options = {.source = TEXT("x"), .width = 40};
    assert_holds_text(screen_render(world->arena, world->view, &options), "    in this order: 0000_用户, 0001_b\n");
    options.width = 36;
    assert_holds_text(screen_render(world->arena, world->view, &options),
                      "    in this order: 0000_用户,\n      0001_b\n");
}

static void a_terminal_is_given_lines_of_its_width_and_a_pipe_whole_sentences(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct screen_options options = {.source = TEXT("x"), .width = 60, .is_wrapped = true};
    assert_holds_text(screen_render(world->arena, world->view, &options),
                      "  error unjournaled: 0001_b.sql\n"
                      "    not in meta/_journal.json, so Drizzle never runs it, and\n"
                      "    has no row in database db; run `migfs fix` with the same\n"
                      "    databases; or write `exclude 0001_b` into .migfs if it\n"
                      "    is not a migration, or, if it was run by hand and every\n"
                      "    database that lacks it is attached, `applied 0001_b db`\n"
                      "    $ migfs explain unjournaled\n");
    options.width = 41;
    assert_holds_text(screen_render(world->arena, world->view, &options),
                      "    database db; run `migfs fix` with the\n"
                      "    same databases; or write\n"
                      "    `exclude 0001_b` into .migfs if it is\n");
    options.is_wrapped = false;
    assert_holds_text(screen_render(world->arena, world->view, &options),
                      "so Drizzle never runs it, and has no row in database db; run `migfs fix` with the same ");
}

static void the_lines_on_the_folder_and_the_next_deploy_are_wrapped_too(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0001_gone@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct screen_options options = {.source = TEXT("x"), .width = 40, .is_wrapped = true};
    struct text text = screen_render(world->arena, world->view, &options);
    assert_holds_text(text, "x: 2 migrations, 2 in\n  meta/_journal.json; 1 database\n");
    assert_holds_text(text, "  db: aborts every run: 0001_gone.sql is\n    not there\n");
    options.is_wrapped = false;
    text = screen_render(world->arena, world->view, &options);
    assert_holds_text(text, "x: 2 migrations, 2 in meta/_journal.json; 1 database\n");
    assert_holds_text(text, "  db: aborts every run: 0001_gone.sql is not there\n");
}

static void a_file_with_several_problems_of_a_kind_is_named_once(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "exlude 0000_b\n# between them\nignroe pending\n");
    look(world);
    assert_holds_text(screen(world), "problems: 2 errors, 0 warnings\n  error bad-rule: .migfs (2 times)\n");
    rules_file(world, "exlude 0000_b\n");
    look(world);
    assert_holds_text(screen(world), "  error bad-rule: .migfs\n");
}

static void colours_are_for_those_who_want_them(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct screen_options options = {.source = TEXT("x"), .width = SCREEN_WIDTH, .is_coloured = true};
    assert_holds_text(screen_render(world->arena, world->view, &options), "\033[32m✓ applied\033[0m\n");
    assert_lacks_text(screen(world), "\033");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(what_is_level_is_one_line_and_the_rest_is_named),
        world_test(where_all_is_level_it_is_three_lines),
        world_test(a_fold_of_long_names_widens_its_column),
        world_test(without_a_database_the_journal_is_what_is_shown),
        world_test(databases_that_stand_alike_are_one_column_and_a_dead_one_hides_nothing),
        world_test(where_columns_do_not_fit_rows_say_where_it_has_not_run),
        world_test(the_screen_of_19_migrations_is_one),
        world_test(a_long_table_folds_what_stands_alike_and_the_next_deploy_names_it),
        world_test(columns_and_lines_go_by_what_a_terminal_shows),
        world_test(a_terminal_is_given_lines_of_its_width_and_a_pipe_whole_sentences),
        world_test(the_lines_on_the_folder_and_the_next_deploy_are_wrapped_too),
        world_test(a_file_with_several_problems_of_a_kind_is_named_once),
        world_test(colours_are_for_those_who_want_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
