/* Which files of a project are searched, and where the search says nothing. */
#include "folder.h"

#include "cli/schema_files.h"

static const char users[] =
    "import { pgTable } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', {});\n";

/* A project whose migrations folder is drizzle, and with drizzle-orm installed. */
static void put_project(struct folder *folder, const char *config) {
    put(folder, "drizzle.config.ts", config);
    put_directory(folder, "drizzle");
    put_directory(folder, "src");
    put_directory(folder, "node_modules");
    put_directory(folder, "node_modules/drizzle-orm");
}

static struct schema_files *read_files(const struct folder *folder) {
    return schema_files_read(in_folder(folder, "drizzle"));
}

static enum snapshots_declared ask(const struct schema_files *files, struct text name, enum snapshots_named kind) {
    size_t most;
    return schema_files_have(files, name, TEXT(""), kind, &most);
}

static enum snapshots_declared ask_column(const struct schema_files *files, const char *name,
                                          enum snapshots_named kind) {
    size_t most;
    return schema_files_have(files, TEXT("t"), text_of(name), kind, &most);
}

/* Expects each of these strings (separated by blanks) to be found, and `absent` not to be. */
static void assert_strings(const struct folder *folder, const char *strings) {
    struct schema_files *files = read_files(folder);
    struct text rest = text_of(strings);
    assert_non_null(files);
    while (rest.length > 0) {
        size_t end = text_find(rest, " ", &end) ? end : rest.length;
        assert_int_equal(ask(files, text_slice(rest, 0, end), SNAPSHOTS_TABLE), SNAPSHOTS_DECLARED);
        rest = text_slice(rest, end + 1, rest.length);
    }
    assert_int_equal(ask(files, TEXT("absent"), SNAPSHOTS_TABLE), SNAPSHOTS_ABSENT);
    schema_files_destroy(files);
}

static void assert_unknown(const struct folder *folder) {
    struct schema_files *files = read_files(folder);
    assert_null(files);
}

static void a_name_is_a_whole_string_or_a_word(void **state) {
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put(folder, "src/schema.ts", "pgTable('users', {}); pgTable('t', { firstName: text() });");
    struct schema_files *files = read_files(folder);
    assert_non_null(files);
    assert_int_equal(ask(files, TEXT("users"), SNAPSHOTS_TABLE), SNAPSHOTS_DECLARED);
    assert_int_equal(ask(files, TEXT("firstName"), SNAPSHOTS_TABLE), SNAPSHOTS_ABSENT);
    assert_int_equal(ask_column(files, "firstName", SNAPSHOTS_COLUMN), SNAPSHOTS_DECLARED);
    assert_int_equal(ask_column(files, "first", SNAPSHOTS_COLUMN), SNAPSHOTS_ABSENT);
    assert_int_equal(ask(files, TEXT("not a word"), SNAPSHOTS_TABLE), SNAPSHOTS_UNSURE);
    schema_files_destroy(files);
}

static void files_folders_and_patterns_are_read(void **state) {
    static const char *const configs[] = {
        "{ schema: './src' }",
        "{ schema: ['./src/users.ts', \"src/deep/posts.schema.ts\"], out: 'drizzle' }",
        "{ schema: './src/**/*.ts' }",
        "{ schema: ['src/{users,other}.ts'] }",
        "{ schema: './*/users.ts' , out: './src/../drizzle' }",
    };
    struct folder *folder = *state;
    put_project(folder, "");
    put_directory(folder, "src/deep");
    put(folder, "src/users.ts", users);
    put(folder, "src/deep/posts.schema.ts", "pgTable('posts', {})");
    put(folder, "src/deep/notes.md", "'absent'");
    put(folder, "node_modules/drizzle-orm/users.ts", "'absent'");
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        put(folder, "drizzle.config.ts", configs[i]);
        assert_strings(folder, strstr(configs[i], "*/users") ? "users" : "users posts");
    }
    put(folder, "drizzle.config.ts", "{ schema: './src/**/*.schema.ts' }");
    assert_strings(folder, "posts");
}

