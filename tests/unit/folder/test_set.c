/* What a scan reports about the source folder, and what the next scan keeps. */
#include "folder.h"
#include "migfs/folder/statements.h"

static void assert_digest_of(struct text text, const struct digest *digest) {
    struct digest expected = digest_of(text);
    assert_memory_equal(digest, &expected, sizeof expected);
}

static void an_empty_folder_is_its_root_alone(void **state) {
    struct folder *folder = *state;
    assert_int_equal(chmod(folder->path, 0750), 0);
    scan(folder);
    assert_int_equal(folder->disk->count, 1);
    assert_false(folder->disk->is_gone);
    assert_int_equal(folder->disk->entries[0].kind, DISK_DIRECTORY);
    assert_int_equal(folder->disk->entries[0].mode, 0750);
    assert_int_equal(folder->disk->entries[0].parent, 0);
    assert_ptr_equal(find(folder, ""), folder->disk->entries);
    assert_null(find(folder, "a"));
}

static void entries_are_sorted_with_directories_before_what_is_in_them(void **state) {
    static const char *const expected[] = {"", "a", "a/b", "a/b/c.sql", "a/z", "a b", "a-b", "a.sql", "b", "\xff.sql"};
    static const size_t parents[] = {0, 0, 1, 2, 1, 0, 0, 0, 0, 0};
    struct folder *folder = *state;
    put_directory(folder, "a");
    put_directory(folder, "a/b");
    static const char *const files[] = {"\xff.sql", "b", "a.sql", "a-b", "a b", "a/z", "a/b/c.sql"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        put(folder, files[i], "");
    }
    scan(folder);
    assert_int_equal(folder->disk->count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < folder->disk->count; i++) {
        const struct disk_entry *entry = &folder->disk->entries[i];
        const char *slash = strrchr(expected[i], '/');
        assert_string_equal(entry->path.bytes, expected[i]);
        assert_true(text_is(entry->name, slash ? slash + 1 : expected[i]));
        assert_int_equal(entry->parent, parents[i]);
        assert_ptr_equal(find(folder, expected[i]), entry);
    }
    assert_null(find(folder, "a/b/c"));
    assert_null(find(folder, "z"));
}

static void names_are_raw_bytes(void **state) {
    struct folder *folder = *state;
    char longest[NAME_MAX + 1];
    memset(longest, 'n', NAME_MAX);
    longest[NAME_MAX] = '\0';
    const char *const names[] = {"line\nbreak", "tab\t", "\x1b[31mred", "\"quotes'", "\xc3\x28",
                                 "\\",          "  ",    "...",         longest};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put(folder, names[i], names[i]);
    }
    scan(folder);
    assert_int_equal(folder->disk->count, 1 + sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_holds(folder, names[i], names[i]);
    }
}

static void an_entry_tells_what_stat_tells(void **state) {
    struct folder *folder = *state;
    struct stat stat_of_file;
    put(folder, "a.sql", "select 1;");
    assert_int_equal(chmod(in_folder(folder, "a.sql"), 0640), 0);
    assert_int_equal(stat(in_folder(folder, "a.sql"), &stat_of_file), 0);
    scan(folder);
    const struct disk_entry *entry = find(folder, "a.sql");
    assert_int_equal(entry->mode, 0640);
    assert_int_equal(entry->uid, geteuid());
    assert_int_equal(entry->size, 9);
    assert_int_equal(entry->inode, stat_of_file.st_ino);
    assert_int_equal(entry->device, stat_of_file.st_dev);
    assert_memory_equal(&entry->mtime, &stat_of_file.st_mtim, sizeof entry->mtime);
    assert_memory_equal(&entry->ctime, &stat_of_file.st_ctim, sizeof entry->ctime);
    assert_false(entry->is_link);
}

