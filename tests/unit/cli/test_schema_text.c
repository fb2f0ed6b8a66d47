/* The words, strings and imports of a schema file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/schema_text.h"

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

static void say_import(void *context, struct text from, enum schema_import kind) {
    static const char *const kinds[] = {"type<", "import<", "export<"};
    say(kinds[kind], from, ">");
}

static void take_composed(void *context, enum schema_composed kind) {
    has_composed[kind] = true;
}

/* Returns whether no name of a table is composed. */
static bool scan(const char *text) {
    const struct schema_text_found found = {say_string, say_import, take_composed, NULL};
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
        cmocka_unit_test(only_names_that_are_words_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
