/* Which folders a path passes and where it ends: through links and "..", and while another process
 * swaps parts of it. */
#include "folder.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "folder/way.h"

static struct disk_outcome walk_to(const char *path, struct disk_way *way) {
    return disk_way_walk(path, NULL, way);
}

static void make(const struct folder *folder, const char *name, mode_t mode) {
    assert_int_equal(mkdir(beside(folder, name), 0755), 0);
    assert_int_equal(chmod(beside(folder, name), mode), 0);
}

static void make_link(const struct folder *folder, const char *name, const char *target) {
    assert_int_equal(symlink(target, beside(folder, name)), 0);
}

static bool is_at(const struct disk_way *way, const char *path) {
    struct stat stat_of;
    return stat(path, &stat_of) == 0 && way->device == stat_of.st_dev && way->inode == stat_of.st_ino;
}

static bool passes(const struct disk_way *way, const char *path) {
    struct stat stat_of;
    assert_int_equal(stat(path, &stat_of), 0);
    for (size_t i = 0; i < way->count; i++) {
        if (way->folders[i].device == stat_of.st_dev && way->folders[i].inode == stat_of.st_ino) {
            return true;
        }
    }
    return false;
}

/* The path leads where the kernel's lookup leads, and passes these folders, besides all those above
 * the parent of the source. */
static void assert_leads(const struct folder *folder, const char *name, const char *end, const char *const *through) {
    struct disk_way way;
    assert_int_equal(walk_to(beside(folder, name), &way).kind, OUTCOME_REACHED);
    assert_true(is_at(&way, beside(folder, end)));
    assert_true(is_at(&way, beside(folder, name)));
    struct stat stat_of;
    assert_int_equal(fstat(way.descriptor, &stat_of), 0);
    assert_int_equal(stat_of.st_ino, way.inode);
    size_t count = 0;
    for (; through[count]; count++) {
        assert_true(passes(&way, beside(folder, through[count])));
    }
    assert_true(passes(&way, "/") && passes(&way, "/tmp"));
    assert_int_equal(way.count, 2 + count);
    disk_way_finish(&way);
}

static void each_folder_that_is_passed_is_told_once(void **state) {
    struct folder *folder = *state;
    make(folder, "a", 0755);
    make(folder, "a/b", 0755);
    make(folder, "a/b/c", 0755);
    assert_leads(folder, "a/b/c", "a/b/c", (const char *const[]){".", "a", "a/b", NULL});
    assert_leads(folder, "a//b/./c//", "a/b/c", (const char *const[]){".", "a", "a/b", NULL});
}

static void links_are_followed_and_what_they_pass_is_told(void **state) {
    struct folder *folder = *state;
    char absolute[128];
    make(folder, "r", 0755);
    make(folder, "r/1", 0755);
    make(folder, "r/1/d", 0755);
    make(folder, "l", 0755);
    make_link(folder, "current", "r/1");
    make_link(folder, "l/up", "../r/1/");
    make_link(folder, "l/twice", "up/d");
    snprintf(absolute, sizeof absolute, "%s/current/d", folder->outside);
    make_link(folder, "absolute", absolute);
    assert_leads(folder, "current/d", "r/1/d", (const char *const[]){".", "r", "r/1", NULL});
    assert_leads(folder, "current", "r/1", (const char *const[]){".", "r", NULL});
    /* ".." is also looked up in a folder: in l, then in its parent */
    struct disk_way way;
    assert_int_equal(walk_to(beside(folder, "l/twice"), &way).kind, OUTCOME_REACHED);
    assert_true(is_at(&way, beside(folder, "r/1/d")));
    assert_true(passes(&way, beside(folder, "l")) && passes(&way, beside(folder, "r")) &&
                passes(&way, beside(folder, "r/1")));
    disk_way_finish(&way);
    assert_int_equal(walk_to(beside(folder, "absolute"), &way).kind, OUTCOME_REACHED);
    assert_true(is_at(&way, beside(folder, "r/1/d")));
    assert_true(passes(&way, beside(folder, "r/1")));
    disk_way_finish(&way);
}

