/* The facts of every kind of statement, and the changes by later statements. The expected texts
 * list facts in the order in which they were recorded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/schema/fold.h"
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

static struct effects effects_of(const char *sql) {
    struct protocol_writer writer = {0};
    struct effects effects = {.status = EFFECTS_REFUSED};
    uint32_t status = PROTOCOL_DONE;
    parse_effects(sql, strlen(sql), &writer, &status);
    if (status == PROTOCOL_DONE) {
        assert_true(effects_decode(arena, text_copy(arena, (struct text){writer.bytes, writer.length}), &effects));
    }
    free(writer.bytes);
    return effects;
}

/* One line of `kind name`, with `- ` before objects that are gone, `? ` before those that are
 * "maybe"; `:N` is the writer. */
static struct text facts_of(const char *const *migrations, bool has_row) {
    struct fold *fold = fold_create(arena, names_create(arena), TEXT("public"));
    struct buffer buffer = BUFFER(arena);
    for (uint32_t i = 0; migrations[i]; i++) {
        struct effects effects = effects_of(migrations[i]);
        assert_int_equal(effects.status, EFFECTS_KNOWN);
        fold_apply(fold, &effects, i, has_row);
    }
    for (size_t i = 0; i < fold->count; i++) {
        const struct fact *fact = &fold->facts[i];
        if (fact_is_judged(fact)) {
            buffer_format(&buffer, "%s%s%s%s ", buffer.length ? "; " : "", fact->is_there ? "" : "- ",
                          fact->is_maybe ? "? " : "", fact_noun(fact));
            buffer_add(&buffer, fact_name(arena, fold, fact));
            buffer_format(&buffer, ":%u", fact->writer);
        }
    }
    return buffer_text(&buffer);
}

#define assert_facts(expected, ...)                                                                                    \
    assert_string_equal(facts_of((const char *const[]){__VA_ARGS__, NULL}, true).bytes, expected)

#define U "CREATE TABLE \"users\" (\"id\" serial PRIMARY KEY, \"name\" text);"
#define W                                                                                                              \
    "CREATE TABLE \"wc\" (\"id\" text PRIMARY KEY, \"user_id\" integer NOT NULL REFERENCES \"users\"(\"id\"));"        \
    "CREATE INDEX \"wc_user\" ON \"wc\" (\"user_id\");"

static void a_table_has_columns_sequences_keys_and_indexes(void **state) {
    assert_facts("table users:0; column users.id:0; sequence users_id_seq:0; column users.name:0; "
                 "constraint users.users_pkey:0; index users_pkey:0",
                 U);
    assert_facts("table wc:0; column wc.id:0; column wc.user_id:0; constraint wc.wc_pkey:0; index wc_pkey:0; "
                 "constraint wc.wc_user_id_fkey:0; index wc_user:0",
                 W);
}

static void a_renamed_table_keeps_its_indexes_names(void **state) {
    assert_facts(
        "- table wc:1; column creds.id:0; column creds.user_id:0; constraint creds.wc_pkey:0; index wc_pkey:0; "
        "constraint creds.wc_user_id_fkey:0; index wc_user:0; table creds:1",
        W, "ALTER TABLE \"wc\" RENAME TO \"creds\"");
}

static void what_is_dropped_is_gone_and_its_inside_says_nothing(void **state) {
    assert_facts("- table dummy:1", "CREATE TABLE dummy (id serial primary key)", "DROP TABLE dummy");
    assert_facts("- type m:1; table t:0; column t.id:0; - column t.m:1",
                 "CREATE TYPE m AS ENUM('a'); CREATE TABLE t (id int, m m)", "DROP TYPE m CASCADE");
    assert_facts("table t:0; - column t.a:1; column t.b:0; - constraint t.t_a_b_key:1; - index t_a_b_key:1",
                 "CREATE TABLE t (a int, b int, UNIQUE (a, b))", "ALTER TABLE t DROP COLUMN a");
}

