/* Indexes. */
#include "snapshots.h"

#include <string.h>

#define TABLE                                                                                                          \
    "CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "          \
    "timestamp);"

/* 56 bytes: what the number leaves of a longer name. */
#define LONG "tttttttttttttttttttttttttttttttttttttttttttttttttttttttt"

static void an_index_has_order_nulls_method_and_condition(void **state) {
    static const struct snapshots_case cases[] = {
        {TABLE, "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\" DESC NULLS LAST)", "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"n\", \"isExpression\": false, \"asc\": false, \"nulls\": \"last\"}]"},
        {TABLE, "CREATE INDEX i ON a (created_at DESC)", "tables|public.a|indexes|i",
         "{\"name\": \"i\", \"columns\": [{\"expression\": \"created_at\", \"isExpression\": false, \"asc\": false, "
         "\"nulls\": \"first\"}], \"isUnique\": false, \"concurrently\": false, \"method\": \"btree\", \"with\": {}}"},
        {TABLE, "CREATE INDEX CONCURRENTLY \"i\" ON \"a\" USING gin (\"n\" gin_trgm_ops)", "tables|public.a|indexes|i",
         "{\"name\": \"i\", \"columns\": [{\"expression\": \"n\", \"isExpression\": false, \"asc\": true, \"nulls\": "
         "\"last\", \"opclass\": \"gin_trgm_ops\"}], \"isUnique\": false, \"concurrently\": false, \"method\": "
         "\"gin\", \"with\": {}}"},
        {TABLE, "CREATE UNIQUE INDEX \"i\" ON \"a\" USING btree (lower(\"n\")) WHERE \"a\".\"n\" IS NOT NULL",
         "tables|public.a|indexes|i",
         "{\"name\": \"i\", \"columns\": [{\"expression\": \"lower(\\\"n\\\")\", \"isExpression\": true, \"asc\": "
         "true, \"nulls\": \"last\"}], \"isUnique\": true, \"where\": \"\\\"a\\\".\\\"n\\\" IS NOT NULL\", "
         "\"concurrently\": false, \"method\": \"btree\", \"with\": {}}"},
        {TABLE, "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\" DESC,\"s\" NULLS FIRST)",
         "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"\\\"n\\\" DESC\", \"isExpression\": true, \"asc\": true, \"nulls\": \"last\"}, "
         "{\"expression\": \"s\", \"isExpression\": false, \"asc\": true, \"nulls\": \"first\"}]"},
        {TABLE, "CREATE INDEX i ON a (lower(n) DESC NULLS LAST, (s || n)) INCLUDE (id) WITH (fillfactor = 70)",
         "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"lower(n)\", \"isExpression\": true, \"asc\": false, \"nulls\": \"last\"}, "
         "{\"expression\": \"(s || n)\", \"isExpression\": true, \"asc\": true, \"nulls\": \"last\"}]"},
        {TABLE, "CREATE INDEX i ON a (n) WITH (fillfactor = 70)", "tables|public.a|indexes|i|with",
         "{\"fillfactor\": \"70\"}"},
    };
    CHECK_CASES(cases);
}

