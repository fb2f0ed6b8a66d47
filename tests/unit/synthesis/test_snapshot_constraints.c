/* Keys, uniques, foreign keys and checks. */
#include "snapshots.h"

static void a_foreign_key_has_its_whole_name_and_no_schema_for_public(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE \"b\" ADD CONSTRAINT \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" "
         "FOREIGN KEY (\"a\") REFERENCES \"public\".\"a\"(\"id\") ON DELETE cascade ON UPDATE no action;",
         "tables|public.b|foreignKeys|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
         "{\"name\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\", \"tableFrom\": \"b\", "
         "\"tableTo\": \"a\", \"columnsFrom\": [\"a\"], \"columnsTo\": [\"id\"], \"onDelete\": \"cascade\", "
         "\"onUpdate\": \"no action\"}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE \"b\" ADD CONSTRAINT \"k\" FOREIGN KEY (\"a\") REFERENCES \"auth\".\"users\"(\"id\");",
         "tables|public.b|foreignKeys|k|schemaTo", "\"auth\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a ON DELETE SET NULL",
         "tables|public.b|foreignKeys|b_a_a_id_fk|onDelete", "\"set null\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES unknown", NULL,
         "it refers to the key of table \"unknown\", which the snapshot before does not have"},
    };
    CHECK_CASES(cases);
}

static void a_unique_has_its_columns(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE \"a\" ADD CONSTRAINT \"u\" UNIQUE NULLS NOT DISTINCT(\"n\",\"m\");",
         "tables|public.a|uniqueConstraints|u",
         "{\"name\": \"u\", \"nullsNotDistinct\": true, \"columns\": [\"n\", \"m\"]}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE a ADD UNIQUE (n)", "tables|public.a|uniqueConstraints|a_n_unique|columns", "[\"n\"]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "CREATE UNIQUE INDEX \"i\" ON \"a\" USING btree (\"n\");",
         "ALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX i", "tables|public.a|uniqueConstraints|u|columns",
         "[\"n\"]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);" BREAK
         "CREATE UNIQUE INDEX \"i\" ON \"a\" USING btree (\"n\");",
         "ALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX i", "tables|public.a|indexes", "{}"},
    };
    CHECK_CASES(cases);
}

static void a_key_of_one_column_is_its_own_unless_drizzle_kit_named_it(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "CREATE TABLE c (x int, y int, PRIMARY KEY (x, y))", "tables|public.c|compositePrimaryKeys",
         "{\"c_x_y_pk\": {\"name\": \"c_x_y_pk\", \"columns\": [\"x\", \"y\"]}}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "CREATE TABLE c (x int, PRIMARY KEY (x))", "tables|public.c|columns|x|primaryKey", "true"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "CREATE TABLE \"c\" (\"x\" integer NOT NULL, CONSTRAINT \"c_pk\" PRIMARY KEY(\"x\"));",
         "tables|public.c|compositePrimaryKeys|c_pk|columns", "[\"x\"]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE \"a\" DROP CONSTRAINT \"a_pkey\";", "tables|public.a|columns|id|primaryKey", "false"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE a ADD PRIMARY KEY USING INDEX i", NULL, "it makes an index the table's primary key"},
    };
    CHECK_CASES(cases);
}

static void a_check_by_hand_is_put_in_with_its_table_and_left_out_when_added(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "CREATE TABLE c (x int CHECK (x > 0))", "tables|public.c|checkConstraints|c_x_check|value", "\"x > 0\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE \"a\" ADD CONSTRAINT \"k\" CHECK (\"a\".\"n\" <> ')');",
         "tables|public.a|checkConstraints|k|value", "\"\\\"a\\\".\\\"n\\\" <> ')'\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE a ADD CONSTRAINT k CHECK (n <> m)", "tables|public.a|checkConstraints", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE a ADD CONSTRAINT k CHECK (n <> m); ALTER TABLE a DROP CONSTRAINT k",
         "tables|public.a|checkConstraints", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" text, \"m\" text);" BREAK
         "CREATE TABLE \"b\" (\"id\" serial PRIMARY KEY NOT NULL, \"a\" integer);",
         "ALTER TABLE a DROP CONSTRAINT k", NULL, "constraint \"k\" of table \"a\" is not in the snapshot before"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_foreign_key_has_its_whole_name_and_no_schema_for_public),
        cmocka_unit_test(a_unique_has_its_columns),
        cmocka_unit_test(a_key_of_one_column_is_its_own_unless_drizzle_kit_named_it),
        cmocka_unit_test(a_check_by_hand_is_put_in_with_its_table_and_left_out_when_added),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