/* `?`: uncertain. */
static void what_a_cascade_may_drop_is_uncertain(void **state) {
    assert_facts(
        "- function f:1; table t:0; column t.a:0; column t.b:0; ? constraint t.t_check:0; ? view v:0; ? view w:0",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT f(), b int "
        "CHECK (f() > 0));"
        "CREATE VIEW v AS SELECT f() AS f; CREATE VIEW w AS SELECT * FROM v",
        "DROP FUNCTION f() CASCADE");
    assert_facts("table t:0; - column t.a:1; ? column t.b:0; column t.c:0; ? index i:0",
                 "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int); CREATE INDEX i ON t (b)",
                 "ALTER TABLE t DROP COLUMN a CASCADE");
    assert_facts("table t:0; column t.a:0; - index i:1; table u:0; column u.a:0; ? constraint u.u_a_fkey:0",
                 "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); CREATE TABLE u (a int REFERENCES t (a))",
                 "DROP INDEX i CASCADE");
    assert_facts("table t:0; column t.a:0; - table o:1; ? policy t.p:0; policy t.q:0",
                 "CREATE TABLE t (a int); CREATE TABLE o (id int); CREATE POLICY p ON t USING (a IN (SELECT id FROM "
                 "o)); CREATE POLICY q ON t USING (true)",
                 "DROP TABLE o CASCADE");
    assert_facts("- extension citext:1; table t:0; ? column t.c:0; ? index i:0",
                 "CREATE EXTENSION citext; CREATE TABLE t (c citext[]); CREATE INDEX i ON t (c)",
                 "DROP EXTENSION citext CASCADE");
}

static void a_materialized_view_takes_its_indexes_along(void **state) {
    assert_facts("- table t:1; - materialized view m:1",
                 "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE INDEX i ON m (a)",
                 "DROP TABLE t CASCADE");
}

static void a_table_that_left_its_parent_stays(void **state) {
    assert_facts("- table p:2; table c:0",
                 "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE c PARTITION OF p DEFAULT",
                 "ALTER TABLE p DETACH PARTITION c", "DROP TABLE p");
    assert_facts("- table p:2; table c:0; column c.b:0", "CREATE TABLE p (a int); CREATE TABLE c (b int) INHERITS (p)",
                 "ALTER TABLE c NO INHERIT p", "DROP TABLE p CASCADE");
}

static void a_table_of_a_type_goes_with_it(void **state) {
    assert_facts("- type k:1; - table t:1", "CREATE TYPE k AS (a int); CREATE TABLE t OF k", "DROP TYPE k CASCADE");
}

static void one_index_serves_a_key_and_a_unique(void **state) {
    assert_facts("table t:0; column t.id:0; constraint t.t_id_unique:0; index t_id_unique:0",
                 "CREATE TABLE \"t\" (\"id\" uuid PRIMARY KEY, CONSTRAINT \"t_id_unique\" UNIQUE(\"id\"))");
}

static void names_are_made_as_postgresql_makes_them(void **state) {
    assert_facts(
        "table a:0; column a.x:0; column a.y:0; column a.z:0; constraint a.a_y_check:0; constraint a.a_check:0; "
        "constraint a.a_x_key:0; index a_x_key:0; constraint a.a_y_z_key:0; index a_y_z_key:0; index a_x_lower_idx:0; "
        "index a_x_expr_expr1_idx:0",
        "CREATE TABLE a (x int UNIQUE, y int CHECK (y>0), z int, CHECK (y<z), UNIQUE (y,z));"
        "CREATE INDEX ON a (x, lower(z::text)); CREATE INDEX ON a (x, (y + 1), (z + 1));");
    assert_facts("table t:0; column t.x:0; constraint t.t_x_check:1; constraint t.t_x_check1:1",
                 "CREATE TABLE t (x int)", "ALTER TABLE t ADD CHECK (x > 0), ADD CHECK (x > 1)");
}

static void attributes_are_facts_where_an_alter_sets_them(void **state) {
    assert_facts("table t:0; column t.x:0; not null t.x:1; default t.x:1; row security t:1",
                 "CREATE TABLE t (x int NOT NULL)",
                 "ALTER TABLE t ALTER x SET NOT NULL, ALTER x SET DEFAULT 1, ENABLE ROW LEVEL SECURITY");
    assert_facts("table t:0; column t.x:0", "CREATE TABLE t (x int NOT NULL)",
                 "ALTER TABLE t ALTER x SET DEFAULT NULL");
}

static void a_guard_on_what_is_known_has_no_effect(void **state) {
    assert_facts("table t:0; column t.x:0", "CREATE TABLE t (x int)", "CREATE TABLE IF NOT EXISTS t (x int, y int)");
    assert_facts("- table t:0", "DROP TABLE t", "ALTER TABLE IF EXISTS t ADD x int");
    assert_facts("column t.x:0; ? column u.x:0", "ALTER TABLE t ADD x int; ALTER TABLE IF EXISTS u ADD x int");
}

static void without_a_row_the_inside_of_what_a_guard_made_is_open(void **state) {
    const char *const migrations[] = {"CREATE TABLE IF NOT EXISTS t (x int)", NULL};
    assert_string_equal(facts_of(migrations, false).bytes, "table t:0; ? column t.x:0");
}

