/* Walks a path as the kernel does, one name at a time, but holds each folder open while a name is
 * looked up in it. So the report about the folders on the path is true of those very folders, even
 * if they are replaced meanwhile. */
#include "folder/way.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "folder/acl.h"

/* The kernel's limit of links. A path, or a link's target, has at most PATH_MAX / 2 components. */
enum { LINKS_MAXIMUM = 40, FOLDERS_MAXIMUM = 1 << 14, ATTEMPTS = 16 };

struct walker {
    struct disk_way *way; /* its descriptor is the current folder */
    const struct disk_hooks *hooks;
    struct statx here; /* status of the current folder */
    char *path;        /* malloc'ed */
    const char *rest;  /* the part of it still to be walked */
    unsigned links;
    bool is_to_file; /* the path ends at a file, not at a folder */
};

static bool fail(int error) {
    errno = error;
    return false;
}

/* Queries only what the kernel knows without calling the filesystem, which may be our own. */
static bool look(int descriptor, struct statx *ret_status) {
    return statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, ret_status) == 0;
}

/* Makes this the current folder. Takes over the descriptor. */
static bool arrive(struct walker *walker, int descriptor) {
    if (descriptor < 0) {
        return false;
    }
    if (walker->way->descriptor >= 0) {
        close(walker->way->descriptor);
    }
    walker->way->descriptor = descriptor;
    return look(descriptor, &walker->here);
}

