#include "folder.h"

#include "migfs/options_database.h"

static struct options options;
static struct error error;
static char noticed[1024];

static void notice(const char *sentence) {
    snprintf(noticed, sizeof noticed, "%s", sentence);
}

static int begin(void **state) {
    options_set_notice(notice);
    noticed[0] = '\0';
    unsetenv("DATABASE_URL");
    return folder_create(state);
}

static int end(void **state) {
    options_finish_databases(&options);
    memset(&options, 0, sizeof options);
    unsetenv("DATABASE_URL");
    return folder_destroy(state);
}

#define database_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

static void assert_database(const char *value, const char *name, const char *conninfo) {
    size_t at = options.inputs.database_count;
    assert_true(options_add_database(&options, value, &error));
    assert_string_equal(options.databases[at].name, name);
    assert_string_equal(options.databases[at].conninfo, conninfo);
    options_finish_databases(&options);
}

static void a_name_stands_before_the_first_equals_sign(void **state) {
    assert_database("staging=postgres://h/d", "staging", "postgres://h/d");
    assert_database("a-b_9=host=h dbname=d", "a-b_9", "host=h dbname=d");
    assert_database("postgres://h/d?a=b", "default", "postgres://h/d?a=b");
    assert_database("postgresql:///d", "default", "postgresql:///d");
    assert_database("host=h dbname=d", "default", "host=h dbname=d");
    assert_database("host = h", "default", "host = h");
    assert_database("service=x", "default", "service=x");
    assert_database("x=host=h", "x", "host=h");
}

static void two_of_one_name_are_too_many(void **state) {
    assert_true(options_add_database(&options, "host=a", &error));
    assert_false(options_add_database(&options, "postgres://u:secret@b", &error));
    assert_non_null(strstr(error.sentence, "two databases are named default"));
    assert_null(strstr(error.sentence, "secret"));
}

static void an_empty_string_or_too_long_a_name_is_none(void **state) {
    char value[100];
    memset(value, 'a', 64);
    strcpy(value + 64, "=host=h");
    assert_false(options_add_database(&options, value, &error));
    assert_non_null(strstr(error.sentence, "at most 63 characters"));
    assert_false(options_add_database(&options, "x=", &error));
    assert_non_null(strstr(error.sentence, "is empty"));
}

static void a_file_holds_a_connection_string_and_perhaps_a_line_break(void **state) {
    struct folder *folder = *state;
    char value[200];
    put(folder, "secret", "\n postgres://u:p@h/d \n");
    chmod(in_folder(folder, "secret"), 0600);
    snprintf(value, sizeof value, "prod=%s", in_folder(folder, "secret"));
    assert_true(options_add_database_file(&options, value, &error));
    assert_string_equal(options.databases[0].name, "prod");
    assert_string_equal(options.databases[0].conninfo, "postgres://u:p@h/d");
    assert_string_equal(noticed, "");
}

static void a_file_that_everyone_can_read_is_told_of(void **state) {
    struct folder *folder = *state;
    put(folder, "secret", "host=h");
    chmod(in_folder(folder, "secret"), 0644);
    assert_true(options_add_database_file(&options, in_folder(folder, "secret"), &error));
    assert_non_null(strstr(noticed, "everyone on this machine can read"));
}

static void a_file_that_is_empty_too_large_or_not_there_is_an_error(void **state) {
    struct folder *folder = *state;
    put(folder, "empty", " \n");
    assert_false(options_add_database_file(&options, in_folder(folder, "empty"), &error));
    put_sparse(folder, "large", 1 << 20);
    assert_false(options_add_database_file(&options, in_folder(folder, "large"), &error));
    assert_false(options_add_database_file(&options, in_folder(folder, "nowhere"), &error));
    assert_non_null(strstr(error.sentence, "No such file"));
    assert_false(options_add_database_file(&options, folder->path, &error));
}

static void the_environment_names_one_where_no_other_is(void **state) {
    setenv("DATABASE_URL", "postgres://env/d", 1);
    assert_true(options_add_environment(&options, &error));
    assert_string_equal(options.databases[0].name, "default");
    assert_string_equal(options.databases[0].conninfo, "postgres://env/d");
    options_finish_databases(&options);

    assert_true(options_add_database(&options, "a=host=h", &error));
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.inputs.database_count, 1);
    options_finish_databases(&options);

    options.no_database = true;
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.inputs.database_count, 0);
    assert_true(options_add_database(&options, "a=host=h", &error));
    assert_false(options_add_environment(&options, &error));
}

static void an_empty_environment_names_none(void **state) {
    setenv("DATABASE_URL", "", 1);
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.inputs.database_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        database_test(a_name_stands_before_the_first_equals_sign),
        database_test(two_of_one_name_are_too_many),
        database_test(an_empty_string_or_too_long_a_name_is_none),
        database_test(a_file_holds_a_connection_string_and_perhaps_a_line_break),
        database_test(a_file_that_everyone_can_read_is_told_of),
        database_test(a_file_that_is_empty_too_large_or_not_there_is_an_error),
        database_test(the_environment_names_one_where_no_other_is),
        database_test(an_empty_environment_names_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
