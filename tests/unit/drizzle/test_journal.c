#include "fixture.h"

static struct journal *parsed(const char *text) {
    struct error error;
    struct journal *journal = journal_parse(text_of(text), &error);
    assert_non_null(journal);
    return journal;
}

static void assert_unreadable(const char *text, const char *reason, size_t line, size_t column) {
    struct journal *journal = parsed(text);
    char found[128];
    assert_int_equal(journal->status, JOURNAL_UNREADABLE);
    snprintf(found, sizeof found, "%.*s", TEXT_ARGS(journal->reason));
    assert_string_equal(found, reason);
    assert_int_equal(journal->line, line);
    assert_int_equal(journal->column, column);
    assert_int_equal(journal->count, 0);
    journal_unref(journal);
}

static void every_part_is_found_where_it_stands(void **state) {
    struct journal *journal =
        parsed("{\n \"version\": \"7\", \"dialect\": \"postgresql\",\n \"entries\": [\n"
               "  {\"idx\": 3, \"when\": 1759655001380, \"tag\": \"0003_\\u00e4\"} ,\n\n  {}\n ]\n}");
    assert_int_equal(journal->status, JOURNAL_READ);
    assert_int_equal(journal->count, 2);
    assert_true(text_is(journal->version, "7"));
    assert_true(text_is(journal->dialect, "postgresql"));
    const struct journal_entry *entry = &journal->entries[0];
    assert_int_equal(entry->line, 4);
    assert_true(text_is(entry->text, "{\"idx\": 3, \"when\": 1759655001380, \"tag\": \"0003_\\u00e4\"}"));
    assert_true(text_is(entry->tag, "0003_\xc3\xa4"));
    assert_true(entry->when.is_valid && entry->when.number == 1759655001380);
    assert_true(text_is(entry->when.text, "1759655001380"));
    assert_true(entry->idx.is_valid && entry->idx.number == 3);
    entry = &journal->entries[1];
    assert_int_equal(entry->position, 1);
    assert_int_equal(entry->line, 6);
    assert_true(entry->is_object && !entry->tag_value.is_valid && entry->tag.length == 0);
    assert_int_equal(entry->when.text.length, 0);
    assert_true(text_starts(journal->entries_text, "[\n  {") && text_ends(journal->entries_text, "{}\n ]"));
    journal_unref(journal);
}

static void a_stamp_is_what_javascript_and_postgresql_both_take(void **state) {
    static const struct {
        const char *value;
        bool is_valid;
        int64_t number;
    } stamps[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"-5", true, -5},
        {"1e3", true, 1000},
        {"1.5e1", true, 15},
        {"1000.0", true, 1000},
        {"9007199254740991", true, 9007199254740991},
        {"9007199254740992", false, 0},
        {"-9007199254740992", false, 0},
        {"1e400", false, 0},
        {"1.5", false, 0},
        {"\"1000\"", true, 1000},
        {"\" +1000\\n\"", true, 1000},
        {"\"-1000\"", true, -1000},
        {"\"+-1\"", false, 0},
        {"\"1e3\"", false, 0},
        {"\"0x10\"", false, 0},
        {"\"\"", false, 0},
        {"\"9007199254740992\"", false, 0},
        {"\"99999999999999999999\"", false, 0},
        {"null", false, 0},
        {"true", false, 0},
        {"[1000]", false, 0},
        {"{}", false, 0},
    };
    for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"entries\":[{\"tag\":\"x\",\"when\":%s}]}", stamps[i].value);
        struct journal *journal = parsed(text);
        assert_int_equal(journal->entries[0].when.is_valid, stamps[i].is_valid);
        assert_int_equal(stamps[i].is_valid ? journal->entries[0].when.number : 0, stamps[i].number);
        assert_true(text_is(journal->entries[0].when.text, stamps[i].value));
        journal_unref(journal);
    }
}

static void an_idx_is_a_whole_number_from_zero_and_no_string(void **state) {
    static const char *const bad[] = {"-1", "\"1\"", "1.5", "null", "9007199254740992"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"entries\":[{\"idx\":%s}]}", bad[i]);
        struct journal *journal = parsed(text);
        assert_false(journal->entries[0].idx.is_valid);
        journal_unref(journal);
    }
}

static void of_a_key_that_stands_twice_the_last_counts_and_it_is_told(void **state) {
    struct journal *journal =
        parsed("{\"entries\":[1],\"a\":1,\"entries\":[{\"tag\":\"x\",\"when\":1,\"t\\u0061g\":\"y\","
               "\"when\":\"?\"},{\"idx\":1}]}");
    assert_true(text_is(journal->repeated_key, "entries"));
    assert_int_equal(journal->count, 2);
    assert_true(text_is(journal->entries[0].tag, "y"));
    assert_true(text_is(journal->entries[0].repeated_key, "tag"));
    assert_false(journal->entries[0].when.is_valid);
    assert_int_equal(journal->entries[1].repeated_key.length, 0);
    journal_unref(journal);
}

static void a_tag_that_is_no_string_is_none(void **state) {
    struct journal *journal = parsed("{\"entries\":[{\"tag\":7},{\"tag\":\"a\",\"tag\":null},{\"tag\":\"\"}]}");
    assert_false(journal->entries[0].tag_value.is_valid);
    assert_true(text_is(journal->entries[0].tag_value.text, "7"));
    assert_false(journal->entries[1].tag_value.is_valid);
    assert_int_equal(journal->entries[1].tag.length, 0);
    assert_true(journal->entries[2].tag_value.is_valid);
    journal_unref(journal);
}

