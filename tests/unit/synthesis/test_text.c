/* The bytes of the consistent journal. Each journal is edited in the style of its writer. */
#include "fixture.h"

static void what_need_not_change_is_served_to_the_byte(void **state) {
    struct world *world = *state;
    static const char *const journals[] = {
        "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"}]}",
        "{\r\n\t\"entries\": [\r\n\t\t{\"tag\": \"0000_a\", \"when\": 1000, \"idx\": 0}\r\n\t]\r\n}\r\n",
        " {\"entries\" : [ { \"idx\":0.0e0 , \"when\":1e3 , \"tag\":\"\\u0030000_a\", \"extra\":[{}] } ] } \n\n",
        "{\"entries\":[{\"idx\":0,\"when\":\"1000\",\"tag\":\"0000_a\"}],\"more\":{\"entries\":[1]}}",
        "{\"entries\":[],\"entries\":[{\"idx\":9,\"idx\":0,\"when\":1000,\"tag\":\"x\",\"tag\":\"0000_a\"}]}",
    };
    FILES(world, "0000_a");
    LEDGER(world, "db", "file:0000_a@1000");
    for (size_t i = 0; i < sizeof journals / sizeof *journals; i++) {
        journal(world, journals[i]);
        look(world);
        assert_true(world->view->synthesis->is_identical);
        assert_bytes(journals[i]);
    }
}

static void a_new_entry_is_written_as_drizzle_kit_writes_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000");
    look(world);
    struct text expected = drizzle_journal(world->arena, (const char *const[]){"0000_a@1000", "0001_b@26209", NULL});
    assert_bytes(expected.bytes);
}

static void a_journal_for_a_folder_that_has_none_is_written_whole(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    look(world);
    struct text expected = drizzle_journal(world->arena, (const char *const[]){"0000_a@3006", "0001_b@28209", NULL});
    assert_bytes(expected.bytes);
}

static void so_is_one_for_nothing_at_all(void **state) {
    struct world *world = *state;
    look(world);
    assert_bytes("{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": []\n}");
}

static void an_empty_list_is_filled_as_drizzle_kit_fills_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    entries(world, (const char *const[]){NULL});
    look(world);
    struct text expected = drizzle_journal(world->arena, (const char *const[]){"0000_a@3006", NULL});
    assert_bytes(expected.bytes);
}

/* A journal, and the result when 0001_b is added to 0000_a, whose timestamp must be 1000 and whose
 * idx 0. */