static void a_block_that_handles_duplicates_is_done_whole_or_not(void **state) {
    assert_facts("type m:0; value m.a:0", "CREATE TYPE m AS ENUM('a')",
                 "DO $$ BEGIN CREATE TYPE m AS ENUM('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$");
    assert_facts("type m:0; value m.a:0", "CREATE TYPE m AS ENUM('a')",
                 "DO $$ BEGIN CREATE TABLE t (id int); CREATE TYPE m AS ENUM(); EXCEPTION WHEN duplicate_object THEN "
                 "null; END $$");
    assert_facts("? table t:0; ? column t.x:0",
                 "DO $$ BEGIN IF now() > '2020-01-01' THEN CREATE TABLE t (x int); END IF; END $$");
    assert_facts("type m:0; value m.a:0", "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') THEN "
                                          "CREATE TYPE m AS ENUM('a'); END IF; END $$");
}

static void what_runs_sql_made_at_run_time_is_opaque(void **state) {
    struct effects effects = effects_of("SELECT 1;\nDO $$ BEGIN EXECUTE format('DROP TABLE %I', 'x'); END $$");
    assert_true(effects.is_opaque);
    assert_int_equal(effects.line, 2);
    assert_string_equal(text_copy(arena, effects.reason).bytes, "runs SQL made at run time");
    assert_false(effects_of("SELECT setval('s', 1), pg_catalog.set_config('search_path', '', false)").is_opaque);
    assert_true(effects_of("SELECT create_hypertable('t', 'x')").is_opaque);
}

static void tables_of_the_session_alone_are_no_facts(void **state) {
    assert_facts(
        "", "CREATE TEMP TABLE t (id int primary key); CREATE INDEX ON t (id); ALTER TABLE t ADD x int; DROP TABLE t");
}

static void a_rename_that_a_block_handles_is_undone(void **state) {
    assert_facts("table t:0; table u:0", "CREATE TABLE t (); CREATE TABLE u ();",
                 "DO $$ BEGIN ALTER TABLE t RENAME TO u; EXCEPTION WHEN duplicate_table THEN null; END $$");
}

/* Parts of an earlier table of the same name do not belong to the new one. */
static void a_new_table_begins_with_nothing(void **state) {
    assert_facts("table t:1", "ALTER TABLE t ADD x int; CREATE INDEX i ON t (x);", "CREATE TABLE t ();");
}

/* Folds `before` followed by `count` times `part`, with at most `most` visits to facts. Returns
 * false if that was not enough. */
static bool is_folded(const char *before, const char *part, int count, size_t most) {
    struct fold *fold = fold_create(arena, names_create(arena), TEXT("public"));
    struct buffer sql = BUFFER(arena);
    buffer_add_string(&sql, before);
    for (int i = 0; i < count; i++) {
        buffer_add_string(&sql, part);
    }
    struct effects effects = effects_of(buffer_text(&sql).bytes);
    fold->most_work = most;
    fold_apply(fold, &effects, 0, true);
    return !fold_is_exhausted(fold);
}

static void looking_at_facts_has_an_end(void **state) {
    enum { MOST = 1000000 };
    assert_true(is_folded("CREATE TABLE t (a int);", "ALTER TABLE t ADD CHECK (a > 0);", 20, MOST));
    assert_false(is_folded("CREATE TABLE t (a int);", "ALTER TABLE t ADD CHECK (a > 0);", 3000, MOST));
    assert_false(is_folded("CREATE TABLE t (a int);", "CREATE INDEX ON t (a);", 3000, MOST));
    assert_false(is_folded("CREATE TABLE t (a int);", "ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME b TO a;",
                           20000, MOST / 10));
    assert_true(is_folded("", "CREATE TABLE IF NOT EXISTS t (a int);", 3000, MOST));
}

/* Creating a table does not visit the facts of others. */
static void tables_that_are_new_cost_their_own_facts(void **state) {
    struct fold *fold = fold_create(arena, names_create(arena), TEXT("public"));
    struct buffer sql = BUFFER(arena);
    for (int i = 0; i < 3000; i++) {
        buffer_format(&sql, "CREATE TABLE t%d (a serial PRIMARY KEY, b int);", i);
    }
    struct effects effects = effects_of(buffer_text(&sql).bytes);
    fold_apply(fold, &effects, 0, true);
    assert_true(fold->work < 60 * fold->count);
}

static void a_temporary_table_is_known_behind_other_statements(void **state) {
    static const char *const migrations[] = {
        "CREATE TEMP TABLE aaaa (x int); CREATE TABLE bbbb (x int); CREATE INDEX i ON aaaa (x); DROP TABLE aaaa", NULL};
    assert_string_equal(facts_of(migrations, true).bytes, "table bbbb:0; column bbbb.x:0");
}

