#include "folder.h"

#include "cli/environment.h"

static void assert_found(const char *text, const char *expected) {
    char *found = environment_find(text, "URL");
    if (expected) {
        assert_non_null(found);
        assert_string_equal(found, expected);
    } else {
        assert_null(found);
    }
    free(found);
}

static void a_file_is_read_as_dotenv_reads_it(void **state) {
    assert_found("URL=postgres://h/d\n", "postgres://h/d");
    assert_found("A=1\n  export URL = x # a comment\n", "x");
    assert_found("URL=\"a b#c\" # a comment", "a b#c");
    assert_found("URL='a\\nb'", "a\\nb");
    assert_found("URL=\"a\\nb\"", "a\nb");
    assert_found("URL=`x`\r\n", "x");
    assert_found("URL=x\r\n", "x");
    assert_found("URL=\n", "");
    assert_found("URL=a\nURL=b\n", "b");
    assert_found("# URL=a\nMY_URL=b\nURLS=c\nURL\n", NULL);
    assert_found("", NULL);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_file_is_read_as_dotenv_reads_it),
        folder_test(the_environment_goes_before_the_file_unless_it_is_blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
