/* Which folder is the source when folders appear, vanish and are replaced. */
#include "folder.h"

#include "migfs/drizzle/snapshot_head.h"
#include "migfs/folder/follower.h"

static void what_cannot_be_opened_is_named(void **state) {
    struct folder *folder = *state;
    struct error error;
    char expected[256];
    put(folder, "file", "");
    assert_null(disk_open(in_folder(folder, "nowhere"), &error));
    snprintf(expected, sizeof expected, "the folder %s does not exist", in_folder(folder, "nowhere"));
    assert_string_equal(error.sentence, expected);
    assert_null(disk_open(in_folder(folder, "file"), &error));
    snprintf(expected, sizeof expected, "%s is not a folder", in_folder(folder, "file"));
    assert_string_equal(error.sentence, expected);
}

static void a_removed_folder_is_gone_until_it_is_created_again(void **state) {
    struct folder *folder = *state;
    assert_int_equal(chmod(folder->path, 0700), 0);
    put(folder, "a.sql", "select 1;");
    scan(folder);
    remove_tree(folder->path);
    scan(folder);
    assert_true(folder->disk->is_gone);
    assert_int_equal(folder->disk->count, 1);
    assert_int_equal(folder->disk->entries[0].mode, 0700);
    const struct disk *gone = folder->disk;
    scan(folder);
    assert_ptr_equal(folder->disk, gone);
    assert_int_equal(mkdir(folder->path, 0755), 0);
    put(folder, "a.sql", "select 2;");
    scan(folder);
    assert_false(folder->disk->is_gone);
    assert_holds(folder, "a.sql", "select 2;");
}

static void a_folder_put_in_the_place_of_another_is_the_one_scanned(void **state) {
    struct folder *folder = *state;
    char away[128], new[128];
    snprintf(away, sizeof away, "%s/away", folder->outside);
    snprintf(new, sizeof new, "%s/new", folder->outside);
    put(folder, "a.sql", "select 1;");
    scan(folder);
    assert_int_equal(rename(folder->path, away), 0);
    assert_int_equal(mkdir(new, 0755), 0);
    assert_int_equal(rename(new, folder->path), 0);
    put(folder, "b.sql", "select 2;");
    scan(folder);
    assert_null(find(folder, "a.sql"));
    assert_holds(folder, "b.sql", "select 2;");
    remove_tree(folder->path);
    put_link(&(struct folder){.path = "/"}, folder->path + 1, "away");
    scan(folder);
    assert_holds(folder, "a.sql", "select 1;");
}

static void a_folder_behind_a_loop_of_links_cannot_be_opened(void **state) {
    struct folder *folder = *state;
    struct error error;
    char expected[256];
    assert_int_equal(symlink("two", beside(folder, "one")), 0);
    assert_int_equal(symlink("one", beside(folder, "two")), 0);
    assert_null(disk_open(beside(folder, "one"), &error));
    snprintf(expected, sizeof expected, "the folder %s is behind symbolic links that lead in a loop",
             beside(folder, "one"));
    assert_string_equal(error.sentence, expected);
}

/* ---- the way ---- */

static bool has_moved(struct folder *folder) {
    struct error error;
    struct disk_follower *follower = disk_source_follower(folder->source, &error);
    assert_non_null(follower);
    bool has_moved = disk_follower_has_moved(follower);
    disk_follower_unref(follower);
    return has_moved;
}

static void put_release(const struct folder *folder, const char *name, const char *text) {
    struct folder release = {.disk = NULL};
    snprintf(release.path, sizeof release.path, "%s/%s", folder->outside, name);
    assert_int_equal(mkdir(release.path, 0755), 0);
    put(&release, "a.sql", text);
}

static void lead_to(const struct folder *folder, const char *target) {
    assert_int_equal(symlink(target, beside(folder, "next")), 0);
    assert_int_equal(rename(beside(folder, "next"), folder->path), 0);
}

