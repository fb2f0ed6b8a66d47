/* Directories that replace each other while they are listed and read, and endless listings. */
#include "folder.h"

#include <pthread.h>
#include <stdatomic.h>

#include "folder/walk.h"

/* ---- listings without end ---- */

struct dirent *__real_readdir(DIR *directory);
struct dirent *__wrap_readdir(DIR *directory);

static atomic_size_t endless; /* names still to be listed before the real ones; 0: none */

struct dirent *__wrap_readdir(DIR *directory) {
    static struct dirent made;
    if (endless == 0) {
        return __real_readdir(directory);
    }
    made.d_type = DT_DIR; /* is not looked at before it is opened */
    snprintf(made.d_name, sizeof made.d_name, "n%zu", (size_t)endless--);
    return &made;
}

static void a_folder_with_too_many_names_is_refused(void **state) {
    struct folder *folder = *state;
    put(folder, "0000_a.sql", "select 1;");
    scan(folder);
    endless = SIZE_MAX;
    scan(folder);
    assert_int_equal(folder->disk->count, 1);
    assert_refused(folder, "", "contains more than 300,000 names");
    assert_string_equal(disk_unreachable(folder->disk), "contains more than 300,000 names");
    assert_true(SIZE_MAX - endless <= DISK_NAMES_MAXIMUM + 1);
    endless = 0;
    scan(folder);
    assert_holds(folder, "0000_a.sql", "select 1;");
}

static void the_names_of_all_folders_count(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "a");
    put_directory(folder, "a/b");
    scan(folder);
    endless = DISK_NAMES_MAXIMUM - 10; /* in the first folder; none of them exists */
    scan(folder);
    assert_non_null(find(folder, "a/b"));
    endless = DISK_NAMES_MAXIMUM;
    scan(folder);
    assert_refused(folder, "", "contains more than 300,000 names");
}

/* ---- directories that change places ---- */

struct swapping {
    char one[128], other[128];
    atomic_bool is_over;
};

static void *swap(void *context) {
    struct swapping *swapping = context;
    while (!swapping->is_over) {
        renameat2(AT_FDCWD, swapping->one, AT_FDCWD, swapping->other, RENAME_EXCHANGE);
    }
    return NULL;
}

static bool is_open_to_others(const struct disk *disk, const struct disk_entry *entry) {
    bool is_open = entry->granted & 04;
    while (entry->parent != 0) {
        entry = &disk->entries[entry->parent];
        is_open = is_open && (entry->granted & 01);
    }
    return is_open;
}

/* Files for everybody in `open`, and secrets in `closed`. Their times are recent, so each scan reads
 * them again. */
static void put_secrets(const struct folder *folder) {
    static const char *const directories[] = {"open", "open/deep", "closed", "closed/deep"};
    for (size_t i = 0; i < 4; i++) {
        put_directory(folder, directories[i]);
        char path[32];
        snprintf(path, sizeof path, "%s/f", directories[i]);
        put(folder, path, i < 2 ? "for all" : "secret");
    }
    put(folder, "closed/deep/g", "secret");
    assert_int_equal(chmod(in_folder(folder, "closed"), 0700), 0);
}

static void no_directory_is_read_under_the_permissions_of_another(void **state) {
    enum { SCANS = 3000 };
    struct folder *folder = *state;
    struct swapping swapping = {.is_over = false};
    pthread_t thread;
    size_t seen = 0;
    put_secrets(folder);
    snprintf(swapping.one, sizeof swapping.one, "%s/open", folder->path);
    snprintf(swapping.other, sizeof swapping.other, "%s/closed", folder->path);
    assert_int_equal(pthread_create(&thread, NULL, swap, &swapping), 0);
    for (int i = 0; i < SCANS; i++) {
        disk_unref(i % 2 == 0 ? folder->disk : NULL); /* every other scan reads everything */
        folder->disk = i % 2 == 0 ? NULL : folder->disk;
        scan(folder);
        for (size_t j = 0; j < folder->disk->count; j++) {
            const struct disk_entry *entry = &folder->disk->entries[j];
            if (entry->kind == DISK_FILE && text_is(content_text(entry->content), "secret")) {
                seen++;
                assert_false(is_open_to_others(folder->disk, entry));
            }
            assert_false(text_is(entry->name, "g") && is_open_to_others(folder->disk, entry));
        }
    }
    swapping.is_over = true;
    pthread_join(thread, NULL);
    assert_true(seen > 0);
}

/* ---- links to folders ---- */

static void a_link_to_a_folder_within_the_source_is_a_migration_of_v1(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "kept");
    put(folder, "kept/migration.sql", "select 1;");
    put(folder, "kept/snapshot.json", "{}");
    put(folder, "kept/other", "not read by v1");
    put_directory(folder, "kept/deep");
    put_link(folder, "20250101000000_a", "kept");
    put_link(folder, "kept/deep/again", "../../kept");
    scan(folder);
    const struct disk_entry *link = find(folder, "20250101000000_a"),
                            *sql = find(folder, "20250101000000_a/migration.sql");
    assert_int_equal(link->kind, DISK_DIRECTORY);
    assert_true(link->is_link);
    assert_int_equal(link->granted, find(folder, "kept")->granted);
    assert_int_equal(sql->parent, link - folder->disk->entries);
    assert_non_null(sql->sql);
    assert_holds(folder, "20250101000000_a/migration.sql", "select 1;");
    assert_holds(folder, "20250101000000_a/snapshot.json", "{}");
    assert_null(find(folder, "20250101000000_a/other"));
    assert_null(find(folder, "20250101000000_a/deep"));
    assert_refused(folder, "kept/deep/again", "is a symbolic link to a directory");
    put(folder, "kept/migration.sql", "select 2;");
    scan_until_settled(folder);
    assert_holds(folder, "20250101000000_a/migration.sql", "select 2;");
}

static void a_link_to_any_other_folder_is_refused(void **state) {
    struct folder *folder = *state;
    assert_int_equal(mkdir(beside(folder, "outside"), 0755), 0);
    put(folder, "../outside/migration.sql", "select 'secret';");
    put_directory(folder, "empty");
    put_directory(folder, "leads");
    put_link(folder, "leads/migration.sql", "../../outside/migration.sql");
    put_link(folder, "out", "../outside");
    put_link(folder, "to_empty", "empty");
    put_link(folder, "to_leads", "leads");
    put_link(folder, "self", ".");
    scan(folder);
    assert_refused(folder, "out", "is a symbolic link that leads out of the folder");
    assert_refused(folder, "to_empty", "is a symbolic link to a directory");
    assert_refused(folder, "to_leads", "is a symbolic link to a directory");
    assert_refused(folder, "self", "is a symbolic link to a directory");
    assert_null(find(folder, "out/migration.sql"));
    assert_null(find(folder, "to_leads/migration.sql"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_folder_with_too_many_names_is_refused),
        folder_test(the_names_of_all_folders_count),
        folder_test(no_directory_is_read_under_the_permissions_of_another),
        folder_test(a_link_to_a_folder_within_the_source_is_a_migration_of_v1),
        folder_test(a_link_to_any_other_folder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
