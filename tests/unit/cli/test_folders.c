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

/* Runs the command in the folder; returns its status, and the folders that it ran for in `seen`. */
#define RUN_IN(folder, number, ...) run(folder, number, (const char *const[]){"migfs", __VA_ARGS__, NULL})
#define RUN(number, ...) RUN_IN(folder, number, __VA_ARGS__)
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

/* Runs it with standard error in a file; returns what was said there. */
static const char *said_by(struct folder *folder, const char *const *words) {
    static char said[1024];
    char path[256];
    int before = dup(STDERR_FILENO);
    snprintf(path, sizeof path, "%s/said", folder->outside);
    assert_non_null(freopen(path, "we", stderr));
    run(folder, FOLDERS_ANY, words);
    fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    FILE *stream = fopen(path, "re");
    assert_non_null(stream);
    said[fread(said, 1, sizeof said - 1, stream)] = '\0';
    fclose(stream);
    return said;
}
#define SAID_BY(folder, ...) said_by(folder, (const char *const[]){"migfs", __VA_ARGS__, NULL})

static void that_no_database_is_attached_is_said_once_and_where_it_matters(void **state) {
    struct folder *folder = *state;
    static const char note[] = "no database is attached (DATABASE_URL is not set)";
    put_migrations(folder, "one");
    put_migrations(folder, "two");
    unsetenv("DATABASE_URL");
    static const char *const commands[] = {"check", "status", "fix"};
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(strstr(SAID_BY(folder, commands[i], "one"), note));
        assert_string_equal(SAID_BY(folder, commands[i], "one", "--no-database"), "");
    }
    const char *first = strstr(SAID_BY(folder, "check", "one", "two"), note);
    assert_non_null(first);
    assert_null(strstr(first + 1, note));
    assert_string_equal(SAID_BY(folder, "check", "-q", "one"), "");
    assert_string_equal(SAID_BY(folder, "check", "one", "--database=postgres://h/d"), "");
    assert_string_equal(SAID_BY(folder, "print", "one", "summary"), "");
    assert_null(strstr(SAID_BY(folder, "check", "nowhere"), note));
    assert_null(strstr(SAID_BY(folder, "check", "one", "--require-database"), note));
}

/* It suggests the folder but does not read it. */
static void from_a_folder_within_the_project_the_one_above_is_suggested(void **state) {
    struct folder *folder = *state;
    char said[512] = "", path[128];
    put_migrations(folder, "drizzle");
    put_directory(folder, "src");
    put_directory(folder, "src/db");
    put(folder, "drizzle.config.ts", "export default { out: './drizzle' };");
    struct folder within = *folder;
    strncat(within.path, "/src/db", sizeof within.path - strlen(within.path) - 1);
    int before = dup(STDERR_FILENO);
    snprintf(path, sizeof path, "%s/said", folder->outside);
    for (int i = 0; i < 2; i++) {
        assert_non_null(freopen(path, "we", stderr));
        assert_int_equal(RUN_IN(&within, FOLDERS_ANY, "check", "-q"), 2);
        fflush(stderr);
        assert_true(dup2(before, STDERR_FILENO) >= 0);
        FILE *stream = fopen(path, "re");
        said[fread(said, 1, sizeof said - 1, stream)] = '\0';
        fclose(stream);
        assert_true((strstr(said, "did you mean ../../drizzle?") != NULL) == (i == 0));
        put_directory(folder, i == 0 ? "src/.git" : "last"); /* marks the root of the project */
    }
    close(before);
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

static void a_database_of_the_project_file_is_no_folder(void **state) {
    struct folder *folder = *state;
    put_migrations(folder, "one");
    put(folder, "migfs.conf", "database = prod=postgres://h/d\n");
    assert_int_equal(RUN(FOLDERS_ANY, "status", "prod"), 2);
    assert_string_equal(seen, "");
    assert_int_equal(RUN(FOLDERS_ANY, "status", "pro"), 0); /* reported by the reader */
    put_migrations(folder, "prod");
    assert_int_equal(RUN(FOLDERS_ANY, "status", "prod"), 0);
}

static void a_folder_that_is_none_or_not_there_is_an_error_if_another_is_near(void **state) {
    struct folder *folder = *state;
    put_migrations(folder, "drizzle");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "."), 2);
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "drizle"), 2);
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "nowhere"), 0); /* reported by the reader */
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "drizzle/meta/"), 2);
    put_directory(folder, "drizzle/empty");
    assert_int_equal(RUN(FOLDERS_ANY, "check", "-q", "drizzle/empty"), 0);
}

#define folders_test(function) cmocka_unit_test_setup_teardown(function, folder_create, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        folders_test(without_a_name_the_one_folder_below_is_found),
        folders_test(that_no_database_is_attached_is_said_once_and_where_it_matters),
        folders_test(from_a_folder_within_the_project_the_one_above_is_suggested),
        folders_test(the_config_of_drizzle_says_which_and_what_table),
        folders_test(a_project_file_names_the_folders),
        folders_test(a_database_of_the_project_file_is_no_folder),
        folders_test(a_folder_that_is_none_or_not_there_is_an_error_if_another_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
