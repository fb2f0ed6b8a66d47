/* What POSIX and Linux say of a read-only file system, asked of a view as it is mounted.
 *
 *     posix writes VIEW      every call that would change something, on every folder, file and link
 *     posix names VIEW       listings, numbers, types, links, positions, names
 *     posix bytes VIEW SOURCE    files read in every way, the source's files against the source
 *
 * Prints what differs, and last `N checks`. Status 1 where something differs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

static unsigned checks, wrong;
static const char *at = "";

static void check(bool is_right, const char *what) {
    checks++;
    if (!is_right) {
        wrong++;
        printf("%s: %s (%s)\n", at, what, strerror(errno));
    }
}

/* The call failed, and by one of these. */
static void fails(long result, int error, int other, const char *what) {
    check(result < 0 && (errno == error || errno == other), what);
}

static char path[PATH_MAX * 2];

static const char *below(const char *folder, const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* ---- writing ---- */

static void bind_in(const char *folder) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int place = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/new", place);
    fails(bind(made, (struct sockaddr *)&address, sizeof address), EROFS, 0, "bind");
    close(made);
    close(place);
}

static void write_folder(const char *folder) {
    const char *new = strdup(below(folder, "new"));
    fails(mkdir(new, 0777), EROFS, 0, "mkdir");
    fails(mknod(new, S_IFREG | 0666, 0), EROFS, 0, "mknod");
    fails(mkfifo(new, 0666), EROFS, 0, "mkfifo");
    fails(symlink("x", new), EROFS, 0, "symlink");
    fails(open(new, O_CREAT | O_RDWR | O_CLOEXEC, 0666), EROFS, 0, "open O_CREAT");
    fails(open(new, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666), EROFS, 0, "open O_EXCL");
    fails(open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666), EROFS, EOPNOTSUPP, "open O_TMPFILE");
    fails(rmdir(folder), EROFS, EBUSY, "rmdir");
    bind_in(folder);
    free((void *)new);
}

static void write_file(const char *file) {
    fails(open(file, O_WRONLY | O_CLOEXEC), EROFS, 0, "open O_WRONLY");
    fails(open(file, O_RDWR | O_CLOEXEC), EROFS, 0, "open O_RDWR");
    fails(open(file, O_WRONLY | O_APPEND | O_CLOEXEC), EROFS, 0, "open O_APPEND");
    fails(open(file, O_RDONLY | O_TRUNC | O_CLOEXEC), EROFS, 0, "open O_TRUNC");
    fails(truncate(file, 0), EROFS, 0, "truncate");
    fails(access(file, W_OK), EROFS, 0, "access W_OK");
    check(access(file, R_OK) == 0 || errno == EACCES, "access R_OK");
    fails(access(file, X_OK), EACCES, 0, "access X_OK of what has no such bit");
    int opened = open(file, O_RDONLY | O_CLOEXEC);
    if (opened >= 0) {
        fails(ftruncate(opened, 0), EINVAL, EROFS, "ftruncate");
        fails(write(opened, "x", 1), EBADF, 0, "write");
        fails(fchmod(opened, 0777), EROFS, 0, "fchmod");
        fails(fallocate(opened, 0, 0, 1), EBADF, 0, "fallocate");
        fails((long)mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0) == -1 ? -1 : 0, EACCES, 0,
              "mmap shared and writable");
        close(opened);
    }
}

