/* Reduces a mode by an access control list (POSIX). With a list, the mode's group bits are only the
 * maximum that any entry may grant, and its other bits do not apply to users with an entry of their
 * own, so the mode alone would admit users whom the list denies. The reduced mode grants no user
 * more than the list does. Users admitted only by the list are left out: a mode cannot express
 * them. */
#ifndef FOLDER_ACL_H
#define FOLDER_ACL_H

#include <stddef.h>
#include <sys/types.h>

/* For a file or directory that is open, or open with O_PATH. If its list cannot be read, only the
 * owner's bits remain. Without a list the result is `mode`. Any thread. */
mode_t disk_acl_narrow(int descriptor, mode_t mode);
mode_t disk_acl_narrow_looked_at(int descriptor, mode_t mode);

/* The same for the value of the attribute "system.posix_acl_access". Pure. */
mode_t disk_acl_narrow_by(const void *list, size_t size, mode_t mode);

#endif
