/* Writes a new file beside the old one, syncs it and exchanges the names. A killed run may leave a
 * file whose name drizzle-kit ignores; the next run reuses or removes it. */
#include "cli/replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/write.h"
#include "migfs/util/patience.h"

/* Not watched for silence: on a busy disk, fsync() takes long. */
static bool sync_patiently(int descriptor, const char *name) {
    patience_end();
    bool is_synced = fsync(descriptor) == 0;
    int saved = errno;
    patience_begin(name);
    errno = saved;
    return is_synced;
}

struct replacing {
    const struct disk_entry *before;
    int folder;              /* of the file */
    char name[NAME_MAX + 1]; /* of the file in `folder` */
    char beside[NAME_MAX + 1];
    int file; /* the new file; -1: not opened */
    struct error *error;
};

static const char beside_ending[] = ".migfs-new";
static const char changed[] = "has changed since it was read; run it once more";

static enum replaced fails(struct replacing *replacing, const char *what) {
    error_set_errno(replacing->error, "%s %s", what, replacing->name);
    return REPLACE_FAILED;
}

/* ---- locating the file ---- */

static bool take_name(struct replacing *replacing, const char *name) {
    int length = snprintf(replacing->name, sizeof replacing->name, "%s", name);
    /* drizzle-kit takes every file in meta/ for a snapshot unless its name begins with `_`. */
    int beside = snprintf(replacing->beside, sizeof replacing->beside, "_%s%s", name, beside_ending);
    bool fits = length >= 0 && beside >= 0 && (size_t)beside < sizeof replacing->beside;
    return fits || error_set(replacing->error, ERROR_USAGE, "the name %s is too long", name);
}

/* Opens the folder of the file that a link leads to; the scan has checked that it is within the
 * source. */
static bool open_behind_link(struct replacing *replacing, const char *path, const char *source) {
    char real[PATH_MAX], within[PATH_MAX];
    if (!realpath(path, real) || !realpath(source, within)) {
        return error_set_errno(replacing->error, "%s", path);
    }
    size_t length = strlen(within);
    if (strncmp(real, within, length) != 0 || real[length] != '/') {
        return error_set(replacing->error, ERROR_SYSTEM, "%s leads out of the folder", path);
    }
    char *slash = strrchr(real, '/');
    *slash = '\0';
    replacing->folder = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return replacing->folder < 0 ? error_set_errno(replacing->error, "%s", real) : take_name(replacing, slash + 1);
}

static bool open_meta(struct replacing *replacing, const char *source, const char *name) {
    struct stat status;
    int folder = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || fstat(folder, &status) < 0) {
        error_set_errno(replacing->error, "%s", source);
    } else {
        if (!replacing->before) {
            mkdirat(folder, "meta", status.st_mode & 0777); /* fails if it exists, which is fine */
        }
        replacing->folder = openat(folder, "meta", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (replacing->folder < 0) {
            error_set_errno(replacing->error, "%s/meta", source);
        }
    }
    if (folder >= 0) {
        close(folder);
    }
    return replacing->folder >= 0 && take_name(replacing, name);
}

/* ---- the old file ---- */

