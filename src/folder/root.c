/* Reaches below the opened folder by openat2(), which lets the kernel itself hold every step of a path within it. Where that
 * call is missing it goes step by step and follows no link at all. Knows nothing of scans or of what files mean. */
#include "folder/root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "migfs/util/record.h"

struct disk_root {
    struct record record;
    int descriptor;
    int descriptors; /* the folder of this process's own ones, or -1; held, since to reach it costs more than to open a file */
    bool has_openat2;
    dev_t device;
    ino_t inode;
};

static const char leads_out[] = "is a symbolic link that leads out of the folder";

struct disk_outcome disk_outcome_of_errno(int error) {
    switch (error) {
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EINTR: /* by a signal, from a filesystem that is itself a program */
        return (struct disk_outcome){OUTCOME_TROUBLE, NULL, error};
    case ENOENT:
    case ENOTDIR: /* this and the next: replaced by something else since it was listed */
    case ELOOP:
        return (struct disk_outcome){OUTCOME_VANISHED, NULL, error};
    case EXDEV:
        return (struct disk_outcome){OUTCOME_REFUSED, "is the mount point of another filesystem", 0};
    default:
        return (struct disk_outcome){OUTCOME_REFUSED, "cannot be read", error};
    }
}

static struct disk_outcome outcome_of_link(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return (struct disk_outcome){OUTCOME_REFUSED, "is a dangling symbolic link", 0};
    case ELOOP:
        return (struct disk_outcome){OUTCOME_REFUSED, "is a symbolic link in a loop", 0};
    case EXDEV:
        return (struct disk_outcome){OUTCOME_REFUSED, leads_out, 0};
    case ENOSYS:
        return (struct disk_outcome){OUTCOME_REFUSED,
                                     "is a symbolic link, which cannot be followed safely on this system", 0};
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EINTR:
        return disk_outcome_of_errno(error);
    default:
        return (struct disk_outcome){OUTCOME_REFUSED, "is a symbolic link that cannot be followed", error};
    }
}

static struct disk_outcome outcome_of_mode(mode_t mode, bool is_link) {
    static const struct {
        mode_t type;
        const char *reason, *of_link;
    } refusals[] = {
        {S_IFDIR, "is a directory", "is a symbolic link to a directory"},
        {S_IFIFO, "is a FIFO", "is a symbolic link to a FIFO"},
        {S_IFSOCK, "is a socket", "is a symbolic link to a socket"},
        {S_IFBLK, "is a device", "is a symbolic link to a device"},
        {S_IFCHR, "is a device", "is a symbolic link to a device"},
    };
    if (S_ISREG(mode)) {
        return (struct disk_outcome){OUTCOME_REACHED, NULL, 0};
    }
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if ((mode & S_IFMT) == refusals[i].type) {
            return (struct disk_outcome){OUTCOME_REFUSED, is_link ? refusals[i].of_link : refusals[i].reason, 0};
        }
    }
    return (struct disk_outcome){OUTCOME_REFUSED, "is no regular file", 0};
}

static int open_beneath(int directory, const char *path, int flags, unsigned resolve) {
    struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC),
                           .resolve = resolve | RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long descriptor;
    int attempts = 64;
    do { /* EAGAIN: a rename somewhere crossed the resolution of a ".." in a link */
        descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
    } while (descriptor < 0 && errno == EAGAIN && --attempts > 0);
    return (int)descriptor;
}

