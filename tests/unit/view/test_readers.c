/* Folders that never were, and who could read what is in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "folder/set.h"
#include "migfs/view/readers.h"

enum { OWNER = 1001, SOMEBODY = 1002, GROUP = 2001, ANOTHER = 2002 };

static struct disk_entry folder_of(const char *path, size_t parent, mode_t mode, uid_t uid, gid_t gid) {
    return (struct disk_entry){.path = text_of(path),
                               .parent = parent,
                               .kind = DISK_DIRECTORY,
                               .mode = mode,
                               .granted = mode,
                               .uid = uid,
                               .gid = gid};
}

static struct disk_entry file_of(const char *path, size_t parent, mode_t mode, uid_t uid, gid_t gid) {
    static ino_t inode;
    struct disk_entry file = folder_of(path, parent, mode, uid, gid);
    file.kind = DISK_FILE;
    file.inode = ++inode;
    return file;
}

static struct disk_entry migration_of(const char *path, size_t parent, mode_t mode) {
    static const struct sql nothing;
    struct disk_entry file = file_of(path, parent, mode, OWNER, GROUP);
    file.sql = &nothing;
    return file;
}

static struct disk_entry link_to(const char *path, const struct disk_entry *target) {
    struct disk_entry link = *target;
    link.path = text_of(path);
    link.parent = 0;
    link.is_link = true;
    return link;
}

#define SET(entries_)                                                                                                  \
    ((struct disk_set){.disk = {.entries = (entries_), .count = sizeof(entries_) / sizeof *(entries_)}})

static void of_a_file_of_the_same_owner_and_group_the_mode_counts(void **state) {
    static const mode_t modes[] = {0644, 0640, 0600, 0604, 0044, 0000, 0777};
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), file_of("a", 0, modes[i], OWNER, GROUP)};
        struct disk_set set = SET(entries);
        assert_int_equal(readers_of(&set.disk, &entries[1], &entries[0]), modes[i] & 0444);
    }
}

/* Who is what in the file's classes cannot be known of the folder's: each gets what all get that it
 * might be. */
static void of_somebody_elses_file_each_class_gets_the_least_it_may_be_granted(void **state) {
    static const struct {
        mode_t mode;
        uid_t uid;
        gid_t gid;
        mode_t readers;
    } cases[] = {
        {0644, SOMEBODY, GROUP, 0444},
        {0644, SOMEBODY, ANOTHER, 0444},
        {0644, OWNER, ANOTHER, 0444},
        /* the folder's owner may be no member of the file's group */
        {0640, SOMEBODY, GROUP, 0040},
        {0640, SOMEBODY, ANOTHER, 0000},
        {0640, OWNER, ANOTHER, 0400},
        /* or may be one that is shut out, and so may the others be */
        {0604, SOMEBODY, GROUP, 0004},
        {0604, SOMEBODY, ANOTHER, 0000},
        {0604, OWNER, ANOTHER, 0400},
        /* the file's owner is one of the others, or of the group */
        {0044, SOMEBODY, GROUP, 0400},
        {0044, SOMEBODY, ANOTHER, 0400},
        {0044, OWNER, ANOTHER, 0044},
        {0600, SOMEBODY, GROUP, 0000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP),
                                       file_of("a", 0, cases[i].mode, cases[i].uid, cases[i].gid)};
        struct disk_set set = SET(entries);
        mode_t readers = readers_of(&set.disk, &entries[1], &entries[0]);
        if (readers != cases[i].readers) {
            fail_msg("case %zu: %04o, not %04o", i, readers, cases[i].readers);
        }
    }
}

static void who_may_not_pass_a_folder_reads_nothing_below_it(void **state) {
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), folder_of("a", 0, 0751, OWNER, GROUP),
                                   folder_of("a/b", 1, 0750, OWNER, GROUP), file_of("a/b/c", 2, 0644, OWNER, GROUP),
                                   file_of("a/d", 1, 0644, OWNER, GROUP)};
    struct disk_set set = SET(entries);
    (void)state;
    assert_int_equal(readers_of(&set.disk, &entries[3], &entries[0]), 0440);
    assert_int_equal(readers_of(&set.disk, &entries[4], &entries[0]), 0444);
}

