/* Roles and policies: drizzle-kit's own and hand-written ones. */
#include "snapshots.h"

static void a_role_has_three_attributes(void **state) {
    static const struct snapshots_case cases[] = {
        {"SELECT 1", "CREATE ROLE \"r\" WITH CREATEDB NOINHERIT;", "roles|r",
         "{\"name\": \"r\", \"createDb\": true, \"createRole\": false, \"inherit\": false}"},
        {"CREATE ROLE \"r\";", "ALTER ROLE \"r\" WITH CREATEDB CREATEROLE INHERIT;", "roles|r",
         "{\"name\": \"r\", \"createDb\": true, \"createRole\": true, \"inherit\": true}"},
        {"SELECT 1", "CREATE ROLE r LOGIN", "roles", "{}"},
    };
    CHECK_CASES(cases);
}

static void a_policy_by_hand_is_left_out(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE POLICY \"p\" ON \"a\" AS PERMISSIVE FOR ALL TO \"z\", public USING (true) WITH CHECK ((\"a\".\"n\" is "
         "null));",
         "tables|public.a|policies|p",
         "{\"name\": \"p\", \"as\": \"PERMISSIVE\", \"for\": \"ALL\", \"to\": [\"public\", \"z\"], \"using\": "
         "\"true\", \"withCheck\": \"(\\\"a\\\".\\\"n\\\" is null)\"}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE POLICY p ON a USING (true)", "tables|public.a|policies", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DROP POLICY p ON a", "tables|public.a|policies", "{}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE POLICY \"p\" ON \"other\" AS PERMISSIVE FOR SELECT TO public;", "policies|p",
         "{\"name\": \"p\", \"as\": \"PERMISSIVE\", \"for\": \"SELECT\", \"to\": [\"public\"], \"schema\": \"public\", "
         "\"on\": \"\\\"public\\\".\\\"other\\\"\"}"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_has_three_attributes),
        cmocka_unit_test(a_policy_by_hand_is_left_out),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