static bool is_same_time(struct timespec a, struct timespec b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Returns whether the file is still the one that was read. */
static bool is_as_read(const struct replacing *replacing) {
    struct stat status;
    const struct disk_entry *before = replacing->before;
    if (fstatat(replacing->folder, replacing->name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT && !before;
    }
    return before && status.st_dev == before->device && status.st_ino == before->inode &&
           status.st_size == before->size && is_same_time(status.st_mtim, before->mtime) &&
           is_same_time(status.st_ctim, before->ctime);
}

static enum replaced refuse(struct replacing *replacing, const char *why) {
    error_set(replacing->error, ERROR_SYSTEM, "%s %s", replacing->name, why);
    return REPLACE_REFUSED;
}

/* ---- the new file ---- */

/* Reuses a file left by a killed run, but not one that another run is writing or has just
 * renamed. */
static enum replaced open_beside(struct replacing *replacing) {
    /* O_NONBLOCK: does not wait for the reader of a pipe. */
    enum { FLAGS = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC };
    struct stat opened, named;
    replacing->file = openat(replacing->folder, replacing->beside, FLAGS, 0600);
    if (replacing->file < 0) {
        return fails(replacing, "no new file can be made beside");
    }
    bool is_file = fstat(replacing->file, &opened) == 0 && S_ISREG(opened.st_mode) && opened.st_nlink <= 1;
    bool is_ours = is_file && opened.st_nlink == 1 && flock(replacing->file, LOCK_EX | LOCK_NB) == 0 &&
                   fstatat(replacing->folder, replacing->beside, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
                   opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
    if (!is_ours) {
        close(replacing->file);
        replacing->file = -1;
        return refuse(replacing, is_file ? "is being written by another process"
                                         : "has a file of another kind where the new one is to be written");
    }
    return ftruncate(replacing->file, 0) == 0 ? REPLACED : fails(replacing, "no new file can be made beside");
}

static bool keep_access_list(const struct replacing *replacing) {
    static const char name[] = "system.posix_acl_access";
    char list[4096];
    int old = openat(replacing->folder, replacing->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t size = old < 0 ? -1 : fgetxattr(old, name, list, sizeof list);
    bool is_kept = size < 0 ? old >= 0 && (errno == ENODATA || errno == ENOTSUP)
                            : fsetxattr(replacing->file, name, list, (size_t)size, 0) == 0;
    if (old >= 0) {
        close(old);
    }
    return is_kept;
}

/* A new file belongs to the user. If the old one belonged to another user, only root can keep
 * that. */
static bool keep_owner_and_mode(const struct replacing *replacing) {
    const struct disk_entry *before = replacing->before;
    struct stat made;
    if (!before) {
        mode_t mask = umask(0);
        umask(mask);
        return fchmod(replacing->file, 0666 & ~mask) == 0;
    }
    if (fstat(replacing->file, &made) < 0) {
        return false;
    }
    bool is_own = made.st_uid == before->uid && made.st_gid == before->gid;
    return (is_own || fchown(replacing->file, before->uid, before->gid) == 0) &&
           fchmod(replacing->file, before->mode) == 0 && keep_access_list(replacing);
}

/* ---- replacing ---- */

static int rename_with(const struct replacing *replacing, unsigned flags) {
    /* Some C libraries lack renameat2(). */
    return (int)syscall(SYS_renameat2, replacing->folder, replacing->beside, replacing->folder, replacing->name, flags);
}

/* For filesystems without RENAME_EXCHANGE: another process may write between check and rename. */
static enum replaced rename_plainly(struct replacing *replacing) {
    if (!is_as_read(replacing)) {
        return refuse(replacing, changed);
    }
    return renameat(replacing->folder, replacing->beside, replacing->folder, replacing->name) == 0
               ? REPLACED
               : fails(replacing, "the new file cannot take the place of");
}

static enum replaced take_free_name(struct replacing *replacing) {
    if (rename_with(replacing, RENAME_NOREPLACE) == 0) {
        return REPLACED;
    }
    return errno == EEXIST ? refuse(replacing, changed) : rename_plainly(replacing);
}

/* Exchanges the files, then checks the old one: if another process has changed it meanwhile,
 * exchanges them back. */
static enum replaced exchange(struct replacing *replacing) {
    struct stat old, made, named;
    const struct disk_entry *before = replacing->before;
    if (!is_as_read(replacing)) {
        return refuse(replacing, changed);
    }
    if (rename_with(replacing, RENAME_EXCHANGE) < 0) {
        return rename_plainly(replacing);
    }
    bool is_same = fstatat(replacing->folder, replacing->beside, &old, AT_SYMLINK_NOFOLLOW) == 0 &&
                   old.st_dev == before->device && old.st_ino == before->inode && old.st_size == before->size &&
                   is_same_time(old.st_mtim, before->mtime);
    if (!is_same) {
        bool is_ours = fstat(replacing->file, &made) == 0 &&
                       fstatat(replacing->folder, replacing->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
                       made.st_ino == named.st_ino && made.st_dev == named.st_dev;
        if (is_ours) {
            rename_with(replacing, RENAME_EXCHANGE);
        }
        return refuse(replacing, changed);
    }
    unlinkat(replacing->folder, replacing->beside, 0);
    return REPLACED;
}

static enum replaced write_beside(struct replacing *replacing, struct text bytes) {
    if (!write_all(replacing->file, bytes)) {
        return fails(replacing, "there is no room for the new");
    }
    if (!keep_owner_and_mode(replacing)) {
        return fails(replacing, "owner and mode cannot be kept of");
    }
    if (!sync_patiently(replacing->file, replacing->name)) {
        return fails(replacing, "the disk does not take the new");
    }
    enum replaced outcome = replacing->before ? exchange(replacing) : take_free_name(replacing);
    if (outcome != REPLACED) {
        return outcome;
    }
    return sync_patiently(replacing->folder, replacing->name) ? REPLACED
                                                              : fails(replacing, "the disk may not keep the new");
}

static enum replaced replace(struct replacing *replacing, struct text bytes) {
    if (!is_as_read(replacing)) {
        return refuse(replacing, changed);
    }
    enum replaced outcome = open_beside(replacing);
    if (outcome != REPLACED) {
        return outcome;
    }
    outcome = write_beside(replacing, bytes);
    if (outcome != REPLACED) {
        unlinkat(replacing->folder, replacing->beside, 0); /* still locked, so no other run uses it */
    }
    return outcome;
}

/* ---- files left by killed runs ---- */

static bool is_left(const char *name) {
    return name[0] == '_' && text_ends(text_of(name), beside_ending);
}

/* A file that another run is writing is locked. */
static void remove_left(int folder, const char *name) {
    int file = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) && flock(file, LOCK_EX | LOCK_NB) == 0) {
        unlinkat(folder, name, 0);
    }
    if (file >= 0) {
        close(file);
    }
}

static void remove_all_left(int folder) {
    DIR *listing = fdopendir(folder);
    const struct dirent *entry;
    if (!listing) {
        close(folder);
        return;
    }
    while ((entry = readdir(listing)) != NULL) {
        if (is_left(entry->d_name)) {
            remove_left(folder, entry->d_name);
        }
    }
    closedir(listing);
}

void replace_remove_left(const char *source, const struct disk_entry *journal) {
    struct error ignored;
    struct replacing meta = {.before = journal, .folder = -1, .error = &ignored}, behind = meta;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/meta/_journal.json", source);
    patience_begin(path);
    if (journal && open_meta(&meta, source, "_journal.json")) {
        remove_all_left(meta.folder);
    }
    if (journal && journal->is_link && open_behind_link(&behind, path, source)) {
        remove_all_left(behind.folder);
    }
    patience_end();
}

enum replaced replace_in_meta(const char *source, const char *name, const struct disk_entry *before, struct text bytes,
                              struct error *error) {
    struct replacing replacing = {.before = before, .folder = -1, .file = -1, .error = error};
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/meta/%s", source, name);
    patience_begin(path);
    bool is_open =
        before && before->is_link ? open_behind_link(&replacing, path, source) : open_meta(&replacing, source, name);
    enum replaced outcome = is_open ? replace(&replacing, bytes) : REPLACE_FAILED;
    if (replacing.file >= 0) {
        close(replacing.file);
    }
    if (replacing.folder >= 0) {
        close(replacing.folder);
    }
    patience_end();
    return outcome;
}