/* Answers come and go, and the next may lie where the last one lay. */
static void effects_in_the_place_of_others_have_names_of_their_own(void **state) {
    static const char *const statements[] = {"CREATE TABLE aaaa (x int)", "CREATE TABLE bbbb (x int)"};
    struct names *names = names_create(arena);
    struct fold *fold = fold_create(arena, names, TEXT("public"));
    char place[1024];
    for (size_t i = 0; i < 2; i++) {
        struct effects effects = effects_of(statements[i]);
        assert_true(effects.records.length <= sizeof place);
        memcpy(place, effects.records.bytes, effects.records.length);
        effects.records.bytes = place;
        fold_apply(fold, &effects, 0, true);
    }
    assert_true(fold_knows(fold, FACT_RELATION, fold->default_schema, 0, names_number(names, TEXT("aaaa"))));
    assert_true(fold_knows(fold, FACT_RELATION, fold->default_schema, 0, names_number(names, TEXT("bbbb"))));
}

static void a_copy_takes_no_memory_that_it_has(void **state) {
    struct names *names = names_create(arena);
    const struct fold *empty = fold_create(arena, names, TEXT("public"));
    struct fold *scratch = fold_create(arena, names, TEXT("public"));
    struct buffer sql = BUFFER(arena);
    for (int i = 0; i < 400; i++) {
        buffer_format(&sql, "CREATE TABLE t%d (a int PRIMARY KEY, b int UNIQUE);", i);
    }
    struct effects effects = effects_of(buffer_text(&sql).bytes);
    fold_copy(scratch, empty);
    fold_apply(scratch, &effects, 0, true);
    const void *facts = scratch->facts, *index = scratch->index, *lists = scratch->lists;
    size_t count = scratch->count;
    fold_copy(scratch, empty);
    assert_int_equal(scratch->count, empty->count);
    fold_apply(scratch, &effects, 0, true);
    assert_int_equal(scratch->count, count);
    assert_ptr_equal(scratch->facts, facts);
    assert_ptr_equal(scratch->index, index);
    assert_ptr_equal(scratch->lists, lists);
    struct fold *other = fold_create(arena, names, TEXT("public"));
    fold_copy(other, scratch);
    assert_true(fold_equal(other, scratch));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_temporary_table_is_known_behind_other_statements, begin, end),
        cmocka_unit_test_setup_teardown(effects_in_the_place_of_others_have_names_of_their_own, begin, end),
        cmocka_unit_test_setup_teardown(a_copy_takes_no_memory_that_it_has, begin, end),
        cmocka_unit_test_setup_teardown(a_table_has_columns_sequences_keys_and_indexes, begin, end),
        cmocka_unit_test_setup_teardown(a_renamed_table_keeps_its_indexes_names, begin, end),
        cmocka_unit_test_setup_teardown(what_is_dropped_is_gone_and_its_inside_says_nothing, begin, end),
        cmocka_unit_test_setup_teardown(what_a_cascade_may_drop_is_uncertain, begin, end),
        cmocka_unit_test_setup_teardown(a_materialized_view_takes_its_indexes_along, begin, end),
        cmocka_unit_test_setup_teardown(a_table_that_left_its_parent_stays, begin, end),
        cmocka_unit_test_setup_teardown(a_table_of_a_type_goes_with_it, begin, end),
        cmocka_unit_test_setup_teardown(one_index_serves_a_key_and_a_unique, begin, end),
        cmocka_unit_test_setup_teardown(names_are_made_as_postgresql_makes_them, begin, end),
        cmocka_unit_test_setup_teardown(attributes_are_facts_where_an_alter_sets_them, begin, end),
        cmocka_unit_test_setup_teardown(a_guard_on_what_is_known_has_no_effect, begin, end),
        cmocka_unit_test_setup_teardown(without_a_row_the_inside_of_what_a_guard_made_is_open, begin, end),
        cmocka_unit_test_setup_teardown(a_block_that_handles_duplicates_is_done_whole_or_not, begin, end),
        cmocka_unit_test_setup_teardown(what_runs_sql_made_at_run_time_is_opaque, begin, end),
        cmocka_unit_test_setup_teardown(tables_of_the_session_alone_are_no_facts, begin, end),
        cmocka_unit_test_setup_teardown(a_rename_that_a_block_handles_is_undone, begin, end),
        cmocka_unit_test_setup_teardown(a_new_table_begins_with_nothing, begin, end),
        cmocka_unit_test_setup_teardown(looking_at_facts_has_an_end, begin, end),
        cmocka_unit_test_setup_teardown(tables_that_are_new_cost_their_own_facts, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