static void imports_are_followed(void **state) {
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/index.ts' }");
    put_directory(folder, "src/posts");
    put_directory(folder, "node_modules/@a");
    put_directory(folder, "node_modules/@a/b");
    put(folder, "src/index.ts",
        "export * from './users';\nexport * from './posts';\nexport * from './tags.js';\nimport { id } from "
        "'@a/b/id';\n"
        "import { randomUUID } from 'node:crypto';\nimport type { X } from '@/types';\n");
    put(folder, "src/users.ts", users);
    put(folder, "src/posts/index.ts", "import { users } from '../users';\npgTable('posts', {})");
    put(folder, "src/tags.ts", "import * as all from './index';\npgTable('tags', {})");
    assert_strings(folder, "users posts tags");
}

static void what_is_imported_must_be_found(void **state) {
    static const char *const imports[] = {
        "export * from './missing';",      "import { users } from '@/users';", "import { users } from 'src/users';",
        "import { users } from '#users';", "export * from 'drizzle-orm';", /* a package could declare tables */
    };
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put(folder, "src/users.ts", users);
    for (size_t i = 0; i < sizeof imports / sizeof *imports; i++) {
        put(folder, "src/schema.ts", imports[i]);
        assert_unknown(folder);
    }
    put(folder, "src/schema.ts", "import { pgTable } from 'drizzle-orm';");
    assert_strings(folder, "");
}

static void a_config_that_leaves_something_open_says_nothing(void **state) {
    static const char *const configs[] = {
        "",
        "{ dialect: 'postgresql' }",
        "{ schema: SCHEMA }",
        "{ schema: ['./src/users.ts', other] }",
        "{ schema: `${src}/users.ts` }",
        "{ schema: './src/missing.ts' }",
        "{ schema: [] }",
        "{ schema: './missing/*.ts' }",
        "{ schema: './src/users.ts', out: './elsewhere' }",
        "{ schema: './src/users.ts', casing: 'snake_case' }",
        "{ schema: './src/users.ts', ...others }",
    };
    struct folder *folder = *state;
    put_project(folder, "{ schema: './src/users.ts' }");
    put(folder, "src/users.ts", users);
    assert_strings(folder, "users");
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        put(folder, "drizzle.config.ts", configs[i]);
        assert_unknown(folder);
    }
}

static void what_cannot_be_read_as_a_whole_says_nothing(void **state) {
    struct folder *folder = *state;
    put_project(folder, "{ schema: './src' }");
    put(folder, "src/users.ts", users);
    assert_strings(folder, "users");
    put_sparse(folder, "src/large.ts", (4 << 20) + 1);
    assert_unknown(folder);
    assert_int_equal(unlink(in_folder(folder, "src/large.ts")), 0);
    put(folder, "drizzle.config.ts", "{ schema: './src/pipe.ts' }");
    assert_int_equal(mkfifo(in_folder(folder, "src/pipe.ts"), 0600), 0);
    assert_unknown(folder);
    put(folder, "drizzle.config.ts", "{ schema: './src' }");
    assert_unknown(folder);
    assert_int_equal(unlink(in_folder(folder, "src/pipe.ts")), 0);
    put_link(folder, "src/round", "../src");
    assert_unknown(folder);
    assert_int_equal(unlink(in_folder(folder, "src/round")), 0);
    put(folder, "src/users.ts", "pgTable(`${prefix}users`, {})");
    assert_unknown(folder);
}

/* Fills src/ with `count` files more. */
static void put_many(const struct folder *folder, size_t count, const char *end) {
    for (size_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "src/n%zu%s", i, end);
        put(folder, name, "");
    }
}

/* Whether the table `t` of this schema has a primary key. */
static enum snapshots_declared ask_key(const struct folder *folder, const char *schema) {
    put(folder, "src/schema.ts", schema);
    struct schema_files *files = read_files(folder);
    assert_non_null(files);
    enum snapshots_declared declared = ask(files, TEXT("t"), SNAPSHOTS_OF_KEY);
    schema_files_destroy(files);
    return declared;
}

