#include "folder.h"

#include "cli/command_line.h"
#include "cli/folders.h"
#include "cli/option_table.h"

static struct options options;
static char seen[1024];

static int note(struct options *folder, void *context) {
    size_t used = strlen(seen);
    snprintf(seen + used, sizeof seen - used, "%s%s:%s", used > 0 ? " " : "", folder->written, folder->table);
    return *(int *)context;
}

static int end(void **state) {
    assert_int_equal(chdir("/"), 0);
    return folder_destroy(state);
}

/* Runs the command in the folder; returns its status, and what it was run for in `seen`. */
#define RUN(number, ...) run(folder, number, (const char *const[]){"migfs", __VA_ARGS__, NULL})
static int run(struct folder *folder, enum folders_number number, const char *const *words) {
    static char copies[16][256], *argv[17];
    struct error error;
    int argc = 0, status = 0;
    for (; words[argc]; argc++) {
        snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    argv[argc] = NULL;
    *seen = '\0';
    assert_int_equal(chdir(folder->path), 0);
    assert_true(command_line_parse(&options, argc, argv, &error));
    status = folders_run(&options, number, note, &status);
    option_finish(&options);
    return status;
}

static void put_migrations(struct folder *folder, const char *name) {
    char path[256];
    put_directory(folder, name);
    snprintf(path, sizeof path, "%s/meta", name);
    put_directory(folder, path);
    snprintf(path, sizeof path, "%s/meta/_journal.json", name);
    put(folder, path, "{}");
}

static void without_a_name_the_one_folder_below_is_found(void **state) {
    struct folder *folder = *state;
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q"), 2);
    put_migrations(folder, "drizzle");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q"), 0);
    assert_string_equal(seen, "drizzle:__drizzle_migrations");
    put_migrations(folder, "other");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q"), 2);
    assert_string_equal(seen, "");
}

static void the_config_of_drizzle_says_which_and_what_table(void **state) {
    struct folder *folder = *state;
    put_migrations(folder, "one");
    put_migrations(folder, "two");
    put(folder, "drizzle.config.ts", "export default { out: './two', migrations: { table: 'mine' } }");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q"), 0);
    assert_string_equal(seen, "two:mine");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "./two/", "one"), 0);
    assert_string_equal(seen, "./two/:mine one:__drizzle_migrations");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "two", "--migrations-table=given"), 0);
    assert_string_equal(seen, "two:given");
}

static void a_project_file_names_the_folders(void **state) {
    struct folder *folder = *state;
    put_migrations(folder, "one");
    put_migrations(folder, "two");
    put_migrations(folder, "three");
    put(folder, "migfs.conf", "migrations-table = all\n[one]\n[two]\nmigrations-table = second\n");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q"), 0);
    assert_string_equal(seen, "one:all two:second");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "three", "two"), 0);
    assert_string_equal(seen, "three:all two:second");
    assert_int_equal(RUN(FOLDERS_ONE, "print", "summary"), 2);
    assert_string_equal(seen, "");
}

static void a_folder_that_is_none_or_not_there_is_an_error_if_another_is_near(void **state) {
    struct folder *folder = *state;
    put_migrations(folder, "drizzle");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "."), 2);
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "drizle"), 2);
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "nowhere"), 0); /* what reads it says so */
    put_directory(folder, "drizzle/empty");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "drizzle/empty"), 0);
}

#define folders_test(function) cmocka_unit_test_setup_teardown(function, folder_create, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        folders_test(without_a_name_the_one_folder_below_is_found),
        folders_test(the_config_of_drizzle_says_which_and_what_table),
        folders_test(a_project_file_names_the_folders),
        folders_test(a_folder_that_is_none_or_not_there_is_an_error_if_another_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