static void a_way_through_a_closed_folder_and_back_passes_it(void **state) {
    struct folder *folder = *state;
    make(folder, "closed", 0700);
    make(folder, "open", 0755);
    make_link(folder, "l", "closed/../open");
    assert_leads(folder, "l", "open", (const char *const[]){".", "closed", "." /* again, coming back */, NULL});
}

static void assert_outcome(const struct folder *folder, const char *name, enum disk_outcome_kind kind) {
    struct disk_way way;
    struct disk_outcome outcome = walk_to(beside(folder, name), &way);
    assert_int_equal(outcome.kind, kind);
    assert_int_equal(way.descriptor, -1);
    assert_true(passes(&way, folder->outside)); /* it led so far */
    disk_way_finish(&way);
}

static void what_is_not_there_has_vanished_and_loops_are_refused(void **state) {
    struct folder *folder = *state;
    make(folder, "a", 0755);
    put(folder, "../file", "");
    make_link(folder, "dangling", "a/nowhere");
    make_link(folder, "to_file", "file");
    make_link(folder, "self", "self");
    make_link(folder, "one", "two/x");
    make_link(folder, "two", "one/y");
    static const char *const vanished[] = {"nowhere",  "nowhere/a", "file",           "file/a",
                                           "dangling", "to_file/a", "a/../../nowhere"};
    for (size_t i = 0; i < sizeof vanished / sizeof *vanished; i++) {
        assert_outcome(folder, vanished[i], OUTCOME_VANISHED);
    }
    assert_outcome(folder, "self", OUTCOME_REFUSED);
    assert_outcome(folder, "one/a", OUTCOME_REFUSED);
    char name[NAME_MAX + 2];
    memset(name, 'n', NAME_MAX + 1);
    name[NAME_MAX + 1] = '\0';
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->outside, name);
    struct disk_way way;
    assert_int_equal(walk_to(path, &way).kind, OUTCOME_REFUSED);
    disk_way_finish(&way);
}

static void as_many_links_are_followed_as_the_kernel_does(void **state) {
    struct folder *folder = *state;
    char name[32], target[32];
    make(folder, "l0", 0755);
    for (int i = 1; i <= 41; i++) {
        snprintf(name, sizeof name, "l%d", i);
        snprintf(target, sizeof target, "l%d", i - 1);
        make_link(folder, name, target);
    }
    assert_leads(folder, "l40", "l0", (const char *const[]){".", NULL});
    struct stat stat_of;
    assert_int_equal(stat(beside(folder, "l41"), &stat_of), -1);
    assert_outcome(folder, "l41", OUTCOME_REFUSED);
}

static void a_path_of_a_thousand_parts_is_walked(void **state) {
    struct folder *folder = *state;
    char path[4000];
    strcpy(path, folder->path);
    for (int i = 0; i < 1000; i++) {
        strcat(path, "/d");
        assert_int_equal(mkdir(path, 0755), 0);
    }
    struct disk_way way;
    assert_int_equal(walk_to(path, &way).kind, OUTCOME_REACHED);
    assert_true(is_at(&way, path));
    assert_int_equal(way.count, 3 + 1 + 999);
    disk_way_finish(&way);
}

static void what_a_folder_grants_is_told(void **state) {
    struct folder *folder = *state;
    struct disk_way way;
    assert_int_equal(chmod(folder->outside, 0751), 0);
    assert_int_equal(walk_to(folder->path, &way).kind, OUTCOME_REACHED);
    const struct disk_passed *last = &way.folders[way.count - 1];
    assert_int_equal(last->granted, 0751);
    assert_int_equal(last->uid, geteuid());
    disk_way_finish(&way);
}

static void where_all_may_write_the_links_of_others_are_not_followed(void **state) {
    struct folder *folder = *state;
    if (geteuid() != 0) {
        skip();
    }
    make(folder, "common", 01777);
    make(folder, "a", 0755);
    make_link(folder, "common/mine", "../a");
    make_link(folder, "common/theirs", "../a");
    assert_int_equal(lchown(beside(folder, "common/theirs"), 65534, 65534), 0);
    assert_leads(folder, "common/mine", "a", (const char *const[]){".", "common", ".", NULL});
    assert_outcome(folder, "common/theirs", OUTCOME_REFUSED);
    assert_int_equal(chmod(beside(folder, "common"), 0755), 0);
    assert_leads(folder, "common/theirs", "a", (const char *const[]){".", "common", ".", NULL});
}