static const char *const with_key[] = {
    "pgTable('t', { id: text().primaryKey() });",
    "pgTable<'t', any>('t', { id: text().primaryKey() });",
    "pgTable('t', { id: text() }, (t) => [primaryKey({ columns: [t.id] })]);",
    "pgTable('t', {}); pgTable('t', { id: text().primaryKey() });",
    "const id = () => text().primaryKey(); pgTable('t', { id: id() });",
    "function id() { return text().primaryKey(); }\npgTable('t', { id: id() });",
    "const id = text().primaryKey(), all = { id }; pgTable('t', { ...all });",
    "const id = text().primaryKey(), { all } = { all: { id } }; pgTable('t', { ...all });",
    "const p = primaryKey; pgTable('t', {}, (t) => [p({})]);",
    "import { primaryKey as p } from 'drizzle-orm/pg-core'; pgTable('t', {}, (t) => [p({})]);",
    "import { own as other } from './own'; pgTable('t', { ...other });",
    "import * as own from './own'; pgTable('t', { ...own.own });",
    "import own from './own'; pgTable('t', { ...own });",
    "import { last } from './own'; pgTable('t', { ...last });",
    "function make() { const id = text().primaryKey(); return pgTable('t', { id }); }",
    "import { pgTable as make, text as s } from 'drizzle-orm'; make('t', { id: s().primaryKey() });",
};
static const char *const without_key[] = {
    "pgTable('t', { id: text() });",
    "pgTable<'t', { id: X }>('t', { id: text() });",
    "import { primaryKey } from 'drizzle-orm'; pgTable('t', {}); pgTable('u', { id: text().primaryKey() });",
    "import { makeId } from 'ids'; pgTable('u', { id: makeId() }); pgTable('t', { id: text() });",
    "const id = () => text(); pgTable('t', { id: id() });",
    "const id = () => text().primaryKey(); pgTable('u', { id: id() }); pgTable('t', { id: text() });",
    "const id = () => text().primaryKey(); pgTable('t', { id: text() }, (t) => [index().on(t.id)]);",
    "const u = pgTable('u', { id: text().primaryKey() }); pgTable('t', { u: text().references(() => u.id) });",
    "pgTable('t', { id: text() /* .primaryKey() */ }); // primaryKey",
    "import { createId } from 'ids'; pgTable('t', { id: text().$defaultFn(() => createId()) });",
    "import { own } from './own'; pgTable('u', own); pgTable('t', { at: text() });",
    "import { pgTable as make, text as s } from 'drizzle-orm'; make('t', { id: s() });",
};
static const char *const with_perhaps[] = {
    "pgTable('other', {});", /* not found */
    "import { id } from 'ids'; pgTable('t', { id: id() });",
    "import ids from 'ids'; pgTable('t', { ...ids });",
    "import { id } from 'ids'; const all = { id: id() }; pgTable('t', all);",
    "const { id } = require('ids'); pgTable('t', { id: id() });",
    "import * as all from './own'; pgTable('t', f(all));",
    "const u = pgTable('u', { id: text().primaryKey() }); pgTable('t', { ...getTableColumns(u) });",
    "const all = {}; Object.assign(all, { id: text().primaryKey() }); pgTable('t', all);",
    "exports.id = text().primaryKey(); pgTable('t', { id: exports.id });",
    "pgTable('t', {}); f(<p>don't</p>);",
};

static void whether_a_table_declares_a_key_is_known(void **state) {
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put_directory(folder, "node_modules/ids");
    put(folder, "src/own.ts",
        "export const own = { id: text().primaryKey() };\nexport { own as last };\nexport default own;\n");
    for (size_t i = 0; i < sizeof with_key / sizeof *with_key; i++) {
        assert_int_equal(ask_key(folder, with_key[i]), SNAPSHOTS_DECLARED);
    }
    for (size_t i = 0; i < sizeof without_key / sizeof *without_key; i++) {
        assert_int_equal(ask_key(folder, without_key[i]), SNAPSHOTS_ABSENT);
    }
    for (size_t i = 0; i < sizeof with_perhaps / sizeof *with_perhaps; i++) {
        assert_int_equal(ask_key(folder, with_perhaps[i]), SNAPSHOTS_UNSURE);
    }
}

