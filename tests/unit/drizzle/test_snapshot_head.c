#include "folder.h"

#include "migfs/drizzle/snapshot_head.h"

static struct snapshot_head head_of_file(const char *text) {
    struct snapshot_head head;
    struct arena *arena = arena_create();
    snapshot_head_of_file(arena, text_of(text), &head);
    arena_destroy(arena);
    return head;
}

static void a_head_is_read_from_the_first_piece_as_drizzle_kit_writes_it(void **state) {
    struct snapshot_head head;
    assert_true(snapshot_head_of_piece(TEXT("{\n  \"id\": \"a-1\",\n  \"prevId\": \"b-2\",\n  \"version\": \"7\",\n  "
                                            "\"dialect\": \"postgresql\",\n  \"tab"),
                                       &head));
    assert_true(head.is_json && head.has_prev_id);
    assert_string_equal(head.id, "a-1");
    assert_string_equal(head.prev_id, "b-2");
    assert_int_equal(head.version, 7);
}

static void a_piece_in_which_it_does_not_stand_plainly_says_nothing(void **state) {
    static const char *const pieces[] = {
        "",
        "[",
        "{\"id\":\"a\",\"prevId\":\"b\",\"tables\":{},\"version\":\"7\"}",
        "{\"id\":\"a\",\"prevId\":\"b\",\"version\":7,",
        "{\"id\":\"\\u0061\",\"prevId\":\"b\",\"version\":\"7\",",
        "{\"id\":\"a\",\n<<<<<<< ours\n\"prevId\":\"b\",\"version\":\"7\",",
        "{\"id\":\"a\",\"prevId\":\"b\",\"version\":\"7",
    };
    struct snapshot_head head;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        assert_false(snapshot_head_of_piece(text_of(pieces[i]), &head));
    }
}

static void a_whole_file_is_read_as_json_parse_does(void **state) {
    struct snapshot_head head =
        head_of_file("{\"tables\":{\"id\":\"x\"},\"id\":\"a\",\"\\u0069d\":\"b\",\"version\":7,\"prevId\":null}");
    assert_true(head.is_json && !head.has_prev_id);
    assert_string_equal(head.id, "b");
    assert_int_equal(head.version, 7);
    assert_int_equal(head_of_file("{\"version\":\"6\"}").version, 6);
    assert_int_equal(head_of_file("{\"version\":\"v\"}").version, 0);
    assert_int_equal(head_of_file("{\"version\":7.5}").version, 0);
}

static void what_is_no_object_has_no_head(void **state) {
    struct snapshot_head head = head_of_file("{\n\"id\":\n<<<<<<< ours\n}");
    assert_false(head.is_json);
    assert_int_equal(head.line, 3);
    assert_false(head_of_file("[]").is_json);
    assert_false(head_of_file("").is_json);
}

static void a_long_id_is_cut(void **state) {
    char text[400] = "{\"id\":\"";
    memset(text + strlen(text), 'a', 300);
    strcat(text, "\"}");
    assert_int_equal(strlen(head_of_file(text).id), SNAPSHOT_ID_MAXIMUM);
}

static void a_scan_tells_the_heads_of_what_lies_in_meta(void **state) {
    struct folder *folder = *state;
    static char large[2 << 20];
    snprintf(large, sizeof large, "{\"id\":\"large\",\"prevId\":\"a\",\"version\":\"7\",\"x\":\"");
    memset(large + strlen(large), 'x', sizeof large - strlen(large) - 3);
    memcpy(large + sizeof large - 3, "\"}", 3);
    put_directory(folder, "meta");
    put(folder, "meta/_journal.json", "{}");
    put(folder, "meta/0000_snapshot.json", "{\"tables\":{},\"id\":\"a\",\"version\":\"7\"}");
    put(folder, "meta/0001_snapshot.json", large);
    put(folder, "meta/notes", "none");
    scan(folder);
    assert_null(find(folder, "meta/_journal.json")->snapshot);
    assert_string_equal(find(folder, "meta/0000_snapshot.json")->snapshot->id, "a");
    assert_string_equal(find(folder, "meta/0001_snapshot.json")->snapshot->id, "large");
    assert_false(content_is_held(find(folder, "meta/0001_snapshot.json")->content));
    assert_false(find(folder, "meta/notes")->snapshot->is_json);
    put(folder, "meta/0000_snapshot.json", "{\"tables\":{},\"id\":\"b\",\"version\":\"7\"}");
    scan(folder);
    assert_string_equal(find(folder, "meta/0000_snapshot.json")->snapshot->id, "b");
    assert_string_equal(find(folder, "meta/0001_snapshot.json")->snapshot->prev_id, "a");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read_from_the_first_piece_as_drizzle_kit_writes_it),
        cmocka_unit_test(a_piece_in_which_it_does_not_stand_plainly_says_nothing),
        cmocka_unit_test(a_whole_file_is_read_as_json_parse_does),
        cmocka_unit_test(what_is_no_object_has_no_head),
        cmocka_unit_test(a_long_id_is_cut),
        cmocka_unit_test_setup_teardown(a_scan_tells_the_heads_of_what_lies_in_meta, folder_create, folder_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
