/* Missing snapshots before a later one: made only if the later one confirms them. */
#include "fixture.h"
#include "snapshots.h"

static const char zeros[] = "00000000-0000-0000-0000-000000000000";

static void read_sql(void *context, struct arena *arena, const struct disk_entry *entry,
                     struct snapshots_file *ret_file) {
    struct error error;
    struct text sql, answer;
    (void)context;
    assert_true(content_pin(entry->content, &sql, &error));
    ret_file->sql = text_copy(arena, sql);
    content_unpin(entry->content);
    worker_ask(snapshots_worker, PROTOCOL_TOKENS, ret_file->sql);
    if (worker_step(snapshots_worker, -1, &answer) == WORKER_ANSWERED) {
        ret_file->answer = text_copy(arena, answer);
    } else {
        ret_file->fault = TEXT("its SQL is no SQL");
    }
}

static const struct snapshots_reader reader = {.read_sql = read_sql};

/* A snapshot of tables with one column each: `id`, its parent, the table names separated by
 * blanks. */
static void snapshot(struct world *world, const char *name, const char *id, const char *parent, const char *tables) {
    struct buffer text = BUFFER(world->arena);
    struct text rest = text_of(tables);
    size_t end;
    buffer_format(&text,
                  "{\"id\":\"%s\",\n\"prevId\": \"%s\",\n\"version\":\"7\",\"dialect\":\"postgresql\",\"tables\":{", id,
                  parent);
    while (rest.length > 0) {
        end = text_find(rest, " ", &end) ? end : rest.length;
        struct text table = text_slice(rest, 0, end);
        rest = text_slice(rest, end + 1, rest.length);
        buffer_format(&text,
                      "\"public.%.*s\":{\"name\":\"%.*s\",\"schema\":\"\",\"columns\":{\"x\":{\"name\":\"x\",\"type\":"
                      "\"integer\",\"primaryKey\":false,\"notNull\":false}}}%s",
                      TEXT_ARGS(table), TEXT_ARGS(table), rest.length > 0 ? "," : "");
    }
    buffer_add_string(&text, "}}");
    mkdir(in_folder(world->folder, "meta"), 0755);
    file(world, name, buffer_text(&text).bytes);
}

/* Four listed migrations that create one table each. */
static void tables(struct world *world) {
    file(world, "0000_a.sql", "CREATE TABLE \"a\" (\"x\" integer);");
    file(world, "0001_b.sql", "CREATE TABLE \"b\" (\"x\" integer);");
    file(world, "0002_c.sql", "CREATE TABLE \"c\" (\"x\" integer);");
    file(world, "0003_d.sql", "CREATE TABLE \"d\" (\"x\" integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000", "0003_d@4000");
    world->options.snapshots = &reader;
}

static const struct snapshots *made_in(struct world *world) {
    look(world);
    return world->view->synthesis->snapshots;
}

static void those_between_follow_one_another_and_the_next_follows_them(void **state) {
    struct world *world = *state;
    tables(world);
    snapshot(world, "meta/0000_snapshot.json", "A", zeros, "a");
    snapshot(world, "meta/0003_snapshot.json", "D", "lost", "a b c d");
    const struct snapshots *snapshots = made_in(world);
    assert_int_equal(snapshots->wanted, 0);
    assert_int_equal(snapshots->gap_count, 1);
    const struct snapshots_gap *gap = &snapshots->gaps[0];
    assert_int_equal(gap->within.count, 2);
    assert_string_equal(gap->within.made[0].name.bytes, "0001_snapshot.json");
    assert_string_equal(gap->within.made[1].name.bytes, "0002_snapshot.json");
    size_t at;
    assert_true(text_find(gap->within.made[0].content, "\"prevId\": \"A\"", &at));
    struct json_fault fault;
    const char *last = json_chars(json_member(json_tree(world->arena, gap->within.made[1].content, &fault), "id"));
    assert_true(text_find(gap->next_content,
                          text_format(world->arena, "{\"id\":\"D\",\n\"prevId\": \"%s\",\n", last).bytes, &at));
    assert_int_equal(gap->next_content.length, gap->next->size + 32);
    assert_ptr_equal(snapshots_gap_of(snapshots, 1), gap);
    assert_null(snapshots_gap_of(snapshots, 3));
}

static void the_first_ones_are_made_from_nothing(void **state) {
    struct world *world = *state;
    tables(world);
    snapshot(world, "meta/0002_snapshot.json", "C", zeros, "a b c");
    snapshot(world, "meta/0003_snapshot.json", "D", "C", "a b c d");
    const struct snapshots *snapshots = made_in(world);
    assert_int_equal(snapshots->gaps[0].within.count, 2);
    size_t at;
    assert_true(text_find(snapshots->gaps[0].within.made[0].content,
                          text_format(world->arena, "\"prevId\": \"%s\"", zeros).bytes, &at));
}

