/* What hand-written SQL has changed and the schema has as it was. */
#include "snapshots.h"

#include "migfs/synthesis/snapshot_schema.h"

/* Entries separated by blanks: what the schema has (`users`, `users.id`, `users.id.type=integer`,
 * `users.id.notNull`, `mood:fine` for a word of a declaration); with ? it may have it. */
static enum snapshots_declared find(const char *entries, const char *sought) {
    size_t length = strlen(sought);
    for (const char *at = entries; *at; at += strcspn(at, " "), at += *at == ' ') {
        size_t end = strcspn(at, " ");
        if (strncmp(at, sought, length) == 0 && (end == length || (end == length + 1 && at[length] == '?'))) {
            return end == length ? SNAPSHOTS_DECLARED : SNAPSHOTS_UNSURE;
        }
    }
    return SNAPSHOTS_ABSENT;
}

static enum snapshots_declared has(const void *context, struct text name, struct text column, enum snapshots_named kind,
                                   size_t *ret_most) {
    static const char *const ends[] = {
        [SNAPSHOTS_OF_KEY] = ".key",     [SNAPSHOTS_OF_UNIQUE] = ".unique",    [SNAPSHOTS_OF_REFERENCE] = ".references",
        [SNAPSHOTS_OF_INDEX] = ".index", [SNAPSHOTS_OF_NOT_NULL] = ".notNull", [SNAPSHOTS_OF_DEFAULT] = ".default",
        [SNAPSHOTS_WHOLE] = ""};
    const char *end = kind < SNAPSHOTS_OF_KEY || !ends[kind] ? "" : ends[kind];
    char sought[256];
    snprintf(sought, sizeof sought, "%.*s%s%.*s%s", TEXT_ARGS(name), column.length > 0 ? "." : "", TEXT_ARGS(column),
             end);
    *ret_most = kind == SNAPSHOTS_OF_UNIQUE ? 1 : SIZE_MAX;
    return find(context, sought);
}

static enum snapshots_declared says(const void *context, struct text table, struct text column,
                                    enum snapshots_named kind, struct text text) {
    static const char *const members[] = {[SNAPSHOTS_OF_TYPE] = "type",
                                          [SNAPSHOTS_OF_DEFAULT] = "value",
                                          [SNAPSHOTS_OF_IDENTITY] = "identity",
                                          [SNAPSHOTS_OF_GENERATED] = "generated"};
    char sought[256];
    if (kind == SNAPSHOTS_OF_WORD) {
        snprintf(sought, sizeof sought, "%.*s:%.*s", TEXT_ARGS(table), TEXT_ARGS(text));
    } else {
        snprintf(sought, sizeof sought, "%.*s.%.*s.%s=%.*s", TEXT_ARGS(table), TEXT_ARGS(column), members[kind],
                 TEXT_ARGS(text));
    }
    return find(context, sought);
}

static struct snapshots after(const char *schema, const char *before, const char *sql) {
    const struct snapshots_schema it = {has, schema, says};
    struct snapshots made = snapshots_of_schema(&it, NULL, before, sql);
    if (made.count < 2) {
        print_error("%s\n%s\n", sql, made.reason.bytes);
    }
    assert_int_equal(made.count, 2);
    return made;
}

static void assert_shown(const struct snapshots *made, const char *path, const char *expected) {
    assert_string_equal(snapshots_shown(snapshots_at(made, 1, path)).bytes, expected);
}

/* SQL on a table, a schema, and the member of the snapshot; and what is said: changed, unsure. */
struct changed {
    const char *sql, *schema, *path, *expected, *changed, *unsure;
};

static const char users[] =
    "CREATE TYPE \"mood\" AS ENUM('fine', 'bad');" BREAK
    "CREATE TABLE \"users\" (\"id\" integer PRIMARY KEY, \"age\" integer DEFAULT 1 NOT NULL, \"mood\" \"mood\", "
    "\"up\" text GENERATED ALWAYS AS ('x') STORED, \"no\" integer NOT NULL GENERATED ALWAYS AS IDENTITY, "
    "CONSTRAINT \"users_age_unique\" UNIQUE(\"age\"));" BREAK "CREATE INDEX \"by_age\" ON \"users\" (\"age\");" BREAK
    "ALTER TABLE \"users\" ENABLE ROW LEVEL SECURITY;";

