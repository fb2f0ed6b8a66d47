#include "folder.h"

#include "cli/discover.h"

static void put_migrations(struct folder *folder, const char *name) {
    char path[256];
    put_directory(folder, name);
    snprintf(path, sizeof path, "%s/meta", name);
    put_directory(folder, path);
    snprintf(path, sizeof path, "%s/meta/_journal.json", name);
    put(folder, path, "{}");
}

static void folders_with_a_journal_are_found_at_any_depth(void **state) {
    struct folder *folder = *state;
    struct discovered found;
    struct error error;
    static const char *const folders[] = {"node_modules", ".hidden", "packages", "packages/a", "empty"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        put_directory(folder, folders[i]);
    }
    put_migrations(folder, "node_modules/m");
    put_migrations(folder, ".hidden/m");
    put_migrations(folder, "packages/a/m");
    put_migrations(folder, "drizzle");
    put_migrations(folder, "drizzle/below");
    put_link(folder, "link", "drizzle");
    put_directory(folder, "v1");
    put_directory(folder, "v1/20250101000000_a");
    put(folder, "v1/20250101000000_a/migration.sql", "");
    assert_int_equal(chdir(folder->path), 0);
    assert_true(discover_below(".", &found, &error));
    assert_int_equal(found.count, 3);
    assert_string_equal(found.paths[0], "drizzle");
    assert_string_equal(found.paths[1], "packages/a/m");
    assert_string_equal(found.paths[2], "v1");
    discover_finish(&found);
    assert_true(discover_below("packages", &found, &error));
    assert_int_equal(found.count, 1);
    assert_string_equal(found.paths[0], "packages/a/m");
    discover_finish(&found);
    assert_true(discover_below("nowhere", &found, &error));
    assert_int_equal(found.count, 0);
    assert_int_equal(chdir("/"), 0);
}

static void a_folder_of_migrations_need_not_be_whole(void **state) {
    struct folder *folder = *state;
    assert_false(discover_is_migrations(folder->path));
    put_directory(folder, "src");
    put(folder, "package.json", "{}");
    put(folder, "2025.txt", "");
    put_directory(folder, "2024");
    put(folder, "seed.sql", "");
    assert_false(discover_is_migrations(folder->path));
    put(folder, "0000_a.sql", "");
    assert_true(discover_is_migrations(folder->path));
    put_migrations(folder, "m");
    assert_true(discover_is_migrations(in_folder(folder, "m")));
    put(folder, "2024/migration.sql", "");
    assert_int_equal(unlink(in_folder(folder, "0000_a.sql")), 0);
    assert_true(discover_is_migrations(folder->path));
    assert_false(discover_is_migrations("/nowhere"));
}

static void assert_config(const char *given, const char *out, const char *table, const char *schema) {
    struct discover_config config;
    char text[1024];
    snprintf(text, sizeof text, "%s", given);
    discover_config_parse(text, &config);
    const char *const pairs[][2] = {{config.out, out}, {config.table, table}, {config.schema, schema}};
    for (size_t i = 0; i < 3; i++) {
        if (pairs[i][1]) {
            assert_non_null(pairs[i][0]);
            assert_string_equal(pairs[i][0], pairs[i][1]);
        } else {
            assert_null(pairs[i][0]);
        }
    }
    discover_config_finish(&config);
}

static void plain_strings_of_a_config_are_read_and_nothing_is_guessed(void **state) {
    assert_config(
        "import { defineConfig } from 'drizzle-kit';\n"
        "// out: './old'\n"
        "export default defineConfig({\n  dialect: 'postgresql', /* out: \"x\" */\n  schema: './src/schema.ts',\n"
        "  out: './db/migrations',\n  migrations: { prefix: 'index', table: 'my_table', schema: `audit` },\n});\n",
        "db/migrations", "my_table", "audit");
    assert_config("{\"dialect\": \"postgresql\", \"out\": \"m\"}", "m", NULL, NULL);
    assert_config("{ dialect: 'postgresql', out: '././m' }", "m", NULL, NULL);
    assert_config("{ dialect: 'postgresql', out: './' }", "./", NULL, NULL);
    assert_config("export default { out: process.env.OUT, dialect: 'postgresql' }", NULL, NULL, NULL);
    assert_config("export default { out: `${root}/m`, dialect: 'postgresql' }", NULL, NULL, NULL);
    assert_config("export default { out: 'a' + b, dialect: 'postgresql' }", NULL, NULL, NULL);
    assert_config("export default { dialect: 'postgresql', dbCredentials: { out: 'x' }, layout: 'y' }", NULL, NULL,
                  NULL);
    assert_config("const x = 'http://a'; export default { out: 'a', migrations: tables }", "a", NULL, NULL);
    assert_config("export default { out: 'a", NULL, NULL, NULL);
    assert_config("", NULL, NULL, NULL);
}

