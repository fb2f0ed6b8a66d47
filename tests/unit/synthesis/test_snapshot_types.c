/* Enums and schemas. */
#include "snapshots.h"

static void an_enum_gains_values_at_their_places(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a', 'c');", "ALTER TYPE \"public\".\"st\" ADD VALUE 'b' BEFORE 'c'",
         "enums|public.st|values", "[\"a\", \"b\", \"c\"]"},
        {"CREATE TYPE st AS ENUM ('a', 'c')", "ALTER TYPE st ADD VALUE 'it''s' AFTER 'a'", "enums|public.st|values",
         "[\"a\", \"it's\", \"c\"]"},
        {"CREATE TYPE st AS ENUM ('a', 'c')", "ALTER TYPE st ADD VALUE IF NOT EXISTS 'c'", "enums|public.st|values",
         "[\"a\", \"c\"]"},
        {"CREATE TYPE st AS ENUM ('a')", "ALTER TYPE st ADD VALUE 'c'", "enums|public.st",
         "{\"name\": \"st\", \"schema\": \"public\", \"values\": [\"a\", \"c\"]}"},
        {"CREATE TYPE st AS ENUM ('a')", "ALTER TYPE st RENAME VALUE 'a' TO 'z'", "enums|public.st|values", "[\"z\"]"},
        {"CREATE TYPE st AS ENUM ('a')", "ALTER TYPE no ADD VALUE 'c'", NULL,
         "type \"no\" is not in the snapshot before"},
    };
    CHECK_CASES(cases);
}

static void an_enum_renamed_or_moved_takes_its_columns_along(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');" BREAK "CREATE TABLE \"t\" (\"x\" \"st\"[]);",
         "ALTER TYPE \"public\".\"st\" RENAME TO \"zt\";", "tables|public.t|columns|x|type", "\"zt[]\""},
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');" BREAK "CREATE TABLE \"t\" (\"x\" \"st\");",
         "ALTER TYPE \"public\".\"st\" SET SCHEMA \"app\";", "tables|public.t|columns|x|typeSchema", "\"app\""},
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');" BREAK "CREATE TABLE \"t\" (\"x\" \"st\", \"y\" int);",
         "DROP TYPE st CASCADE", "tables|public.t|columns",
         "{\"y\": {\"name\": \"y\", \"type\": \"integer\", \"primaryKey\": false, \"notNull\": false}}"},
    };
    CHECK_CASES(cases);
}

static void a_schema_by_hand_is_left_out(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE SCHEMA \"app\";", "ALTER SCHEMA \"app\" RENAME TO \"zap\";", "schemas", "{\"zap\": \"zap\"}"},
        {"SELECT 1", "CREATE SCHEMA app", "schemas", "{}"},
        {"CREATE SCHEMA \"app\";", "DROP SCHEMA \"app\";", "schemas", "{}"},
        {"CREATE SCHEMA \"app\";" BREAK "CREATE TABLE \"app\".\"t\" (\"x\" text);", "DROP SCHEMA app CASCADE", NULL,
         "schema \"app\" has tables in the snapshot before"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_enum_gains_values_at_their_places),
        cmocka_unit_test(an_enum_renamed_or_moved_takes_its_columns_along),
        cmocka_unit_test(a_schema_by_hand_is_left_out),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
