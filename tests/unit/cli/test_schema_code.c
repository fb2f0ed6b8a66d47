/* The declarations in a schema file, and what they refer to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/schema_code.h"
#include "migfs/util/arena.h"

static char said[4096];
static bool has_composed[2], says_references, says_columns, says_code;

static void say(const char *before, struct text text) {
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%s%.*s ", before, TEXT_ARGS(text));
}

static void take_composed(void *context, enum schema_composed kind) {
    has_composed[kind] = true;
}

static bool is_maker(void *context, struct text word) {
    return schema_code_is_maker(word) || text_is(word, "make");
}

static void say_table(void *context, struct text maker, struct text name) {
    say("table:", name);
}

static void say_table_end(void *context) {
    say("end", TEXT(""));
}

static void say_column(void *context) {
    if (says_columns) {
        say("{", TEXT(""));
    }
}

static void say_column_end(void *context, struct text name, struct text function, struct text code, bool is_certain) {
    if (says_columns) {
        say(is_certain ? "" : "?", name);
        say("by:", function);
        if (says_code) {
            say("as:", code);
        }
        say("}", TEXT(""));
    }
}

static void say_columns_end(void *context, bool are_all) {
    if (says_columns) {
        say(are_all ? "all" : "more", TEXT(""));
    }
}

static void ignore_declaration(void *context) {
}

static void say_name(void *context, struct text name) {
    say("name:", name);
}

static void say_alias(void *context, struct text name, struct text of) {
    say("alias:", of);
    say("=", name);
}

static void say_reference(void *context, struct text word) {
    if (says_references) {
        say("", word);
    }
}

static void ignore_mention(void *context, struct text name) {
}

static void say_part(void *context, enum schema_part part) {
    static const char *const parts[] = {"key", "unique", "reference", "index", "not null", "default"};
    say("part:", text_of(parts[part]));
}

/* Returns whether all is understood. */
static bool scan(const char *text) {
    const struct schema_code_found found = {.composed = take_composed,
                                            .is_maker = is_maker,
                                            .table = say_table,
                                            .table_end = say_table_end,
                                            .column = say_column,
                                            .column_end = say_column_end,
                                            .columns_end = say_columns_end,
                                            .declaration = ignore_declaration,
                                            .name = say_name,
                                            .alias = say_alias,
                                            .reference = say_reference,
                                            .mention = ignore_mention,
                                            .part = say_part};
    said[0] = '\0';
    memset(has_composed, 0, sizeof has_composed);
    return schema_code_scan(text_of(text), &found);
}

static void assert_said(const char *text, const char *expected) {
    assert_true(scan(text));
    assert_string_equal(said, expected);
}

static void names_that_may_be_composed_are_seen(void **state) {
    static const char *const plain[] = {
        "pgTable('a', {})",
        "pgTable(\n  \"a\",\n  {})",
        "pgTable<'a', X>('a', {})",
        "app.table(`a`, {}, (table) => [index().on(table.id)])",
        "relations(usersTable, ({ one }) => ({}))",
        "pgEnum('a', ['b'])",
        "z.enum(['a'])",
        "// pgTable(name, {})",
        "'pgTable(name, {})'",
        "pgTable('a', {}, (t) => [index(), unique( ), uniqueIndex('x').on(t.id)])",
        "type X = PgTable<Y>;",
    };
    static const char *const composed[] = {
        "pgTable(`${prefix}_a`, {})",
        "pgTable('app_' + name, {})",
        "pgTable(name, {})",
        "pgTable<'a', X>(name, {})",
        "app.table(NAME, {})",
        "const createTable = (name, columns) => pgTable('app_' + name, columns);",
        "makeTable( /* a */ 'a', {})",
        "make(name, {})",
        "pgEnum(name, ['b'])",
        "pgTable('a",
        "pgTable(",
    };
    static const char *const parts[] = {
        "pgTable('a', {}, (t) => [index(`${name}_x`).on(t.id)])",
        "pgTable('a', {}, (t) => [unique(name)])",
        "check(NAME, sql`x`)",
        "primaryKey({ name: NAME, columns: [t.a] })",
        "foreignKey({ name: `${prefix}_a` })",
    };
    static const char *const named[] = {
        "primaryKey({ columns: [t.name], name: 'a' }), foreignKey({ name: `b` })",
        "{ name: text('name') }, primaryKey({ columns: [t.a] }), { name: NAME }",
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_true(scan(plain[i]));
        assert_false(has_composed[SCHEMA_COMPOSED_TABLE] || has_composed[SCHEMA_COMPOSED_PART]);
    }
    for (size_t i = 0; i < sizeof composed / sizeof *composed; i++) {
        scan(composed[i]);
        assert_true(has_composed[SCHEMA_COMPOSED_TABLE]);
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_true(scan(parts[i]));
        assert_true(has_composed[SCHEMA_COMPOSED_PART]);
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        assert_true(scan(named[i]));
        assert_false(has_composed[SCHEMA_COMPOSED_PART]);
    }
}

static void tables_are_found_with_what_is_in_them(void **state) {
    assert_said("pgTable('a', { x: text() }); app.table(`b`, {})", "table:a end table:b end ");
    assert_said("make('a', {}); pgTable<'b'>('b', {})", "table:a end table:b end ");
    assert_said("pgTable('a', { x: text(')'), /* :) */ y: text(`(${`)`}`), z: /[(/]\\//.test(x) // )\n}), unique()",
                "table:a end part:unique ");
    assert_said("pgTable('a', { x: pgTable('b', {}) }); pgTable('c', {})", "table:a end table:c end ");
    assert_said("pgView('v')", "");
    assert_false(scan("pgTable('a', {"));
    assert_string_equal(said, "table:a ");
}