static int write_one(const char *name, const struct stat *status, int kind, struct FTW *walk) {
    const struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    bool is_top = walk->level == 0;
    (void)status;
    at = name;
    char *sibling = NULL;
    if (asprintf(&sibling, "%s.new", name) < 0) {
        return 1;
    }
    fails(unlink(name), EROFS, EISDIR, "unlink");
    if (!is_top) { /* its name is in another file system */
        fails(rename(name, sibling), EROFS, 0, "rename");
        fails(kind == FTW_D ? -(errno = EROFS) : link(name, sibling), EROFS, 0, "link");
        fails(syscall(SYS_renameat2, AT_FDCWD, name, AT_FDCWD, sibling, 1), EROFS, EINVAL, "renameat2");
    }
    fails(kind == FTW_SL ? -(errno = EROFS) : chmod(name, 0777), EROFS, 0, "chmod");
    fails(lchown(name, 0, 0), EROFS, 0, "chown");
    fails(utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW), EROFS, 0, "utimensat");
    fails(lsetxattr(name, "user.x", "y", 1, 0), EROFS, EPERM, "setxattr");
    fails(lremovexattr(name, "user.x"), EROFS, EPERM, "removexattr");
    fails(lgetxattr(name, "user.x", NULL, 0), EOPNOTSUPP, ENODATA, "getxattr");
    check(llistxattr(name, NULL, 0) == 0 || errno == EOPNOTSUPP, "listxattr");
    if (kind == FTW_D) {
        write_folder(name);
    } else if (kind == FTW_F) {
        write_file(name);
    }
    free(sibling);
    return 0;
}

/* ---- names ---- */

enum { NAMES = 4096 };

static void seek(DIR *folder, char names[][NAME_MAX + 1], const long *positions, size_t count) {
    for (size_t i = count; i-- > 0;) {
        seekdir(folder, positions[i]);
        struct dirent *entry = readdir(folder);
        check(entry && strcmp(entry->d_name, names[i]) == 0, "seekdir goes to where telldir was");
        check(telldir(folder) == (i + 1 < count ? positions[i + 1] : telldir(folder)), "telldir after seekdir");
    }
    rewinddir(folder);
    struct dirent *entry = readdir(folder);
    check(count == 0 || (entry && strcmp(entry->d_name, names[0]) == 0), "rewinddir");
}

static void list(const char *name, const struct stat *status) {
    static char names[NAMES][NAME_MAX + 1];
    static long positions[NAMES];
    size_t count = 0;
    unsigned folders = 0;
    bool has_self = false, has_parent = false;
    DIR *folder = opendir(name);
    check(folder, "opendir");
    if (!folder) {
        return;
    }
    for (struct dirent *entry;
         positions[count] = telldir(folder), (errno = 0, entry = readdir(folder)) && count < NAMES - 1; count++) {
        struct stat one;
        snprintf(names[count], sizeof names[count], "%s", entry->d_name);
        for (size_t i = 0; i < count; i++) {
            check(strcmp(names[i], entry->d_name) != 0, "a name comes once");
            check(positions[i] != positions[count], "a position is one name's");
        }
        has_self = has_self || strcmp(entry->d_name, ".") == 0;
        has_parent = has_parent || strcmp(entry->d_name, "..") == 0;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            check(entry->d_type == DT_DIR, "d_type of . and ..");
            continue;
        }
        check(fstatat(dirfd(folder), entry->d_name, &one, AT_SYMLINK_NOFOLLOW) == 0, "fstatat");
        check(one.st_ino == entry->d_ino, "d_ino is st_ino");
        check(IFTODT(one.st_mode) == entry->d_type, "d_type is that of st_mode");
        check(one.st_dev == status->st_dev, "one device");
        folders += S_ISDIR(one.st_mode);
    }
    check(errno == 0, "readdir ends without an error");
    check(has_self && has_parent, ". and .. are listed");
    check(status->st_nlink == folders + 2, "links of a folder");
    seek(folder, names, positions, count);
    closedir(folder);
}

static void look_up_odd_names(const char *folder) {
    char name[5000];
    struct stat status;
    memset(name, 'x', sizeof name);
    static const size_t lengths[] = {255, 256, 1000, 1023, 1024, 4000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        name[lengths[i]] = '\0';
        fails(stat(below(folder, name), &status), lengths[i] > 255 ? ENAMETOOLONG : ENOENT, 0, "a long name");
        name[lengths[i]] = 'x';
    }
    fails(stat(below(folder, "absent"), &status), ENOENT, 0, "an absent name");
    fails(stat(below(folder, "absent/below"), &status), ENOENT, 0, "below an absent name");
    check(pathconf(folder, _PC_NAME_MAX) == 255, "_PC_NAME_MAX");
    struct stat here, dot;
    check(stat(folder, &here) == 0 && stat(below(folder, "."), &dot) == 0 && here.st_ino == dot.st_ino, ".");
    fails(open(folder, O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_WRONLY | O_CLOEXEC), EISDIR, 0,
          "a folder opened for writing");
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char byte;
    fails(read(opened, &byte, 1), EISDIR, 0, "read of a folder");
    check(fsync(opened) == 0, "fsync of a folder");
    close(opened);
}

