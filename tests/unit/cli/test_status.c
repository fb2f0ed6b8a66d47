#include "commands.h"

#include "cli/status.h"

#define STATUS(...)                                                                                                    \
    run_command(folder, status_run,                                                                                    \
                (const char *const[]){"migfs", "status", "--no-database", folder->path, __VA_ARGS__, NULL})

static void problems_are_shown_and_end_with_0(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put(folder, "0001_b.sql", "select 2;");
    struct result result = STATUS("--color=never");
    assert_int_equal(result.status, 0);
    assert_non_null(strstr(result.output, ": 2 migrations, 1 in meta/_journal.json; no database is attached"));
    assert_non_null(strstr(result.output, "0001_b"));
    assert_null(strchr(result.output, '\033'));
    assert_non_null(strchr(STATUS("--color=always").output, '\033'));
}

static void as_json_it_is_status_json(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    struct result result = STATUS("--json");
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.output, "{\n  \"version\": 1,\n", 18), 0);
}

static void a_folder_that_cannot_be_shown_is_status_2(void **state) {
    struct folder *folder = *state;
    remove_tree(folder->path);
    assert_int_equal(STATUS("-q").status, 2);
    assert_int_equal(mkdir(folder->path, 0755), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(problems_are_shown_and_end_with_0),
        folder_test(as_json_it_is_status_json),
        folder_test(a_folder_that_cannot_be_shown_is_status_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