#define TABLE "mood users users.id users.age users.mood users.up users.no users.key "
#define AGE "tables|public.users|columns|age|"

static void check(const struct changed *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct changed *it = &cases[i];
        struct snapshots made = after(it->schema, users, it->sql);
        struct text is = snapshots_shown(snapshots_at(&made, 1, it->path));
        if (strcmp(is.bytes, it->expected) != 0) {
            print_error("%s\n%s\n", it->sql, it->schema);
        }
        assert_string_equal(is.bytes, it->expected);
        assert_string_equal(made.made[1].changed.bytes, it->changed ? it->changed : "");
        assert_string_equal(made.made[1].unsure.bytes, it->unsure ? it->unsure : "");
        assert_string_equal(made.made[1].altered.bytes, "");
    }
}

#define CHECK(cases) check((cases), sizeof(cases) / sizeof *(cases))

static void a_column_stays_what_the_schema_has(void **state) {
    static const char type[] = "alter table users alter age type bigint";
    static const char twice[] = "alter table users alter age type bigint, alter age type text, alter age type integer";
    static const char no_default[] = "alter table users alter age drop default";
    static const char other[] = "alter table users alter age set default 2";
    static const char dropped_and_set[] =
        "alter table users alter age drop default; alter table users alter age set default 2";
    static const char set_and_dropped[] =
        "alter table users alter age set default 2; alter table users alter age drop default";
    static const char null[] = "alter table users alter age drop not null";
    static const char null_and_not[] = "alter table users alter age drop not null, alter age set not null";
    static const struct changed cases[] = {
        {type, TABLE "users.age.type=integer", AGE "type", "\"integer\"", "type of users.age", NULL},
        {type, TABLE "users.age.type=bigint", AGE "type", "\"bigint\"", NULL, NULL},
        {type, TABLE "users.age.type=bigint?", AGE "type", "\"integer\"", NULL, "type of users.age"},
        {twice, TABLE "users.age.type=text", AGE "type", "\"integer\"", NULL, NULL},
        {no_default, TABLE "users.age.default", AGE "default", "1", "default of users.age", NULL},
        {no_default, TABLE "users.age.default?", AGE "default", "1", NULL, "default of users.age"},
        {no_default, TABLE, AGE "default", "-", NULL, NULL},
        {other, TABLE "users.age.default users.age.value=2", AGE "default", "2", NULL, NULL},
        {other, TABLE "users.age.default users.age.value=2?", AGE "default", "1", NULL, "default of users.age"},
        {other, TABLE "users.age.default", AGE "default", "1", "default of users.age", NULL},
        {dropped_and_set, TABLE "users.age.default", AGE "default", "1", "default of users.age", NULL},
        {set_and_dropped, TABLE "users.age.default", AGE "default", "1", "default of users.age", NULL},
        {null, TABLE "users.age.notNull", AGE "notNull", "true", "NOT NULL of users.age", NULL},
        {null, TABLE "users.age.notNull?", AGE "notNull", "true", NULL, "NOT NULL of users.age"},
        {null, TABLE, AGE "notNull", "false", NULL, NULL},
        {null_and_not, TABLE, AGE "notNull", "true", NULL, NULL},
        {"alter table users alter no drop identity", TABLE, "tables|public.users|columns|no|identity|type",
         "\"always\"", "identity of users.no", NULL},
        {"alter table users alter no drop identity",
         TABLE "users.no.identity=", "tables|public.users|columns|no|identity", "-", NULL, NULL},
        {"alter table users alter no set increment by 2", TABLE "users.no.identity=always+?",
         "tables|public.users|columns|no|identity|increment", "\"1\"", NULL, "identity of users.no"},
        {"alter table users alter up drop expression", TABLE, "tables|public.users|columns|up|generated|as", "\"'x'\"",
         "expression of users.up", NULL},
    };
    CHECK(cases);
}

