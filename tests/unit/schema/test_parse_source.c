/* EFFECT_SOURCE: what the parser reports about each statement of a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/schema/effects.h"
#include "schema/parse.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

/* The record of the only statement; its fields live in the arena. */
static struct effect source_of(const char *sql) {
    struct protocol_writer writer = {0};
    struct effects effects;
    struct effect effect, found = {.count = 0};
    uint32_t status = PROTOCOL_DONE;
    parse_effects(sql, strlen(sql), &writer, &status);
    assert_int_equal(status, PROTOCOL_DONE);
    assert_true(effects_decode(arena, text_copy(arena, (struct text){writer.bytes, writer.length}), &effects));
    free(writer.bytes);
    struct protocol_reader reader = effects_begin(arena, &effects);
    while (effects_next(&reader, &effect)) {
        if (effect.kind == EFFECT_SOURCE) {
            assert_int_equal(found.count, 0);
            struct text *fields = arena_array(arena, struct text, effect.count);
            for (size_t i = 0; i < effect.count; i++) {
                fields[i] = effect.fields[i];
            }
            found = effect;
            found.fields = fields;
        }
    }
    if (found.count < 3) {
        fail_msg("nothing is said of %s", sql);
    }
    return found;
}

static const char *same(const char *sql) {
    return text_copy(arena, source_of(sql).fields[0]).bytes;
}

static const char *forbidden(const char *sql) {
    return text_copy(arena, source_of(sql).fields[1]).bytes;
}

/* "'happy' 'sad' | people mood": constants, then names. */
static const char *used(const char *sql) {
    struct effect effect = source_of(sql);
    struct buffer buffer = BUFFER(arena);
    int64_t constants = 0;
    assert_true(text_to_int64(effect.fields[2], &constants));
    for (size_t i = 3; i < effect.count; i++) {
        bool is_constant = i - 3 < (size_t)constants;
        buffer_add_string(&buffer, i == 3 + (size_t)constants ? (i == 3 ? "| " : " | ") : i > 3 ? " " : "");
        buffer_format(&buffer, is_constant ? "'%.*s'" : "%.*s", TEXT_ARGS(effect.fields[i]));
    }
    return buffer_text(&buffer).bytes;
}

static void what_differs_in_spelling_alone_is_the_same(void **state) {
    assert_string_equal(same("CREATE TABLE a (x int)"), same("create  table \"a\" ( \"x\" integer ) -- a table"));
    assert_string_equal(same("CREATE TABLE a (x int)"), same("CREATE TABLE public.a (x pg_catalog.int4)"));
    assert_string_equal(same("DROP TYPE mood"), same("DROP TYPE public.mood"));
    assert_string_equal(same("CREATE TYPE mood AS ENUM ('\"schemaname\":\"public\",')"),
                        same(" create type public . mood as enum(E'\\x22schemaname\":\"public\",')"));
    assert_string_equal(
        same("CREATE TABLE a (x mood[] DEFAULT '{}', y int REFERENCES b, z int)"),
        same("CREATE TABLE public.a (x public.mood[] DEFAULT '{}',\ny int4 REFERENCES public.b, z int)"));
    assert_string_equal(same("GRANT SELECT ON a, b TO c"), same("GRANT SELECT ON public.a, public.b TO c"));
    assert_string_equal(same("CREATE SCHEMA public"), same("/* first */ create schema \"public\";"));
}

static void the_same_text_is_the_same_at_each_place_of_a_file(void **state) {
    struct protocol_writer writer = {0};
    struct effects effects;
    struct effect effect;
    struct text first = TEXT("");
    uint32_t status;
    size_t found = 0;
    const char *sql = "DROP TYPE public.mood;\n\nDROP TYPE mood; DO $$ BEGIN DROP TYPE mood; END $$; drop type mood";
    parse_effects(sql, strlen(sql), &writer, &status);
    assert_true(effects_decode(arena, (struct text){writer.bytes, writer.length}, &effects));
    struct protocol_reader reader = effects_begin(arena, &effects);
    while (effects_next(&reader, &effect)) {
        if (effect.kind == EFFECT_SOURCE) {
            first = found == 0 ? effect.fields[0] : first;
            found += text_equal(effect.fields[0], first); /* all but the one of the block */
        }
    }
    assert_int_equal(found, 4);
    free(writer.bytes);
}

static void what_differs_otherwise_is_not(void **state) {
    assert_string_not_equal(same("CREATE TABLE a (x int)"), same("CREATE TABLE a (x int NOT NULL)"));
    assert_string_not_equal(same("CREATE TABLE a (x int)"), same("CREATE TABLE app.a (x int)"));
    assert_string_not_equal(same("CREATE TABLE a (x int)"), same("CREATE TABLE \"A\" (x int)"));
    assert_string_not_equal(same("SELECT 1"), same("SELECT 2"));
    assert_string_not_equal(same("SELECT 1.5"), same("SELECT 1.50001"));
    assert_string_not_equal(same("SELECT true"), same("SELECT false"));
    assert_string_not_equal(same("SELECT 'a', 'b'"), same("SELECT 'ab'"));
    assert_string_not_equal(same("DROP TYPE app.mood"), same("DROP TYPE mood"));
    assert_string_not_equal(same("DROP TYPE public_.mood"), same("DROP TYPE mood"));
    assert_string_not_equal(same("DROP SCHEMA public"), same("DROP SCHEMA pg_catalog"));
    assert_string_not_equal(same("SELECT 'public', 'a'"), same("SELECT 'a'"));
    assert_string_not_equal(same("CREATE SCHEMA public"), same("CREATE SCHEMA publi"));
    assert_string_not_equal(same("CREATE TABLESPACE t LOCATION '/a'"), same("CREATE TABLESPACE t LOCATION '/b'"));
    assert_string_not_equal(same("CREATE TABLE a (x varchar(1))"), same("CREATE TABLE a (x varchar(11))"));
    assert_string_not_equal(same("SELECT 1 FROM ONLY a"), same("SELECT 1 FROM a"));
}

