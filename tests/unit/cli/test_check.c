/* Output and exit status of check on real folders, without a database. */
#include "commands.h"

#include "cli/check.h"

#define CHECK_FOLDER(...)                                                                                              \
    run_command(folder, check_run,                                                                                     \
                (const char *const[]){"migfs", "check", "--no-database", folder->path, __VA_ARGS__, NULL})

static void nothing_wrong_is_no_output_and_status_0(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    struct result result = CHECK_FOLDER("--format=text");
    assert_int_equal(result.status, 0);
    assert_string_equal(result.output, "");
    result = CHECK_FOLDER("--format=json");
    assert_string_equal(result.output, "[\n]\n");
}

static void a_problem_is_a_line_and_status_1(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put(folder, "0001_b.sql", "select 2;");
    struct result result = CHECK_FOLDER("--severity=error");
    assert_int_equal(result.status, 1);
    char expected[256];
    snprintf(expected, sizeof expected, "%s/0001_b.sql: error: not in meta/_journal.json", folder->path);
    assert_int_equal(strncmp(result.output, expected, strlen(expected)), 0);
    assert_ptr_equal(strchr(result.output, '\n'), result.output + strlen(result.output) - 1);
}

static void what_is_less_severe_than_asked_counts_for_nothing(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    assert_int_equal(unlink(in_folder(folder, "meta/0000_snapshot.json")), 0);
    assert_int_equal(CHECK_FOLDER("--severity=error").status, 0);
    assert_int_equal(CHECK_FOLDER("--severity=warning").status, 1);
}

static void github_gets_workflow_commands(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put(folder, "0001_a,b:c%.sql", "select 2;");
    struct result result = CHECK_FOLDER("--format=github", "--severity=error");
    char expected[256];
    snprintf(expected, sizeof expected,
             "::error file=%s/0001_a%%2Cb%%3Ac%%25.sql,title=migfs unjournaled::", folder->path);
    assert_int_equal(strncmp(result.output, expected, strlen(expected)), 0);
}

/* The path begins with the folder as the user wrote it. */
static void github_gets_the_path_of_what_is_in_a_file(void **state) {
    struct folder *folder = *state;
    char link[128], expected[512];
    put_good(folder);
    put(folder, "meta/_journal.json", "{\n\"entries\": ,}");
    put(folder, ".migfs", "nonsense");
    snprintf(link, sizeof link, "%s/./../source", folder->path);
    const char *const words[] = {"migfs", "check", "--no-database", "--format=github", "--severity=error", link, NULL};
    struct result result = run_command(folder, check_run, words);
    snprintf(expected, sizeof expected, "::error file=%s/meta/_journal.json,line=2,col=12,title=migfs ", link);
    assert_non_null(strstr(result.output, expected));
    snprintf(expected, sizeof expected, "::error file=%s/.migfs,line=1,title=migfs bad-rule::", link);
    assert_non_null(strstr(result.output, expected));

    put(folder, "other rules", "nonsense");
    snprintf(link, sizeof link, "--rules=%s", in_folder(folder, "other rules"));
    snprintf(expected, sizeof expected, "::error file=%s/other rules,line=1,title=", folder->path);
    assert_non_null(strstr(CHECK_FOLDER("--format=github", link).output, expected));

    const char *const with_database[] = {
        "migfs", "check", "--format=github", "--database=host=/nowhere dbname=x user=x", folder->path, NULL};
    assert_non_null(strstr(run_command(folder, check_run, with_database).output,
                           "::error title=migfs database-unreadable::cannot be read"));

    assert_int_equal(unlink(in_folder(folder, "0000_a.sql")), 0);
    put(folder, "meta/_journal.json", "{\"entries\":[]}");
    snprintf(expected, sizeof expected, " file=%s,title=migfs no-migrations::", folder->path);
    assert_non_null(strstr(CHECK_FOLDER("--format=github").output, expected));
}

static void several_folders_are_one_document(void **state) {
    struct folder *folder = *state;
    char other[128];
    put_good(folder);
    put(folder, "0001_b.sql", "select 2;");
    put_directory(folder, "other");
    put(folder, "other/0000_c.sql", "select 1;");
    snprintf(other, sizeof other, "%s/other", folder->path);
    struct result result = CHECK_FOLDER("--json", "--severity=error", other);
    assert_int_equal(result.status, 1);
    assert_non_null(strstr(result.output, "{\"file\": \"0001_b.sql\""));
    char expected[256];
    snprintf(expected, sizeof expected, "\"path\": \"%s/meta/_journal.json\"", other);
    assert_non_null(strstr(result.output, expected));
    assert_int_equal(strncmp(result.output, "[\n", 2), 0);
    assert_ptr_equal(strstr(result.output, "\n]\n"), result.output + strlen(result.output) - 3);
}

