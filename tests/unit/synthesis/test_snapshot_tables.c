/* Tables. */
#include "snapshots.h"

static void a_table_is_added_with_its_columns(void **state) {
    static const struct snapshots_case cases[] = {
        {"SELECT 1", "CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255) DEFAULT 'x' NOT NULL)",
         "tables|public.a|columns",
         "{\"id\": {\"name\": \"id\", \"type\": \"serial\", \"primaryKey\": true, \"notNull\": true}, \"n\": "
         "{\"name\": \"n\", \"type\": \"varchar(255)\", \"primaryKey\": false, \"notNull\": true, \"default\": "
         "\"'x'\"}}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE TABLE IF NOT EXISTS a (x int)", "tables|public.a|columns|x", "-"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE TABLE a (x int)", NULL, "table \"a\" is already in the snapshot before"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE TEMP TABLE t (x int); ALTER TABLE t ADD y int", "tables|public.t", "-"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE TABLE p PARTITION OF a FOR VALUES IN (1)", "tables|public.p", "-"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE TABLE b AS SELECT 1", NULL, "it makes table \"b\" of another one or of a query"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE TABLE b (LIKE a)", NULL, "it makes a table like another one"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "SELECT 1 INTO b", NULL, "it makes a table of a query"},
    };
    CHECK_CASES(cases);
}

static void a_table_is_altered_part_by_part(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD x int, ALTER n SET NOT NULL, DROP COLUMN s", "tables|public.a|columns",
         "{\"id\": {\"name\": \"id\", \"type\": \"serial\", \"primaryKey\": true, \"notNull\": true}, \"n\": "
         "{\"name\": \"n\", \"type\": \"varchar(255)\", \"primaryKey\": false, \"notNull\": true}, \"created_at\": "
         "{\"name\": \"created_at\", \"type\": \"timestamp\", \"primaryKey\": false, \"notNull\": false}, \"x\": "
         "{\"name\": \"x\", \"type\": \"integer\", \"primaryKey\": false, \"notNull\": false}}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a OWNER TO me, ALTER n SET STATISTICS 10, ENABLE TRIGGER ALL", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD n text", NULL, "column \"n\" of table \"a\" is already in the snapshot before"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a DROP no", NULL, "column \"no\" of table \"a\" is not in the snapshot before"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE IF EXISTS b ADD x int", "tables|public.b", "-"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE b ADD x int", NULL, "table \"b\" is not in the snapshot before"},
    };
    CHECK_CASES(cases);
}

static void row_security_counts_where_drizzle_kit_wrote_it(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ENABLE ROW LEVEL SECURITY;", "tables|public.a|isRLSEnabled", "true"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ENABLE ROW LEVEL SECURITY", "tables|public.a|isRLSEnabled", "false"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "ALTER TABLE \"a\" ENABLE ROW LEVEL SECURITY;",
         "ALTER TABLE a DISABLE ROW LEVEL SECURITY", "tables|public.a|isRLSEnabled", "false"},
    };
    CHECK_CASES(cases);
}

static void a_dropped_table_takes_foreign_keys_to_it_along(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "DROP TABLE \"a\" CASCADE;", "tables|public.b|foreignKeys", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "DROP TABLE no", NULL, "table \"no\" is not in the snapshot before"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "DROP TABLE IF EXISTS no, a", "tables|public.a", "-"},
    };
    CHECK_CASES(cases);
}

static void a_generated_column_made_again_keeps_its_index(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"g\" text GENERATED ALWAYS AS (upper('x')) STORED);" BREAK
         "CREATE INDEX \"i\" ON \"a\" USING btree (\"g\");",
         "ALTER TABLE \"a\" drop column \"g\";" BREAK
         "ALTER TABLE \"a\" ADD COLUMN \"g\" text GENERATED ALWAYS AS (lower('x')) STORED;",
         "tables|public.a|indexes|i|name", "\"i\""},
        {"CREATE TABLE \"a\" (\"g\" text);" BREAK "CREATE INDEX \"i\" ON \"a\" USING btree (\"g\");",
         "ALTER TABLE \"a\" drop column \"g\";", "tables|public.a|indexes", "{}"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_added_with_its_columns),
        cmocka_unit_test(a_table_is_altered_part_by_part),
        cmocka_unit_test(row_security_counts_where_drizzle_kit_wrote_it),
        cmocka_unit_test(a_dropped_table_takes_foreign_keys_to_it_along),
        cmocka_unit_test(a_generated_column_made_again_keeps_its_index),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