static void assert_files(const char *given, size_t count, const char *last, bool has_casing) {
    struct discover_config config;
    char text[1024];
    snprintf(text, sizeof text, "%s", given);
    discover_config_parse(text, &config);
    assert_int_equal(config.files.count, count);
    assert_int_equal(config.has_casing, has_casing);
    if (count > 0) {
        assert_string_equal(config.files.paths[count - 1], last);
    }
    discover_config_finish(&config);
}

static void the_schema_files_of_a_config_are_all_known_or_none(void **state) {
    assert_files("{ dialect: 'postgresql', schema: './schema.ts' }", 1, "./schema.ts", false);
    assert_files("{ schema: [ 'a.ts', // first\n \"b/*.ts\", ], casing: 'camelCase' }", 2, "b/*.ts", true);
    assert_files("{ out: 'm', migrations: { schema: 'audit' } }", 0, NULL, false);
    assert_files("{ schema: ['a.ts', other] }", 0, NULL, false);
    assert_files("{ schema: ['a.ts' + b] }", 0, NULL, false);
    assert_files("{ schema: [['a.ts']] }", 0, NULL, false);
    assert_files("{ schema: ['a.ts'", 0, NULL, false);
    assert_files("{ schema: [", 0, NULL, false);
    assert_files("{ schema: [] }", 0, NULL, false);
    assert_files("{ schema: files() }", 0, NULL, false);
    assert_files("{ ...shared, schema: 'a.ts' }", 0, NULL, false);
}

/* Scanning ahead from each brace of a megabyte would take hours. */
static void a_config_that_is_nested_without_end_is_given_up(void **state) {
    enum { LENGTH = 1 << 20 };
    static const char *const patterns[] = {"{", "{\"", "{out:"};
    static char text[LENGTH + 1];
    struct discover_config config;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        for (size_t at = 0, length = strlen(patterns[i]); at < LENGTH; at++) {
            text[at] = patterns[i][at % length];
        }
        discover_config_parse(text, &config);
        assert_null(config.out);
        discover_config_finish(&config);
    }
}

static void a_config_that_is_no_regular_file_is_not_opened(void **state) {
    struct folder *folder = *state;
    struct discover_config config;
    assert_int_equal(mkfifo(in_folder(folder, "drizzle.config.ts"), 0600), 0);
    put(folder, "drizzle.config.mjs", "export default { out: 'm' }");
    discover_config_read(folder->path, &config);
    assert_string_equal(config.name, "drizzle.config.mjs");
    discover_config_finish(&config);
}

static void the_config_of_a_folder_is_found_under_its_names(void **state) {
    struct folder *folder = *state;
    struct discover_config config;
    discover_config_read(folder->path, &config);
    assert_null(config.name);
    put(folder, "drizzle.config.mjs", "export default { out: 'm' }");
    discover_config_read(folder->path, &config);
    assert_string_equal(config.name, "drizzle.config.mjs");
    assert_string_equal(config.out, "m");
    discover_config_finish(&config);
}

/* ---- endless listings ---- */

struct dirent *__real_readdir(DIR *directory);
struct dirent *__wrap_readdir(DIR *directory);

static bool is_endless;

struct dirent *__wrap_readdir(DIR *directory) {
    static struct dirent made = {.d_type = DT_REG, .d_name = "name"};
    return is_endless ? &made : __real_readdir(directory);
}

static void a_listing_without_end_is_given_up(void **state) {
    struct folder *folder = *state;
    struct discovered found;
    struct error error;
    is_endless = true;
    assert_true(discover_is_migrations(folder->path)); /* reading it gives the error */
    assert_true(discover_below(folder->path, &found, &error));
    is_endless = false;
    assert_int_equal(found.count, 0);
    discover_finish(&found);
    assert_false(discover_is_migrations(folder->path));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(folders_with_a_journal_are_found_at_any_depth),
        folder_test(a_folder_of_migrations_need_not_be_whole),
        folder_test(plain_strings_of_a_config_are_read_and_nothing_is_guessed),
        cmocka_unit_test(the_schema_files_of_a_config_are_all_known_or_none),
        cmocka_unit_test(a_config_that_is_nested_without_end_is_given_up),
        folder_test(a_config_that_is_no_regular_file_is_not_opened),
        folder_test(the_config_of_a_folder_is_found_under_its_names),
        folder_test(a_listing_without_end_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