static void only_sql_files_right_below_the_folder_are_examined(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    put_directory(folder, "0002_directory.sql");
    put(folder, "0001_x.sql", "select 1;--> statement-breakpoint\nselect 2;");
    put(folder, "meta/x.sql", "select 1;");
    put(folder, "README", "select 1;");
    put(folder, "x.SQL", "select 1;");
    put(folder, ".sql", "select 1;");
    scan(folder);
    assert_int_equal(find(folder, "0001_x.sql")->sql->statements, 2);
    assert_digest_of(TEXT("select 1;--> statement-breakpoint\nselect 2;"), &find(folder, "0001_x.sql")->sql->digest);
    assert_int_equal(find(folder, "0002_directory.sql")->kind, DISK_DIRECTORY);
    static const char *const others[] = {"0002_directory.sql", "meta/x.sql", "README", "x.SQL", ".sql"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_null(find(folder, others[i])->sql);
    }
}

static void a_scan_in_which_nothing_changed_is_the_one_before(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    put(folder, "meta/_journal.json", "{}");
    put(folder, "a.sql", "select 1;");
    put_link(folder, "out.sql", "/etc/passwd");
    scan(folder);
    const struct disk *before = folder->disk;
    scan_until_settled(folder);
    assert_ptr_equal(folder->disk, before);
}

static void only_what_changed_is_read_again(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "select 1;");
    put(folder, "b.sql", "select 2;");
    scan_until_settled(folder);
    size_t read_before = disk_files_read(folder->source);
    struct content *a = find(folder, "a.sql")->content;
    put(folder, "b.sql", "select 3;");
    put(folder, "c.sql", "select 4;");
    scan(folder);
    assert_int_equal(disk_files_read(folder->source), read_before + 2);
    assert_ptr_equal(find(folder, "a.sql")->content, a);
    assert_int_equal(find(folder, "a.sql")->sql->statements, 1);
    assert_holds(folder, "b.sql", "select 3;");
    assert_digest_of(TEXT("select 3;"), &find(folder, "b.sql")->sql->digest);
    assert_int_equal(unlink(in_folder(folder, "a.sql")), 0);
    scan(folder);
    assert_null(find(folder, "a.sql"));
    assert_holds(folder, "c.sql", "select 4;");
}

static void the_same_bytes_with_other_attributes_keep_their_content(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "select 1;");
    scan_until_settled(folder);
    struct content *content = content_ref(find(folder, "a.sql")->content);
    put(folder, "new", "select 1;");
    assert_int_equal(chmod(in_folder(folder, "new"), 0600), 0);
    assert_int_equal(rename(in_folder(folder, "new"), in_folder(folder, "a.sql")), 0);
    scan(folder);
    assert_ptr_equal(find(folder, "a.sql")->content, content);
    assert_int_equal(find(folder, "a.sql")->mode, 0600);
    content_unref(content);
}

/* On a filesystem whose times are no finer than a clock tick, most of these changes also leave
 * ctime unchanged. */
static void change_within_one_tick(struct folder *folder) {
    char text[32];
    const struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    struct error error;
    enter_own_mounts();
    CHECK(mount("coarse", folder->path, "ramfs", 0, NULL) == 0);
    struct disk_source *source = disk_open(folder->path, &error);
    struct disk *disk = NULL;
    CHECK(source);
    for (int i = 0; i < 300; i++) {
        snprintf(text, sizeof text, "select %03d;", i);
        put(folder, "a.sql", text);
        CHECK(utimensat(AT_FDCWD, in_folder(folder, "a.sql"), times, 0) == 0);
        struct disk *next = disk_scan(source, disk, 1, &error);
        CHECK(next);
        disk_unref(disk);
        disk = next;
        const struct disk_entry *entry = disk_find(disk, TEXT("a.sql"));
        struct digest digest = digest_of(text_of(text));
        CHECK(text_is(content_text(entry->content), text) && digest_equal(&entry->sql->digest, &digest));
    }
}

static void a_change_that_leaves_size_and_times_as_they_were_is_seen(void **state) {
    in_child(*state, change_within_one_tick);
}

static void an_earlier_scan_stays_as_it_was(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "select 1;");
    put(folder, "b.sql", "select 2;");
    scan(folder);
    struct disk *before = disk_ref(folder->disk);
    put(folder, "a.sql", "select 9;");
    assert_int_equal(unlink(in_folder(folder, "b.sql")), 0);
    scan(folder);
    assert_ptr_not_equal(folder->disk, before);
    assert_int_equal(before->count, 3);
    assert_true(text_is(content_text(disk_find(before, TEXT("a.sql"))->content), "select 1;"));
    assert_true(text_is(content_text(disk_find(before, TEXT("b.sql"))->content), "select 2;"));
    disk_unref(before);
}

