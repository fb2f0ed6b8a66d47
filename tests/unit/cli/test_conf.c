#include "folder.h"

#include "cli/conf.h"
#include "cli/environment.h"

static struct options options;
static struct conf conf;
static struct error error;

static int begin(void **state) {
    options.environment = environment_create();
    return folder_create(state);
}

static int end(void **state) {
    conf_finish(&conf);
    option_finish(&options);
    memset(&options, 0, sizeof options);
    assert_int_equal(chdir("/"), 0);
    return folder_destroy(state);
}

#define conf_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

static const char text[] = "# for all\n\nseverity = error\nmigrations-table=common\n[a]\nmigrations-table = own\n"
                           "database-file = app=secrets/app\nmetrics\n[b/c]\nbase=-\n";

static void lines_before_the_first_folder_are_for_all(void **state) {
    struct folder *folder = *state;
    put(folder, "migfs.conf", text);
    put_directory(folder, "secrets");
    put(folder, "secrets/app", "host=h");
    chmod(in_folder(folder, "secrets/app"), 0600);
    assert_true(conf_read(&conf, in_folder(folder, "migfs.conf"), &error));
    assert_int_equal(conf.section_count, 2);
    assert_string_equal(conf.sections[1], "b/c");
    assert_true(conf_apply(&conf, 1, &options, &error));
    assert_true(conf_apply(&conf, 0, &options, &error));
    assert_string_equal(options.table, "own");
    assert_int_equal(options.severity, SEVERITY_ERROR);
    assert_true(options.with_metrics);
    assert_string_equal(options.databases[0].name, "app");
    assert_string_equal(options.databases[0].conninfo, "host=h");
}

static void what_was_given_before_counts_and_so_does_any_database(void **state) {
    struct folder *folder = *state;
    put(folder, "migfs.conf", text);
    assert_true(conf_read(&conf, in_folder(folder, "migfs.conf"), &error));
    const struct option_row *row = option_find("no-database", strlen("no-database"));
    assert_true(option_set(row, &options, NULL, &error));
    assert_true(option_set(option_find("severity", strlen("severity")), &options, "note", &error));
    assert_true(conf_apply(&conf, 1, &options, &error));
    assert_true(conf_apply(&conf, 0, &options, &error));
    assert_int_equal(options.database_count, 0);
    assert_int_equal(options.severity, SEVERITY_NOTE);
}

static void the_nearest_file_above_is_found_up_to_the_repository(void **state) {
    struct folder *folder = *state;
    put(folder, "migfs.conf", "metrics\n");
    put_directory(folder, "a");
    put_directory(folder, "a/b");
    assert_int_equal(chdir(in_folder(folder, "a/b")), 0);
    assert_true(conf_read(&conf, NULL, &error));
    assert_string_equal(conf.path, in_folder(folder, "migfs.conf"));
    assert_string_equal(conf.folder, folder->path);
    conf_finish(&conf);
    put_directory(folder, "a/.git");
    assert_true(conf_read(&conf, NULL, &error));
    assert_null(conf.path);
}

/* Opening a pipe would block. */
static void one_that_is_found_and_is_no_regular_file_is_refused(void **state) {
    struct folder *folder = *state;
    assert_int_equal(mkfifo(in_folder(folder, "migfs.conf"), 0600), 0);
    assert_int_equal(chdir(folder->path), 0);
    assert_false(conf_read(&conf, NULL, &error));
    assert_non_null(strstr(error.sentence, "migfs.conf is not a regular file"));
}

/* As in /tmp. */
static void one_that_somebody_else_put_above_is_left_alone(void **state) {
    enum { OTHER = 65534, ANOTHER = 65533 };
    struct folder *folder = *state;
    if (geteuid() != 0) {
        skip(); /* only root makes files of others */
    }
    put(folder, "migfs.conf", text);
    put_directory(folder, "own");
    assert_int_equal(chdir(in_folder(folder, "own")), 0);
    assert_int_equal(chown(in_folder(folder, "migfs.conf"), OTHER, 0), 0);
    assert_true(conf_read(&conf, NULL, &error));
    assert_string_equal(conf.folder, folder->path); /* not everybody may write there */
    conf_finish(&conf);
    assert_int_equal(chmod(folder->path, 01777), 0);
    assert_true(conf_read(&conf, NULL, &error));
    assert_null(conf.path);
    assert_int_equal(chown(folder->path, OTHER, 0), 0); /* whose folder it is */
    assert_true(conf_read(&conf, NULL, &error));
    assert_string_equal(conf.folder, folder->path);
    conf_finish(&conf);
    assert_int_equal(chown(folder->path, ANOTHER, 0), 0);
    assert_true(conf_read(&conf, in_folder(folder, "migfs.conf"), &error)); /* named by the user */
    conf_finish(&conf);
    assert_int_equal(unlink(in_folder(folder, "migfs.conf")), 0);
    put(folder, "own.conf", text);
    assert_int_equal(symlink("own.conf", in_folder(folder, "migfs.conf")), 0);
    assert_int_equal(lchown(in_folder(folder, "migfs.conf"), OTHER, 0), 0);
    assert_true(conf_read(&conf, NULL, &error));
    assert_null(conf.path);
}

static void what_is_wrong_is_told_with_its_line(void **state) {
    struct folder *folder = *state;
    static const char *const wrong[][2] = {
        {"metrics\nnothing=x\n", "migfs.conf:2: there is no such option"},
        {"help\n", "migfs.conf:1: there is no such option"},
        {"config=x\n", "migfs.conf:1: there is no such option"},
        {"[a\n", "migfs.conf:1: a folder stands as [FOLDER]"},
        {"metrics=1\n", "migfs.conf:1: metrics takes no value"},
        {"severity\n", "migfs.conf:1: severity needs a value"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        put(folder, "migfs.conf", wrong[i][0]);
        assert_false(conf_read(&conf, in_folder(folder, "migfs.conf"), &error));
        assert_non_null(strstr(error.sentence, wrong[i][1]));
        conf_finish(&conf);
    }
    put(folder, "migfs.conf", "metrics\npoll=soon\n");
    assert_true(conf_read(&conf, in_folder(folder, "migfs.conf"), &error));
    assert_false(conf_apply(&conf, 0, &options, &error));
    assert_non_null(strstr(error.sentence, "migfs.conf:2: --poll is a number of seconds"));
    conf_finish(&conf);
    assert_false(conf_read(&conf, "/nowhere/migfs.conf", &error));
    assert_non_null(strstr(error.sentence, "cannot be read"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        conf_test(lines_before_the_first_folder_are_for_all),
        conf_test(what_was_given_before_counts_and_so_does_any_database),
        conf_test(the_nearest_file_above_is_found_up_to_the_repository),
        conf_test(one_that_is_found_and_is_no_regular_file_is_refused),
        conf_test(one_that_somebody_else_put_above_is_left_alone),
        conf_test(what_is_wrong_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
