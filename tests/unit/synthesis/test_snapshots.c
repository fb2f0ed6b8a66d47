/* The chain of made snapshots: ids, what was left out, where it stops. */
#include "snapshots.h"

static void an_id_is_made_of_what_is_in_it_and_marked_by_its_version(void **state) {
    struct snapshots first = snapshots_after(NULL, "CREATE TABLE a (x int)", "SELECT 1");
    struct snapshots again = snapshots_after(NULL, "CREATE TABLE a (x int)", "SELECT 1");
    struct snapshots other = snapshots_after(NULL, "CREATE TABLE a (y int)", "SELECT 1");
    const char *id = json_chars(snapshots_at(&first, 0, "id"));
    assert_int_equal(strlen(id), 36);
    assert_int_equal(id[14], '8');
    assert_non_null(strchr("89ab", id[19]));
    assert_string_equal(json_chars(snapshots_at(&again, 0, "id")), id);
    assert_string_not_equal(json_chars(snapshots_at(&other, 0, "id")), id);
    assert_string_equal(json_chars(snapshots_at(&first, 0, "prevId")), "00000000-0000-0000-0000-000000000000");
    assert_string_equal(json_chars(snapshots_at(&first, 1, "prevId")), id);
    assert_string_not_equal(json_chars(snapshots_at(&first, 1, "id")), id);
    assert_string_equal(first.made[1].name.bytes, "0002_snapshot.json");
}

static void what_was_left_out_and_whether_it_is_by_hand_is_told(void **state) {
    struct snapshots made =
        snapshots_after(NULL, "CREATE TABLE \"a\" (\"x\" integer);",
                        "CREATE POLICY p ON a USING (true); ALTER TABLE a ADD CHECK (x > 0);"
                        "CREATE VIEW v AS SELECT 1; CREATE SEQUENCE q; ALTER TABLE a ENABLE ROW LEVEL SECURITY");
    assert_string_equal(made.made[0].left.bytes, "");
    assert_false(made.made[0].is_by_hand);
    assert_string_equal(made.made[1].left.bytes, "policy p, check a_check, view v, sequence q, row security of a");
    assert_true(made.made[1].is_by_hand);
}

static void what_sql_by_hand_has_put_in_is_told(void **state) {
    struct snapshots made = snapshots_after(
        NULL, "CREATE TABLE \"a\" (\"x\" integer);",
        "create table b (x int); alter table a add column y int; create index i on a (y); create type e as enum ('v');"
        "alter table a add constraint u unique (y); alter table a add check (y > 0); create table c (x int);"
        "ALTER TABLE a ADD COLUMN z int; UPDATE a SET y = 1");
    assert_string_equal(made.made[0].put.bytes, "");
    assert_string_equal(made.made[1].put.bytes, "table b, column a.y, index i, enum e, constraint u and 2 more");
}

static void a_statement_in_the_way_ends_the_chain_at_its_line(void **state) {
    struct snapshots made = snapshots_after(NULL, "CREATE TABLE a (x int);\n\nDROP TABLE b;", "SELECT 1");
    assert_int_equal(made.count, 0);
    assert_int_equal(made.wanted, 2);
    assert_int_equal(made.line, 3);
    assert_string_equal(made.blocked_tag.bytes, "0001_before");
    assert_string_equal(made.reason.bytes, "table \"b\" is not in the snapshot before");
}

static void an_older_snapshot_is_first_to_be_brought_up(void **state) {
    struct snapshots made = snapshots_after(
        "{\"id\": \"x\", \"version\": \"6\", \"dialect\": \"postgresql\", \"tables\": {}}", "SELECT 1", "SELECT 1");
    assert_int_equal(made.count, 0);
    assert_string_equal(made.reason.bytes, "meta/0000_snapshot.json is of version 6: run `drizzle-kit up` first");
    made = snapshots_after("{\"id\": ", "SELECT 1", "SELECT 1");
    assert_string_equal(made.reason.bytes, "meta/0000_snapshot.json is not JSON: line 1, column 8: it ends too early");
}

static void no_more_are_made_at_once_than_there_is_room_for(void **state) {
    struct snapshots_file files[] = {snapshots_file_of("0001_a", "CREATE TABLE a (x int)"),
                                     snapshots_file_of("0002_b", "CREATE TABLE b (x int)")};
    struct snapshots made;
    size_t room = sizeof snapshots_empty;
    const struct snapshots_start start = snapshots_start_of(NULL, NULL);
    snapshots_make(snapshots_arena, &start, files, 2, &room, &made);
    assert_int_equal(made.count, 1);
    assert_string_equal(
        snapshots_blocked(snapshots_arena, &made).bytes,
        "for 0002_b none can be made: no more are made at once; it is made after those before it are written");
}

static void data_changes_nothing_but_the_ids(void **state) {
    struct snapshots made = snapshots_after(NULL, "CREATE TABLE a (x int)", "UPDATE a SET x = 1");
    static const char start[] = "{\n  \"id\": \"00000000-0000-0000-0000-000000000000\",\n  \"prevId\": "
                                "\"00000000-0000-0000-0000-000000000000\",";
    assert_string_equal(made.made[0].content.bytes + sizeof start, made.made[1].content.bytes + sizeof start);
}

static void the_comment_by_which_drizzle_kit_drops_a_key_is_read(void **state) {
    struct snapshots made = snapshots_after(
        NULL, "CREATE TABLE \"a\" (\"id\" integer PRIMARY KEY NOT NULL);",
        "/* \n    Unfortunately in current drizzle-kit version we can't automatically get name for primary key.\n"
        "            WHERE table_schema = 'public'\n                AND table_name = 'a'\n                AND "
        "constraint_type = 'PRIMARY KEY';\n*/\n\n"
        "-- ALTER TABLE \"a\" DROP CONSTRAINT \"<constraint_name>\";");
    assert_int_equal(made.count, 2);
    assert_false(json_is_true(snapshots_at(&made, 1, "tables|public.a|columns|id|primaryKey")));
}

static void what_is_made_by_hand_is_followed_for_so_many_objects(void **state) {
    static const char *const statements[] = {"create index i%d on a (n);\n",
                                             "alter table a add constraint k%d check (n > 0);\n"};
    static const char table[] = "CREATE TABLE \"a\" (\"n\" integer);";
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        assert_int_equal(snapshots_after(NULL, table, snapshots_many(statements[i], 5000)).count, 2);
        struct snapshots made = snapshots_after(NULL, table, snapshots_many(statements[i], 5001));
        assert_int_equal(made.count, 1);
        assert_int_equal(made.line, 5001);
        assert_string_equal(made.reason.bytes, "hand-written SQL makes or changes more than 5000 objects");
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_made_of_what_is_in_it_and_marked_by_its_version),
        cmocka_unit_test(what_was_left_out_and_whether_it_is_by_hand_is_told),
        cmocka_unit_test(what_sql_by_hand_has_put_in_is_told),
        cmocka_unit_test(a_statement_in_the_way_ends_the_chain_at_its_line),
        cmocka_unit_test(an_older_snapshot_is_first_to_be_brought_up),
        cmocka_unit_test(no_more_are_made_at_once_than_there_is_room_for),
        cmocka_unit_test(data_changes_nothing_but_the_ids),
        cmocka_unit_test(the_comment_by_which_drizzle_kit_drops_a_key_is_read),
        cmocka_unit_test(what_is_made_by_hand_is_followed_for_so_many_objects),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