static void many_files_are_read_by_several_threads(void **state) {
    enum { COUNT = 500 };
    struct folder *folder = *state;
    char name[32], text[64];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "%04d_x.sql", i);
        snprintf(text, sizeof text, "select %d;", i);
        put(folder, name, text);
    }
    struct error error;
    folder->source = disk_open(folder->path, &error);
    assert_non_null(folder->source);
    folder->disk = disk_scan(folder->source, NULL, 8, &error);
    assert_non_null(folder->disk);
    assert_int_equal(disk_files_read(folder->source), COUNT);
    assert_int_equal(folder->disk->count, COUNT + 1);
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "%04d_x.sql", i);
        snprintf(text, sizeof text, "select %d;", i);
        assert_holds(folder, name, text);
        assert_digest_of(text_of(text), &find(folder, name)->sql->digest);
    }
}

/* ---- large files ---- */

static void a_large_file_is_read_when_it_is_used(void **state) {
    struct folder *folder = *state;
    put_sparse(folder, "large", DISK_HELD_EACH + 1);
    put_sparse(folder, "largest_held", DISK_HELD_EACH);
    scan(folder);
    assert_int_equal(disk_files_read(folder->source), 1);
    assert_true(content_is_held(find(folder, "largest_held")->content));
    struct content *content = find(folder, "large")->content;
    assert_false(content_is_held(content));
    assert_int_equal(content_size(content), DISK_HELD_EACH + 1);
    struct text text;
    struct error error;
    assert_true(content_pin(content, &text, &error));
    assert_int_equal(text.length, DISK_HELD_EACH + 1);
    assert_int_equal(text.bytes[DISK_HELD_EACH], 0);
    content_unpin(content);
}

static void assert_line_ends(const struct disk *disk, const struct digest *lf, const struct digest *crlf) {
    struct digest found_lf, found_crlf;
    assert_true(disk_line_end_digests(disk, disk_find(disk, TEXT("a.sql")), &found_lf, &found_crlf));
    assert_true(digest_equal(&found_lf, lf));
    assert_true(digest_equal(&found_crlf, crlf));
}

/* They decide which rows are the migration's, so they must not depend on a file that hangs by then. */
static void line_ends_of_a_large_file_need_no_second_reading(void **state) {
    enum { LINES = 300000 };
    struct folder *folder = *state;
    char *text = malloc(6 * LINES + 1), *lines = malloc(5 * LINES + 1);
    for (size_t i = 0; i < LINES; i++) {
        memcpy(text + 6 * i, "--ab\r\n", 7);
        memcpy(lines + 5 * i, "--ab\n", 6);
    }
    struct digest crlf = digest_of(text_of(text)), lf = digest_of(text_of(lines));
    put(folder, "a.sql", text);
    put(folder, "b.sql", "select 1;");
    scan_until_settled(folder);
    assert_false(content_is_held(find(folder, "a.sql")->content));
    struct disk *copy = disk_copy(folder->disk, TEXT("has not answered"));
    assert_int_equal(unlink(in_folder(folder, "a.sql")), 0);
    assert_null(disk_statements(folder->disk, find(folder, "a.sql"))); /* it cannot be read any more */
    assert_line_ends(folder->disk, &lf, &crlf);
    assert_line_ends(copy, &lf, &crlf);
    disk_unref(copy);
    put(folder, "a.sql", text);
    scan_until_settled(folder);
    put(folder, "b.sql", "select 2;");
    struct disk *before = folder->disk;
    scan(folder); /* which does not read it again */
    assert_ptr_not_equal(folder->disk, before);
    assert_int_equal(unlink(in_folder(folder, "a.sql")), 0);
    assert_line_ends(folder->disk, &lf, &crlf);
    free(text);
    free(lines);
}

static void one_byte_of_a_giant_needs_no_memory(void **state) {
    struct folder *folder = *state;
    const off_t size = (off_t)1 << 42;
    char byte = 'x';
    size_t length;
    struct error error;
    put_sparse(folder, "dump.bin", size);
    scan(folder);
    struct content *content = find(folder, "dump.bin")->content;
    assert_int_equal(content_size(content), size);
    assert_true(content_read(content, &byte, 1, (size_t)size - 1, &length, &error));
    assert_int_equal(length, 1);
    assert_int_equal(byte, 0);
}

