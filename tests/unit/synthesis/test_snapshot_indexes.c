/* Indexes. */
#include "snapshots.h"

static void an_index_has_order_nulls_method_and_condition(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\" DESC NULLS LAST)", "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"n\", \"isExpression\": false, \"asc\": false, \"nulls\": \"last\"}]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX i ON a (created_at DESC)", "tables|public.a|indexes|i",
         "{\"name\": \"i\", \"columns\": [{\"expression\": \"created_at\", \"isExpression\": false, \"asc\": false, "
         "\"nulls\": \"first\"}], \"isUnique\": false, \"concurrently\": false, \"method\": \"btree\", \"with\": {}}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX CONCURRENTLY \"i\" ON \"a\" USING gin (\"n\" gin_trgm_ops)", "tables|public.a|indexes|i",
         "{\"name\": \"i\", \"columns\": [{\"expression\": \"n\", \"isExpression\": false, \"asc\": true, \"nulls\": "
         "\"last\", \"opclass\": \"gin_trgm_ops\"}], \"isUnique\": false, \"concurrently\": false, \"method\": "
         "\"gin\", \"with\": {}}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE UNIQUE INDEX \"i\" ON \"a\" USING btree (lower(\"n\")) WHERE \"a\".\"n\" IS NOT NULL",
         "tables|public.a|indexes|i",
         "{\"name\": \"i\", \"columns\": [{\"expression\": \"lower(\\\"n\\\")\", \"isExpression\": true, \"asc\": "
         "true, \"nulls\": \"last\"}], \"isUnique\": true, \"where\": \"\\\"a\\\".\\\"n\\\" IS NOT NULL\", "
         "\"concurrently\": false, \"method\": \"btree\", \"with\": {}}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\" DESC,\"s\" NULLS FIRST)", "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"\\\"n\\\" DESC\", \"isExpression\": true, \"asc\": true, \"nulls\": \"last\"}, "
         "{\"expression\": \"s\", \"isExpression\": false, \"asc\": true, \"nulls\": \"first\"}]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX i ON a (lower(n) DESC NULLS LAST, (s || n)) INCLUDE (id) WITH (fillfactor = 70)",
         "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"lower(n)\", \"isExpression\": true, \"asc\": false, \"nulls\": \"last\"}, "
         "{\"expression\": \"(s || n)\", \"isExpression\": true, \"asc\": true, \"nulls\": \"last\"}]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX i ON a (n) WITH (fillfactor = 70)", "tables|public.a|indexes|i|with",
         "{\"fillfactor\": \"70\"}"},
    };
    CHECK_CASES(cases);
}

static void an_index_is_dropped_and_renamed(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\");",
         "DROP INDEX \"i\";", "tables|public.a|indexes", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\");",
         "ALTER INDEX i RENAME TO j", "tables|public.a|indexes|j|name", "\"j\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "ALTER TABLE \"a\" ADD CONSTRAINT \"u\" UNIQUE(\"n\");",
         "ALTER INDEX u RENAME TO v", "tables|public.a|uniqueConstraints|v|name", "\"v\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DROP INDEX IF EXISTS j", "tables|public.a|indexes", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DROP INDEX j", NULL, "index \"j\" is not in the snapshot before"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE INDEX i ON b (x)", NULL, "table \"b\" is not in the snapshot before"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_has_order_nulls_method_and_condition),
        cmocka_unit_test(an_index_is_dropped_and_renamed),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
