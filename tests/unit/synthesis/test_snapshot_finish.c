/* Decisions at the end of a file. */
#include "snapshots.h"

static void a_default_cast_to_the_columns_enum_is_bare(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');",
         "CREATE TABLE \"t\" (\"x\" \"st\" DEFAULT 'a'::\"public\".\"st\", \"y\" text DEFAULT 'a'::\"st\");",
         "tables|public.t|columns|x|default", "\"'a'\""},
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');", "CREATE TABLE \"t\" (\"y\" text DEFAULT 'a'::\"st\");",
         "tables|public.t|columns|y|default", "\"'a'::\\\"st\\\"\""},
    };
    CHECK_CASES(cases);
}

static void policies_without_row_security_in_the_schema_stay_so(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE TABLE \"b\" (\"x\" text);" BREAK
         "CREATE POLICY \"p\" ON \"a\" AS PERMISSIVE FOR ALL TO public;",
         "ALTER TABLE \"b\" ENABLE ROW LEVEL SECURITY;" BREAK
         "CREATE POLICY \"p\" ON \"b\" AS PERMISSIVE FOR ALL TO public;",
         "tables|public.b|isRLSEnabled", "false"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);" BREAK "CREATE TABLE \"b\" (\"x\" text);" BREAK
         "CREATE POLICY \"p\" ON \"a\" AS PERMISSIVE FOR ALL TO public;",
         "ALTER TABLE \"b\" ENABLE ROW LEVEL SECURITY;", "tables|public.b|isRLSEnabled", "true"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_cast_to_the_columns_enum_is_bare),
        cmocka_unit_test(policies_without_row_security_in_the_schema_stay_so),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
