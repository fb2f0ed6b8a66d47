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
static bool is_unread;

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

static void say_maker(void *context, const struct schema_maker *maker) {
    is_unread = is_unread || !maker;
    if (maker) {
        say("maker:", maker->name, ":");
        say("", maker->before, "");
        say("", maker->after, "");
    }
}

static void scan(const char *text) {
    const struct schema_text_found found = {say_string, say_import, say_maker, NULL};
    said[0] = '\0';
    is_unread = false;
    schema_text_scan(text_of(text), &found);
}

static void names_are_found_as_strings_in_each_kind_of_quote(void **state) {
    scan("export const a = pgTable('users', { x: text(\"first\"), y: text() }, () => [index(`by_x`)]);");
    assert_string_equal(said, "users first by_x ");
    scan("// 'gone'\nconst a = 'two words', b = 'it\\'s'; // don't");
    assert_string_equal(said, "gone s "); /* also in a comment; rather too many */
    scan("'");
    scan("");
    assert_string_equal(said, "");
}

static void imports_are_found_with_what_they_are_for(void **state) {
    scan("import { a,\n  b } from './a';\nimport type { C } from \"./c\";\nimport './d';\n"
         "export * from '../e';\nexport { f } from 'f';\nexport type { G } from './g';\n"
         "const h = require('./h'), i = await import( './i');\nimport * as j from '@j/j';");
    assert_string_equal(said, "import<./a> type<./c> import<./d> export<../e> export<f> f type<./g> import<./h> "
                              "import<./i> import<@j/j> ");
    scan("export const v = pgView('v').as(sql`select * from \"users\"`);");
    assert_string_equal(said, "v users ");
}

static void what_a_creator_puts_around_names_is_read(void **state) {
    static const char *const unread[] = {
        "const t = pgTableCreator((name) => prefix + name);",
        "const t = pgTableCreator((name) => `${prefix}_${name}`);",
        "const t = pgTableCreator((name) => `a_${other}`);",
        "const t = pgTableCreator((name) => `a_\\n${name}`);",
        "const t = pgTableCreator((name) => { return name; });",
        "const t = pgTableCreator(named);",
        "const t = pgTableCreator;",
        "pgTableCreator((name) => name)",
        "const t = pgTableCreator((name) => `a_",
        "const t = pgTableCreator((name",
        "pgTableCreator",
    };
    scan("import { pgTableCreator } from './p'; export const t = pgTableCreator((name) => `a_${name}`);");
    assert_string_equal(said, "import<./p> maker:t: a_  ");
    scan("const t = pg.pgTableCreator( name => ` ${ name }_b `,\n);");
    assert_string_equal(said, "maker:t:   _b  ");
    scan("const t=pgTableCreator((name: string) => name);");
    assert_string_equal(said, "maker:t:   ");
    assert_false(is_unread);
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++) {
        scan(unread[i]);
        assert_true(is_unread);
        assert_string_equal(said, "");
    }
}

static void other_names_of_what_is_imported_are_found(void **state) {
    struct text rest = TEXT("{ a, type b as c, d } "), name, other;
    said[0] = '\0';
    while (schema_text_imported(&rest, &name, &other)) {
        say("", name, "");
        say("<", other, ">");
    }
    assert_string_equal(said, "a <> type <> b <c> d <> ");
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
        cmocka_unit_test(what_a_creator_puts_around_names_is_read),
        cmocka_unit_test(other_names_of_what_is_imported_are_found),
        cmocka_unit_test(only_names_that_are_words_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
