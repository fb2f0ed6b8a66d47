/* A temporary folder for the tests of the disk modules, with helpers to fill, scan and inspect
 * it. */
#ifndef TESTS_UNIT_FOLDER_H
#define TESTS_UNIT_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migfs/folder/scan.h"

struct folder {
    char outside[64];           /* contains the source and what must not be reached */
    char path[80];              /* the source */
    struct disk_source *source; /* opened by the first scan */
    struct disk *disk;          /* the newest scan */
};

static inline char *in_folder(const struct folder *folder, const char *path) {
    static char buffers[4][8192];
    static size_t next;
    char *buffer = buffers[next++ % 4];
    assert_true((size_t)snprintf(buffer, sizeof *buffers, "%s/%s", folder->path, path) < sizeof *buffers);
    return buffer;
}

/* A path in the parent of the folder. */
static inline char *beside(const struct folder *folder, const char *name) {
    static char buffers[2][256];
    static size_t next;
    char *buffer = buffers[next++ % 2];
    snprintf(buffer, sizeof *buffers, "%s/%s", folder->outside, name);
    return buffer;
}

static inline void put_bytes(const struct folder *folder, const char *path, const void *bytes, size_t size) {
    int descriptor = open(in_folder(folder, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    close(descriptor);
}

static inline void put(const struct folder *folder, const char *path, const char *text) {
    put_bytes(folder, path, text, strlen(text));
}

static inline void put_sparse(const struct folder *folder, const char *path, off_t size) {
    put(folder, path, "");
    assert_int_equal(truncate(in_folder(folder, path), size), 0);
}

static inline void put_directory(const struct folder *folder, const char *path) {
    assert_int_equal(mkdir(in_folder(folder, path), 0755), 0);
}

static inline void put_link(const struct folder *folder, const char *path, const char *target) {
    assert_int_equal(symlink(target, in_folder(folder, path)), 0);
}

static inline void scan(struct folder *folder) {
    struct error error;
    if (!folder->source) {
        folder->source = disk_open(folder->path, &error);
        assert_non_null(folder->source);
    }
    struct disk *disk = disk_scan(folder->source, folder->disk, 2, &error);
    if (!disk) {
        fail_msg("%s", error.sentence);
    }
    disk_unref(folder->disk);
    folder->disk = disk;
}

/* Scans until no file is so recent that the next scan would read it again. */
static inline void scan_until_settled(struct folder *folder) {
    size_t before;
    scan(folder);
    do {
        before = disk_files_read(folder->source);
        scan(folder);
    } while (disk_files_read(folder->source) != before);
}

static inline const struct disk_entry *find(const struct folder *folder, const char *path) {
    return disk_find(folder->disk, text_of(path));
}

static inline void assert_holds(const struct folder *folder, const char *path, const char *text) {
    const struct disk_entry *entry = find(folder, path);
    assert_non_null(entry);
    assert_int_equal(entry->kind, DISK_FILE);
    assert_true(content_is_held(entry->content));
    assert_true(text_is(content_text(entry->content), text));
}

static inline void assert_refused(const struct folder *folder, const char *path, const char *refusal) {
    const struct disk_entry *entry = find(folder, path);
    assert_non_null(entry);
    assert_int_equal(entry->kind, DISK_REFUSED);
    assert_null(entry->content);
    assert_null(entry->sql);
    char text[256];
    snprintf(text, sizeof text, "%.*s", TEXT_ARGS(entry->refusal));
    assert_string_equal(text, refusal);
}

static inline size_t open_descriptors(void) {
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    assert_non_null(directory);
    while (readdir(directory)) {
        count++;
    }
    closedir(directory);
    return count;
}

static inline int folder_create(void **state) {
    struct folder *folder = calloc(1, sizeof *folder);
    assert_non_null(folder);
    strcpy(folder->outside, "/tmp/migfs-test-XXXXXX");
    assert_non_null(mkdtemp(folder->outside));
    assert_int_equal(chmod(folder->outside, 0755), 0);
    snprintf(folder->path, sizeof folder->path, "%s/source", folder->outside);
    assert_int_equal(mkdir(folder->path, 0755), 0);
    *state = folder;
    return 0;
}

static inline int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk) {
    (void)stat, (void)type, (void)walk;
    return remove(path);
}

static inline void remove_tree(const char *path) {
    assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline int folder_destroy(void **state) {
    struct folder *folder = *state;
    disk_unref(folder->disk);
    disk_close(folder->source);
    remove_tree(folder->outside);
    free(folder);
    return 0;
}

enum { CHILD_PASSED, CHILD_FAILED, CHILD_SKIPPED };

/* For child processes, where cmocka's assertions cannot be used. */
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            _exit(CHILD_FAILED);                                                                                       \
        }                                                                                                              \
    } while (0)

/* Runs the body in a child process, which may give up what other tests need. Fails if the body
 * hangs. */
static inline void in_child(struct folder *folder, void (*body)(struct folder *folder)) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        body(folder);
        _exit(CHILD_PASSED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CHILD_SKIPPED) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), CHILD_PASSED);
}

/* In a child process: later mounts are visible to it alone. */
static inline void enter_own_mounts(void) {
    if (unshare(CLONE_NEWNS) < 0) {
        _exit(CHILD_SKIPPED);
    }
    CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
}

#define folder_test(function) cmocka_unit_test_setup_teardown(function, folder_create, folder_destroy)

#endif
