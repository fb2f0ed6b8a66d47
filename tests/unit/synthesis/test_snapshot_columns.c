/* Columns: types, defaults, identities. */
#include "snapshots.h"

static void a_type_is_spelled_as_drizzle_spells_it(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x INT", "tables|public.a|columns|x|type", "\"integer\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x int8", "tables|public.a|columns|x|type", "\"bigint\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x BOOL", "tables|public.a|columns|x|type", "\"boolean\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x timestamptz", "tables|public.a|columns|x|type", "\"timestamp with time zone\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x timestamp(3)", "tables|public.a|columns|x|type", "\"timestamp (3)\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x timestamp(3) with time zone", "tables|public.a|columns|x|type",
         "\"timestamp (3) with time zone\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x NUMERIC(10,2)", "tables|public.a|columns|x|type", "\"numeric(10, 2)\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x decimal(10,2)", "tables|public.a|columns|x|type", "\"numeric(10, 2)\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x character varying(20)", "tables|public.a|columns|x|type", "\"varchar(20)\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x float8", "tables|public.a|columns|x|type", "\"double precision\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x text[]", "tables|public.a|columns|x|type", "\"text[]\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x \"bytea\"", "tables|public.a|columns|x|type", "\"bytea\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD COLUMN x timestamp without time zone", "tables|public.a|columns|x|type", "\"timestamp\""},
    };
    CHECK_CASES(cases);
}

static void a_type_keeps_the_spelling_that_the_snapshot_has(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"x\" \"timestamptz\");", "ALTER TABLE a ADD y timestamptz",
         "tables|public.a|columns|y|type", "\"timestamptz\""},
    };
    CHECK_CASES(cases);
}

static void an_enum_has_its_schema(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');" BREAK
         "CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ADD COLUMN \"x\" \"st\"[] NOT NULL;", "tables|public.a|columns|x",
         "{\"name\": \"x\", \"type\": \"st[]\", \"typeSchema\": \"public\", \"primaryKey\": false, \"notNull\": true}"},
        {"CREATE TYPE \"public\".\"st\" AS ENUM('a');" BREAK
         "CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ALTER COLUMN \"s\" SET DEFAULT 'a'::\"public\".\"st\";" BREAK
         "ALTER TABLE \"a\" ALTER COLUMN \"s\" SET DATA TYPE \"public\".\"st\" USING \"s\"::\"public\".\"st\";",
         "tables|public.a|columns|s",
         "{\"name\": \"s\", \"type\": \"st\", \"primaryKey\": false, \"notNull\": false, \"default\": \"'a'\", "
         "\"typeSchema\": \"public\"}"},
    };
    CHECK_CASES(cases);
}

static void a_default_is_a_number_a_boolean_null_or_text(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ADD COLUMN \"c\" integer DEFAULT 0 NOT NULL", "tables|public.a|columns|c",
         "{\"name\": \"c\", \"type\": \"integer\", \"primaryKey\": false, \"notNull\": true, \"default\": 0}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ADD COLUMN \"c\" real DEFAULT -1.5", "tables|public.a|columns|c|default", "-1.5"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ADD COLUMN \"j\" jsonb DEFAULT '{}'::jsonb NOT NULL", "tables|public.a|columns|j|default",
         "\"'{}'::jsonb\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD c boolean DEFAULT TRUE", "tables|public.a|columns|c|default", "true"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD c text DEFAULT NULL", "tables|public.a|columns|c|default", "null"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD c timestamp DEFAULT NOW() NOT NULL", "tables|public.a|columns|c|default", "\"now()\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD c text DEFAULT 'a' || 'b' NOT NULL", "tables|public.a|columns|c|default", "\"'a' || 'b'\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ADD COLUMN \"c\" text DEFAULT 0", "tables|public.a|columns|c|default", "\"0\""},
    };
    CHECK_CASES(cases);
}

static void assert_default_of_x(const char *base, const char *expected) {
    struct snapshots made = snapshots_after(base, "SELECT 1", "ALTER TABLE a ALTER x SET DEFAULT 7");
    assert_int_equal(made.count, 2);
    assert_string_equal(snapshots_shown(snapshots_at(&made, 1, "tables|public.a|columns|x|default")).bytes, expected);
}

/* The snapshot with another default. */
static const char *with_default(const char *snapshot, const char *before, const char *after) {
    const char *at = strstr(snapshot, before);
    assert_non_null(at);
    return text_format(snapshots_arena, "%.*s%s%s", (int)(at - snapshot), snapshot, after, at + strlen(before)).bytes;
}

static void a_number_is_text_where_all_numbers_of_the_snapshot_are(void **state) {
    struct snapshots made =
        snapshots_after(NULL, "CREATE TABLE \"a\" (\"x\" integer DEFAULT 5, \"y\" integer DEFAULT 6);", "SELECT 1");
    const char *numbers = made.made[1].content.bytes;
    const char *both = with_default(numbers, "\"default\": 5", "\"default\": \"5\"");
    const char *texts = with_default(both, "\"default\": 6", "\"default\": \"6\"");
    assert_default_of_x(numbers, "7");
    assert_default_of_x(both, "7");
    assert_default_of_x(texts, "\"7\"");
}

static void an_identity_has_all_its_options(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ADD c integer GENERATED BY DEFAULT AS IDENTITY", "tables|public.a|columns|c|identity",
         "{\"type\": \"byDefault\", \"name\": \"a_c_seq\", \"schema\": \"public\", \"increment\": \"1\", \"minValue\": "
         "\"1\", \"maxValue\": \"2147483647\", \"startWith\": \"1\", \"cache\": \"1\", \"cycle\": false}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ALTER COLUMN \"id\" ADD GENERATED ALWAYS AS IDENTITY (sequence name \"q\" INCREMENT BY 2 "
         "MINVALUE 2 MAXVALUE 20 START WITH 4 CACHE 5 CYCLE);" BREAK
         "ALTER TABLE \"a\" ALTER COLUMN \"id\" SET INCREMENT BY 3;",
         "tables|public.a|columns|id|identity",
         "{\"type\": \"always\", \"name\": \"q\", \"schema\": \"public\", \"increment\": \"3\", \"minValue\": \"2\", "
         "\"maxValue\": \"20\", \"startWith\": \"4\", \"cache\": \"5\", \"cycle\": true}"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE a ALTER n DROP IDENTITY", "tables|public.a|columns|n|identity", "-"},
    };
    CHECK_CASES(cases);
}

static void a_generated_column_has_its_expression(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "ALTER TABLE \"a\" ADD COLUMN \"g\" text GENERATED ALWAYS AS (upper(\"n\")) STORED",
         "tables|public.a|columns|g|generated", "{\"as\": \"upper(\\\"n\\\")\", \"type\": \"stored\"}"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_is_spelled_as_drizzle_spells_it),
        cmocka_unit_test(a_type_keeps_the_spelling_that_the_snapshot_has),
        cmocka_unit_test(an_enum_has_its_schema),
        cmocka_unit_test(a_default_is_a_number_a_boolean_null_or_text),
        cmocka_unit_test(a_number_is_text_where_all_numbers_of_the_snapshot_are),
        cmocka_unit_test(an_identity_has_all_its_options),
        cmocka_unit_test(a_generated_column_has_its_expression),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