static void what_the_next_one_does_not_confirm_is_not_made(void **state) {
    struct world *world = *state;
    tables(world);
    snapshot(world, "meta/0000_snapshot.json", "A", zeros, "a");
    snapshot(world, "meta/0003_snapshot.json", "D", "lost", "a c d");
    const struct snapshots *snapshots = made_in(world);
    assert_int_equal(snapshots->gaps[0].within.count, 0);
    assert_string_equal(snapshots_blocked(world->arena, &snapshots->gaps[0].within).bytes,
                        "for 0001_b none can be made: the SQL gives another schema than meta/0003_snapshot.json has: "
                        "tables.public.b is only in what the SQL gives");
}

static void two_do_not_come_to_follow_one(void **state) {
    struct world *world = *state;
    tables(world);
    snapshot(world, "meta/0000_snapshot.json", "A", zeros, "a");
    snapshot(world, "meta/0002_snapshot.json", "C", "lost", "a b c");
    snapshot(world, "meta/0003_snapshot.json", "D", "A", "a b c d");
    const struct snapshots *snapshots = made_in(world);
    assert_int_equal(snapshots->gaps[0].within.count, 0);
    assert_string_equal(
        snapshots_blocked(world->arena, &snapshots->gaps[0].within).bytes,
        "for 0001_b none can be made: meta/0003_snapshot.json follows the snapshot that it would follow");
}

static void one_whose_parent_is_lost_follows_the_one_before_where_its_sql_does(void **state) {
    struct world *world = *state;
    tables(world);
    snapshot(world, "meta/0000_snapshot.json", "A", zeros, "a");
    snapshot(world, "meta/0001_snapshot.json", "B", "A", "a b");
    snapshot(world, "meta/0002_snapshot.json", "C", "lost", "a b c");
    snapshot(world, "meta/0003_snapshot.json", "D", "gone", "a b c");
    const struct snapshots *snapshots = made_in(world);
    assert_int_equal(snapshots->gap_count, 2);
    const struct snapshots_gap *found = snapshots_gap_before(snapshots, snapshots->gaps[0].next),
                               *other = &snapshots->gaps[1];
    size_t at;
    assert_ptr_equal(found, &snapshots->gaps[0]);
    assert_int_equal(found->within.wanted, 0);
    assert_true(text_find(found->next_content, "{\"id\":\"C\",\n\"prevId\": \"B\",\n", &at));
    assert_int_equal(other->next_content.length, 0);
    assert_string_equal(snapshots_blocked(world->arena, &other->within).bytes,
                        "for 0003_d none can be made: the SQL gives another schema than meta/0003_snapshot.json has: "
                        "tables.public.d is only in what the SQL gives");
}

static void a_statement_in_the_way_is_named(void **state) {
    struct world *world = *state;
    tables(world);
    file(world, "0002_c.sql", "DROP TABLE \"z\";");
    snapshot(world, "meta/0000_snapshot.json", "A", zeros, "a");
    snapshot(world, "meta/0003_snapshot.json", "D", "lost", "a b c d");
    const struct snapshots *snapshots = made_in(world);
    assert_int_equal(snapshots->gaps[0].within.count, 0);
    assert_string_equal(snapshots_blocked(world->arena, &snapshots->gaps[0].within).bytes,
                        "0002_c stands in the way, line 1: table \"z\" is not in the snapshot before");
}

static void a_run_that_was_broken_off_is_gone_on_with(void **state) {
    struct world *world = *state;
    tables(world);
    snapshot(world, "meta/0000_snapshot.json", "A", zeros, "a");
    snapshot(world, "meta/0003_snapshot.json", "D", "lost", "a b c d");
    const struct snapshots_gap *gap = &made_in(world)->gaps[0];
    struct text first = gap->within.made[0].content;
    file(world, "meta/0003_snapshot.json", gap->next_content.bytes);
    file(world, "meta/0002_snapshot.json", gap->within.made[1].content.bytes);
    gap = &made_in(world)->gaps[0];
    assert_int_equal(gap->within.count, 1);
    assert_true(text_equal(gap->within.made[0].content, first));
    assert_int_equal(gap->next_content.length, 0);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        world_test(those_between_follow_one_another_and_the_next_follows_them),
        world_test(the_first_ones_are_made_from_nothing),
        world_test(what_the_next_one_does_not_confirm_is_not_made),
        world_test(two_do_not_come_to_follow_one),
        world_test(one_whose_parent_is_lost_follows_the_one_before_where_its_sql_does),
        world_test(a_statement_in_the_way_is_named),
        world_test(a_run_that_was_broken_off_is_gone_on_with),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