static void a_link_is_followed_as_it_leads_at_each_scan(void **state) {
    struct folder *folder = *state;
    put_release(folder, "r1", "select 1;");
    put_release(folder, "r2", "select 2;");
    assert_int_equal(rmdir(folder->path), 0);
    for (int i = 0; i < 3; i++) {
        lead_to(folder, "r1");
        scan(folder);
        assert_holds(folder, "a.sql", "select 1;");
        lead_to(folder, "r2");
        assert_true(has_moved(folder));
        scan(folder);
        assert_holds(folder, "a.sql", "select 2;");
        assert_false(has_moved(folder));
    }
    lead_to(folder, "nowhere");
    assert_true(has_moved(folder));
    scan(folder);
    assert_true(folder->disk->is_gone);
    assert_false(has_moved(folder));
    assert_int_equal(unlink(folder->path), 0);
    assert_int_equal(symlink("source", folder->path), 0); /* to itself */
    scan(folder);
    assert_false(folder->disk->is_gone);
    assert_refused(folder, "", "is behind symbolic links that lead in a loop");
    lead_to(folder, "r1");
    scan(folder);
    assert_holds(folder, "a.sql", "select 1;");
    assert_int_equal(unlink(folder->path), 0);
    assert_int_equal(mkdir(folder->path, 0755), 0);
}

static void other_permissions_on_the_way_are_another_set(void **state) {
    struct folder *folder = *state;
    scan_until_settled(folder);
    struct disk *before = disk_ref(folder->disk);
    assert_false(has_moved(folder));
    assert_int_equal(before->way[before->way_count - 1].granted, 0755);
    assert_int_equal(chmod(folder->outside, 0711), 0);
    assert_true(has_moved(folder));
    scan(folder);
    assert_ptr_not_equal(folder->disk, before);
    assert_int_equal(folder->disk->way_count, before->way_count);
    assert_int_equal(folder->disk->way[before->way_count - 1].granted, 0711);
    disk_unref(before);
}

/* Used while the folder is being listed. */
static const struct folder *moving;

static void move_away(void *context, int directory) {
    (void)context, (void)directory;
    rename(moving->path, beside(moving, "away"));
}

static void a_way_that_changes_while_the_folder_is_read_lets_nobody_through(void **state) {
    struct folder *folder = *state;
    const struct disk_hooks hooks = {.about_to_list = move_away}, none = {.context = NULL};
    put(folder, "a.sql", "select 1;");
    scan(folder);
    moving = folder;
    disk_set_hooks(folder->source, &hooks);
    scan(folder);
    assert_holds(folder, "a.sql", "select 1;");
    assert_int_equal(folder->disk->way[folder->disk->way_count - 1].granted, 0700);
    assert_int_equal(folder->disk->way[folder->disk->way_count - 1].uid, (uid_t)-1);
    assert_true(has_moved(folder));
    disk_set_hooks(folder->source, &none);
    assert_int_equal(rename(beside(folder, "away"), folder->path), 0);
    scan(folder);
    assert_int_equal(folder->disk->way[folder->disk->way_count - 1].uid, geteuid());
}

static void a_folder_that_is_gone_keeps_the_way_by_which_it_was_reached(void **state) {
    struct folder *folder = *state;
    assert_int_equal(chmod(folder->outside, 0700), 0);
    scan(folder);
    size_t count = folder->disk->way_count;
    assert_int_equal(rename(folder->path, beside(folder, "away")), 0);
    assert_int_equal(chmod(folder->outside, 0755), 0);
    scan(folder);
    assert_true(folder->disk->is_gone);
    assert_int_equal(folder->disk->way_count, count);
    assert_int_equal(folder->disk->way[count - 1].granted, 0700);
}

/* A snapshot of this length with these bytes at the end and in the middle. */
static void put_snapshot(struct folder *folder, const char *name, size_t length, const char *end, const char *middle) {
    static const char head[] =
        "{\"id\": \"0a\", \"prevId\": \"00\", \"version\": \"7\", \"dialect\": \"postgresql\", \"tables\": {";
    char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    memset(bytes, ' ', length);
    bytes[length] = '\0';
    memcpy(bytes, head, strlen(head));
    memcpy(bytes + length / 2, middle, strlen(middle));
    memcpy(bytes + length - strlen(end), end, strlen(end));
    put(folder, name, bytes);
    free(bytes);
}