/* Later statements of drizzle-kit itself say what the schema has. */
static void drizzle_kits_own_statements_count(void **state) {
    struct snapshots made = after(TABLE "users.age.type=integer", users,
                                  "alter table users alter age type bigint;" BREAK
                                  "ALTER TABLE \"users\" ALTER COLUMN \"age\" SET DATA TYPE text;");
    assert_shown(&made, AGE "type", "\"text\"");
    assert_string_equal(made.made[1].changed.bytes, "");
    made = after(TABLE "users.age.notNull", users, "ALTER TABLE \"users\" ALTER COLUMN \"age\" DROP NOT NULL;");
    assert_shown(&made, AGE "notNull", "false");
}

static void what_is_made_again_is_changed(void **state) {
    static const char sql[] = "alter table users drop column age; alter table users add column age bigint default 2";
    struct snapshots made = after(TABLE "users.age.type=integer users.age.default users.age.notNull", users, sql);
    assert_shown(&made, AGE "type", "\"integer\"");
    assert_shown(&made, AGE "default", "1");
    assert_shown(&made, AGE "notNull", "true");
    assert_string_equal(made.made[1].changed.bytes, "default of users.age, type of users.age, NOT NULL of users.age");
    assert_string_equal(made.made[1].again.bytes, "");
    made = after(TABLE "users.age.type=bigint users.age.default users.age.value=2", users, sql);
    assert_shown(&made, AGE "type", "\"bigint\"");
    assert_shown(&made, AGE "default", "2");
}

static void names_stay_those_that_the_schema_has(void **state) {
    static const char column[] = "alter table users rename age to years; alter table users rename years to count";
    static const char whole[] = "alter table users rename to people; alter table people alter age type text;"
                                "create index by_mood on people (mood)";
    struct snapshots made = after(TABLE, users, column);
    assert_shown(&made, AGE "name", "\"age\"");
    assert_string_equal(made.made[1].changed.bytes, "name of column users.count");
    made = after(TABLE "users.age? users.count", users, column);
    assert_shown(&made, "tables|public.users|columns|count|name", "\"count\"");
    made = after("mood users users.id users.mood users.up users.no users.key users.age? users.count?", users, column);
    assert_shown(&made, AGE "name", "\"age\"");
    assert_string_equal(made.made[1].unsure.bytes, "name of column users.count");
    made = after(TABLE "users.age.type=integer by_mood by_age", users, whole);
    assert_shown(&made, AGE "type", "\"integer\"");
    assert_shown(&made, "tables|public.users|indexes|by_mood|name", "\"by_mood\"");
    assert_shown(&made, "tables|public.people", "-");
    assert_string_equal(made.made[1].changed.bytes, "name of table people, type of people.age");
    made = after("mood people people.id people.age people.mood people.up people.no people.key people.age.type=text",
                 users, whole);
    assert_shown(&made, "tables|public.people|columns|age|type", "\"text\"");
    assert_shown(&made, "tables|public.users", "-");
    /* Back to what it was: nothing is changed. */
    made = after(TABLE, users, "alter table users rename to people; alter table people rename to users");
    assert_string_equal(made.made[1].changed.bytes, "");
    /* Where another table is not found, no name means anything. */
    static const char posts[] =
        "CREATE TABLE \"users\" (\"id\" integer);" BREAK "CREATE TABLE \"posts\" (\"id\" integer);";
    made = after("users users.id", posts, "alter table users rename to people");
    assert_shown(&made, "tables|public.people|columns|id|type", "\"integer\"");
    assert_string_equal(made.made[1].altered.bytes, "name of table people");
    /* Where neither name is found, no table is. */
    made = after("mood", users, whole);
    assert_shown(&made, "tables|public.people|columns|age|type", "\"text\"");
    assert_string_equal(made.made[1].altered.bytes, "name of table people, type of people.age");
}