static void each_keeps_its_own_form(void **state) {
    struct world *world = *state;
    static const struct {
        const char *before, *after;
    } forms[] = {
        /* tabs */
        {"{\n\t\"entries\": [\n\t\t{\n\t\t\t\"idx\": 0,\n\t\t\t\"when\": 1000,\n\t\t\t\"tag\": "
         "\"0000_a\"\n\t\t}\n\t]\n}\n",
         "{\n\t\"entries\": [\n\t\t{\n\t\t\t\"idx\": 0,\n\t\t\t\"when\": 1000,\n\t\t\t\"tag\": "
         "\"0000_a\"\n\t\t},\n\t\t{\n"
         "\t\t\t\"idx\": 1,\n\t\t\t\"version\": \"7\",\n\t\t\t\"when\": 26209,\n\t\t\t\"tag\": \"0001_b\",\n"
         "\t\t\t\"breakpoints\": true\n\t\t}\n\t]\n}\n"},
        /* one line, another version */
        {"{\"version\":\"5\",\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"}],\"x\":1}",
         "{\"version\":\"5\",\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},{\"idx\": 1,\"version\": \"5\","
         "\"when\": 26209,\"tag\": \"0001_b\",\"breakpoints\": true}],\"x\":1}"},
        /* CRLF */
        {"{\r\n  \"entries\": [\r\n    {\r\n      \"idx\": 0,\r\n      \"when\": 1000,\r\n      \"tag\": \"0000_a\"\r\n"
         "    }\r\n  ]\r\n}\r\n",
         "{\r\n  \"entries\": [\r\n    {\r\n      \"idx\": 0,\r\n      \"when\": 1000,\r\n      \"tag\": \"0000_a\"\r\n"
         "    },\r\n    {\r\n      \"idx\": 1,\r\n      \"version\": \"7\",\r\n      \"when\": 26209,\r\n"
         "      \"tag\": \"0001_b\",\r\n      \"breakpoints\": true\r\n    }\r\n  ]\r\n}\r\n"},
        /* idx and when are changed in place, whatever their spelling and order; unknown keys are
         * kept */
        {"{\"entries\":[{\"tag\":\"0000_a\" , \"when\" :9e3, \"note\":{\"when\":[1,2]}, \"idx\":\"0\"}]}",
         "{\"entries\":[{\"tag\":\"0000_a\" , \"when\" :1000, \"note\":{\"when\":[1,2]}, \"idx\":0},{\"idx\": 1,"
         "\"version\": \"7\",\"when\": 34209,\"tag\": \"0001_b\",\"breakpoints\": true}]}"},
        {"{\"entries\":[{\"idx\":null,\"tag\":\"0000_a\",\"when\":{\"}\":\"]\"}}]}",
         "{\"entries\":[{\"idx\":0,\"tag\":\"0000_a\",\"when\":1000},{\"idx\": 1,"
         "\"version\": \"7\",\"when\": 26209,\"tag\": \"0001_b\",\"breakpoints\": true}]}"},
        /* of a duplicate key the last one counts, whatever its spelling */
        {"{\"entries\":[{\"idx\":0,\"when\":1,\"tag\":\"0000_a\",\"\\u0077hen\":9000}]}",
         "{\"entries\":[{\"idx\":0,\"when\":1,\"tag\":\"0000_a\",\"\\u0077hen\":1000},{\"idx\": 1,"
         "\"version\": \"7\",\"when\": 34209,\"tag\": \"0001_b\",\"breakpoints\": true}]}"},
        /* missing keys come first */
        {"{\"entries\":[{ \"tag\":\"0000_a\" }]}",
         "{\"entries\":[{ \"idx\": 0, \"when\": 1000, \"tag\":\"0000_a\" },{ \"idx\": 1,"
         " \"version\": \"7\", \"when\": 26209, \"tag\": \"0001_b\", \"breakpoints\": true }]}"},
        {"{\"entries\":[{\"tag\":\"0000_a\",\"when\":7777}]}",
         "{\"entries\":[{\"idx\": 0,\"tag\":\"0000_a\",\"when\":1000},{\"idx\": 1,"
         "\"version\": \"7\",\"when\": 32209,\"tag\": \"0001_b\",\"breakpoints\": true}]}"},
        {"{\"entries\":[{\"idx\":7.5,\"tag\":\"0000_a\"}]}",
         "{\"entries\":[{\"when\": 1000,\"idx\":0,\"tag\":\"0000_a\"},{\"idx\": 1,"
         "\"version\": \"7\",\"when\": 26209,\"tag\": \"0001_b\",\"breakpoints\": true}]}"},
        /* non-entries, entries without a file and duplicates are left out */
        {"{\"entries\":[null,{},{\"tag\":\"gone\"},{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},\"0000_a\","
         "{\"tag\":\"0000_a\"}]}",
         "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},{\"idx\": 1,"
         "\"version\": \"7\",\"when\": 26209,\"tag\": \"0001_b\",\"breakpoints\": true}]}"},
    };
    FILES(world, "0000_a", "0001_b");
    LEDGER(world, "db", "file:0000_a@1000");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        journal(world, forms[i].before);
        look(world);
        assert_bytes(forms[i].after);
        journal(world, forms[i].after);
        look(world);
        assert_true(world->view->synthesis->is_identical);
    }
}

static void entries_that_change_places_take_their_own_bytes_along(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    journal(world,
            "{\"entries\":[{\"tag\":\"0000_a\",\"when\":500,\"idx\":0}, {\"idx\":1,\"when\":1000,\"tag\":\"0001_b\"}"
            "]}");
    LEDGER(world, "db", "file:0001_b@1000");
    look(world);
    assert_bytes(
        "{\"entries\":[{\"idx\":1,\"when\":1000,\"tag\":\"0001_b\"},{\"tag\":\"0000_a\",\"when\":4006,\"idx\":2}]"
        "}");
}

