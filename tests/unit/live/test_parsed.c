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
    struct parsed *parsed = parsed_create(snapshots_worker);
    const char *first = read_sql(parsed, "SELECT 1").answer.bytes;
    assert_ptr_equal(read_sql(parsed, "SELECT 1").answer.bytes, first);
    parsed_forget(parsed);
    assert_ptr_equal(read_sql(parsed, "SELECT 1").answer.bytes, first);
    parsed_destroy(parsed);
}

static void why_there_is_no_answer_is_told(void **state) {
    struct parsed *parsed = parsed_create(snapshots_worker), *without = parsed_create(NULL);
    assert_string_equal(read_sql(parsed, "SELECT 1").fault.bytes, "");
    assert_string_equal(read_sql(parsed, "SELECT FROM FROM").fault.bytes,
                        "PostgreSQL's parser does not take line 1: syntax error at or near \"FROM\"");
    assert_string_equal(read_sql(without, "SELECT 1").fault.bytes, "there is no parser to read its SQL");
    parsed_forget(parsed);
    parsed_forget(parsed);
    parsed_destroy(parsed);
    parsed_destroy(without);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_asked_once_while_it_is_used),
        cmocka_unit_test(why_there_is_no_answer_is_told),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