static void gitlab_and_sarif_get_the_path_and_a_fingerprint_that_stays(void **state) {
    struct folder *folder = *state;
    char expected[256];
    put_good(folder);
    put(folder, "0001_b c.sql", "select 2;");
    snprintf(expected, sizeof expected, "\"location\": {\"path\": \"%s/0001_b c.sql\"", folder->path);
    struct result first = CHECK_FOLDER("--format=gitlab", "--severity=error");
    assert_non_null(strstr(first.output, expected));
    assert_non_null(strstr(first.output, "\"severity\": \"critical\""));
    snprintf(expected, sizeof expected, "\"uri\": \"%s/0001_b%%20c.sql\"", folder->path);
    struct result sarif = CHECK_FOLDER("--format=sarif", "--severity=error");
    assert_non_null(strstr(sarif.output, expected));
    assert_non_null(strstr(sarif.output, "\"ruleId\": \"unjournaled\""));
    char *at = strstr(first.output, "\"fingerprint\": \"");
    assert_non_null(at);
    snprintf(expected, sizeof expected, "%.64s", at + strlen("\"fingerprint\": \""));
    assert_non_null(strstr(sarif.output, expected));
    assert_int_equal(unlink(in_folder(folder, "0001_b c.sql")), 0);
    assert_string_equal(CHECK_FOLDER("--format=gitlab").output, "[\n]\n");
    assert_non_null(strstr(CHECK_FOLDER("--format=sarif").output, "\"results\": []"));
}

static void a_state_that_was_asked_for_is_status_1_and_no_problem(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    assert_int_equal(CHECK_FOLDER("--fail-on=pending,skipped").status, 0);
    struct result result = CHECK_FOLDER("--fail-on=pending,journaled");
    assert_int_equal(result.status, 1);
    assert_string_equal(result.output, "");
}

static void a_database_that_is_asked_for_must_be_there(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    assert_int_equal(CHECK_FOLDER("--require-database").status, 2);
}

static void a_folder_that_is_not_there_or_a_base_that_is_none_cannot_be_told(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    assert_int_equal(CHECK_FOLDER("--base=/nowhere").status, 2);
    remove_tree(folder->path);
    assert_int_equal(CHECK_FOLDER("--format=text").status, 2);
    assert_int_equal(mkdir(folder->path, 0755), 0);
}

static void a_database_that_cannot_be_read_cannot_be_told(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    const char *const words[] = {"migfs", "check", "--database=host=/nowhere dbname=x user=x", folder->path, NULL};
    struct result result = run_command(folder, check_run, words);
    assert_int_equal(result.status, 2);
    assert_non_null(strstr(result.output, "[database-unreadable]"));
}

/* Both claim a length of 4,096 bytes: reading the first fails, and the second ends after a few. */
static void a_rules_file_that_cannot_be_read_to_its_end_is_not_taken_for_one_that_can(void **state) {
    struct folder *folder = *state;
    char byte;
    int failing = open("/sys/class/net/lo/speed", O_RDONLY | O_CLOEXEC);
    bool can_be_read = failing < 0 || read(failing, &byte, 1) >= 0;
    close(failing);
    if (can_be_read) {
        skip();
    }
    put_good(folder);
    assert_int_equal(CHECK_FOLDER("--rules=/sys/class/net/lo/speed").status, 2);
    assert_int_equal(CHECK_FOLDER("--rules=/sys/class/net/lo/mtu").status, 2);
}

static void what_cannot_be_written_cannot_be_told(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put(folder, "0001_b.sql", "select 2;");
    const char *const words[] = {"migfs", "check", "--no-database", folder->path, NULL};
    assert_int_equal(run_into("/dev/full", check_run, words), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(nothing_wrong_is_no_output_and_status_0),
        folder_test(a_problem_is_a_line_and_status_1),
        folder_test(what_is_less_severe_than_asked_counts_for_nothing),
        folder_test(github_gets_workflow_commands),
        folder_test(github_gets_the_path_of_what_is_in_a_file),
        folder_test(several_folders_are_one_document),
        folder_test(gitlab_and_sarif_get_the_path_and_a_fingerprint_that_stays),
        folder_test(a_state_that_was_asked_for_is_status_1_and_no_problem),
        folder_test(a_database_that_is_asked_for_must_be_there),
        folder_test(a_folder_that_is_not_there_or_a_base_that_is_none_cannot_be_told),
        folder_test(a_database_that_cannot_be_read_cannot_be_told),
        folder_test(a_rules_file_that_cannot_be_read_to_its_end_is_not_taken_for_one_that_can),
        folder_test(what_cannot_be_written_cannot_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
