/* Statements on what hand-written SQL made earlier and no snapshot has. */
#include "snapshots.h"

static struct snapshots_file earlier[2];

static const struct snapshots_file *earlier_files(const void *context, struct arena *arena, size_t *ret_count) {
    *ret_count = 2;
    return earlier;
}

static const char kit[] = "CREATE TABLE \"users\" (\"id\" integer);";

/* The base has the table `users` alone. */
static struct snapshots after(const char *by_hand, const char *first, const char *second) {
    struct snapshots base = snapshots_after(NULL, kit, "SELECT 1"), made;
    struct snapshots_start start = snapshots_start_of(base.made[1].content.bytes, NULL);
    struct snapshots_file files[] = {snapshots_file_of("0002_more", first), snapshots_file_of("0003_rest", second)};
    size_t room = SNAPSHOTS_ROOM;
    earlier[0] = snapshots_file_of("0000_users", kit);
    earlier[1] = snapshots_file_of("0001_hand", by_hand);
    start.earlier = earlier_files;
    snapshots_make(snapshots_arena, &start, files, 2, &room, &made);
    return made;
}

/* Expects both to be made, the second as if the SQL had done nothing, and what is told of each. */
static void assert_left_out(const char *by_hand, const char *first, const char *first_absent, const char *second,
                            const char *second_absent) {
    struct snapshots made = after(by_hand, first, second);
    if (made.count < 2) {
        print_error("%s\n%s\n%s\n", first, second, made.reason.bytes);
    }
    assert_int_equal(made.count, 2);
    assert_string_equal(made.made[0].absent.bytes, first_absent);
    assert_string_equal(made.made[1].absent.bytes, second_absent);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(
            snapshots_shown(snapshots_at(&made, i, "tables|public.users|columns")).bytes,
            "{\"id\": {\"name\": \"id\", \"type\": \"integer\", \"primaryKey\": false, \"notNull\": false}}");
        assert_null(json_following(json_first(snapshots_at(&made, i, "tables"))));
        assert_true(json_is_empty(snapshots_at(&made, i, "enums")));
        assert_true(json_is_empty(snapshots_at(&made, i, "tables|public.users|indexes")));
        assert_true(json_is_empty(snapshots_at(&made, i, "tables|public.users|uniqueConstraints")));
        assert_true(json_is_empty(snapshots_at(&made, i, "tables|public.users|foreignKeys")));
        assert_true(json_is_empty(snapshots_at(&made, i, "tables|public.users|compositePrimaryKeys")));
        assert_string_equal(made.made[i].put.bytes, "");
    }
    assert_string_equal(json_chars(snapshots_at(&made, 1, "prevId")), json_chars(snapshots_at(&made, 0, "id")));
}

static void what_a_statement_does_to_it_is_left_out_and_told(void **state) {
    assert_left_out("create table audit (x int)", "alter table audit add column y int", "table audit",
                    "create index by_x on audit (x); alter table audit rename to log", "table log");
    assert_left_out("create table audit (x int)", "drop table audit", "table audit", "select 1", "");
    assert_left_out("alter table users add column legacy text", "alter table users alter column legacy set not null",
                    "column users.legacy", "alter table users rename column legacy to old", "column users.old");
    assert_left_out("create type kind as enum ('a')", "alter type kind add value 'b'", "enum kind", "drop type kind",
                    "enum kind");
    assert_left_out("create index by_id on users (id)", "alter index by_id rename to i", "index i", "drop index i",
                    "index i");
    assert_left_out("alter table users add constraint one unique (id)",
                    "alter table users rename constraint one to two", "constraint two",
                    "alter table users drop constraint two", "constraint two");
    assert_left_out("alter table users add primary key (id)", "alter table users drop constraint users_pkey",
                    "primary key of users", "select 1", "");
    assert_left_out("alter table users add constraint k primary key (id)",
                    "alter table users rename constraint k to one", "", "alter table users drop constraint one",
                    "primary key of users");
}

static void what_else_the_file_does_is_put_in(void **state) {
    struct snapshots made =
        after("create table audit (x int)",
              "ALTER TABLE \"audit\" ADD COLUMN \"y\" integer;" BREAK "ALTER TABLE \"users\" ADD COLUMN \"name\" text;",
              "create table posts (id int)");
    assert_int_equal(made.count, 2);
    assert_non_null(snapshots_at(&made, 0, "tables|public.users|columns|name"));
    assert_null(snapshots_at(&made, 0, "tables|public.audit"));
    assert_non_null(snapshots_at(&made, 1, "tables|public.posts"));
    assert_null(snapshots_at(&made, 1, "tables|public.audit"));
    assert_string_equal(made.made[1].absent.bytes, "");
    assert_string_equal(made.made[1].put.bytes, "table posts");
}