static void what_makes_a_part_is_found(void **state) {
    assert_said("x.primaryKey(), primaryKey({})", "part:key part:not null part:key ");
    assert_said("x\n  .primaryKey()", "part:key part:not null ");
    assert_said("import { primaryKey, index } from 'p'; import * as q from 'p'; q.primaryKey()",
                "part:key part:not null ");
    assert_said("const k = primaryKey;", "name:k part:key ");
    assert_said("f(primaryKey)", "part:key ");
    assert_said("x.unique(), unique('n'), x.unique('m', {}), { unique: true }", "part:unique ");
    assert_said("x.references(() => y), { references: [y] }, foreignKey({})", "part:reference part:reference ");
    assert_said("t.index, { index: 1 }, index('i'), index(), uniqueIndex()", "part:index part:index ");
    assert_said("x.notNull().default('x'), y.defaultNow(), serial('id'), pg.bigserial('id')",
                "part:not null part:default part:default part:not null part:not null ");
    assert_said("export default x; { default: 1, serial: 2 }", "name:default ");
    assert_said("/* x.primaryKey() */ 'x.primaryKey()' // unique()", "");
    assert_int_equal(schema_code_parts(TEXT("primaryKey")), 1 << SCHEMA_PART_KEY);
    assert_int_equal(schema_code_parts(TEXT("references")), 0);
}

static void declarations_are_found_by_their_names(void **state) {
    assert_said("const a = 1, b = f(x, y); export let c: X = 1\nvar d", "name:a name:b name:c name:X name:d ");
    assert_said("export function a(b) { const c = 1; }\nexport default async function d() {}",
                "name:a name:default name:d ");
    assert_said("const { a, b: c } = f(), [d] = e", "name:a name:b name:c name:d ");
    assert_said("export default { a }", "name:default ");
    assert_said("export default a", "name:default ");
    assert_said("type A = { b: C };\ninterface B {}\nexport class D {}", "name:D ");
    assert_said("import a, { b as c, d } from './x';\nexport { e as f, g };",
                "alias:default =a alias:b =c alias:e =f ");
    assert_said("import type A from './x'; import { type B as C } from './y';", "alias:B =C ");
}

static void columns_are_found_with_their_names(void **state) {
    says_columns = true;
    assert_said("pgTable('a', { x: text(), y: pg.int('z').default(f('w')), }, (t) => [{ v: text() }])",
                "table:a { x by:text } { part:default z by: } all end ");
    assert_said("pgTable('a', (t) => ({ x: t.text().notNull() }), (t) => ({ i: index() }))",
                "table:a { part:not null x by:text } all part:index end ");
    assert_said("pgTable('a', { x: of({ n: 1 })('y'), z: f(NAME), w: key })",
                "table:a { y by: } { ?z by:f } { ?w by: } all end ");
    assert_said("pgTable('a', { ...b, x: text() })", "table:a { x by:text } more end ");
    assert_said("pgTable('a', { x })", "table:a more end ");
    assert_said("pgTable('a', { 'x': text() })", "table:a more end ");
    assert_said("pgTable('a', { [x]: text() })", "table:a more end ");
    assert_said("pgTable('a', {})", "table:a all end ");
    assert_said("pgTable('a', columns, { x: text() })", "table:a more end ");
    assert_said("pgTable('a', (t) => columns, { x: text() })", "table:a more end ");
    assert_said("pgEnum('a', ['b'])", "table:a more end ");
    says_code = true;
    assert_said("pgTable('a', { x: text('y').own<A>({ b: 1 }) /* z */, z : f() // c\n, w: g(1) })",
                "table:a { y by: as: text('y').own<A>({ b: 1 }) } { z by:f as: f() } { ?w by:g as: g(1) } all end ");
    says_code = says_columns = false;
}

static void references_are_names_that_may_be_used(void **state) {
    says_references = true;
    assert_said("f({ a: b, c, ...d, e: g ? h : i }, j.k)", "f b c d g h i j ");
    assert_said("import * as n from './x';\nf(n.a, m.b)", "f n a m ");
    assert_said("import { a } from './x';\nexport { b };\ntype C = D;", "");
    assert_said("f().$default(() => a()), f().default(b), g(c)", "f f part:default g c ");
    says_references = false;
}

static void what_is_not_understood_is_said(void **state) {
    static const char *const texts[] = {
        "f(", "f)", "<p>don't</p>", "`", "exports.a = 1", "module.exports = {}", "import * as n from './x';\nf(n)",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(scan(texts[i]));
    }
    assert_true(scan("f({ exports: 1, module: text('module') }, t.module)"));
    assert_true(scan("a / b / c, /don't/, [/[/']/]"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_may_be_composed_are_seen), cmocka_unit_test(tables_are_found_with_what_is_in_them),
        cmocka_unit_test(what_makes_a_part_is_found),          cmocka_unit_test(declarations_are_found_by_their_names),
        cmocka_unit_test(columns_are_found_with_their_names),  cmocka_unit_test(references_are_names_that_may_be_used),
        cmocka_unit_test(what_is_not_understood_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
