/* Reads the mount table, and examines the folder in ways that the kernel cannot answer from what it
 * cached of a dead daemon. */
#include "mount/mountpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "migfs/util/clock.h"

static const char OUR_TYPE[] = "fuse.migfs";

/* ---- the table of mounts ---- */

/* The table writes blanks and backslashes as \040 and the like. */
static void unescape(char *text) {
    char *to = text;
    for (const char *from = text; *from; to++) {
        if (from[0] == '\\' && from[1] && from[2] && from[3]) {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

/* A line of the table; its texts point into the line. */
struct line {
    int id;
    char *device, *path, *type;
};

/* `36 35 0:53 / /mnt rw,… shared:1 - fuse.migfs source rw,…`: the type is the first field after the
 * separate `-`. */
static bool parse_line(char *text, struct line *ret_line) {
    char *rest = NULL;
    char *fields[5] = {NULL};
    for (size_t i = 0; i < 5; i++) {
        fields[i] = strtok_r(i == 0 ? text : NULL, " ", &rest);
    }
    char *field = fields[4];
    while (field && strcmp(field, "-") != 0) {
        field = strtok_r(NULL, " ", &rest);
    }
    char *type = field ? strtok_r(NULL, " \n", &rest) : NULL;
    if (!type) {
        return false;
    }
    unescape(fields[4]);
    *ret_line = (struct line){(int)strtol(fields[0], NULL, 10), fields[2], fields[4], type};
    return true;
}

/* Calls `look` with each mount, ours or not, topmost last, until it returns false. */
static void read_table(bool (*look)(void *context, const struct line *line), void *context) {
    FILE *table = fopen("/proc/self/mountinfo", "re");
    char *text = NULL;
    size_t size = 0;
    bool goes_on = table;
    while (goes_on && getline(&text, &size, table) >= 0) {
        struct line line;
        goes_on = !parse_line(text, &line) || look(context, &line);
    }
    free(text);
    if (table) {
        fclose(table);
    }
}

/* The path as the table has it. The file system mounted there may be dead; the one above it is
 * not. */
static bool resolve(const char *path, char ret_resolved[PATH_MAX]) {
    if (realpath(path, ret_resolved)) {
        return true;
    }
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash || (size_t)(slash - path) >= sizeof parent) {
        return false;
    }
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = '\0';
    if (!realpath(*parent ? parent : "/", ret_resolved)) {
        return false;
    }
    size_t length = strlen(ret_resolved);
    const char *separator = length > 1 ? "/" : "";
    return (size_t)snprintf(ret_resolved + length, PATH_MAX - length, "%s%s", separator, slash + 1) < PATH_MAX - length;
}

struct search {
    char path[PATH_MAX];
    struct mountpoint_mount mount;
};

/* A later line is mounted on top of an earlier one. */
static bool look_at_path(void *context, const struct line *line) {
    struct search *search = context;
    if (strcmp(line->path, search->path) == 0) {
        search->mount.id = strcmp(line->type, OUR_TYPE) == 0 ? line->id : 0;
        snprintf(search->mount.device, sizeof search->mount.device, "%s", line->device);
    }
    return true;
}

bool mountpoint_find(const char *absolute_path, struct mountpoint_mount *ret_mount) {
    struct search search = {.mount = {.id = 0}};
    if (resolve(absolute_path, search.path)) {
        read_table(look_at_path, &search);
    }
    *ret_mount = search.mount;
    return search.mount.id != 0;
}

/* ---- taking it off ---- */

static bool look_at_mount(void *context, const struct line *line) {
    struct search *search = context;
    if (line->id != search->mount.id || strcmp(line->device, search->mount.device) != 0) {
        return true;
    }
    snprintf(search->path, sizeof search->path, "%s", line->path);
    return false;
}

/* Another mount may be on top. Uses the kernel's cache only, since the mount may be our own. */
static bool is_that_mount(int root, const struct mountpoint_mount *mount) {
    struct statx status;
    char device[sizeof mount->device];
    if (statx(root, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_MNT_ID, &status) != 0) {
        return false;
    }
    snprintf(device, sizeof device, "%u:%u", status.stx_dev_major, status.stx_dev_minor);
    bool has_id = status.stx_mask & STATX_MNT_ID;
    return strcmp(device, mount->device) == 0 && (!has_id || status.stx_mnt_id == (uint64_t)mount->id);
}

static bool start_fusermount(const char *path, pid_t *ret_child) {
    const char *const arguments[] = {"fusermount3", "-u", "-q", "-z", "--", path, NULL};
    return posix_spawnp(ret_child, arguments[0], NULL, NULL, (char *const *)arguments, environ) == 0;
}

static bool run_fusermount(const char *path) {
    pid_t child;
    int status;
    return start_fusermount(path, &child) && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* In a child process, which then keeps the mount referenced: the last reference drops the kernel's
 * caches of the file system, which can take seconds. `root` refers to this very mount, whatever is
 * at its path by now. All other descriptors are closed, since others wait for them to be closed,
 * the kernel for the device. */
static _Noreturn void detach_and_end(int root, int parent) {
    enum { ROOT = STDERR_FILENO + 1, PARENT, REST };
    char path[32], ignored;
    int own = fcntl(parent, F_DUPFD, REST), of_root = fcntl(root, F_DUPFD, REST);
    dup2(of_root, ROOT);
    dup2(own, PARENT);
    close_range(REST, UINT_MAX, 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ROOT);
    ssize_t length = read(PARENT, &ignored, 1);
    (void)length; /* without a byte the parent has exited */
    bool is_done = umount2(path, MNT_DETACH) == 0;
    length = write(PARENT, "", is_done ? 1 : 0);
    (void)length; /* on failure the parent sees the end of the stream */
    _exit(EXIT_SUCCESS);
}

/* Takes over the descriptor. False when only fusermount3 can do it. The child starts once this
 * process has closed its own reference: on a busy machine the child could exit earlier, and this
 * one would be the last. */
static bool detach_as_root(int root) {
    int ends[2];
    char done;
    if (geteuid() != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        close(root);
        return false;
    }
    pid_t child = _Fork();
    if (child == 0) {
        detach_and_end(root, ends[1]);
    }
    close(root);
    close(ends[1]);
    bool is_done = child > 0 && send(ends[0], "", 1, MSG_NOSIGNAL) == 1 && read(ends[0], &done, 1) == 1;
    close(ends[0]);
    return is_done;
}

/* Here, too, the other process lives on as long as it takes. */
static void detach_by_fusermount(struct search *search) {
    static const struct timespec pause = {.tv_nsec = 5000000};
    pid_t child;
    int status;
    if (!start_fusermount(search->path, &child)) {
        return;
    }
    while (waitpid(child, &status, WNOHANG) == 0) {
        *search->path = '\0';
        read_table(look_at_mount, search);
        if (!*search->path) {
            return;
        }
        nanosleep(&pause, NULL);
    }
}

bool mountpoint_has_gone(int device) {
    struct pollfd requests = {.fd = device};
    return poll(&requests, 1, 0) == 1 && (requests.revents & POLLERR);
}

void mountpoint_detach(const struct mountpoint_mount *mount, int device) {
    struct search search = {.mount = *mount};
    if (mount->id != 0) {
        read_table(look_at_mount, &search);
    }
    int root = *search.path ? open(search.path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    if (root < 0) {
        return;
    }
    /* In this order: if the mount exists after the search, it did during the search, and no other
     * mount had its numbers. */
    if (!is_that_mount(root, mount) || mountpoint_has_gone(device)) {
        close(root);
    } else if (!detach_as_root(root)) {
        detach_by_fusermount(&search);
    }
}

/* ---- the folder ---- */

/* Forces a request to the file system, so that the kernel's cache of a dead daemon does not
 * count. */
static bool look_at(int folder, const char *path, struct statx *ret_attributes) {
    return statx(folder, path, AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_TYPE, ret_attributes) == 0;
}

static bool is_dead(int code) {
    return code == ENOTCONN || code == ECONNABORTED;
}

/* Detaches the dead mount that the path leads to now, even if the path leads elsewhere later. Returns
 * true also when the mount is alive or gone by now. */
static bool clear_dead(const char *path, struct error *error) {
    struct mountpoint_mount mount;
    struct statx ignored;
    int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        return errno == ENOENT || error_set_errno(error, "%s: cannot mount here", path);
    }
    if (look_at(root, "", &ignored) || !is_dead(errno)) {
        close(root);
        return true;
    }
    if (!mountpoint_find(path, &mount) || !is_that_mount(root, &mount)) {
        close(root);
        errno = ENOTCONN;
        return error_set_errno(error, "%s: cannot mount here", path);
    }
    if (detach_as_root(root) || run_fusermount(path)) {
        return true;
    }
    return error_set(
        error, ERROR_SYSTEM,
        "%s: a migfs that was killed is still mounted here, and cannot be unmounted; try: fusermount3 -uz %s", path,
        path);
}

static bool is_empty(const char *path) {
    DIR *folder = opendir(path);
    bool is_empty = true;
    for (const struct dirent *entry; folder && is_empty && (entry = readdir(folder));) {
        is_empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (folder) {
        closedir(folder);
    }
    return is_empty; /* a folder that cannot be listed counts as empty */
}

/* Repeats until no dead mount is left on the folder. */
static bool folder_is_reached(const char *path, struct statx *ret_attributes, struct error *error) {
    while (!look_at(AT_FDCWD, path, ret_attributes)) {
        if (errno == ENOENT) {
            return error_set(error, ERROR_SYSTEM, "%s: there is no such folder to mount on; make it first", path);
        }
        if (errno == ENOTDIR) {
            return error_set_folder(error, path);
        }
        if (!is_dead(errno)) {
            return error_set_errno(error, "%s: cannot mount here", path);
        }
        if (!clear_dead(path, error)) {
            return false;
        }
    }
    return true;
}

static bool folder_is_fit(const char *path, bool allows_nonempty, struct error *error) {
    struct statx attributes;
    struct mountpoint_mount mount;
    if (!folder_is_reached(path, &attributes, error)) {
        return false;
    }
    if (!S_ISDIR(attributes.stx_mode)) {
        errno = ENOTDIR;
        return error_set_folder(error, path);
    }
    if (mountpoint_find(path, &mount)) {
        return error_set(error, ERROR_USAGE, "%s: a migfs is already mounted here; unmount it first: fusermount3 -u %s",
                         path, path);
    }
    if (!allows_nonempty && !is_empty(path)) {
        return error_set(error, ERROR_USAGE,
                         "%s: this folder is not empty, and the view would hide what is in it; mount on an empty one, "
                         "or add -o nonempty",
                         path);
    }
    return true;
}

/* ---- one at a time ---- */

/* Locks the parent folder, which no mount here can hide. */
int mountpoint_lock(const char *absolute_path) {
    enum { PATIENCE_MS = 5000, PAUSE_MS = 10 };
    char above[PATH_MAX];
    size_t length = strlen(absolute_path) - strlen(strrchr(absolute_path, '/'));
    if (length >= sizeof above) {
        return -1;
    }
    snprintf(above, sizeof above, "%.*s", length > 0 ? (int)length : 1, absolute_path);
    int lock = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int64_t end = clock_ms() + PATIENCE_MS; lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0;) {
        if (errno != EWOULDBLOCK || clock_ms() >= end) {
            close(lock);
            return -1;
        }
        poll(NULL, 0, PAUSE_MS);
    }
    return lock;
}

/* ---- the user ---- */

static bool is_in_path(const char *program) {
    const char *path = getenv("PATH");
    char copy[4096];
    char *rest = NULL;
    snprintf(copy, sizeof copy, "%s", path ? path : "/usr/bin:/bin");
    for (char *folder = strtok_r(copy, ":", &rest); folder; folder = strtok_r(NULL, ":", &rest)) {
        char candidate[PATH_MAX];
        snprintf(candidate, sizeof candidate, "%s/%s", folder, program);
        if (access(candidate, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

static bool others_are_allowed(void) {
    FILE *file = fopen("/etc/fuse.conf", "re");
    char line[256];
    bool is_allowed = false;
    while (file && fgets(line, sizeof line, file)) {
        const char *word = line + strspn(line, " \t");
        size_t length = strcspn(word, " \t\r\n#");
        is_allowed =
            is_allowed || (length == strlen("user_allow_other") && memcmp(word, "user_allow_other", length) == 0);
    }
    if (file) {
        fclose(file);
    }
    return is_allowed;
}

static bool has_capability(int capability) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    return syscall(SYS_capget, &header, data) == 0 && (data[capability / 32].effective >> capability % 32 & 1);
}

#define CONTAINER "--device /dev/fuse --cap-add SYS_ADMIN"

/* Says why this user cannot open /dev/fuse, if so: fusermount3 opens it with this user's
 * permissions. */
static bool device_is_open(struct error *error) {
    int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device >= 0) {
        close(device);
        return true;
    }
    int cause = errno;
    if (cause == EACCES && access("/dev/fuse", R_OK | W_OK) == 0) {
        return error_set(
            error, ERROR_SYSTEM,
            "/dev/fuse lies in a file system that is mounted with nodev; start the container with " CONTAINER);
    }
    errno = cause;
    switch (cause) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
        return error_set(error, ERROR_SYSTEM,
                         "there is no /dev/fuse; load the kernel's module (modprobe fuse), or start the container "
                         "with " CONTAINER);
    case EPERM: /* EACCES would come from the mode */
        return error_set(error, ERROR_SYSTEM,
                         "/dev/fuse may not be opened in this container; start it with " CONTAINER);
    case EACCES:
        return error_set(error, ERROR_SYSTEM,
                         "/dev/fuse is closed to this user; let root open it to all (chmod 666 /dev/fuse, which udev "
                         "does where it runs), or mount as root");
    default:
        return error_set_errno(error, "/dev/fuse cannot be opened");
    }
}

static bool user_may_mount(bool wants_others, struct error *error) {
    if (!device_is_open(error)) {
        return false;
    }
    if (geteuid() == 0) {
        return has_capability(CAP_SYS_ADMIN) ||
               error_set(error, ERROR_SYSTEM,
                         "this root may not mount, since it lacks CAP_SYS_ADMIN; start the container with " CONTAINER);
    }
    if (!is_in_path("fusermount3")) {
        return error_set(error, ERROR_SYSTEM,
                         "fusermount3 is not there, and without it only root may mount; install fuse3");
    }
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
        return error_set(error, ERROR_SYSTEM,
                         "no_new_privs is set, so fusermount3 cannot mount; start without it (NoNewPrivileges=no in a "
                         "unit, allowPrivilegeEscalation: true in a container), or as root");
    }
    if (wants_others && !others_are_allowed()) {
        return error_set(error, ERROR_SYSTEM,
                         "only root may use -o allow_other, as long as /etc/fuse.conf has no line user_allow_other");
    }
    return true;
}

bool mountpoint_prepare(const char *absolute_path, const struct mountpoint_wishes *wishes, struct error *error) {
    return folder_is_fit(absolute_path, wishes->allows_nonempty, error) && user_may_mount(wishes->allows_others, error);
}

bool mountpoint_refusal(const char *absolute_path, const char *said, struct error *error) {
    bool is_denied = strstr(said, strerror(EPERM)) || strstr(said, strerror(EACCES));
    if (geteuid() == 0 && (is_denied || !*said)) {
        return error_set(error, ERROR_SYSTEM,
                         "%s: mounting is refused to root; where AppArmor or a filter of a container does that, start "
                         "it with --security-opt apparmor=unconfined or as privileged%s%s",
                         absolute_path, *said ? ": " : "", said);
    }
    return error_set(error, ERROR_SYSTEM, "%s: cannot mount here%s%s", absolute_path, *said ? ": " : "",
                     *said ? said : "; fusermount3 has said why");
}