static void assert_snapshot(const struct folder *folder, const char *name, bool is_json) {
    const struct disk_entry *entry = find(folder, name);
    assert_non_null(entry->snapshot);
    assert_int_equal(entry->snapshot->is_json, is_json);
    if (is_json) {
        assert_string_equal(entry->snapshot->id, "0a");
        assert_string_equal(entry->snapshot->prev_id, "00");
        assert_int_equal(entry->snapshot->version, 7);
    }
}

/* Scans once with snapshots held and once without. Of a long one only the two ends are read; both
 * ways find the same. */
static void a_snapshot_is_known_by_its_ends_and_read_when_it_is_used(void **state) {
    enum { LONG = SNAPSHOT_WHOLE + 1 };
    struct folder *folder = *state;
    put_directory(folder, "meta");
    for (int is_left = 0; is_left < 2; is_left++) {
        put_snapshot(folder, "meta/0000_snapshot.json", 200, "}}", "");
        put_snapshot(folder, "meta/0001_snapshot.json", SNAPSHOT_WHOLE, "}}", "x");
        put_snapshot(folder, "meta/0002_snapshot.json", LONG, "}}\n", "");
        put_snapshot(folder, "meta/0003_snapshot.json", LONG, "}} ", "x");
        put_snapshot(folder, "meta/0004_snapshot.json", LONG, "}", "");
        put_snapshot(folder, "meta/0005_snapshot.json", LONG, "},", "");
        scan(folder);
        assert_snapshot(folder, "meta/0000_snapshot.json", true);
        assert_snapshot(folder, "meta/0001_snapshot.json", false);
        assert_snapshot(folder, "meta/0002_snapshot.json", true);
        assert_snapshot(folder, "meta/0003_snapshot.json", true);
        assert_snapshot(folder, "meta/0004_snapshot.json", true);
        assert_snapshot(folder, "meta/0005_snapshot.json", false);
        struct content *content = find(folder, "meta/0002_snapshot.json")->content;
        struct text text;
        struct error error;
        assert_int_equal(content_is_held(content), !is_left);
        assert_int_equal(content_is_held(find(folder, "meta/0000_snapshot.json")->content), !is_left);
        assert_true(content_pin(content, &text, &error));
        assert_int_equal(text.length, LONG);
        assert_int_equal(text.bytes[LONG - 1], '\n');
        content_unpin(content);
        disk_leave_snapshots(folder->source);
    }
}

/* Of the rest it is not known what a list takes from it. */
static void where_lists_are_left_the_owner_alone_is_granted_something(void **state) {
    struct folder *folder = *state;
    put(folder, "0000_a.sql", "select 1;");
    scan(folder);
    assert_int_equal(find(folder, "0000_a.sql")->granted, 0644);
    disk_leave_lists(folder->source);
    put(folder, "0001_b.sql", "select 2;");
    scan(folder);
    assert_int_equal(find(folder, "0001_b.sql")->granted, 0600);
    assert_int_equal(find(folder, "0001_b.sql")->mode, 0644);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(where_lists_are_left_the_owner_alone_is_granted_something),
        folder_test(what_cannot_be_opened_is_named),
        folder_test(a_removed_folder_is_gone_until_it_is_created_again),
        folder_test(a_folder_put_in_the_place_of_another_is_the_one_scanned),
        folder_test(a_folder_behind_a_loop_of_links_cannot_be_opened),
        folder_test(a_link_is_followed_as_it_leads_at_each_scan),
        folder_test(other_permissions_on_the_way_are_another_set),
        folder_test(a_way_that_changes_while_the_folder_is_read_lets_nobody_through),
        folder_test(a_folder_that_is_gone_keeps_the_way_by_which_it_was_reached),
        folder_test(a_snapshot_is_known_by_its_ends_and_read_when_it_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