static void parts_without_a_name_are_counted(void **state) {
    struct folder *folder = *state;
    size_t most;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put(folder, "src/schema.ts",
        "const c = { c: text().unique() };\npgTable('t', { a: text().unique(), b: text().unique('own'), c: "
        "text().unique() });\npgTable('u', { a: text().unique(), ...c });\n");
    struct schema_files *files = read_files(folder);
    assert_int_equal(schema_files_have(files, TEXT("t"), TEXT(""), SNAPSHOTS_OF_UNIQUE, &most), SNAPSHOTS_DECLARED);
    assert_int_equal(most, 2);
    assert_int_equal(schema_files_have(files, TEXT("u"), TEXT(""), SNAPSHOTS_OF_UNIQUE, &most), SNAPSHOTS_DECLARED);
    assert_true(most == SIZE_MAX);
    schema_files_destroy(files);
}

static void assert_column(const struct folder *folder, const char *schema, const char *name, enum snapshots_named kind,
                          enum snapshots_declared expected) {
    put(folder, "src/schema.ts", schema);
    struct schema_files *files = read_files(folder);
    assert_non_null(files);
    assert_int_equal(ask_column(files, name, kind), expected);
    schema_files_destroy(files);
}

static void columns_belong_to_their_table(void **state) {
    static const char own[] =
        "const key = () => text('id').notNull(); pgTable('u', { other: text() }); pgTable('t', { id: key(), "
        "a: text('b').notNull(), c: text().default('x') });";
    static const char closed[] = "pgTable('u', { other: text() }); pgTable('t', { a: text('b') });";
    static const char spread[] = "const at = { at: text().notNull() }; pgTable('t', { a: text(), ...at });";
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put_directory(folder, "node_modules/ids");
    assert_column(folder, closed, "b", SNAPSHOTS_COLUMN, SNAPSHOTS_DECLARED);
    assert_column(folder, closed, "a", SNAPSHOTS_COLUMN, SNAPSHOTS_ABSENT);
    assert_column(folder, closed, "other", SNAPSHOTS_COLUMN, SNAPSHOTS_ABSENT);
    assert_column(folder, closed, "b", SNAPSHOTS_WHOLE, SNAPSHOTS_DECLARED);
    assert_column(folder, own, "b", SNAPSHOTS_OF_NOT_NULL, SNAPSHOTS_DECLARED);
    assert_column(folder, own, "b", SNAPSHOTS_OF_DEFAULT, SNAPSHOTS_ABSENT);
    assert_column(folder, own, "c", SNAPSHOTS_OF_DEFAULT, SNAPSHOTS_DECLARED);
    assert_column(folder, own, "id", SNAPSHOTS_OF_NOT_NULL, SNAPSHOTS_DECLARED);
    assert_column(folder, own, "other", SNAPSHOTS_COLUMN, SNAPSHOTS_ABSENT); /* key() does not say it */
    assert_column(folder, own, "other", SNAPSHOTS_WHOLE, SNAPSHOTS_UNSURE);
    assert_column(folder, spread, "at", SNAPSHOTS_COLUMN, SNAPSHOTS_DECLARED);
    assert_column(folder, spread, "at", SNAPSHOTS_OF_NOT_NULL, SNAPSHOTS_UNSURE);
    assert_column(folder, spread, "at", SNAPSHOTS_OF_DEFAULT, SNAPSHOTS_ABSENT);
    assert_column(folder, "pgTable('t', { mood: mood('mood') }); const mood = pgEnum('m', []);", "m", SNAPSHOTS_COLUMN,
                  SNAPSHOTS_ABSENT);
    assert_column(folder, "const a = 'other'; pgTable('u', {});", "other", SNAPSHOTS_COLUMN, SNAPSHOTS_UNSURE);
    assert_column(folder, "const a = { other: text() }; pgTable('t', a);", "other", SNAPSHOTS_COLUMN,
                  SNAPSHOTS_DECLARED);
    assert_column(folder, "const a = text('other'); const b = () => a; pgTable('t', { x: b() });", "other",
                  SNAPSHOTS_COLUMN, SNAPSHOTS_DECLARED);
    assert_column(folder, "pgTable('t', { x: text(), 'other': text() });", "other", SNAPSHOTS_COLUMN,
                  SNAPSHOTS_DECLARED);
    assert_column(folder, "import { a } from 'ids'; pgTable('u', { other: text() }); pgTable('t', { ...a });", "other",
                  SNAPSHOTS_COLUMN, SNAPSHOTS_UNSURE);
    assert_column(folder, "import { a } from 'ids'; pgTable('t', { ...a });", "other", SNAPSHOTS_COLUMN,
                  SNAPSHOTS_ABSENT);
}