static void other_names_stay_too(void **state) {
    static const struct changed cases[] = {
        {"alter index by_age rename to two", TABLE "by_age", "tables|public.users|indexes|by_age|name", "\"by_age\"",
         "name of index two", NULL},
        {"alter index by_age rename to two", TABLE "two", "tables|public.users|indexes|two|name", "\"two\"", NULL,
         NULL},
        {"alter table users rename constraint users_age_unique to two", TABLE "users.unique",
         "tables|public.users|uniqueConstraints|users_age_unique|name", "\"users_age_unique\"",
         "name of constraint two", NULL},
        {"alter type mood rename to temper", TABLE, "enums|public.mood|name", "\"mood\"", "name of enum temper", NULL},
        {"alter type mood rename to temper", TABLE "temper", "tables|public.users|columns|mood|type", "\"temper\"",
         NULL, NULL},
        {"alter type mood rename value 'bad' to 'ill'", TABLE "mood:bad", "enums|public.mood|values",
         "[\"fine\", \"bad\"]", "name of value mood.ill", NULL},
        {"alter type mood rename value 'bad' to 'ill'", TABLE "mood:ill", "enums|public.mood|values",
         "[\"fine\", \"ill\"]", NULL, NULL},
        {"alter table users set schema app", TABLE, "tables|public.users|schema", "\"\"", "name of table users", NULL},
        {"alter table users set schema app", TABLE "app", "tables|public.users|schema", "\"\"", NULL,
         "name of table users"},
    };
    CHECK(cases);
}

static void values_that_the_schema_lacks_are_left_out(void **state) {
    static const char sql[] = "alter type mood add value 'so so' before 'bad'";
    static const struct changed cases[] = {
        {sql, TABLE, "enums|public.mood|values", "[\"fine\", \"bad\"]", "value mood.so so", NULL},
        {sql, TABLE "mood:fine", "enums|public.mood|values", "[\"fine\", \"bad\"]", "value mood.so so", NULL},
    };
    CHECK(cases);
    struct snapshots made = after(TABLE "mood:good", users, "alter type mood add value 'good'");
    assert_shown(&made, "enums|public.mood|values", "[\"fine\", \"bad\", \"good\"]");
    made = after(TABLE "mood:good?", users, "alter type mood add value 'good'");
    assert_shown(&made, "enums|public.mood|values", "[\"fine\", \"bad\"]");
    assert_string_equal(made.made[1].unsure.bytes, "value mood.good");
    made = after(TABLE "mood:bad users.mood.type=mood", users,
                 "alter type mood rename to old; create type mood as enum ('fine', 'good');"
                 "alter table users alter mood type mood using mood::text::mood; drop type old");
    assert_shown(&made, "enums|public.mood|values", "[\"fine\"]");
    assert_shown(&made, "tables|public.users|columns|mood|type", "\"mood\"");
    assert_string_equal(made.made[1].changed.bytes, "value mood.good");
    assert_string_equal(made.made[1].again.bytes, "value mood.bad");
}