static void what_a_list_leaves_counts_and_not_the_mode(void **state) {
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), folder_of("a", 0, 0755, OWNER, GROUP),
                                   file_of("a/b", 1, 0644, OWNER, GROUP), file_of("c", 0, 0644, OWNER, GROUP)};
    struct disk_set set = SET(entries);
    (void)state;
    entries[1].granted = 0750;
    entries[3].granted = 0600;
    assert_int_equal(readers_of(&set.disk, &entries[2], &entries[0]), 0440);
    assert_int_equal(readers_of(&set.disk, &entries[3], &entries[0]), 0400);
}

static void index_set(void *context) {
    disk_set_index(context);
}

static void a_link_is_for_those_who_can_reach_what_it_leads_to(void **state) {
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), folder_of("a", 0, 0750, OWNER, GROUP),
                                   file_of("a/b", 1, 0644, SOMEBODY, ANOTHER), file_of("l", 0, 0, 0, 0)};
    struct disk_set set = SET(entries);
    (void)state;
    entries[3] = link_to("l", &entries[2]);
    set.arena = arena_create();
    assert_true(arena_run(set.arena, index_set, &set));
    assert_int_equal(readers_of(&set.disk, &entries[3], &entries[0]), 0440);
    /* In the classes of the file itself: nobody of these need be in the folder's group. */
    assert_int_equal(readers_of(&set.disk, &entries[3], &entries[3]), 0000);
    arena_destroy(set.arena);
}

static void a_link_to_what_was_not_found_is_for_the_owner(void **state) {
    struct disk_entry gone = file_of("gone", 0, 0644, OWNER, GROUP);
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), link_to("l", &gone)};
    struct disk_set set = SET(entries);
    (void)state;
    assert_int_equal(readers_of(&set.disk, &entries[1], &entries[0]), 0400);
}

static void what_is_made_of_all_is_for_those_who_can_read_all_that_counts(void **state) {
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP),
                                   migration_of("0000_a.sql", 0, 0644),
                                   migration_of("0001_b.sql", 0, 0644),
                                   file_of("README", 0, 0600, OWNER, GROUP),
                                   file_of(".migfs", 0, 0644, OWNER, GROUP),
                                   folder_of("meta", 0, 0755, OWNER, GROUP),
                                   file_of("meta/_journal.json", 5, 0644, OWNER, GROUP),
                                   file_of("meta/0000_snapshot.json", 5, 0600, OWNER, GROUP)};
    struct disk_set set = SET(entries);
    (void)state;
    assert_int_equal(readers_of_all(&set.disk), 0444);
    static const size_t counting[] = {2, 4, 6};
    for (size_t i = 0; i < 3; i++) {
        entries[counting[i]].granted = 0640;
        assert_int_equal(readers_of_all(&set.disk), 0440);
        entries[counting[i]].granted = 0644;
    }
    entries[5].granted = 0700;
    assert_int_equal(readers_of_all(&set.disk), 0400);
}

static void a_folder_is_for_those_who_can_pass_all_that_were_passed_on_the_way(void **state) {
    static const struct {
        struct disk_passed above, inner;
        mode_t readers;
    } cases[] = {
        {{.granted = 0755}, {.granted = 0755}, 0555},
        {{.granted = 0711}, {.granted = 0711}, 0555},
        {{.granted = 0750}, {.granted = 0755}, 0550},
        {{.granted = 0755}, {.granted = 0705}, 0505},
        {{.granted = 0750}, {.granted = 0705}, 0500},
        {{.granted = 0744}, {.granted = 0755}, 0500},
        {{.granted = 0755}, {.granted = 0750, .uid = SOMEBODY}, 0050},
        {{.granted = 0755}, {.granted = 0700, .uid = SOMEBODY, .gid = ANOTHER}, 0000},
    };
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP)};
    struct disk_set set = SET(entries);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct disk_passed way[] = {cases[i].above, cases[i].inner};
        for (size_t j = 0; j < 2; j++) {
            way[j].uid = way[j].uid == 0 ? OWNER : way[j].uid;
            way[j].gid = way[j].gid == 0 ? GROUP : way[j].gid;
        }
        set.disk.way = way;
        set.disk.way_count = 2;
        if (readers_of_way(&set.disk) != cases[i].readers) {
            fail_msg("case %zu: %04o, not %04o", i, readers_of_way(&set.disk), cases[i].readers);
        }
    }
}

