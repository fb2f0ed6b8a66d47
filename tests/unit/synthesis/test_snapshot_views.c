/* Views. */
#include "snapshots.h"

static void a_view_of_drizzle_kit_has_its_query_and_columns(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE VIEW \"public\".\"v\" AS (select \"id\" from \"a\");", "views|public.v",
         "{\"columns\": {\"id\": {\"name\": \"id\", \"type\": \"serial\", \"primaryKey\": true, \"notNull\": true}}, "
         "\"definition\": \"select \\\"id\\\" from \\\"a\\\"\", \"name\": \"v\", \"schema\": \"public\", "
         "\"isExisting\": false, \"materialized\": false}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE VIEW \"public\".\"v\" WITH (check_option = local, security_barrier = true) AS (select 1);",
         "views|public.v|with", "{\"checkOption\": \"local\", \"securityBarrier\": true}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE MATERIALIZED VIEW \"public\".\"v\" USING \"heap\" WITH (fillfactor = 90) AS (select 1) WITH NO DATA;",
         "views|public.v",
         "{\"columns\": {}, \"definition\": \"select 1\", \"name\": \"v\", \"schema\": \"public\", \"isExisting\": "
         "false, \"with\": {\"fillfactor\": 90}, \"withNoData\": true, \"materialized\": true, \"using\": \"heap\"}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE VIEW v AS SELECT 1", "views", "{}"},
    };
    CHECK_CASES(cases);
}

static void a_view_is_altered(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE VIEW \"public\".\"v\" AS (select 1);",
         "ALTER VIEW \"public\".\"v\" SET (security_invoker = true);", "views|public.v|with",
         "{\"securityInvoker\": true}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE VIEW \"public\".\"v\" WITH (security_invoker = true) AS (select 1);",
         "ALTER VIEW \"public\".\"v\" RESET (security_invoker);", "views|public.v|with", "-"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE VIEW \"public\".\"v\" AS (select 1);",
         "ALTER VIEW \"public\".\"v\" RENAME TO \"w\";", "views|public.w|name", "\"w\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE VIEW \"public\".\"v\" AS (select 1);",
         "DROP VIEW \"public\".\"v\";", "views", "{}"},
    };
    CHECK_CASES(cases);
}

static void the_columns_of_a_view_follow_those_of_its_table(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE VIEW \"public\".\"v\" AS (select \"n\" from \"a\");",
         "ALTER TABLE \"a\" ALTER COLUMN \"n\" SET NOT NULL;", "views|public.v|columns|n|notNull", "true"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_of_drizzle_kit_has_its_query_and_columns),
        cmocka_unit_test(a_view_is_altered),
        cmocka_unit_test(the_columns_of_a_view_follow_those_of_its_table),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