static void what_no_transaction_holds_is_named(void **state) {
    static const char *const cases[][2] = {
        {"CREATE INDEX CONCURRENTLY i ON a (x)", "CREATE INDEX CONCURRENTLY"},
        {"CREATE INDEX i ON a (x)", ""},
        {"DROP INDEX CONCURRENTLY i", "DROP INDEX CONCURRENTLY"},
        {"DROP INDEX i", ""},
        {"REINDEX TABLE CONCURRENTLY a", "REINDEX CONCURRENTLY"},
        {"REINDEX (CONCURRENTLY) TABLE a", "REINDEX CONCURRENTLY"},
        {"REINDEX TABLE a", ""},
        {"REINDEX DATABASE d", "REINDEX DATABASE"},
        {"REINDEX SYSTEM d", "REINDEX SYSTEM"},
        {"REINDEX SCHEMA s", "REINDEX SCHEMA"},
        {"ALTER TABLE a DETACH PARTITION b CONCURRENTLY", "DETACH PARTITION CONCURRENTLY"},
        {"ALTER TABLE a DETACH PARTITION b", ""},
        {"VACUUM", "VACUUM"},
        {"ANALYZE", ""},
        {"CLUSTER", "CLUSTER"},
        {"CLUSTER a", ""},
        {"COMMIT", "COMMIT"},
        {"END", "COMMIT"},
        {"ROLLBACK", "ROLLBACK"},
        {"PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION"},
        {"COMMIT PREPARED 'x'", "COMMIT PREPARED"},
        {"ROLLBACK PREPARED 'x'", "ROLLBACK PREPARED"},
        {"BEGIN", ""},
        {"SAVEPOINT s", ""},
        {"ROLLBACK TO SAVEPOINT s", ""},
        {"CREATE DATABASE d", "CREATE DATABASE"},
        {"DROP DATABASE d", "DROP DATABASE"},
        {"ALTER DATABASE d SET TABLESPACE t", "ALTER DATABASE … SET TABLESPACE"},
        {"ALTER DATABASE d CONNECTION LIMIT 3", ""},
        {"CREATE TABLESPACE t LOCATION '/x'", "CREATE TABLESPACE"},
        {"DROP TABLESPACE t", "DROP TABLESPACE"},
        {"ALTER SYSTEM SET work_mem = '1MB'", "ALTER SYSTEM"},
        {"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "CREATE SUBSCRIPTION"},
        {"DROP SUBSCRIPTION s", "DROP SUBSCRIPTION"},
        {"DISCARD ALL", "DISCARD ALL"},
        {"DISCARD PLANS", ""},
        {"SELECT 'VACUUM'", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(forbidden(cases[i][0]), cases[i][1]) != 0) {
            fail_msg("%s: \"%s\"", cases[i][0], forbidden(cases[i][0]));
        }
    }
}

static void constants_and_names_are_told_apart(void **state) {
    assert_string_equal(used("INSERT INTO app.people (state) VALUES ('happy', 3)"), "'happy' | people");
    assert_string_equal(used("SELECT 'sad'::public.mood FROM a JOIN b ON true"), "'sad' | mood a b");
    assert_string_equal(used("SELECT 1"), "");
}

static void of_too_many_it_is_said_that_some_are_left_out(void **state) {
    struct buffer sql = BUFFER(arena);
    buffer_add_string(&sql, "SELECT 'c0'");
    for (int i = 1; i < 64; i++) {
        buffer_format(&sql, ", 'c%d'", i);
    }
    assert_int_equal(source_of(buffer_text(&sql).bytes).flags & EFFECT_MAYBE, 0);
    buffer_add_string(&sql, ", 'c64'");
    struct effect effect = source_of(buffer_text(&sql).bytes);
    assert_int_equal(effect.flags & EFFECT_MAYBE, EFFECT_MAYBE);
    assert_true(text_is(effect.fields[2], "64"));
}

static void a_text_too_long_for_a_value_of_an_enum_is_none(void **state) {
    char sql[200], value[80];
    memset(value, 'x', sizeof value);
    snprintf(sql, sizeof sql, "SELECT '%.64s'", value);
    assert_string_equal(used(sql), "");
    snprintf(sql, sizeof sql, "SELECT '%.63s'", value);
    assert_int_equal(strlen(used(sql)), 65);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_differs_in_spelling_alone_is_the_same, begin, end),
        cmocka_unit_test_setup_teardown(the_same_text_is_the_same_at_each_place_of_a_file, begin, end),
        cmocka_unit_test_setup_teardown(what_differs_otherwise_is_not, begin, end),
        cmocka_unit_test_setup_teardown(what_no_transaction_holds_is_named, begin, end),
        cmocka_unit_test_setup_teardown(constants_and_names_are_told_apart, begin, end),
        cmocka_unit_test_setup_teardown(of_too_many_it_is_said_that_some_are_left_out, begin, end),
        cmocka_unit_test_setup_teardown(a_text_too_long_for_a_value_of_an_enum_is_none, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