static int look_at_one(const char *name, const struct stat *status, int kind, struct FTW *walk) {
    struct stat other;
    char target[PATH_MAX];
    (void)kind;
    at = name;
    if (S_ISDIR(status->st_mode)) {
        list(name, status);
        look_up_odd_names(name);
        char *last = strdup(name), *slash = strrchr(last, '/');
        *slash = '\0';
        check(walk->level == 0 ||
                  (stat(last, &other) == 0 && other.st_ino == (stat(below(name, ".."), &other), other.st_ino)),
              "..");
        free(last);
        fails(readlink(name, target, sizeof target), EINVAL, 0, "readlink of a folder");
    } else if (S_ISLNK(status->st_mode)) {
        check(readlink(name, target, sizeof target) == status->st_size, "st_size of a link");
        check(stat(name, &other) == 0, "where a link leads is there");
        fails(open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), ELOOP, 0, "O_NOFOLLOW");
    } else {
        check(status->st_nlink == 1, "links of a file");
        fails(open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ENOTDIR, 0, "O_DIRECTORY of a file");
        fails(stat(below(name, "x"), &other), ENOTDIR, 0, "below a file");
        fails(readlink(name, target, sizeof target), EINVAL, 0, "readlink of a file");
        fails(opendir(name) ? 0 : -1, ENOTDIR, 0, "opendir of a file");
        fails(rmdir(name), EROFS, ENOTDIR, "rmdir of a file");
    }
    return 0;
}