static void a_large_file_that_changed_is_not_served_as_the_old_one(void **state) {
    struct folder *folder = *state;
    struct text text;
    struct error error;
    put_sparse(folder, "large", DISK_HELD_EACH + 1);
    scan_until_settled(folder);
    struct content *before = content_ref(find(folder, "large")->content);
    assert_int_equal(chmod(in_folder(folder, "large"), 0600), 0);
    char byte;
    size_t length;
    assert_false(content_pin(before, &text, &error));
    assert_false(content_read(before, &byte, 1, 0, &length, &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    scan(folder);
    struct content *after = find(folder, "large")->content;
    assert_ptr_not_equal(after, before);
    assert_true(content_pin(after, &text, &error));
    content_unpin(after);
    assert_int_equal(unlink(in_folder(folder, "large")), 0);
    assert_false(content_pin(after, &text, &error));
    content_unref(before);
}

static void a_large_content_outlives_scan_and_source(void **state) {
    struct folder *folder = *state;
    put_sparse(folder, "large", DISK_HELD_EACH + 1);
    scan(folder);
    struct content *content = content_ref(find(folder, "large")->content);
    disk_unref(folder->disk);
    disk_close(folder->source);
    folder->disk = NULL;
    folder->source = NULL;
    struct text text;
    struct error error;
    assert_true(content_pin(content, &text, &error));
    content_unpin(content);
    content_unref(content);
}

static void a_large_sql_file_is_hashed_and_not_kept(void **state) {
    struct folder *folder = *state;
    size_t size = DISK_HELD_EACH + 2;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 'x', size);
    bytes[10] = '\r';
    bytes[11] = '\n';
    put_bytes(folder, "a.sql", bytes, size);
    scan(folder);
    const struct disk_entry *entry = find(folder, "a.sql");
    assert_false(content_is_held(entry->content));
    assert_digest_of((struct text){bytes, size}, &entry->sql->digest);
    struct digest lf, crlf;
    assert_true(disk_line_end_digests(folder->disk, entry, &lf, &crlf));
    assert_digest_of((struct text){bytes, size}, &crlf);
    memmove(bytes + 10, bytes + 11, size - 11);
    assert_digest_of((struct text){bytes, size - 1}, &lf);
    free(bytes);
}

static void a_sparse_giant_costs_no_memory(void **state) {
    struct folder *folder = *state;
    put_sparse(folder, "0001_x.sql", (off_t)2 << 30);
    put_sparse(folder, "0002_x.sql", DISK_SQL_MAXIMUM);
    put_sparse(folder, "0003_x.sql", DISK_SQL_MAXIMUM + 1);
    put_sparse(folder, ".migfs", DISK_RULES_MAXIMUM + 1);
    put_sparse(folder, "snapshot", (off_t)2 << 30);
    scan(folder);
    assert_refused(folder, "0001_x.sql", "is larger than 64 MiB");
    assert_refused(folder, "0003_x.sql", "is larger than 64 MiB");
    assert_refused(folder, ".migfs", "is larger than 1 MiB");
    assert_true(find(folder, "0002_x.sql")->sql->has_nul);
    assert_int_equal(content_size(find(folder, "snapshot")->content), (size_t)2 << 30);
    assert_int_equal(disk_files_read(folder->source), 1);
}

static void files_beyond_the_total_held_are_read_when_used(void **state) {
    enum { COUNT = DISK_HELD_TOTAL / DISK_HELD_EACH + 3 };
    struct folder *folder = *state;
    char name[32];
    size_t held = 0;
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "%04d", i);
        put_sparse(folder, name, DISK_HELD_EACH);
    }
    scan(folder);
    for (size_t i = 1; i < folder->disk->count; i++) {
        struct text text;
        struct error error;
        struct content *content = folder->disk->entries[i].content;
        held += content_is_held(content) ? content_size(content) : 0;
        assert_true(content_pin(content, &text, &error));
        assert_int_equal(text.length, DISK_HELD_EACH);
        content_unpin(content);
    }
    assert_int_equal(held, DISK_HELD_TOTAL);
}

