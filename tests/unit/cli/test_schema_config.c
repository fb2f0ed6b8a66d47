/* What the drizzle.config.* of a migrations folder says of the schema. */
#include "folder.h"

#include "cli/schema_config.h"

/* Expects the options for --schema and --casing; NULL: not known. */
static void assert_options(const struct folder *folder, const char *config, const char *files, const char *casing) {
    struct schema_options options;
    put(folder, "drizzle.config.ts", config);
    schema_options_read(in_folder(folder, "drizzle"), &options);
    assert_true(!options.files == !files && (!files || strcmp(options.files, files) == 0));
    assert_true(!options.casing == !casing && (!casing || strcmp(options.casing, casing) == 0));
    schema_options_finish(&options);
    assert_null(options.files);
}

static void the_files_are_one_pattern(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "drizzle");
    assert_options(folder, "export default { schema: './src/schema.ts' }", "./src/schema.ts", NULL);
    assert_options(folder, "{ schema: ['./src/*.ts', \"lib/{a,b}.ts\"] }", NULL, NULL);
    assert_options(folder, "{ schema: ['./src/*.ts', 'lib/a.ts'] }", "{./src/*.ts,lib/a.ts}", NULL);
    assert_options(folder, "{ schema: ['lib/{a,b}.ts'] }", "lib/{a,b}.ts", NULL);
    assert_options(folder, "{ schema: SCHEMA }", NULL, NULL);
    assert_options(folder, "{ schema: './a.ts', out: './elsewhere' }", NULL, NULL);
}

static void casing_is_told(void **state) {
    struct folder *folder = *state;
    struct schema_options options;
    put_directory(folder, "drizzle");
    assert_options(folder, "{ schema: './a.ts', casing: 'snake_case' }", "./a.ts", "snake_case");
    assert_options(folder, "{ schema: './a.ts', casing: CASING }", "./a.ts", NULL);
    schema_options_read(in_folder(folder, "drizzle"), &options);
    assert_true(options.has_casing);
    schema_options_finish(&options);
}

static void the_folder_is_told_if_it_is_not_the_current_one(void **state) {
    struct folder *folder = *state;
    struct schema_options options;
    char here[4096];
    put_directory(folder, "src");
    put_directory(folder, "src/drizzle");
    put(folder, "drizzle.config.ts", "{ schema: './a.ts', out: 'src/drizzle' }");
    schema_options_read(in_folder(folder, "src/drizzle"), &options);
    assert_string_equal(options.files, "./a.ts");
    assert_string_equal(options.folder, folder->path);
    schema_options_finish(&options);
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(folder->path), 0);
    schema_options_read(in_folder(folder, "src/drizzle"), &options);
    assert_string_equal(options.files, "./a.ts");
    assert_null(options.folder);
    schema_options_finish(&options);
    assert_int_equal(chdir(here), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(the_files_are_one_pattern),
        folder_test(casing_is_told),
        folder_test(the_folder_is_told_if_it_is_not_the_current_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