static void look_at_mount(const char *view) {
    struct statfs status;
    struct statvfs other;
    at = view;
    check(statfs(view, &status) == 0 && status.f_namelen == 255, "statfs, f_namelen");
    check(status.f_flags & ST_RDONLY, "f_flags: read-only");
    check(statvfs(view, &other) == 0 && (other.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC)) ==
                                            (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC),
          "read-only, no set-uid, no devices, no programs");
    check(other.f_bfree == 0 && other.f_bavail == 0, "no room");
    check(syncfs(open(view, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == 0, "syncfs");
}

/* ---- bytes ---- */

static size_t root_length;
static const char *source;

static char *whole(int file, size_t size) {
    char *bytes = calloc(1, size + 2);
    size_t got = 0;
    for (ssize_t more; bytes && (more = read(file, bytes + got, size + 1 - got)) > 0;) {
        got += (size_t)more;
    }
    check(got == size, "as many bytes as st_size says");
    return bytes;
}

static void read_everywhere(int file, const char *bytes, size_t size) {
    const size_t places[] = {0, 1, size / 3, size / 2, size > 0 ? size - 1 : 0, size, size + 1, size + 100000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (size_t length = 1; length <= 131072; length *= 13) {
            char *part = malloc(2 * length);
            size_t left = places[i] < size ? size - places[i] : 0, due = length < left ? length : left;
            ssize_t got = pread(file, part, length, (off_t)places[i]);
            check(got == (ssize_t)due && memcmp(part, bytes + (due > 0 ? places[i] : 0), due) == 0, "pread");
            struct iovec parts[2] = {{part, length}, {part + length, length}};
            due = 2 * length < left ? 2 * length : left;
            got = preadv(file, parts, 2, (off_t)places[i]);
            check(got == (ssize_t)due && memcmp(part, bytes + (due > 0 ? places[i] : 0), due) == 0, "preadv");
            free(part);
        }
    }
    fails(pread(file, &(char){0}, 1, -1), EINVAL, 0, "pread before the beginning");
}

static void seek_in(int file, off_t size) {
    check(lseek(file, 0, SEEK_END) == size, "SEEK_END");
    check(lseek(file, -size, SEEK_CUR) == 0, "SEEK_CUR");
    fails(lseek(file, -1, SEEK_SET), EINVAL, 0, "SEEK_SET before the beginning");
    if (size > 0) {
        check(lseek(file, 0, SEEK_DATA) == 0, "SEEK_DATA");
        check(lseek(file, 0, SEEK_HOLE) == size, "SEEK_HOLE");
    }
    fails(lseek(file, size, SEEK_DATA), ENXIO, 0, "SEEK_DATA at the end");
    fails(lseek(file, size + 1, SEEK_HOLE), ENXIO, 0, "SEEK_HOLE behind the end");
}

static void map(int file, const char *bytes, size_t size) {
    for (int flags = MAP_SHARED; size > 0 && flags <= MAP_PRIVATE; flags++) {
        char *mapped = mmap(NULL, size, PROT_READ, flags, file, 0);
        check(mapped != MAP_FAILED && memcmp(mapped, bytes, size) == 0, "mmap");
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        for (size_t i = size; mapped != MAP_FAILED && i < (size + page - 1) / page * page; i++) {
            check(mapped[i] == 0, "zeros behind the end of what is mapped");
        }
        munmap(mapped, size);
    }
}

static void compare(const char *name, const char *bytes, size_t size) {
    char theirs[PATH_MAX * 2];
    snprintf(theirs, sizeof theirs, "%s/%s", source, name + root_length + strlen("/migrations/"));
    struct stat status;
    int file = open(theirs, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return; /* made by migfs */
    }
    check(fstat(file, &status) == 0 && (size_t)status.st_size == size, "the source's size");
    char *their = whole(file, (size_t)status.st_size);
    check(memcmp(their, bytes, size) == 0, "the source's bytes");
    free(their);
    close(file);
}

static int read_one(const char *name, const struct stat *status, int kind, struct FTW *walk) {
    (void)walk;
    at = name;
    if (kind != FTW_F) {
        return 0;
    }
    size_t size = (size_t)status->st_size;
    int file = open(name, O_RDONLY | O_NOATIME | O_CLOEXEC);
    check(file >= 0, "open");
    char *bytes = whole(file, size);
    read_everywhere(file, bytes, size);
    seek_in(file, (off_t)size);
    map(file, bytes, size);
    check(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0, "posix_fadvise");
    check(readahead(file, 0, size) == 0, "readahead");
    struct stat again;
    check(fstat(file, &again) == 0 && again.st_ino == status->st_ino && again.st_size == status->st_size, "fstat");
    check(again.st_mtim.tv_sec == status->st_mtim.tv_sec && again.st_atim.tv_sec == status->st_atim.tv_sec,
          "no time changes by reading");
    check(status->st_blocks == (status->st_size + 511) / 512, "st_blocks");
    if (strncmp(name + root_length, "/migrations/", strlen("/migrations/")) == 0 &&
        !strstr(name, "/meta/_journal.json")) {
        compare(name, bytes, size);
    }
    int direct = open(name, O_RDONLY | O_DIRECT | O_CLOEXEC);
    if (direct >= 0) {
        void *room = NULL;
        check(posix_memalign(&room, 4096, 1 << 20) == 0, "memory");
        ssize_t got = pread(direct, room, 1 << 20, 0);
        check(got == (ssize_t)(size < 1 << 20 ? size : 1 << 20) && memcmp(room, bytes, (size_t)got) == 0, "O_DIRECT");
        free(room);
        close(direct);
    }
    free(bytes);
    close(file);
    return 0;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*one)(const char *name, const struct stat *status, int kind, struct FTW *walk);
    } walks[] = {{"writes", write_one}, {"names", look_at_one}, {"bytes", read_one}};
    if (argc < 3) {
        return 2;
    }
    root_length = strlen(argv[2]);
    source = argc > 3 ? argv[3] : "";
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        if (strcmp(argv[1], walks[i].name) == 0) {
            check(nftw(argv[2], walks[i].one, 32, FTW_PHYS) == 0, "nftw");
        }
    }
    if (strcmp(argv[1], "names") == 0) {
        look_at_mount(argv[2]);
    }
    printf("# %u checks\n", checks);
    return checks == 0 || wrong > 0;
}