static void where_a_problem_may_give_a_name_those_see_it_who_can_list_its_folder(void **state) {
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), folder_of("a", 0, 0755, OWNER, GROUP),
                                   folder_of("a/b", 1, 0755, OWNER, GROUP), file_of("a/b/odd", 2, 0644, OWNER, GROUP)};
    struct disk_set set = SET(entries);
    (void)state;
    entries[2].granted = 0711;
    assert_int_equal(readers_of_all(&set.disk), 0444); /* nothing is said of an ordinary file */
    entries[3].kind = DISK_REFUSED;
    assert_int_equal(readers_of_all(&set.disk), 0400);
    entries[2].granted = 0755;
    assert_int_equal(readers_of_all(&set.disk), 0444);
    entries[1].granted = 0750;
    assert_int_equal(readers_of_all(&set.disk), 0440);
    entries[3].kind = DISK_FILE;
    entries[3].name = TEXT("odd.sql");
    assert_int_equal(readers_of_all(&set.disk), 0440);
    entries[1].path = TEXT("meta");
    entries[3].name = TEXT("odd");
    entries[3].parent = 1;
    assert_int_equal(readers_of_all(&set.disk), 0440);
}

static void directories_are_told_apart_where_not_everybody_may_pass(void **state) {
    struct disk_passed way[] = {{.device = 1, .inode = 2, .granted = 0711, .uid = OWNER, .gid = GROUP}};
    struct disk_entry entries[] = {folder_of("", 0, 0755, OWNER, GROUP), folder_of("a", 0, 0755, OWNER, GROUP)};
    struct disk_set set = SET(entries);
    struct readers_passage root;
    (void)state;
    set.disk.way = way;
    set.disk.way_count = 1;
    root = readers_passage_into(readers_passage_to(&set.disk), &entries[0]);
    assert_int_equal(readers_identity(readers_passage_to(&set.disk), &entries[0]), 0);
    assert_int_equal(readers_identity(root, &entries[1]), 0);
    entries[1].inode = 17;
    assert_int_equal(readers_identity(root, &entries[1]), 0);
    entries[1].granted = 0711; /* not to be listed by all */
    uint64_t closed = readers_identity(root, &entries[1]);
    assert_int_not_equal(closed, 0);
    entries[1].inode = 18;
    assert_int_not_equal(readers_identity(root, &entries[1]), closed);
    entries[1].granted = 0755;
    way[0].granted = 0710;
    root = readers_passage_into(readers_passage_to(&set.disk), &entries[0]);
    uint64_t behind = readers_identity(root, &entries[1]);
    assert_int_not_equal(behind, 0);
    way[0].inode = 3;
    root = readers_passage_into(readers_passage_to(&set.disk), &entries[0]);
    assert_int_not_equal(readers_identity(root, &entries[1]), behind);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_file_of_the_same_owner_and_group_the_mode_counts),
        cmocka_unit_test(of_somebody_elses_file_each_class_gets_the_least_it_may_be_granted),
        cmocka_unit_test(who_may_not_pass_a_folder_reads_nothing_below_it),
        cmocka_unit_test(what_a_list_leaves_counts_and_not_the_mode),
        cmocka_unit_test(a_link_is_for_those_who_can_reach_what_it_leads_to),
        cmocka_unit_test(a_link_to_what_was_not_found_is_for_the_owner),
        cmocka_unit_test(what_is_made_of_all_is_for_those_who_can_read_all_that_counts),
        cmocka_unit_test(a_folder_is_for_those_who_can_pass_all_that_were_passed_on_the_way),
        cmocka_unit_test(where_a_problem_may_give_a_name_those_see_it_who_can_list_its_folder),
        cmocka_unit_test(directories_are_told_apart_where_not_everybody_may_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