/* The same without openat2(), and without following any link. */
static int open_stepwise(int root, const char *path, int flags) {
    int directory = root;
    for (;;) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(path, "/");
        if (length > NAME_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        bool is_last = path[length] == '\0';
        int step = openat(directory, name, (is_last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC);
        if (directory != root) {
            int saved = errno;
            close(directory);
            errno = saved;
        }
        if (is_last || step < 0) {
            return step;
        }
        directory = step;
        path += length + 1;
    }
}

struct disk_root *disk_root_open(const char *absolute_path) {
    struct stat stat;
    struct disk_root *root = calloc(1, sizeof *root);
    int descriptor = root ? open(absolute_path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor < 0 || fstat(descriptor, &stat) < 0) {
        int saved = errno;
        if (descriptor >= 0) {
            close(descriptor);
        }
        free(root);
        errno = saved;
        return NULL;
    }
    record_init(&root->record);
    root->descriptor = descriptor;
    root->descriptors = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
    root->device = stat.st_dev;
    root->inode = stat.st_ino;
    int probe = open_beneath(descriptor, ".", O_PATH, 0);
    root->has_openat2 = probe >= 0 || (errno != ENOSYS && errno != EPERM); /* some containers forbid it by EPERM */
    if (probe >= 0) {
        close(probe);
    }
    return root;
}

struct disk_root *disk_root_ref(struct disk_root *root) {
    record_ref(&root->record);
    return root;
}

void disk_root_unref(struct disk_root *root) {
    if (root && record_unref(&root->record)) {
        close(root->descriptor);
        if (root->descriptors >= 0) {
            close(root->descriptors);
        }
        free(root);
    }
}

enum disk_root_place disk_root_place(const struct disk_root *root, const char *absolute_path) {
    struct statx now;
    /* Asks only for what the kernel knows without calling on the filesystem, which may be our own. */
    if (statx(AT_FDCWD, absolute_path, AT_STATX_DONT_SYNC, 0, &now) < 0) {
        return errno == ENOENT || errno == ENOTDIR ? ROOT_IS_GONE : ROOT_IS_HERE;
    }
    dev_t device = makedev(now.stx_dev_major, now.stx_dev_minor);
    if (device == root->device && now.stx_ino == root->inode) {
        return ROOT_IS_HERE;
    }
    if (device != root->device && (now.stx_attributes & STATX_ATTR_MOUNT_ROOT)) {
        return ROOT_IS_HERE;
    }
    return S_ISDIR(now.stx_mode) ? ROOT_IS_ELSEWHERE : ROOT_IS_GONE;
}

static int open_directory_stepwise(const struct disk_root *root, const char *path) {
    struct stat stat;
    int descriptor = open_stepwise(root->descriptor, path, O_RDONLY | O_DIRECTORY);
    if (descriptor >= 0 && fstat(descriptor, &stat) == 0 && stat.st_dev != root->device) {
        close(descriptor);
        errno = EXDEV;
        return -1;
    }
    return descriptor;
}

int disk_root_open_directory(const struct disk_root *root, const char *path, struct disk_outcome *ret_outcome) {
    path = *path ? path : ".";
    int descriptor = root->has_openat2 ? open_beneath(root->descriptor, path, O_RDONLY | O_DIRECTORY,
                                                      RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV)
                                       : open_directory_stepwise(root, path);
    *ret_outcome = descriptor < 0 ? disk_outcome_of_errno(errno) : (struct disk_outcome){.kind = OUTCOME_REACHED};
    return descriptor;
}

/* A link may end on no other filesystem: by "..", a link could reach one that hangs. */
static int open_look(const struct disk_root *root, const char *path, bool follow) {
    if (root->has_openat2) {
        return follow ? open_beneath(root->descriptor, path, O_PATH, RESOLVE_NO_XDEV)
                      : open_beneath(root->descriptor, path, O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
    }
    if (follow) {
        errno = ENOSYS;
        return -1;
    }
    return open_stepwise(root->descriptor, path, O_PATH);
}

int disk_root_look(const struct disk_root *root, const char *path, bool follow, struct stat *ret_stat,
                   struct disk_outcome *ret_outcome) {
    int descriptor = open_look(root, path, follow);
    if (descriptor < 0) {
        *ret_outcome = follow ? outcome_of_link(errno) : disk_outcome_of_errno(errno);
        return -1;
    }
    *ret_outcome =
        fstat(descriptor, ret_stat) < 0 ? disk_outcome_of_errno(errno) : outcome_of_mode(ret_stat->st_mode, follow);
    if (ret_outcome->kind != OUTCOME_REACHED) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

int disk_root_open_looked_at(const struct disk_root *root, int descriptor) {
    char name[3 * sizeof descriptor];
    snprintf(name, sizeof name, "%d", descriptor);
    if (root->descriptors < 0) {
        errno = ENOENT;
        return -1;
    }
    return openat(root->descriptors, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}