static void an_index_without_a_name_has_postgresqls(void **state) {
    static const struct snapshots_case cases[] = {
        {TABLE, "CREATE INDEX ON a (n)", "tables|public.a|indexes|a_n_idx|name", "\"a_n_idx\""},
        {TABLE, "CREATE UNIQUE INDEX CONCURRENTLY ON ONLY a USING btree (n DESC, s text_ops) INCLUDE (id) WHERE id > 1",
         "tables|public.a|indexes|a_n_s_id_idx|name", "\"a_n_s_id_idx\""},
        {TABLE BREAK "CREATE INDEX ON a (n);", "CREATE INDEX ON a (n)", "tables|public.a|indexes|a_n_idx1|name",
         "\"a_n_idx1\""},
        {TABLE BREAK "CREATE TABLE \"b\" (\"n\" text, \"m\" text);" BREAK "CREATE INDEX \"a_n_idx\" ON \"b\" (\"m\");",
         "CREATE INDEX ON a (n)", "tables|public.a|indexes|a_n_idx1|name", "\"a_n_idx1\""},
        {TABLE BREAK "CREATE SCHEMA \"s\";" BREAK "CREATE TABLE \"s\".\"b\" (\"m\" text);" BREAK
                     "CREATE INDEX \"a_n_idx\" ON \"s\".\"b\" (\"m\");",
         "CREATE INDEX ON a (n)", "tables|public.a|indexes|a_n_idx|name", "\"a_n_idx\""},
        {TABLE BREAK "CREATE INDEX ON a (n);", "DROP INDEX a_n_idx", "tables|public.a|indexes", "{}"},
        {TABLE, "CREATE INDEX ON a (lower(n))", "tables|public.a|indexes|a_lower_idx|columns",
         "[{\"expression\": \"lower(n)\", \"isExpression\": true, \"asc\": true, \"nulls\": \"last\"}]"},
        {TABLE, "CREATE INDEX ON a (n, (id + 1), (id + 2), n) INCLUDE (n)",
         "tables|public.a|indexes|a_n_expr_expr1_n1_n2_idx|name", "\"a_n_expr_expr1_n1_n2_idx\""},
        {TABLE BREAK "ALTER TABLE \"a\" ADD CONSTRAINT \"a_n_idx\" UNIQUE(\"n\");", "CREATE INDEX ON a (n)",
         "tables|public.a|indexes|a_n_idx1|name", "\"a_n_idx1\""},
        {TABLE BREAK "CREATE TABLE \"a_n_idx\" (\"x\" integer);", "CREATE INDEX ON a (n)",
         "tables|public.a|indexes|a_n_idx1|name", "\"a_n_idx1\""},
        {TABLE BREAK
         "CREATE TABLE \"b\" (\"x\" integer, \"y\" integer, CONSTRAINT \"a_n_idx\" PRIMARY KEY(\"x\",\"y\"));",
         "CREATE INDEX ON a (n)", "tables|public.a|indexes|a_n_idx1|name", "\"a_n_idx1\""},
        {"CREATE TABLE \"" LONG "tttt\" (\"n\" text);" BREAK "CREATE INDEX ON " LONG "tttt (n);" BREAK
         "CREATE INDEX ON " LONG "tttt (n);",
         "CREATE INDEX ON " LONG "tttt (n)", "tables|public." LONG "tttt|indexes|" LONG "_n_idx2|name",
         "\"" LONG "_n_idx2\""},
        {TABLE,
         "DO $$ BEGIN CREATE INDEX ON a (n); EXCEPTION WHEN duplicate_table THEN null; END $$;"
         "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE INDEX ON a ((n || s)); CREATE UNIQUE INDEX ON a (n); END "
         "IF; "
         "END $$",
         "tables|public.a|indexes|a_n_idx1|isUnique", "true"},
    };
    CHECK_CASES(cases);
}

static void of_one_name_postgresql_is_followed_a_hundred_times(void **state) {
    enum { MOST = 100 };
    static const char statement[] = "CREATE INDEX ON a (n);", break_before[] = BREAK;
    char before[sizeof TABLE + (size_t)(MOST + 1) * (sizeof break_before + sizeof statement)] = TABLE;
    size_t length = strlen(before);
    for (int i = 0; i < MOST; i++) {
        length += (size_t)sprintf(before + length, "%s%s", break_before, statement);
        if (i == MOST - 2) {
            const struct snapshots_case last = {before, statement, "tables|public.a|indexes|a_n_idx99|name",
                                                "\"a_n_idx99\""};
            snapshots_check(&last, 1);
        }
    }
    const struct snapshots_case refused = {before, statement, NULL,
                                           "its index has no name, and 100 have the one that PostgreSQL would give it"};
    snapshots_check(&refused, 1);
}

static void an_index_is_dropped_and_renamed(void **state) {
    static const struct snapshots_case cases[] = {
        {TABLE BREAK "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\");", "DROP INDEX \"i\";", "tables|public.a|indexes",
         "{}"},
        {TABLE BREAK "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\");", "ALTER INDEX i RENAME TO j",
         "tables|public.a|indexes|j|name", "\"j\""},
        {TABLE BREAK "ALTER TABLE \"a\" ADD CONSTRAINT \"u\" UNIQUE(\"n\");", "ALTER INDEX u RENAME TO v",
         "tables|public.a|uniqueConstraints|v|name", "\"v\""},
        {TABLE, "DROP INDEX IF EXISTS j", "tables|public.a|indexes", "{}"},
        {TABLE, "DROP INDEX j", NULL, "index \"j\" is not in the snapshot before"},
        {TABLE, "CREATE INDEX i ON b (x)", NULL, "table \"b\" is not in the snapshot before"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_has_order_nulls_method_and_condition),
        cmocka_unit_test(an_index_without_a_name_has_postgresqls),
        cmocka_unit_test(of_one_name_postgresql_is_followed_a_hundred_times),
        cmocka_unit_test(an_index_is_dropped_and_renamed),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