static void when_all_entries_go_the_list_is_empty(void **state) {
    struct world *world = *state;
    journal(world, "{\"entries\":[\n  {\"tag\":\"gone\",\"when\":1,\"idx\":0}\n],\"x\":1}\n");
    look(world);
    assert_bytes("{\"entries\":[],\"x\":1}\n");
}

static void a_tag_is_written_so_that_json_takes_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_q\"\\\t\x7f\xe2\x80\xa8");
    look(world);
    struct json_fault fault;
    assert_true(json_check(world->arena, world->view->synthesis->bytes, &fault));
    struct error error;
    struct journal *again = journal_parse(world->view->synthesis->bytes, &error);
    assert_text(again->entries[0].tag, "0000_q\"\\\t\x7f\xe2\x80\xa8");
    journal_unref(again);
}

static void a_rebuilt_journal_is_written_as_drizzle_kit_writes_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    journal(world, "{\"version\":\"5\",\"entries\":[");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2209");
    look(world);
    struct text expected = drizzle_journal(world->arena, (const char *const[]){"0000_a@1000", "0001_b@2209", NULL});
    assert_bytes(expected.bytes);
}

static void both_sides_of_a_merge_are_written_each_entry_once(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c", "0002_d");
    journal(world, "{\"entries\":[\n{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},\n<<<<<<< HEAD\n"
                   "{\"idx\":1,\"when\":3000,\"tag\":\"0001_b\"},\n{\"idx\":2,\"when\":4000,\"tag\":\"0002_d\"}\n"
                   "||||||| base\n=======\n{\"idx\":1,\"when\":2000,\"tag\":\"0001_c\",\"x\":1}\n>>>>>>> late\n"
                   "]}\n");
    look(world);
    assert_int_equal(world->journal->status, JOURNAL_CONFLICTED);
    assert_int_equal(world->journal->entries[3].line, 8);
    assert_bytes("{\"entries\":[\n{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},\n"
                 "{\"idx\":1,\"when\":3000,\"tag\":\"0001_b\"},\n{\"idx\":2,\"when\":4000,\"tag\":\"0002_d\"},\n"
                 "{\"idx\":3,\"when\":2000,\"tag\":\"0001_c\",\"x\":1}\n]}\n");
    journal(world, text_copy(world->arena, world->view->synthesis->bytes).bytes);
    look(world);
    assert_true(world->view->synthesis->is_identical);
}

static void an_entry_that_holds_two_becomes_two(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c");
    journal(world, "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},{\"idx\":1,\"note\":7,"
                   "\"when\":2000,\"tag\":\"0001_b\",\"when\":1500,\"tag\":\"0001_c\",\"breakpoints\":true}]}");
    look(world);
    assert_overall("0000_a journaled, 0001_b unjournaled, 0001_c journaled");
    assert_bytes("{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"},"
                 "{\"idx\":1,\"note\":7,\"when\":2000,\"tag\":\"0001_b\",\"breakpoints\":true},"
                 "{\"idx\":2,\"note\":7,\"when\":1500,\"tag\":\"0001_c\",\"breakpoints\":true}]}");
    journal(world, text_copy(world->arena, world->view->synthesis->bytes).bytes);
    look(world);
    assert_true(world->view->synthesis->is_identical);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(both_sides_of_a_merge_are_written_each_entry_once),
        world_test(an_entry_that_holds_two_becomes_two),
        world_test(what_need_not_change_is_served_to_the_byte),
        world_test(a_new_entry_is_written_as_drizzle_kit_writes_it),
        world_test(a_journal_for_a_folder_that_has_none_is_written_whole),
        world_test(so_is_one_for_nothing_at_all),
        world_test(an_empty_list_is_filled_as_drizzle_kit_fills_it),
        world_test(each_keeps_its_own_form),
        world_test(entries_that_change_places_take_their_own_bytes_along),
        world_test(when_all_entries_go_the_list_is_empty),
        world_test(a_tag_is_written_so_that_json_takes_it),
        world_test(a_rebuilt_journal_is_written_as_drizzle_kit_writes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