static void elements_that_are_no_objects_are_kept_as_they_are(void **state) {
    struct journal *journal = parsed("{\"entries\":[1, null, [{\"tag\":\"x\"}], \"{\"]}");
    assert_int_equal(journal->count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_false(journal->entries[i].is_object);
        assert_false(journal->entries[i].tag_value.is_valid);
    }
    assert_true(text_is(journal->entries[2].text, "[{\"tag\":\"x\"}]"));
    journal_unref(journal);
}

static void what_the_runner_cannot_parse_is_unreadable_with_its_place(void **state) {
    assert_unreadable("", "it is empty", 1, 1);
    assert_unreadable(" \n\t", "it is empty", 1, 1);
    assert_unreadable("{\n \"entries\": [1,]\n}", "a comma before the closing bracket", 2, 16);
    assert_unreadable("\xef\xbb\xbf{}", "it begins with a byte order mark", 1, 1);
    assert_unreadable("\xff\xfe{", "it is UTF-16, not UTF-8", 1, 1);
    assert_unreadable("{\"entries\": [", "it ends too early", 1, 14);
    assert_unreadable("{\"entries\": []} x", "something stands after the end", 1, 17);
    assert_unreadable("{'entries': []}", "a key that is not in double quotes", 1, 2);
    assert_unreadable("{\"entries\" []}", "a key without a colon after it", 1, 12);
    assert_unreadable("{\"entries\": ['a']}", "single quotes where double quotes must stand", 1, 14);
    assert_unreadable("{\"entries\": [1 2]}", "neither a comma nor a closing bracket", 1, 16);
    assert_unreadable("{\"entries\": [{} {}]}", "a comma is missing before this", 1, 17);
    assert_unreadable("{\"entries\": [}", "a comma before the closing bracket", 1, 14);
    assert_unreadable("{\"entries\": [1}", "a closing bracket of the wrong kind", 1, 15);
    assert_unreadable("{\"a\": 01}", "a number that begins with 0", 1, 8);
    assert_unreadable("{\"a\": tru}", "a word that is none of true, false and null", 1, 10);
    assert_unreadable("{\"a\": \"\n\"}", "a line break or control character inside a string", 1, 8);
}

static void merge_conflict_markers_are_named_as_such(void **state) {
    static const char *const journals[] = {
        "{\n\"entries\": [\n<<<<<<< HEAD\n{}\n=======\n]}",
        "{\r\n\"entries\": [\r\n=======\r\n]}",
    };
    for (size_t i = 0; i < 2; i++) {
        struct journal *journal = parsed(journals[i]);
        assert_int_equal(journal->status, JOURNAL_UNREADABLE);
        assert_true(journal->has_conflict_markers);
        assert_int_equal(journal->line, 3);
        journal_unref(journal);
    }
    struct journal *journal = parsed("{\"entries\": [], \"note\": \"=======\"}");
    assert_int_equal(journal->status, JOURNAL_READ);
    journal_unref(journal);
}

static void what_holds_no_list_of_entries_is_unreadable(void **state) {
    assert_unreadable("[]", "it is not an object with a list of entries", 0, 0);
    assert_unreadable("null", "it is not an object with a list of entries", 0, 0);
    assert_unreadable("{}", "it has no \"entries\"", 0, 0);
    assert_unreadable("{\"entries\": {}}", "its \"entries\" are not a list", 0, 0);
    assert_unreadable("{\"entries\": [], \"entries\": null}", "its \"entries\" are not a list", 0, 0);
}

static void too_large_a_journal_is_not_read(void **state) {
    size_t size = JOURNAL_SIZE_LIMIT + 1;
    char *bytes = malloc(size);
    struct error error;
    memset(bytes, ' ', size);
    struct journal *journal = journal_parse((struct text){bytes, size}, &error);
    free(bytes);
    assert_true(text_is(journal->reason, "it is larger than 64 MiB"));
    journal_unref(journal);
}

static void a_missing_journal_lists_nothing_and_an_unreadable_one_says_why(void **state) {
    struct error error;
    struct journal *journal = journal_missing(&error);
    assert_int_equal(journal->status, JOURNAL_MISSING);
    assert_int_equal(journal->count, 0);
    journal_unref(journal);
    char reason[] = "cannot be read: Permission denied";
    journal = journal_unreadable(reason, &error);
    reason[0] = 'x';
    assert_int_equal(journal->status, JOURNAL_UNREADABLE);
    assert_true(text_is(journal->reason, "cannot be read: Permission denied"));
    journal_unref(journal);
}

static void the_last_reference_keeps_a_journal(void **state) {
    struct journal *journal = parsed("{\"entries\":[]}");
    assert_ptr_equal(journal_ref(journal), journal);
    journal_unref(journal);
    assert_true(text_is(journal->bytes, "{\"entries\":[]}"));
    journal_unref(journal);
    journal_unref(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_found_where_it_stands),
        cmocka_unit_test(a_stamp_is_what_javascript_and_postgresql_both_take),
        cmocka_unit_test(an_idx_is_a_whole_number_from_zero_and_no_string),
        cmocka_unit_test(of_a_key_that_stands_twice_the_last_counts_and_it_is_told),
        cmocka_unit_test(a_tag_that_is_no_string_is_none),
        cmocka_unit_test(elements_that_are_no_objects_are_kept_as_they_are),
        cmocka_unit_test(what_the_runner_cannot_parse_is_unreadable_with_its_place),
        cmocka_unit_test(merge_conflict_markers_are_named_as_such),
        cmocka_unit_test(what_holds_no_list_of_entries_is_unreadable),
        cmocka_unit_test(too_large_a_journal_is_not_read),
        cmocka_unit_test(a_missing_journal_lists_nothing_and_an_unreadable_one_says_why),
        cmocka_unit_test(the_last_reference_keeps_a_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
