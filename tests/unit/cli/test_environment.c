#include "folder.h"

#include "cli/environment.h"

static void assert_value(const char *file, const char *name, const char *expected) {
    struct environment *environment = environment_create();
    struct error error;
    const char *value;
    if (!environment_get(environment, file, name, &value, &error)) {
        fail_msg("%s", error.sentence);
    }
    assert_string_equal(value, expected);
    environment_destroy(environment);
}

static void assert_value_refused(const char *file, const char *name, const char *expected) {
    struct environment *environment = environment_create();
    struct error error;
    const char *value;
    assert_false(environment_get(environment, file, name, &value, &error));
    assert_string_equal(error.sentence, expected);
    environment_destroy(environment);
}

static void what_a_value_refers_to_is_put_in(void **state) {
    struct folder *folder = *state;
    char file[256];
    put(folder, "env",
        "PW='s3cret'\nHOST=\"${H:-db.local}\"\nURL=postgres://u:${PW}@${HOST}:${P-5432}/${FROM_HERE}\nBACK=${URL}?x\n"
        "EMPTY=\nSTAND_IN=${EMPTY:-else}\nNOTHING=a${EMPTY}b\nLOST=a${NO_SUCH}b\nA=${B}\nB=${A}\nODD=${}${a "
        "b}${\nOWN=${OWN}\n");
    snprintf(file, sizeof file, "%s", in_folder(folder, "env"));
    unsetenv("H");
    unsetenv("P");
    setenv("FROM_HERE", "shop", 1);
    setenv("PW", "", 1);
    assert_value(file, "URL", "postgres://u:s3cret@db.local:5432/shop");
    assert_value(file, "BACK", "postgres://u:s3cret@db.local:5432/shop?x");
    assert_value(file, "ODD", "${}${a b}${");
    assert_value(file, "STAND_IN", "else");
    assert_value(file, "NOTHING", "ab");
    setenv("PW", "other", 1);
    assert_value(file, "URL", "postgres://u:other@db.local:5432/shop");
    assert_value_refused(
        file, "LOST",
        "LOST in --env-file: it holds ${NO_SUCH}, and the variable NO_SUCH is set neither there nor here");
    assert_value_refused(file, "A", "A in --env-file: the variables that it holds as ${NAME} hold each other");
    assert_value_refused(file, "OWN", "OWN in --env-file: the variables that it holds as ${NAME} hold each other");
}

/* A requested variable is no longer in the process environment. */
static void what_was_asked_for_is_put_in_as_well(void **state) {
    struct folder *folder = *state;
    struct environment *environment = environment_create();
    struct error error;
    const char *value;
    char file[256];
    put(folder, "env", "B=${A}b\n");
    snprintf(file, sizeof file, "%s", in_folder(folder, "env"));
    setenv("A", "a", 1);
    assert_true(environment_get(environment, file, "A", &value, &error));
    assert_true(environment_get(environment, file, "B", &value, &error));
    assert_string_equal(value, "ab");
    environment_destroy(environment);
}

static void the_environment_goes_before_the_file_unless_it_is_blank(void **state) {
    struct folder *folder = *state;
    struct environment *environment = environment_create();
    struct error error;
    const char *value;
    char file[256];
    put(folder, "env", "A=file\nB=file\nC=file\n");
    snprintf(file, sizeof file, "%s", in_folder(folder, "env"));
    setenv("A", "environment", 1);
    setenv("B", "  ", 1);
    unsetenv("C");
    assert_true(environment_get(environment, file, "A", &value, &error));
    assert_string_equal(value, "environment");
    assert_string_equal(getenv("A"), "***********");
    assert_true(environment_get(environment, file, "A", &value, &error));
    assert_string_equal(value, "environment");
    assert_true(environment_get(environment, file, "B", &value, &error));
    assert_string_equal(value, "file");
    assert_true(environment_get(environment, file, "C", &value, &error));
    assert_string_equal(value, "file");
    assert_true(environment_get(environment, file, "D", &value, &error));
    assert_null(value);
    setenv("D", "", 1);
    assert_true(environment_get(environment, NULL, "D", &value, &error));
    assert_string_equal(value, "");
    assert_false(environment_get(environment, "/nowhere/env", "E", &value, &error));
    assert_non_null(strstr(error.sentence, "--env-file /nowhere/env cannot be read"));
    environment_destroy(environment);
}

static void a_file_that_is_too_large_is_not_read_in_part(void **state) {
    enum { TOO_LARGE = 1 << 20 };
    struct folder *folder = *state;
    char file[256], expected[512];
    put(folder, "env", "URL=x\n");
    snprintf(file, sizeof file, "%s", in_folder(folder, "env"));
    assert_int_equal(truncate(file, TOO_LARGE), 0);
    snprintf(expected, sizeof expected, "--env-file %s is larger than 1 MiB", file);
    unsetenv("URL");
    assert_value_refused(file, "URL", expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(what_a_value_refers_to_is_put_in),
        folder_test(what_was_asked_for_is_put_in_as_well),
        folder_test(the_environment_goes_before_the_file_unless_it_is_blank),
        folder_test(a_file_that_is_too_large_is_not_read_in_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
