/* Renames and drops, and their consequences. */
#include "snapshots.h"

static void a_renamed_table_is_followed_by_keys_and_expressions(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "ALTER TABLE \"a\" RENAME TO \"z\";", "tables|public.b|foreignKeys|k",
         "{\"name\": \"k\", \"tableFrom\": \"b\", \"tableTo\": \"z\", \"columnsFrom\": [\"a\"], \"columnsTo\": "
         "[\"id\"], \"onDelete\": \"no action\", \"onUpdate\": \"no action\"}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "ALTER TABLE \"b\" RENAME TO \"z\";", "tables|public.z|foreignKeys|k|tableFrom", "\"z\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "ALTER TABLE \"a\" ADD CONSTRAINT \"c\" CHECK (\"a\".\"n\" <> 'a');",
         "ALTER TABLE \"a\" RENAME TO \"z\";", "tables|public.z|checkConstraints|c|value",
         "\"\\\"z\\\".\\\"n\\\" <> 'a'\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE a RENAME TO b", NULL, "table \"b\" is already in the snapshot before"},
    };
    CHECK_CASES(cases);
}

static void a_moved_table_is_followed(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "ALTER TABLE \"public\".\"a\" SET SCHEMA \"app\";", "tables|public.b|foreignKeys|k|schemaTo", "\"app\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "ALTER TABLE \"a\" ADD CONSTRAINT \"c\" CHECK (\"a\".\"n\" <> 'a');",
         "ALTER TABLE \"public\".\"a\" SET SCHEMA \"app\";", "tables|app.a|checkConstraints|c|value",
         "\"\\\"app\\\".\\\"a\\\".\\\"n\\\" <> 'a'\""},
    };
    CHECK_CASES(cases);
}

static void a_renamed_column_is_followed(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "ALTER TABLE \"a\" RENAME COLUMN \"id\" TO \"key\";", "tables|public.b|foreignKeys|k|columnsTo", "[\"key\"]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "ALTER TABLE \"b\" RENAME COLUMN \"a\" TO \"z\";", "tables|public.b|foreignKeys|k|columnsFrom", "[\"z\"]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE INDEX \"i\" ON \"a\" USING btree (\"n\",lower(\"n\"));",
         "ALTER TABLE a RENAME n TO m", "tables|public.a|indexes|i|columns",
         "[{\"expression\": \"m\", \"isExpression\": false, \"asc\": true, \"nulls\": \"last\"}, {\"expression\": "
         "\"lower(\\\"m\\\")\", \"isExpression\": true, \"asc\": true, \"nulls\": \"last\"}]"},
    };
    CHECK_CASES(cases);
}

static void a_dropped_column_takes_what_is_made_of_it_along(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");" BREAK
         "CREATE INDEX \"i\" ON \"a\" USING btree (\"id\");",
         "ALTER TABLE \"a\" DROP COLUMN \"id\";", "tables|public.a|indexes", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\");",
         "ALTER TABLE \"a\" DROP COLUMN \"id\";", "tables|public.b|foreignKeys", "{}"},
    };
    CHECK_CASES(cases);
}

static void a_renamed_schema_is_followed(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE SCHEMA \"app\";" BREAK "CREATE TABLE \"app\".\"t\" (\"x\" text);",
         "ALTER SCHEMA \"app\" RENAME TO \"zap\";", "tables|zap.t|schema", "\"zap\""},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_renamed_table_is_followed_by_keys_and_expressions),
        cmocka_unit_test(a_moved_table_is_followed),
        cmocka_unit_test(a_renamed_column_is_followed),
        cmocka_unit_test(a_dropped_column_takes_what_is_made_of_it_along),
        cmocka_unit_test(a_renamed_schema_is_followed),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
