#include "commands.h"

#include "cli/explain.h"

#define EXPLAIN(word)                                                                                                  \
    run_command(folder, explain_run,                                                                                   \
                (const char *const[]){"migfs", "explain", "--no-database", word, folder->path, NULL})

static void every_code_is_explained(void **state) {
    for (size_t i = 0; i < PROBLEM_KIND_COUNT; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&text, &size);
        bool is_there = explain_code(file, problem_codes[i].code);
        fclose(file);
        if (!is_there || !strstr(text, "To do: ")) {
            fail_msg("docs/problems.md does not say what is to be done about %s", problem_codes[i].code);
        }
        assert_int_equal(strncmp(text, problem_codes[i].code, strlen(problem_codes[i].code)), 0);
        assert_null(strstr(text, "```"));
        assert_null(strstr(text, "<!--"));
        assert_null(strstr(text, "]("));
        free(text);
    }
}

static void a_migration_is_told_by_its_name_its_file_or_its_number(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    put(folder, "0001_b.sql", "select 2;");
    static const char *const words[] = {"0001_b", "0001_b.sql", "some/where/0001_b.sql", "0001", "1", "01"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct result result = EXPLAIN(words[i]);
        assert_int_equal(result.status, 0);
        assert_non_null(strstr(result.output, "\ndrizzle: never runs it"));
        assert_non_null(strstr(result.output, "[unjournaled]"));
    }
}

static void what_is_neither_is_status_2(void **state) {
    struct folder *folder = *state;
    put_good(folder);
    assert_int_equal(EXPLAIN("unjurnaled").status, 2);
    assert_int_equal(EXPLAIN("0000_b").status, 2);
    assert_int_equal(EXPLAIN("001").status, 2);
    assert_string_equal(EXPLAIN("nothing-of-the-kind").output, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(every_code_is_explained),
        folder_test(a_migration_is_told_by_its_name_its_file_or_its_number),
        folder_test(what_is_neither_is_status_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