static void what_no_earlier_sql_made_stands_in_the_way(void **state) {
    struct snapshots made = after("create table audit (x int)", "alter table log add column y int", "select 1");
    assert_int_equal(made.count, 0);
    assert_string_equal(made.reason.bytes, "table \"log\" is not in the snapshot before");
    made = after("create table audit (x int); drop table audit", "alter table audit add column y int", "select 1");
    assert_int_equal(made.count, 0);
    /* drizzle-kit's own statement makes nothing that a snapshot could lack. */
    made = after("CREATE TABLE \"audit\" (\"x\" integer);", "alter table audit add column y int", "select 1");
    assert_int_equal(made.count, 0);
}

/* What was left out is gone; what is made is like anything else that the file makes. */
static void what_is_dropped_and_made_again_in_one_file_is_put_in(void **state) {
    struct snapshots made = after("create index by_id on users (id); alter table users add constraint one unique (id)",
                                  "drop index by_id; create index by_id on users (id)",
                                  "alter table users drop constraint one, add constraint one unique (id)");
    assert_int_equal(made.count, 2);
    assert_non_null(snapshots_at(&made, 0, "tables|public.users|indexes|by_id"));
    assert_null(snapshots_at(&made, 0, "tables|public.users|uniqueConstraints|one"));
    assert_non_null(snapshots_at(&made, 1, "tables|public.users|uniqueConstraints|one"));
    assert_string_equal(made.made[0].put.bytes, "index by_id");
    assert_string_equal(made.made[0].absent.bytes, "");
    assert_string_equal(made.made[1].put.bytes, "constraint one");
}

/* As what was changed and left out: the snapshot before has it as it was. */
static void what_earlier_sql_changed_is_found_as_it_is_now(void **state) {
    struct snapshots made = after("alter table users rename id to number", "alter table users alter number type text",
                                  "alter table users rename number to ident");
    assert_int_equal(made.count, 2);
    assert_string_equal(snapshots_shown(snapshots_at(&made, 0, "tables|public.users|columns|number|type")).bytes,
                        "\"text\"");
    assert_string_equal(made.made[0].altered.bytes, "type of users.number");
    assert_non_null(snapshots_at(&made, 1, "tables|public.users|columns|ident"));
    made = after("alter table users rename to people; alter table people rename id to number",
                 "alter table people add x int", "alter table people alter number set default 1");
    assert_int_equal(made.count, 2);
    assert_non_null(snapshots_at(&made, 1, "tables|public.people|columns|number|default"));
    assert_non_null(snapshots_at(&made, 1, "tables|public.people|columns|x"));
}

static const char *name_of_second(const char *by_hand, const char *first, const char *second) {
    struct snapshots made = after(by_hand, first, second);
    assert_int_equal(made.count, 2);
    const struct cJSON *it = json_first(snapshots_at(&made, 1, "tables|public.users|indexes"));
    return it ? json_key(it) : "";
}

/* It is in the database, so that PostgreSQL chooses another name. */
static void an_index_that_is_left_out_keeps_its_name(void **state) {
    assert_string_equal(name_of_second("create index on users (id)", "select 1", "create index on users (id)"),
                        "users_id_idx1");
    assert_string_equal(
        name_of_second("create index on users (id); drop index users_id_idx", "select 1", "create index on users (id)"),
        "users_id_idx");
    assert_string_equal(
        name_of_second("create index on users (id)", "drop index users_id_idx", "create index on users (id)"),
        "users_id_idx");
    assert_string_equal(name_of_second("create index on users (id); create index on users (id)",
                                       "alter index users_id_idx rename to i",
                                       "drop index i; create index on users (id)"),
                        "users_id_idx");
    assert_string_equal(name_of_second("create table audit (x int); create index users_id_idx on audit (x)", "select 1",
                                       "create index on users (id)"),
                        "users_id_idx1");
    assert_string_equal(name_of_second("create table audit (x int); create index users_id_idx on audit (x)",
                                       "drop table audit", "create index on users (id)"),
                        "users_id_idx");
    assert_string_equal(name_of_second("select 1", "select 1", "create index on users (id)"), "users_id_idx");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_that_is_left_out_keeps_its_name),
        cmocka_unit_test(what_a_statement_does_to_it_is_left_out_and_told),
        cmocka_unit_test(what_else_the_file_does_is_put_in),
        cmocka_unit_test(what_is_dropped_and_made_again_in_one_file_is_put_in),
        cmocka_unit_test(what_earlier_sql_changed_is_found_as_it_is_now),
        cmocka_unit_test(what_no_earlier_sql_made_stands_in_the_way),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