/* ---- hooks ---- */

static char told[1024];

static void tell(void *context, int directory, const char *name) {
    (void)context;
    assert_int_equal(fcntl(directory, F_GETFD), FD_CLOEXEC);
    strcat(told, "/");
    strcat(told, name);
}

static void each_name_is_told_before_it_is_looked_up(void **state) {
    struct folder *folder = *state;
    const struct disk_hooks hooks = {.about_to_pass = tell};
    char expected[256];
    struct disk_way way;
    make_link(folder, "l", "source/../nowhere");
    told[0] = '\0';
    assert_int_equal(disk_way_walk(beside(folder, "l"), &hooks, &way).kind, OUTCOME_VANISHED);
    snprintf(expected, sizeof expected, "%s/l/source/../nowhere", folder->outside);
    assert_string_equal(told, expected);
    disk_way_finish(&way);
}

/* ---- what is swapped while it is walked ---- */

struct swapping {
    char open[128], away[128], link[128];
    atomic_bool is_over;
    unsigned long swaps;
};

/* A folder and a link into a closed one alternate at one name. */
static void *swap(void *context) {
    struct swapping *swapping = context;
    while (!swapping->is_over) {
        renameat2(AT_FDCWD, swapping->open, AT_FDCWD, swapping->link, RENAME_EXCHANGE);
        swapping->swaps++;
    }
    return NULL;
}

static void whatever_is_swapped_no_closed_folder_is_passed_unseen(void **state) {
    enum { WALKS = 20000 };
    struct folder *folder = *state;
    struct swapping swapping = {.is_over = false};
    pthread_t thread;
    struct stat secret;
    unsigned long open = 0, closed = 0;
    make(folder, "app", 0755);
    make(folder, "app/drizzle", 0755);
    make(folder, "closed", 0700);
    make(folder, "closed/app", 0755);
    make(folder, "closed/app/drizzle", 0755);
    make_link(folder, "link", "closed/app");
    assert_int_equal(stat(beside(folder, "closed/app/drizzle"), &secret), 0);
    snprintf(swapping.open, sizeof swapping.open, "%s/app", folder->outside);
    snprintf(swapping.link, sizeof swapping.link, "%s/link", folder->outside);
    assert_int_equal(pthread_create(&thread, NULL, swap, &swapping), 0);
    for (int i = 0; i < WALKS || open == 0 || closed == 0; i++) {
        struct disk_way way;
        if (walk_to(beside(folder, "app/drizzle"), &way).kind == OUTCOME_REACHED) {
            bool is_secret = way.inode == secret.st_ino, is_through_closed = passes(&way, beside(folder, "closed"));
            *(is_secret ? &closed : &open) += 1;
            assert_int_equal(is_secret, is_through_closed);
        }
        disk_way_finish(&way);
    }
    swapping.is_over = true;
    pthread_join(thread, NULL);
}

static void nothing_is_left_open(void **state) {
    struct folder *folder = *state;
    static const char *const names[] = {"source", "nowhere/a", "l/x", "self"};
    make_link(folder, "l", "source");
    make_link(folder, "self", "self");
    size_t before = open_descriptors();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct disk_way way;
        walk_to(beside(folder, names[i]), &way);
        disk_way_finish(&way);
    }
    assert_int_equal(open_descriptors(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(each_folder_that_is_passed_is_told_once),
        folder_test(links_are_followed_and_what_they_pass_is_told),
        folder_test(a_way_through_a_closed_folder_and_back_passes_it),
        folder_test(what_is_not_there_has_vanished_and_loops_are_refused),
        folder_test(as_many_links_are_followed_as_the_kernel_does),
        folder_test(a_path_of_a_thousand_parts_is_walked),
        folder_test(what_a_folder_grants_is_told),
        folder_test(where_all_may_write_the_links_of_others_are_not_followed),
        folder_test(each_name_is_told_before_it_is_looked_up),
        folder_test(whatever_is_swapped_no_closed_folder_is_passed_unseen),
        folder_test(nothing_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