static enum snapshots_declared ask_type(const struct folder *folder, const char *schema, const char *type) {
    put(folder, "src/schema.ts", schema);
    struct schema_files *files = read_files(folder);
    assert_non_null(files);
    enum snapshots_declared declared = schema_files_say(files, TEXT("t"), TEXT("c"), SNAPSHOTS_OF_TYPE, text_of(type));
    schema_files_destroy(files);
    return declared;
}

static void a_column_says_its_type_where_its_function_is_known(void **state) {
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put_directory(folder, "node_modules/ids");
    put(folder, "src/own.ts", "export const own = () => text(); export const kind = pgEnum('k', ['a']);");
    assert_int_equal(ask_type(folder, "pgTable('t', { c: text() })", "text"), SNAPSHOTS_DECLARED);
    assert_int_equal(ask_type(folder, "pgTable('t', (t) => ({ b: t.text('c'), }))", "integer"), SNAPSHOTS_ABSENT);
    assert_int_equal(ask_type(folder, "import { text as s } from 'drizzle-orm/x'; pgTable('t', { c: s() })", "text"),
                     SNAPSHOTS_DECLARED);
    assert_int_equal(ask_type(folder, "import { text as s } from 'ids'; pgTable('t', { c: s() })", "text"),
                     SNAPSHOTS_UNSURE);
    assert_int_equal(ask_type(folder, "import { own, kind } from './own'; pgTable('t', { c: kind('c') })", "k"),
                     SNAPSHOTS_DECLARED);
    assert_int_equal(ask_type(folder, "import { own } from './own'; pgTable('t', { c: own() })", "text"),
                     SNAPSHOTS_UNSURE);
    assert_int_equal(ask_type(folder, "const text = customType({}); pgTable('t', { c: text() })", "text"),
                     SNAPSHOTS_UNSURE);
    assert_int_equal(ask_type(folder, "const a = pgEnum('k', []), b = pgEnum('l', []); pgTable('t', { c: a() })", "k"),
                     SNAPSHOTS_UNSURE);
    assert_int_equal(ask_type(folder, "pgTable('t', { c: text() }); pgTable('t', { c: integer() })", "text"),
                     SNAPSHOTS_UNSURE);
    assert_int_equal(ask_type(folder, "const at = { c: text() }; pgTable('t', { ...at })", "text"), SNAPSHOTS_UNSURE);
}

static void a_declaration_has_words(void **state) {
    struct folder *folder = *state;
    put_project(folder, "export default { schema: './src/schema.ts' }");
    put(folder, "src/schema.ts",
        "const kinds = ['a', 'b'] as const; const k = pgEnum('kind', kinds); const no = ['c'];\n"
        "pgTable('t', { k: k() }).enableRLS(); pgTable('u', {});");
    struct schema_files *files = read_files(folder);
    const struct text none = TEXT("");
    assert_int_equal(schema_files_say(files, TEXT("kind"), none, SNAPSHOTS_OF_WORD, TEXT("b")), SNAPSHOTS_DECLARED);
    assert_int_equal(schema_files_say(files, TEXT("kind"), none, SNAPSHOTS_OF_WORD, TEXT("c")), SNAPSHOTS_ABSENT);
    assert_int_equal(schema_files_say(files, TEXT("other"), none, SNAPSHOTS_OF_WORD, TEXT("c")), SNAPSHOTS_UNSURE);
    assert_int_equal(schema_files_say(files, TEXT("t"), none, SNAPSHOTS_OF_WORD, TEXT("enableRLS")),
                     SNAPSHOTS_DECLARED);
    assert_int_equal(schema_files_say(files, TEXT("u"), none, SNAPSHOTS_OF_WORD, TEXT("enableRLS")), SNAPSHOTS_ABSENT);
    schema_files_destroy(files);
}

