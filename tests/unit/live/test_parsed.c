/* What the worker said of a text is asked once, and kept while it is used. */
#include "snapshots.h"

#include "live/parsed.h"

static struct disk_entry file_of(const char *text, struct sql *sql) {
    *sql = (struct sql){.digest = digest_of(text_of(text))};
    return (struct disk_entry){.kind = DISK_FILE, .content = content_create(text_of(text)), .sql = sql};
}

static struct snapshots_file read_sql(struct parsed *parsed, const char *text) {
    struct sql sql;
    struct disk_entry entry = file_of(text, &sql);
    struct snapshots_file file = {.fault = TEXT("")};
    parsed_read_sql(parsed, snapshots_arena, &entry, &file);
    content_unref(entry.content);
    return file;
}

static void a_text_is_asked_once_while_it_is_used(void **state) {
    struct parsed *parsed = parsed_create(snapshots_keeper);
    parsed_begin(parsed, -1);
    const char *first = read_sql(parsed, "SELECT 1").answer.bytes;
    assert_ptr_equal(read_sql(parsed, "SELECT 1").answer.bytes, first);
    parsed_end(parsed);
    parsed_begin(parsed, -1);
    assert_ptr_equal(read_sql(parsed, "SELECT 1").answer.bytes, first);
    parsed_end(parsed);
    parsed_destroy(parsed);
}

static void why_there_is_no_answer_is_told(void **state) {
    struct parsed *parsed = parsed_create(snapshots_keeper), *without = parsed_create(NULL);
    parsed_begin(parsed, -1);
    parsed_begin(without, -1);
    assert_string_equal(read_sql(parsed, "SELECT 1").fault.bytes, "");
    assert_string_equal(read_sql(parsed, "SELECT FROM FROM").fault.bytes,
                        "PostgreSQL's parser does not take line 1: syntax error at or near \"FROM\"");
    assert_string_equal(read_sql(without, "SELECT 1").fault.bytes, "no process could be started to parse its SQL");
    parsed_destroy(parsed);
    parsed_destroy(without);
}

/* A view does not wait for a text that takes long; it says so, and the text is read all the same. */
static void what_takes_long_is_being_read(void **state) {
    struct parsed *parsed = parsed_create(snapshots_keeper);
    parsed_begin(parsed, 0);
    assert_string_equal(read_sql(parsed, "SELECT 1").fault.bytes, "its SQL is being read");
    parsed_end(parsed);
    assert_false(parsed_is_done(parsed));
    assert_true(parsed_step(parsed, -1));
    assert_true(parsed_is_done(parsed));
    parsed_begin(parsed, 0);
    assert_string_equal(read_sql(parsed, "SELECT 1").fault.bytes, "");
    parsed_end(parsed);
    parsed_destroy(parsed);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_asked_once_while_it_is_used),
        cmocka_unit_test(why_there_is_no_answer_is_told),
        cmocka_unit_test(what_takes_long_is_being_read),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