static bool start_at_root(struct walker *walker) {
    return arrive(walker, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static struct disk_passed *add_passed(struct disk_way *way) {
    if (way->count == way->capacity) {
        size_t capacity = way->capacity > 0 ? 2 * way->capacity : 16;
        struct disk_passed *folders =
            capacity <= FOLDERS_MAXIMUM ? reallocarray(way->folders, capacity, sizeof *folders) : NULL;
        if (!folders) {
            errno = capacity <= FOLDERS_MAXIMUM ? ENOMEM : ELOOP;
            return NULL;
        }
        way->folders = folders;
        way->capacity = capacity;
    }
    return &way->folders[way->count++];
}

/* Called before a name is looked up in the current folder. */
static bool pass(struct walker *walker, const char *name) {
    struct disk_way *way = walker->way;
    dev_t device = makedev(walker->here.stx_dev_major, walker->here.stx_dev_minor);
    const struct disk_passed *last = way->count > 0 ? &way->folders[way->count - 1] : NULL;
    if (walker->hooks && walker->hooks->about_to_pass) {
        walker->hooks->about_to_pass(walker->hooks->context, way->descriptor, name);
    }
    if (last && last->device == device && last->inode == walker->here.stx_ino) {
        return true; /* a link in it was followed */
    }
    struct disk_passed *passed = add_passed(way);
    if (!passed) {
        return false;
    }
    *passed = (struct disk_passed){.device = device,
                                   .inode = walker->here.stx_ino,
                                   .granted = disk_acl_narrow_looked_at(way->descriptor, walker->here.stx_mode & 07777),
                                   .uid = walker->here.stx_uid,
                                   .gid = walker->here.stx_gid};
    return true;
}

/* In a sticky, world-writable folder such as /tmp, links of other users are not followed, as with
 * fs.protected_symlinks: such a link is not what the caller named. */
static bool may_follow(const struct walker *walker, const struct statx *link) {
    bool is_common = (walker->here.stx_mode & S_ISVTX) && (walker->here.stx_mode & S_IWOTH);
    return !is_common || link->stx_uid == geteuid() || link->stx_uid == walker->here.stx_uid;
}

/* Prepends a link's target to the rest of the path. */
static bool turn(struct walker *walker, const char *target) {
    char *path;
    if (*target == '\0') {
        return fail(ENOENT);
    }
    if (asprintf(&path, "%s/%s", target, walker->rest) < 0) {
        return fail(ENOMEM);
    }
    free(walker->path);
    walker->path = path;
    walker->rest = path;
    return *target != '/' || start_at_root(walker);
}

static bool follow(struct walker *walker, int link, const struct statx *status) {
    char target[PATH_MAX];
    if (++walker->links > LINKS_MAXIMUM) {
        return fail(ELOOP);
    }
    if (!may_follow(walker, status)) {
        return fail(EACCES);
    }
    ssize_t length = readlinkat(link, "", target, sizeof target);
    if (length < 0 || length == (ssize_t)sizeof target) {
        return length < 0 ? false : fail(ENAMETOOLONG);
    }
    target[length] = '\0';
    return turn(walker, target);
}

enum progress { STUCK /* with errno */, ARRIVED, AGAIN };

/* Opens the file that has been looked at, if it is still the same one. */
static bool open_file(struct walker *walker, const char *name, const struct statx *status) {
    struct statx opened;
    int descriptor = openat(walker->way->descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    if (!look(descriptor, &opened) || opened.stx_ino != status->stx_ino ||
        opened.stx_dev_minor != status->stx_dev_minor || opened.stx_dev_major != status->stx_dev_major) {
        close(descriptor);
        return fail(ENOENT);
    }
    return arrive(walker, descriptor);
}

static bool is_last(const struct walker *walker) {
    return walker->rest[strspn(walker->rest, "/")] == '\0';
}

/* Follows the name if it is a link. It may have become a folder meanwhile. */
static enum progress follow_name(struct walker *walker, const char *name) {
    struct statx status;
    enum progress progress = STUCK;
    int descriptor = openat(walker->way->descriptor, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        return STUCK;
    }
    if (look(descriptor, &status)) {
        if (S_ISLNK(status.stx_mode)) {
            progress = follow(walker, descriptor, &status) ? ARRIVED : STUCK;
        } else if (S_ISDIR(status.stx_mode)) {
            progress = AGAIN;
        } else if (walker->is_to_file && is_last(walker)) {
            bool is_opened = S_ISREG(status.stx_mode) ? open_file(walker, name, &status) : fail(EINVAL);
            progress = is_opened ? ARRIVED : STUCK;
        } else {
            errno = ENOTDIR;
        }
    }
    int saved = errno;
    close(descriptor);
    errno = saved;
    return progress;
}

/* Uses O_DIRECTORY so that an automounter mounts the directory. */
static bool step(struct walker *walker, const char *name) {
    enum progress progress = AGAIN;
    for (int attempt = 0; progress == AGAIN && attempt < ATTEMPTS; attempt++) {
        int descriptor = openat(walker->way->descriptor, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor >= 0 || (errno != ENOTDIR && errno != ELOOP)) {
            return arrive(walker, descriptor);
        }
        progress = follow_name(walker, name);
    }
    return progress == ARRIVED || (progress == AGAIN ? fail(EINTR) : false);
}

static bool walk(struct walker *walker) {
    while (*(walker->rest += strspn(walker->rest, "/"))) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(walker->rest, "/");
        if (length > NAME_MAX) {
            return fail(ENAMETOOLONG);
        }
        memcpy(name, walker->rest, length);
        name[length] = '\0';
        walker->rest += length;
        if (strcmp(name, ".") != 0 && (!pass(walker, name) || !step(walker, name))) {
            return false;
        }
    }
    return true;
}

static struct disk_outcome outcome_of(int error) {
    return error == ELOOP ? (struct disk_outcome){OUTCOME_REFUSED, "is behind symbolic links that lead in a loop", 0}
                          : disk_outcome_of_errno(error);
}

struct disk_outcome disk_way_walk(const char *path, const struct disk_hooks *hooks, struct disk_way *ret_way) {
    *ret_way = (struct disk_way){.descriptor = -1};
    struct walker walker = {.way = ret_way, .hooks = hooks, .path = strdup(path)};
    walker.rest = walker.path;
    struct disk_outcome outcome = {.kind = OUTCOME_REACHED};
    if ((walker.path || fail(ENOMEM)) && start_at_root(&walker) && walk(&walker)) {
        ret_way->device = makedev(walker.here.stx_dev_major, walker.here.stx_dev_minor);
        ret_way->inode = walker.here.stx_ino;
        ret_way->mount = walker.here.stx_mask & STATX_MNT_ID ? walker.here.stx_mnt_id : 0;
        ret_way->is_mount = walker.here.stx_attributes & STATX_ATTR_MOUNT_ROOT;
    } else {
        outcome = outcome_of(errno);
        if (ret_way->descriptor >= 0) {
            close(disk_way_take(ret_way));
        }
    }
    free(walker.path);
    return outcome;
}

bool disk_way_walk_to_file(const char *path, struct disk_way *ret_way) {
    *ret_way = (struct disk_way){.descriptor = -1};
    struct walker walker = {.way = ret_way, .path = strdup(path), .is_to_file = true};
    walker.rest = walker.path;
    bool is_reached = (walker.path || fail(ENOMEM)) && start_at_root(&walker) && walk(&walker) &&
                      (S_ISREG(walker.here.stx_mode) || fail(EINVAL));
    int saved = errno;
    free(walker.path);
    if (!is_reached) {
        disk_way_finish(ret_way);
    }
    errno = saved;
    return is_reached;
}

void disk_way_finish(struct disk_way *way) {
    if (way->descriptor >= 0) {
        close(way->descriptor);
    }
    free(way->folders);
    *way = (struct disk_way){.descriptor = -1};
}

int disk_way_take(struct disk_way *way) {
    int descriptor = way->descriptor;
    way->descriptor = -1;
    return descriptor;
}

static bool is_through_same(const struct disk_way *a, const struct disk_way *b) {
    bool is_same = a->count == b->count;
    for (size_t i = 0; is_same && i < a->count; i++) {
        is_same = a->folders[i].device == b->folders[i].device && a->folders[i].inode == b->folders[i].inode;
    }
    return is_same;
}

static bool lets_same_through(const struct disk_passed *a, const struct disk_passed *b) {
    return a->granted == b->granted && a->uid == b->uid && a->gid == b->gid;
}

bool disk_way_passes_same(const struct disk_way *a, const struct disk_way *b) {
    bool is_same = is_through_same(a, b);
    for (size_t i = 0; is_same && i < a->count; i++) {
        is_same = lets_same_through(&a->folders[i], &b->folders[i]);
    }
    return is_same;
}

bool disk_way_ends_same(const struct disk_way *a, const struct disk_way *b) {
    return a->device == b->device && a->inode == b->inode && a->mount == b->mount;
}

bool disk_arrival_is_covered(const struct disk_arrival *before, const struct disk_way *now) {
    return before->way.inode != 0 && now->is_mount && now->device != before->way.device &&
           is_through_same(now, &before->way);
}

bool disk_arrival_is_same(const struct disk_arrival *before, const struct disk_arrival *now) {
    if (now->outcome.kind != before->outcome.kind || !disk_way_passes_same(&now->way, &before->way)) {
        return false;
    }
    return now->outcome.kind != OUTCOME_REACHED || disk_arrival_is_covered(before, &now->way) ||
           disk_way_ends_same(&now->way, &before->way);
}

bool disk_way_close(struct disk_way *way) {
    struct disk_passed *passed = add_passed(way);
    if (passed) {
        *passed = (struct disk_passed){.granted = 0700, .uid = (uid_t)-1, .gid = (gid_t)-1};
    }
    return passed;
}
