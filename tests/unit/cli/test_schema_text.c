/* The words, strings and imports of a schema file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/schema_text.h"
#include "migfs/util/arena.h"

static char said[4096];
static bool has_composed[2];

static void say(const char *before, struct text text, const char *after) {
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%s%.*s%s ", before, TEXT_ARGS(text), after);
}

static void say_string(void *context, struct text word, bool is_string) {
    if (is_string) {
        say("", word, "");
    }
}

static void say_import(void *context, struct text from, enum schema_import kind, struct text names) {
    static const char *const kinds[] = {"type<", "import<", "export<"};
    say(kinds[kind], from, ">");
}

static void take_composed(void *context, enum schema_composed kind) {
    has_composed[kind] = true;
}

static void ignore_table(void *context, struct text name, struct text arguments) {
}

static void ignore_part(void *context, enum schema_part part, struct text word) {
}

/* Returns whether no name of a table is composed. */
static bool scan(const char *text) {
    const struct schema_text_found found = {say_string, say_import, take_composed, ignore_table, ignore_part, NULL};
    said[0] = '\0';
    memset(has_composed, 0, sizeof has_composed);
    schema_text_scan(text_of(text), &found);
    return !has_composed[SCHEMA_COMPOSED_TABLE];
}

static void names_are_found_as_strings_in_each_kind_of_quote(void **state) {
    assert_true(scan("export const a = pgTable('users', { x: text(\"first\"), y: text() }, () => [index(`by_x`)]);"));
    assert_string_equal(said, "users first by_x ");
    assert_true(scan("// 'gone'\nconst a = 'two words', b = 'it\\'s'; // don't"));
    assert_string_equal(said, "gone s "); /* also in a comment; rather too many */
    assert_true(scan("'"));
    assert_true(scan(""));
}

static void imports_are_found_with_what_they_are_for(void **state) {
    assert_true(scan("import { a,\n  b } from './a';\nimport type { C } from \"./c\";\nimport './d';\n"
                     "export * from '../e';\nexport { f } from 'f';\nexport type { G } from './g';\n"
                     "const h = require('./h'), i = await import( './i');\nimport * as j from '@j/j';"));
    assert_string_equal(said, "import<./a> type<./c> import<./d> export<../e> export<f> f type<./g> import<./h> "
                              "import<./i> import<@j/j> ");
    assert_true(scan("export const v = pgView('v').as(sql`select * from \"users\"`);"));
    assert_string_equal(said, "v users ");
}

static void names_that_may_be_composed_are_seen(void **state) {
    static const char *const plain[] = {
        "pgTable('a', {})",
        "pgTable(\n  \"a\",\n  {})",
        "app.table(`a`, {}, (table) => [index().on(table.id)])",
        "relations(usersTable, ({ one }) => ({}))",
        "pgEnum('a', ['b'])",
        "z.enum(['a'])",
    };
    static const char *const composed[] = {
        "pgTable(`${prefix}_a`, {})",
        "pgTable('app_' + name, {})",
        "pgTable(name, {})",
        "app.table(NAME, {})",
        "const createTable = (name, columns) => pgTable('app_' + name, columns);",
        "export const make = pgTableCreator((name) => `app_${name}`);",
        "makeTable( /* a */ 'a', {})",
        "pgEnum(name, ['b'])",
        "pgTable('a",
        "pgTable(",
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_true(scan(plain[i]));
        assert_false(has_composed[SCHEMA_COMPOSED_PART]);
    }
    for (size_t i = 0; i < sizeof composed / sizeof *composed; i++) {
        assert_false(scan(composed[i]));
    }
    assert_true(scan("pgTable('a', {}, (t) => [index(), unique( ), uniqueIndex('x').on(t.id)])"));
    assert_false(has_composed[SCHEMA_COMPOSED_PART]);
    assert_true(scan("pgTable('a', {}, (t) => [index(`${name}_x`).on(t.id)])"));
    assert_true(has_composed[SCHEMA_COMPOSED_PART]);
    assert_true(scan("pgTable('a', {}, (t) => [unique(name)])"));
    assert_true(has_composed[SCHEMA_COMPOSED_PART]);
}

static void ignore_word(void *context, struct text word, bool is_string) {
}