/* ---- what links lead to ---- */

static void a_link_finds_the_first_name_of_its_file(void **state) {
    struct folder *folder = *state;
    char name[32], target[32];
    put_directory(folder, "b");
    put_link(folder, "gone", "b/nowhere");
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "b/f%02d", i);
        put(folder, name, name);
        snprintf(target, sizeof target, "b/f%02d", i);
        snprintf(name, sizeof name, "l%02d", 99 - i);
        put_link(folder, name, target);
    }
    assert_int_equal(link(in_folder(folder, "b/f07"), in_folder(folder, "a")), 0);
    scan(folder);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "l%02d", 99 - i);
        snprintf(target, sizeof target, "b/f%02d", i);
        assert_ptr_equal(disk_target(folder->disk, find(folder, name)), find(folder, i == 7 ? "a" : target));
    }
    assert_null(disk_target(folder->disk, find(folder, "gone")));
}

/* ---- line ends ---- */

static void line_end_digests_follow_the_file(void **state) {
    struct folder *folder = *state;
    struct digest lf, crlf, again;
    put(folder, "a.sql", "one\r\ntwo\n");
    put(folder, "b.sql", "one\n");
    scan_until_settled(folder);
    for (int i = 0; i < 2; i++) {
        assert_true(disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf));
        assert_digest_of(TEXT("one\ntwo\n"), &lf);
        assert_digest_of(TEXT("one\r\ntwo\r\n"), &crlf);
        put(folder, "c.sql", "");
        scan(folder);
    }
    assert_true(disk_line_end_digests(folder->disk, find(folder, "b.sql"), &lf, &again));
    assert_digest_of(TEXT("one\r\n"), &again);
    put(folder, "a.sql", "three\n");
    scan(folder);
    assert_true(disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf));
    assert_digest_of(TEXT("three\n"), &lf);
}

static void line_end_digests_once_made_are_kept(void **state) {
    struct folder *folder = *state;
    struct digest lf, crlf;
    put_sparse(folder, "a.sql", DISK_HELD_EACH + 1);
    scan_until_settled(folder);
    assert_true(disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf));
    put(folder, "b.sql", "");
    scan(folder);
    assert_int_equal(unlink(in_folder(folder, "a.sql")), 0);
    assert_true(disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf));
}

static void line_end_digests_of_a_refused_file_are_refused(void **state) {
    struct folder *folder = *state;
    struct digest lf, crlf;
    put_sparse(folder, "a.sql", DISK_SQL_MAXIMUM + 1);
    scan(folder);
    assert_false(disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(an_empty_folder_is_its_root_alone),
        folder_test(entries_are_sorted_with_directories_before_what_is_in_them),
        folder_test(names_are_raw_bytes),
        folder_test(an_entry_tells_what_stat_tells),
        folder_test(only_sql_files_right_below_the_folder_are_examined),
        folder_test(a_scan_in_which_nothing_changed_is_the_one_before),
        folder_test(only_what_changed_is_read_again),
        folder_test(the_same_bytes_with_other_attributes_keep_their_content),
        folder_test(a_change_that_leaves_size_and_times_as_they_were_is_seen),
        folder_test(an_earlier_scan_stays_as_it_was),
        folder_test(many_files_are_read_by_several_threads),
        folder_test(a_large_file_is_read_when_it_is_used),
        folder_test(line_ends_of_a_large_file_need_no_second_reading),
        folder_test(one_byte_of_a_giant_needs_no_memory),
        folder_test(a_large_file_that_changed_is_not_served_as_the_old_one),
        folder_test(a_large_content_outlives_scan_and_source),
        folder_test(a_large_sql_file_is_hashed_and_not_kept),
        folder_test(a_sparse_giant_costs_no_memory),
        folder_test(files_beyond_the_total_held_are_read_when_used),
        folder_test(a_link_finds_the_first_name_of_its_file),
        folder_test(line_end_digests_follow_the_file),
        folder_test(line_end_digests_once_made_are_kept),
        folder_test(line_end_digests_of_a_refused_file_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