static void parts_that_the_schema_has_are_not_dropped(void **state) {
    static const char index[] = "drop index by_age", unique[] = "alter table users drop constraint users_age_unique";
    static const char key[] = "alter table users drop constraint users_pkey";
    static const char security[] = "alter table users disable row level security";
    static const struct changed cases[] = {
        {index, TABLE "by_age", "tables|public.users|indexes|by_age|name", "\"by_age\"", "index by_age", NULL},
        {index, TABLE "by_age?", "tables|public.users|indexes|by_age|name", "\"by_age\"", NULL, "index by_age"},
        {index, TABLE, "tables|public.users|indexes|by_age", "-", NULL, NULL},
        {unique, TABLE "users.unique", "tables|public.users|uniqueConstraints|users_age_unique|name",
         "\"users_age_unique\"", "constraint users_age_unique", NULL},
        {unique, TABLE "users.age.unique", "tables|public.users|uniqueConstraints|users_age_unique|name",
         "\"users_age_unique\"", "constraint users_age_unique", NULL},
        {unique, TABLE, "tables|public.users|uniqueConstraints|users_age_unique", "-", NULL, NULL},
        {key, TABLE, "tables|public.users|columns|id|primaryKey", "true", "primary key of users", NULL},
        {key, "mood users users.id users.age users.mood users.up users.no", "tables|public.users|columns|id|primaryKey",
         "false", NULL, NULL},
        {security, TABLE "users:enableRLS", "tables|public.users|isRLSEnabled", "true", "row security of users", NULL},
        {security, TABLE "users:withRLS?", "tables|public.users|isRLSEnabled", "true", NULL, "row security of users"},
        {security, TABLE, "tables|public.users|isRLSEnabled", "false", NULL, NULL},
    };
    CHECK(cases);
    /* As many as the schema declares without a name are still there. */
    struct snapshots made = after(TABLE "users.unique", users,
                                  "alter table users drop constraint users_age_unique;" BREAK
                                  "ALTER TABLE \"users\" ADD CONSTRAINT \"users_no_unique\" UNIQUE(\"no\");");
    assert_shown(&made, "tables|public.users|uniqueConstraints|users_age_unique", "-");
    /* What a hand has made before is not missed. */
    made = after(TABLE "two", users, "create index two on users (no); drop index two");
    assert_shown(&made, "tables|public.users|indexes|two", "-");
    assert_string_equal(made.made[1].changed.bytes, "");
}

/* Made once more by the next `generate`, it is the same; made as it was, it is not. */
static void parts_that_are_made_again_as_something_else_stay_what_they_were(void **state) {
    struct snapshots made = after(TABLE "by_age", users, "drop index by_age; create index by_age on users (no)");
    assert_shown(&made, "tables|public.users|indexes|by_age|columns",
                 "[{\"expression\": \"age\", \"isExpression\": false, \"asc\": true, \"nulls\": \"last\"}]");
    assert_string_equal(made.made[1].unsure.bytes, "index by_age");
    assert_string_equal(made.made[1].put.bytes, "");
    made = after(TABLE "by_age", users, "drop index by_age; create index by_age on users (age)");
    assert_string_equal(made.made[1].unsure.bytes, "");
    assert_string_equal(made.made[1].put.bytes, "index by_age");
    made = after(TABLE, users, "alter table users drop constraint users_pkey, add primary key (age)");
    assert_shown(&made, "tables|public.users|columns|id|primaryKey", "true");
    assert_shown(&made, AGE "primaryKey", "false");
    assert_shown(&made, AGE "notNull", "true");
    assert_string_equal(made.made[1].unsure.bytes, "primary key of users");
}

static void what_is_dropped_for_good_is_said(void **state) {
    struct snapshots made = after(TABLE, users, "alter table users drop column mood; drop type mood");
    assert_shown(&made, "tables|public.users|columns|mood", "-");
    assert_shown(&made, "enums|public.mood", "-");
    assert_string_equal(made.made[1].again.bytes, "column users.mood, enum mood");
    made = after("users users.id users.age users.up users.no users.key", users,
                 "alter table users drop column mood; drop type mood");
    assert_string_equal(made.made[1].again.bytes, "");
    /* An enum is there as long as a column has it. */
    made = after(TABLE "users.mood.type=mood", users, "alter table users alter mood type text; drop type mood");
    assert_shown(&made, "tables|public.users|columns|mood|type", "\"mood\"");
    assert_shown(&made, "enums|public.mood|values", "[\"fine\", \"bad\"]");
    assert_string_equal(made.made[1].again.bytes, "");
}

static void where_the_schema_is_not_known_all_is_changed_and_said(void **state) {
    struct snapshots made = snapshots_after(NULL, users, "alter table users alter age type text; drop index by_age");
    assert_int_equal(made.count, 2);
    assert_shown(&made, AGE "type", "\"text\"");
    assert_string_equal(made.made[1].altered.bytes, "type of users.age, index by_age");
    made =
        snapshots_after(NULL, users,
                        "create table t (c int); alter table t alter c type text; alter table users add x int;"
                        "alter table users alter x type text; create type e as enum ('a'); alter type e add value 'b'");
    assert_int_equal(made.count, 2);
    assert_string_equal(made.made[1].altered.bytes, "");
}

