/* Lists as setfacl(1) makes them, and the modes that remain. Real files are tested in
 * tests/security. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <endian.h>
#include <fcntl.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "folder/acl.h"

enum { ENTRIES = 8 };

struct list {
    struct posix_acl_xattr_header header;
    struct posix_acl_xattr_entry entries[ENTRIES];
};

struct entry {
    unsigned tag, grants, id;
};

static size_t size_of_entries(size_t count) {
    return sizeof(struct posix_acl_xattr_header) + count * sizeof(struct posix_acl_xattr_entry);
}

static struct list list_of(const struct entry *entries, size_t count) {
    struct list list = {.header.a_version = htole32(POSIX_ACL_XATTR_VERSION)};
    assert_true(count <= ENTRIES);
    for (size_t i = 0; i < count; i++) {
        list.entries[i] = (struct posix_acl_xattr_entry){htole16((uint16_t)entries[i].tag),
                                                         htole16((uint16_t)entries[i].grants), htole32(entries[i].id)};
    }
    return list;
}

/* An entry without a tag ends the list. */
static mode_t narrowed(const struct entry *entries, mode_t mode) {
    size_t count = 0;
    while (count < ENTRIES && entries[count].tag != 0) {
        count++;
    }
    struct list list = list_of(entries, count);
    return disk_acl_narrow_by(&list, size_of_entries(count), mode);
}

#define OWNER(grants)                                                                                                  \
    { ACL_USER_OBJ, grants, 0 }
#define USER(grants)                                                                                                   \
    { ACL_USER, grants, 1003 }
#define GROUP(grants)                                                                                                  \
    { ACL_GROUP_OBJ, grants, 0 }
#define NAMED_GROUP(grants)                                                                                            \
    { ACL_GROUP, grants, 2002 }
#define MASK(grants)                                                                                                   \
    { ACL_MASK, grants, 0 }
#define OTHERS(grants)                                                                                                 \
    { ACL_OTHER, grants, 0 }

static void each_list_leaves_what_it_grants_to_all(void **state) {
    static const struct {
        mode_t mode, left;
        struct entry entries[ENTRIES];
    } cases[] = {
        /* no named entries: the mode itself */
        {0644, 0644, {OWNER(6), GROUP(4), OTHERS(4)}},
        /* the group bits are the mask, and the owning group has less */
        {0664, 0604, {OWNER(6), GROUP(0), MASK(6), OTHERS(4)}},
        {0674, 0644, {OWNER(6), USER(7), GROUP(4), MASK(7), OTHERS(4)}},
        /* a denied user may be a member of the group or one of the others */
        {0644, 0600, {OWNER(6), USER(0), GROUP(4), MASK(4), OTHERS(4)}},
        {0755, 0711, {OWNER(7), USER(1), GROUP(5), MASK(5), OTHERS(5)}},
        /* denied by the mask */
        {0624, 0600, {OWNER(6), USER(4), GROUP(4), MASK(2), OTHERS(4)}},
        /* a denied group may contain others, but no member of the owning group */
        {0644, 0640, {OWNER(6), GROUP(4), NAMED_GROUP(0), MASK(4), OTHERS(4)}},
        {0624, 0600, {OWNER(6), GROUP(4), NAMED_GROUP(4), MASK(2), OTHERS(4)}},
        /* users admitted only by the list cannot be expressed by a mode */
        {0640, 0600, {OWNER(6), USER(4), GROUP(0), MASK(4), OTHERS(0)}},
        {0640, 0600, {OWNER(6), GROUP(0), NAMED_GROUP(7), MASK(4), OTHERS(0)}},
        /* the mask limits neither the others nor the owner */
        {0604, 0604, {OWNER(6), GROUP(4), MASK(0), OTHERS(4)}},
        /* the minimum of several entries */
        {0774, 0700, {OWNER(7), USER(7), USER(4), USER(3), GROUP(7), MASK(7), OTHERS(4)}},
        {0075, 0055, {OWNER(0), USER(5), GROUP(7), NAMED_GROUP(7), MASK(7), OTHERS(5)}},
        /* bits that are not permissions are kept */
        {06755, 06711, {OWNER(7), USER(1), GROUP(5), MASK(5), OTHERS(5)}},
        /* grants that the mode does not have are not added */
        {0600, 0600, {OWNER(7), USER(7), GROUP(7), MASK(7), OTHERS(7)}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mode_t left = narrowed(cases[i].entries, cases[i].mode);
        if (left != cases[i].left) {
            fail_msg("case %zu leaves %04o of %04o, not %04o", i, left, cases[i].mode, cases[i].left);
        }
    }
}

static void a_list_that_is_not_understood_leaves_the_owner_alone(void **state) {
    static const struct entry entries[] = {OWNER(6), GROUP(4), OTHERS(4)},
                              unknown[] = {OWNER(6), GROUP(4), {0x40, 4, 0}};
    struct list list = list_of(entries, 3);
    (void)state;
    assert_int_equal(disk_acl_narrow_by(&list, size_of_entries(3), 0644), 0644);
    assert_int_equal(disk_acl_narrow_by(&list, size_of_entries(3) - 1, 0644), 0600);
    assert_int_equal(disk_acl_narrow_by(&list, 3, 0644), 0600);
    assert_int_equal(disk_acl_narrow_by(&list, 0, 0644), 0600);
    list.header.a_version = htole32(POSIX_ACL_XATTR_VERSION + 1);
    assert_int_equal(disk_acl_narrow_by(&list, size_of_entries(3), 0644), 0600);
    list = list_of(unknown, 3);
    assert_int_equal(disk_acl_narrow_by(&list, size_of_entries(3), 0644), 0600);
}

static mode_t narrow_at(const char *path, mode_t mode) {
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    mode_t narrowed = disk_acl_narrow_looked_at(descriptor, mode);
    close(descriptor);
    return narrowed;
}

static void the_list_of_a_file_is_found(void **state) {
    static const struct entry entries[] = {OWNER(6), USER(0), GROUP(4), MASK(4), OTHERS(4)};
    struct list list = list_of(entries, 5);
    char path[] = "/tmp/acl.XXXXXX";
    int file = mkstemp(path);
    (void)state;
    assert_true(file >= 0);
    assert_int_equal(disk_acl_narrow(file, 0644), 0644);
    assert_int_equal(narrow_at(path, 0644), 0644);
    assert_int_equal(fsetxattr(file, "system.posix_acl_access", &list, size_of_entries(5), 0), 0);
    assert_int_equal(disk_acl_narrow(file, 0644), 0600);
    assert_int_equal(narrow_at(path, 0644), 0600);
    unlink(path);
    close(file);
}

static void where_nothing_can_be_learned_the_owner_alone_is_left(void **state) {
    (void)state;
    assert_int_equal(disk_acl_narrow_looked_at(-1, 0755), 0700);
    assert_int_equal(disk_acl_narrow(-1, 0755), 0700);
}

static void a_filesystem_without_lists_takes_nothing_away(void **state) {
    (void)state;
    assert_int_equal(narrow_at("/proc/self/status", 0444), 0444);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_list_leaves_what_it_grants_to_all),
        cmocka_unit_test(a_list_that_is_not_understood_leaves_the_owner_alone),
        cmocka_unit_test(the_list_of_a_file_is_found),
        cmocka_unit_test(where_nothing_can_be_learned_the_owner_alone_is_left),
        cmocka_unit_test(a_filesystem_without_lists_takes_nothing_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
