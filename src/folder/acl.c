/* Applies every entry that could concern a user whom the mode admits. Users and groups are not
 * identified by number: an entry for one user may be for any user. */
#include "folder/acl.h"

#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

static const char ATTRIBUTE[] = "system.posix_acl_access";

enum { ALL = 07, NO_ENTRY = 017, LIST_SIZE = 4096 };

/* The permissions that all entries of each kind grant. */
struct grants {
    mode_t owner, named_users, group, named_groups, mask, others;
};

static mode_t *grant_of(struct grants *grants, unsigned tag) {
    switch (tag) {
    case ACL_USER_OBJ:
        return &grants->owner;
    case ACL_USER:
        return &grants->named_users;
    case ACL_GROUP_OBJ:
        return &grants->group;
    case ACL_GROUP:
        return &grants->named_groups;
    case ACL_MASK:
        return &grants->mask;
    case ACL_OTHER:
        return &grants->others;
    default:
        return NULL;
    }
}

/* The mask limits all entries except those of the owner and of others. */
static mode_t masked(mode_t grant, mode_t mask) {
    return grant == NO_ENTRY ? ALL : grant & mask;
}

/* False if the list has an unknown format. */
static bool read_list(const char *list, size_t size, struct grants *grants) {
    struct posix_acl_xattr_header header;
    struct posix_acl_xattr_entry entry;
    if (size < sizeof header || (size - sizeof header) % sizeof entry != 0) {
        return false;
    }
    memcpy(&header, list, sizeof header);
    for (size_t at = sizeof header; at < size; at += sizeof entry) {
        memcpy(&entry, list + at, sizeof entry);
        mode_t *grant = grant_of(grants, le16toh(entry.e_tag));
        if (!grant) {
            return false;
        }
        *grant &= le16toh(entry.e_perm) & ALL;
    }
    return le32toh(header.a_version) == POSIX_ACL_XATTR_VERSION;
}

mode_t disk_acl_narrow_by(const void *list, size_t size, mode_t mode) {
    struct grants grants = {ALL, NO_ENTRY, ALL, NO_ENTRY, ALL, ALL};
    if (!read_list(list, size, &grants)) {
        return mode & 07700;
    }
    /* A user's entry takes precedence over the groups, and may be for a member of the owning group.
     * A user in both a named and the owning group gets the permissions of either. */
    mode_t named_users = masked(grants.named_users, grants.mask);
    mode_t group = masked(grants.group, grants.mask) & named_users;
    mode_t others = grants.others & named_users & masked(grants.named_groups, grants.mask);
    return mode & (07000 | grants.owner << 6 | group << 3 | others);
}

static mode_t narrow(const char *list, ssize_t size, mode_t mode) {
    if (size < 0) {
        return errno == ENODATA || errno == EOPNOTSUPP || errno == ENOSYS ? mode : mode & 07700;
    }
    return disk_acl_narrow_by(list, (size_t)size, mode);
}

mode_t disk_acl_narrow(int descriptor, mode_t mode) {
    char list[LIST_SIZE];
    return narrow(list, fgetxattr(descriptor, ATTRIBUTE, list, sizeof list), mode);
}

mode_t disk_acl_narrow_looked_at(int descriptor, mode_t mode) {
    char list[LIST_SIZE], path[32 + 3 * sizeof descriptor];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return narrow(list, getxattr(path, ATTRIBUTE, list, sizeof list), mode);
}
