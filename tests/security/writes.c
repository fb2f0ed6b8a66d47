/* Tries every system call that changes a file, a folder or a name, on a view: `writes MOUNT FILE
 * FOLDER`, the latter two relative to MOUNT. Prints one line for each that was not refused and how
 * many were tried; ends with 1 when one was not. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

static const char *file, *folder;
static char fresh[4096];
static int tried, failed;

/* The three that tell of a mount that is not written to; and, of a descriptor that was opened to
 * read, that it was. */
static bool is_refusal(int error, bool is_of_descriptor) {
    return error == EROFS || error == EPERM || error == EACCES ||
           (is_of_descriptor && (error == EBADF || error == EINVAL));
}

static void try(const char *what, long result, bool is_of_descriptor) {
    int error = errno;
    tried++;
    if (result != -1 || !is_refusal(error, is_of_descriptor)) {
        printf("%s: %s\n", what, result != -1 ? "was not refused" : strerror(error));
        failed++;
    }
}

#define TRY(call) try(#call, (long)(call), false)
#define TRY_DESCRIPTOR(call) try(#call, (long)(call), true)

static void try_opening(const char *path) {
    static const int flags[] = {
        O_WRONLY,          O_RDWR,         O_RDONLY | O_TRUNC, O_WRONLY | O_TRUNC, O_WRONLY | O_APPEND,
        O_RDWR | O_DIRECT, O_RDWR | O_SYNC};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        TRY(open(path, flags[i]));
    }
    TRY(creat(path, 0644));
    TRY(truncate(path, 0));
    TRY(truncate(path, 1 << 20));
}

static void try_making(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(open(fresh, O_WRONLY | O_CREAT, 0644));
    TRY(open(fresh, O_RDONLY | O_CREAT | O_EXCL, 0644));
    TRY(mkdir(fresh, 0755));
    TRY(mknod(fresh, S_IFREG | 0644, 0));
    TRY(mknod(fresh, S_IFIFO | 0644, 0));
    TRY(mknod(fresh, S_IFCHR | 0666, 0x103));
    TRY(symlink("/etc/passwd", fresh));
    TRY(link(file, fresh));
    TRY(linkat(AT_FDCWD, file, AT_FDCWD, fresh, AT_SYMLINK_FOLLOW));
    snprintf(address.sun_path, sizeof address.sun_path, "s");
    if (chdir(folder) == 0) {
        TRY(bind(server, (struct sockaddr *)&address, sizeof address));
    }
    close(server);
}

static void try_moving(void) {
    TRY(rename(file, fresh));
    TRY(syscall(SYS_renameat2, AT_FDCWD, file, AT_FDCWD, folder, 2 /* RENAME_EXCHANGE */));
    TRY(unlink(file));
    TRY(unlinkat(AT_FDCWD, folder, AT_REMOVEDIR));
    TRY(rmdir(folder));
}

static void try_attributes(const char *path) {
    struct timespec times[2] = {{0, 0}, {0, 0}};
    TRY(chmod(path, 0777));
    TRY(chmod(path, 04777));
    TRY(chown(path, 65534, 65534));
    TRY(lchown(path, 65534, 65534));
    TRY(utimensat(AT_FDCWD, path, times, 0));
    TRY(utimensat(AT_FDCWD, path, NULL, 0));
    TRY(utime(path, NULL));
    TRY(setxattr(path, "user.x", "y", 1, 0));
    TRY(setxattr(path, "security.capability", "y", 1, 0));
    TRY(lsetxattr(path, "trusted.x", "y", 1, 0));
    TRY(removexattr(path, "user.x"));
    TRY(lremovexattr(path, "user.x"));
}

static void try_descriptor(int descriptor) {
    struct timespec times[2] = {{0, 0}, {0, 0}};
    TRY_DESCRIPTOR(write(descriptor, "x", 1));
    TRY_DESCRIPTOR(pwrite(descriptor, "x", 1, 0));
    TRY_DESCRIPTOR(ftruncate(descriptor, 0));
    TRY_DESCRIPTOR(fallocate(descriptor, 0, 0, 4096));
    TRY_DESCRIPTOR(fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
    TRY_DESCRIPTOR(copy_file_range(descriptor, NULL, descriptor, NULL, 1, 0));
    TRY(fchmod(descriptor, 0777));
    TRY(fchown(descriptor, 65534, 65534));
    TRY(futimens(descriptor, times));
    TRY(fsetxattr(descriptor, "user.x", "y", 1, 0));
    TRY(fremovexattr(descriptor, "user.x"));
    TRY(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0));
    void *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, descriptor, 0);
    if (map != MAP_FAILED) {
        TRY(mprotect(map, 4096, PROT_READ | PROT_WRITE));
        TRY(mprotect(map, 4096, PROT_READ | PROT_EXEC));
    }
    TRY(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, descriptor, 0));
}

/* Flags of an inode: a filesystem without them says so, and that is as good. */
static void try_flags(int descriptor) {
    int flags = FS_IMMUTABLE_FL;
    struct fsxattr attributes = {.fsx_xflags = FS_XFLAG_IMMUTABLE};
    tried += 2;
    if (ioctl(descriptor, FS_IOC_SETFLAGS, &flags) == 0 || ioctl(descriptor, FS_IOC_FSSETXATTR, &attributes) == 0) {
        puts("ioctl: flags were set");
        failed++;
    }
    tried++;
    if (open(folder, O_TMPFILE | O_RDWR, 0600) >= 0) {
        puts("O_TMPFILE: was not refused");
        failed++;
    }
}

int main(int argc, char **argv) {
    if (argc != 4 || chdir(argv[1]) < 0) {
        fputs("usage: writes MOUNT FILE FOLDER\n", stderr);
        return 2;
    }
    file = argv[2];
    folder = argv[3];
    snprintf(fresh, sizeof fresh, "%s/fresh", folder);
    int descriptor = open(file, O_RDONLY), directory = open(folder, O_RDONLY | O_DIRECTORY);
    if (descriptor < 0 || directory < 0) {
        perror("writes");
        return 2;
    }
    try_opening(file);
    try_moving();
    try_attributes(file);
    try_attributes(folder);
    try_descriptor(descriptor);
    try_flags(descriptor);
    try_making();
    printf("%d tried\n", tried);
    return failed > 0;
}
