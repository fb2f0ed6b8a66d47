/* What an access control list (POSIX) takes away from the mode that stands in front of it. With a list, the mode's group bits
 * are only the most that any of its entries may grant, and its other bits are not for those whom an entry names: going by
 * the mode alone lets in users whom the list shuts out. Here a mode is narrowed until it gives no user more than the list does. Whom
 * a list lets in beside the mode stays out; a mode cannot say it. */
#ifndef FOLDER_ACL_H
#define FOLDER_ACL_H

#include <stddef.h>
#include <sys/types.h>

/* Of the file or directory that is opened, or only looked at (O_PATH). Where its list cannot be read, only the owner's
 * bits are left. Without a list it is `mode`. Any thread. */
mode_t disk_acl_narrow(int descriptor, mode_t mode);
mode_t disk_acl_narrow_looked_at(int descriptor, mode_t mode);

/* The same, of a list as the attribute "system.posix_acl_access" holds it. Pure. */
mode_t disk_acl_narrow_by(const void *list, size_t size, mode_t mode);

#endif
