/* Output and exit status of print on real folders, without a database. */
#include "commands.h"

#include "cli/print.h"

#define PRINT(wanted)                                                                                                  \
    run_command(folder, print_run, (const char *const[]){"migfs", "print", "--no-database", folder->path, wanted, NULL})

static void print_writes_one_file_to_the_byte(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    struct result result = PRINT("_journal.json");
    assert_int_equal(result.status, 0);
    assert_string_equal(result.output, "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"}]}");
    assert_string_equal(PRINT("migrations/0000_a.sql").output, "select 1;");
    assert_string_equal(PRINT("/state/journaled/0000_a").output, PRINT("status/0000_a").output);
    assert_string_equal(PRINT("status").output, "0000_a\n");
    assert_non_null(strstr(PRINT("/").output, "databases/\n"));
}

static void what_is_refused_or_not_there_is_status_2_and_no_output(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put(folder, "meta/_journal.json", "{");
    struct result result = PRINT("_journal.json");
    assert_int_equal(result.status, 2);
    assert_string_equal(result.output, "");
    result = PRINT("nothing");
    assert_int_equal(result.status, 2);
    assert_string_equal(result.output, "");
    assert_int_equal(PRINT("problems").status, 0);
}

/* stdio has written a large file before the end, so the final fflush() does not fail. */
static void what_could_not_be_written_on_the_way_cannot_be_told(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put_sparse(folder, "large", 1 << 20);
    const char *const words[] = {"migfs", "print", "--no-database", folder->path, "migrations/large", NULL};
    assert_int_equal(run_into("/dev/full", print_run, words), 2);
}

static void a_folder_that_is_not_there_cannot_be_printed(void **state) {
    struct folder *folder = *state;
    remove_tree(folder->path);
    assert_int_equal(PRINT("summary").status, 2);
    assert_int_equal(mkdir(folder->path, 0755), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(print_writes_one_file_to_the_byte),
        folder_test(what_is_refused_or_not_there_is_status_2_and_no_output),
        folder_test(what_could_not_be_written_on_the_way_cannot_be_told),
        folder_test(a_folder_that_is_not_there_cannot_be_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