/* Each snapshot is made from the whole, whatever was left out before. */
static void later_statements_find_what_was_changed(void **state) {
    struct snapshots_file files[] = {
        snapshots_file_of("0001_a", users), snapshots_file_of("0002_b", "alter table users rename age to years"),
        snapshots_file_of("0003_c",
                          "alter table users alter years type text; alter table users alter years set not null"),
        snapshots_file_of("0004_d", "alter table users rename to people")};
    const struct snapshots_schema schema = {has, TABLE "users.age.type=text users.age.notNull", says};
    const struct snapshots_start start = snapshots_start_of(NULL, &schema);
    struct snapshots made;
    size_t room = SNAPSHOTS_ROOM;
    snapshots_make(snapshots_arena, &start, files, 4, &room, &made);
    assert_int_equal(made.count, 4);
    for (size_t i = 1; i < 4; i++) {
        assert_string_equal(snapshots_shown(snapshots_at(&made, i, AGE "type")).bytes,
                            i == 1 ? "\"integer\"" : "\"text\"");
        assert_string_equal(json_chars(snapshots_at(&made, i, "prevId")), json_chars(snapshots_at(&made, i - 1, "id")));
    }
    assert_string_equal(made.made[1].changed.bytes, "name of column users.years");
    assert_string_equal(made.made[2].changed.bytes, "");
    assert_string_equal(made.made[3].changed.bytes, "name of table people");
}

static struct snapshots_file made_before[2];

static const struct snapshots_file *earlier(const void *context, struct arena *arena, size_t *ret_count) {
    *ret_count = 2;
    return made_before;
}

/* Something else is left out, but the table `posts` is not found, so that no name means anything. */
static void names_stay_those_of_the_sql_where_a_table_is_not_found(void **state) {
    static const char kit[] =
        "CREATE TABLE \"users\" (\"id\" integer);" BREAK "CREATE TABLE \"posts\" (\"id\" integer);";
    struct snapshots base = snapshots_after(NULL, kit, "SELECT 1"), made;
    struct snapshots_file file =
        snapshots_file_of("0002_more", "alter table audit add y int; alter table users rename to people");
    const struct snapshots_schema schema = {has, "users users.id", says};
    struct snapshots_start start = snapshots_start_of(base.made[1].content.bytes, &schema);
    size_t room = SNAPSHOTS_ROOM;
    made_before[0] = snapshots_file_of("0000_kit", kit);
    made_before[1] = snapshots_file_of("0001_hand", "create table audit (x int)");
    start.earlier = earlier;
    snapshots_make(snapshots_arena, &start, &file, 1, &room, &made);
    assert_int_equal(made.count, 1);
    assert_null(snapshots_at(&made, 0, "tables|public.audit"));
    assert_null(snapshots_at(&made, 0, "tables|public.users"));
    assert_non_null(snapshots_at(&made, 0, "tables|public.people"));
}

static void names_are_escaped(void **state) {
    struct snapshots made = after(TABLE "users.no", users, "alter table users rename age to \"a\nb\"");
    assert_string_equal(made.made[1].changed.bytes, "name of column users.a\\nb");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_stays_what_the_schema_has),
        cmocka_unit_test(drizzle_kits_own_statements_count),
        cmocka_unit_test(what_is_made_again_is_changed),
        cmocka_unit_test(names_stay_those_that_the_schema_has),
        cmocka_unit_test(other_names_stay_too),
        cmocka_unit_test(values_that_the_schema_lacks_are_left_out),
        cmocka_unit_test(parts_that_the_schema_has_are_not_dropped),
        cmocka_unit_test(parts_that_are_made_again_as_something_else_stay_what_they_were),
        cmocka_unit_test(what_is_dropped_for_good_is_said),
        cmocka_unit_test(where_the_schema_is_not_known_all_is_changed_and_said),
        cmocka_unit_test(later_statements_find_what_was_changed),
        cmocka_unit_test(names_stay_those_of_the_sql_where_a_table_is_not_found),
        cmocka_unit_test(names_are_escaped),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