static void names_of_a_creator_are_composed(void **state) {
    struct folder *folder = *state;
    put_project(folder, "export default { schema: ['./src/schema.ts', './src/make.ts'] }");
    put(folder, "src/make.ts",
        "import { pgTableCreator } from 'drizzle-orm';\nexport const createTable = "
        "pgTableCreator((name) => `app_${name}`);\n");
    put(folder, "src/schema.ts", "import { createTable } from './make'; createTable('t', {});");
    assert_strings(folder, "app_t");
    struct schema_files *files = read_files(folder);
    assert_int_equal(ask(files, TEXT("app_t"), SNAPSHOTS_OF_KEY), SNAPSHOTS_ABSENT);
    assert_int_equal(ask(files, TEXT("t"), SNAPSHOTS_OF_KEY), SNAPSHOTS_UNSURE);
    schema_files_destroy(files);
    put(folder, "src/schema.ts", "import { createTable as makeTable } from './make'; makeTable('u', {});");
    assert_strings(folder, "app_u");
    put(folder, "src/schema.ts", "import { pgTableCreator as make } from 'drizzle-orm'; make((n) => n)('u', {});");
    assert_unknown(folder);
    put(folder, "src/schema.ts", "const t = pgTableCreator((n) => prefix + n);");
    assert_unknown(folder);
}

static void too_many_files_or_names_say_nothing(void **state) {
    enum { MOST_FILES = 2000, MOST_NAMES = 20000 };
    struct folder *folder = *state;
    put_project(folder, "{ schema: './src' }");
    put(folder, "src/users.ts", users);
    put_many(folder, MOST_FILES - 1, ".ts");
    assert_strings(folder, "users");
    put(folder, "src/more.ts", "");
    assert_unknown(folder);
    put(folder, "drizzle.config.ts", "{ schema: './src/u*.ts' }");
    assert_strings(folder, "users");
    put_many(folder, MOST_NAMES - MOST_FILES, ".md");
    assert_unknown(folder);
}

static void the_config_may_lie_higher_up_to_the_repository(void **state) {
    struct folder *folder = *state;
    put_project(folder, "{ schema: './src/users.ts', out: 'src/db/drizzle' }");
    put(folder, "src/users.ts", users);
    put_directory(folder, "src/db");
    put_directory(folder, "src/db/drizzle");
    struct schema_files *files = schema_files_read(in_folder(folder, "src/db/drizzle"));
    assert_non_null(files);
    schema_files_destroy(files);
    put_directory(folder, "src/.git");
    assert_null(schema_files_read(in_folder(folder, "src/db/drizzle")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_name_is_a_whole_string_or_a_word),
        folder_test(files_folders_and_patterns_are_read),
        folder_test(imports_are_followed),
        folder_test(what_is_imported_must_be_found),
        folder_test(a_config_that_leaves_something_open_says_nothing),
        folder_test(what_cannot_be_read_as_a_whole_says_nothing),
        folder_test(whether_a_table_declares_a_key_is_known),
        folder_test(parts_without_a_name_are_counted),
        folder_test(columns_belong_to_their_table),
        folder_test(a_column_says_its_type_where_its_function_is_known),
        folder_test(a_declaration_has_words),
        folder_test(names_of_a_creator_are_composed),
        folder_test(too_many_files_or_names_say_nothing),
        folder_test(the_config_may_lie_higher_up_to_the_repository),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
