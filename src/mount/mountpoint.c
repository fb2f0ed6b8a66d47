/* Reads the table of mounts, and looks at the folder in ways that cannot be answered from the kernel's memory of a daemon that is dead. */
#include "mount/mountpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char OUR_TYPE[] = "fuse.migfs";

/* ---- the table of mounts ---- */

/* In the table blanks and backslashes stand as \040 and the like. */
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

/* `36 35 0:53 / /mnt rw,… shared:1 - fuse.migfs source rw,…`: the type is the first field after the lonely `-`. */
static bool parse_mount(char *line, char **ret_device, char **ret_path, char **ret_type) {
    char *rest = NULL;
    char *fields[5] = {NULL};
    for (size_t i = 0; i < 5; i++) {
        fields[i] = strtok_r(i == 0 ? line : NULL, " ", &rest);
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
    *ret_device = fields[2];
    *ret_path = fields[4];
    *ret_type = type;
    return true;
}

/* The path as the table has it. What is mounted there may be dead, but what is above it is not. */
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

bool mountpoint_device(const char *absolute_path, char ret_device[MOUNTPOINT_DEVICE_SIZE]) {
    char resolved[PATH_MAX];
    FILE *table = resolve(absolute_path, resolved) ? fopen("/proc/self/mountinfo", "re") : NULL;
    if (!table) {
        return false;
    }
    bool is_ours = false;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, table) >= 0) {
        char *device;
        char *path;
        char *type;
        if (parse_mount(line, &device, &path, &type) && strcmp(path, resolved) == 0) {
            is_ours = strcmp(type, OUR_TYPE) == 0; /* a later line lies on top of an earlier one */
            snprintf(ret_device, MOUNTPOINT_DEVICE_SIZE, "%s", device);
        }
    }
    free(line);
    fclose(table);
    return is_ours;
}

/* ---- the folder ---- */

static bool run_fusermount(const char *path) {
    const char *const arguments[] = {"fusermount3", "-u", "-q", "-z", "--", path, NULL};
    pid_t child;
    int status;
    return posix_spawnp(&child, arguments[0], NULL, NULL, (char *const *)arguments, environ) == 0 &&
           waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool clear_dead(const char *path, struct error *error) {
    if (umount2(path, MNT_DETACH) == 0 || run_fusermount(path)) {
        return true;
    }
    return error_set(
        error, ERROR_SYSTEM,
        "%s: a migfs that was killed is still mounted here, and cannot be unmounted; try: fusermount3 -uz %s", path,
        path);
}

/* Asks whoever serves the folder, so that what the kernel remembers of a dead daemon does not count. */
static bool look_at(const char *path, struct statx *ret_attributes) {
    return statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC, STATX_TYPE, ret_attributes) == 0;
}

static bool folder_is_fit(const char *path, struct error *error) {
    struct statx attributes;
    char device[MOUNTPOINT_DEVICE_SIZE];
    while (!look_at(path, &attributes)) {
        bool is_dead = errno == ENOTCONN || errno == ECONNABORTED;
        if (errno == ENOENT) {
            return error_set(error, ERROR_SYSTEM, "%s: there is no such folder to mount on; make it first", path);
        }
        if (errno == ENOTDIR) {
            return error_set_folder(error, path);
        }
        if (!is_dead || !mountpoint_device(path, device)) {
            return error_set_errno(error, "%s: cannot mount here", path);
        }
        if (!clear_dead(path, error)) {
            return false;
        }
    }
    if (!S_ISDIR(attributes.stx_mode)) {
        errno = ENOTDIR;
        return error_set_folder(error, path);
    }
    if (mountpoint_device(path, device)) {
        return error_set(error, ERROR_SYSTEM,
                         "%s: a migfs is already mounted here; unmount it first: fusermount3 -u %s", path, path);
    }
    return true;
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

static bool user_may_mount(bool wants_others, struct error *error) {
    if (access("/dev/fuse", F_OK) != 0) {
        return error_set(error, ERROR_SYSTEM,
                         "there is no /dev/fuse; load the kernel's module (modprobe fuse), or start the container with "
                         "--device /dev/fuse --cap-add SYS_ADMIN");
    }
    if (geteuid() == 0) {
        return true;
    }
    if (!is_in_path("fusermount3")) {
        return error_set(error, ERROR_SYSTEM,
                         "fusermount3 is not there, and without it only root may mount; install fuse3");
    }
    if (wants_others && !others_are_allowed()) {
        return error_set(error, ERROR_SYSTEM,
                         "-o allow_other is for root alone as long as /etc/fuse.conf has no line user_allow_other");
    }
    return true;
}

bool mountpoint_prepare(const char *absolute_path, bool wants_others, struct error *error) {
    return folder_is_fit(absolute_path, error) && user_may_mount(wants_others, error);
}