static void say_names(void *context, struct text from, enum schema_import kind, struct text names) {
    struct text word;
    while (schema_text_word(&names, &word)) {
        say("<", word, ">");
    }
}

static void say_table(void *context, struct text name, struct text arguments) {
    say("", name, text_copy(context, arguments).bytes);
}

static void say_part(void *context, enum schema_part part, struct text word) {
    static const char *const parts[] = {"key:", "unique:", "reference:", "index:"};
    say(parts[part], word, "");
}

static void assert_declared(const char *text, const char *expected) {
    struct arena *arena = arena_create();
    const struct schema_text_found found = {ignore_word, say_names, take_composed, say_table, say_part, arena};
    said[0] = '\0';
    schema_text_scan(text_of(text), &found);
    arena_destroy(arena);
    assert_string_equal(said, expected);
}

static void tables_are_found_with_their_arguments(void **state) {
    assert_declared("pgTable('a', { x: text() }); app.table(`b`, {})", "a'a', { x: text() } b`b`, {} ");
    assert_declared("pgTable('a', { x: text(')'), /* :) */ y: text(`(`) // )\n})",
                    "a'a', { x: text(')'), /* :) */ y: text(`(`) // )\n} ");
    assert_declared("pgTable('a', {", "a'a', { ");
    assert_declared("pgTable('a', { x: pgTable('b', {}) }); pgTable('c', {})",
                    "a'a', { x: pgTable('b', {}) } c'c', {} ");
    assert_declared("pgTable(name, {}); pgView('v')", "");
}

static void what_makes_a_part_is_found(void **state) {
    assert_declared("x.primaryKey(), primaryKey({})", "key:primaryKey key:primaryKey ");
    assert_declared("import { primaryKey, index } from 'p'; import * as q from 'p'; q.primaryKey()",
                    "<primaryKey> <index> <from> <as> <q> <from> key:primaryKey ");
    assert_declared("import { primaryKey as k } from 'p'", "key:primaryKey <primaryKey> <as> <k> <from> ");
    assert_declared("export { users };\nconst k = primaryKey;", "key:primaryKey ");
    assert_declared("import(path); f(primaryKey)", "key:primaryKey ");
    assert_declared("x.unique(), unique('n'), { unique: true }", "unique:unique unique:unique ");
    assert_declared("x.references(() => y), { references: [y] }, foreignKey({})",
                    "reference:references reference:foreignKey ");
    assert_declared("import './index'; t.index, { index: 1 }, index('i'), uniqueIndex()",
                    "index:index index:uniqueIndex ");
}

static void names_in_an_object_may_be_composed(void **state) {
    scan("primaryKey({ columns: [t.name], name: 'a' }), foreignKey({ name: `b` })");
    assert_false(has_composed[SCHEMA_COMPOSED_PART]);
    scan("{ name: text('name') }, primaryKey({ columns: [t.a] })");
    assert_false(has_composed[SCHEMA_COMPOSED_PART]);
    scan("primaryKey({ name: NAME, columns: [t.a] })");
    assert_true(has_composed[SCHEMA_COMPOSED_PART]);
    scan("foreignKey({ name: `${prefix}_a` })");
    assert_true(has_composed[SCHEMA_COMPOSED_PART]);
    scan("check(NAME, sql`x`)");
    assert_true(has_composed[SCHEMA_COMPOSED_PART]);
}

static void only_names_that_are_words_are_found(void **state) {
    assert_true(schema_text_is_word(TEXT("audit_log$2")));
    assert_true(schema_text_is_word(TEXT("größe")));
    assert_false(schema_text_is_word(TEXT("audit-log")));
    assert_false(schema_text_is_word(TEXT("audit log")));
    assert_false(schema_text_is_word(TEXT("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_as_strings_in_each_kind_of_quote),
        cmocka_unit_test(imports_are_found_with_what_they_are_for),
        cmocka_unit_test(names_that_may_be_composed_are_seen),
        cmocka_unit_test(tables_are_found_with_their_arguments),
        cmocka_unit_test(what_makes_a_part_is_found),
        cmocka_unit_test(names_in_an_object_may_be_composed),
        cmocka_unit_test(only_names_that_are_words_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
