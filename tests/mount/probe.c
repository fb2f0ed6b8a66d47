/* Checks a mount of tests/mount/engine.c under concurrent change. Each check changes WORK/source, and looks at WORK/mount from
 * several threads; it prints what is wrong and ends with 1.
 *
 *     probe CHECK WORK COUNT
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tools.h"

static int rounds;
static atomic_bool is_over; /* those who write have finished */

/* ---- fresh: what was there before `sync FILE` is what is there after ---- */

static void *change_and_look(void *context) {
    int who = (int)(uintptr_t)context;
    int anchor = open_or_fail(below("mount/anchor"), O_RDONLY);
    for (int i = 0; i < rounds; i++) {
        char name[32];
        char bytes[64];
        snprintf(name, sizeof name, "%d-%d", who, i % 3);
        snprintf(bytes, sizeof bytes, "%s %d", name, i);
        struct path seen = below("mount/status/%s", name);
        struct path source = below("source/status/%s", name);
        bool is_removed = i % 7 >= 5;
        ino_t inode = 0;
        if (is_removed) {
            unlink(source.text);
        } else {
            put(source, bytes, strlen(bytes));
        }
        sync_file(anchor);
        expect_file(seen, is_removed ? NULL : bytes);
        if (i % 4 == 0 || is_removed) {
            struct stat attributes = {0};
            stat(seen.text, &attributes);
            int found = count_name(below("mount/status"), name, &inode);
            if (found != (is_removed ? 0 : 1) || (!is_removed && inode != attributes.st_ino)) {
                fail("%s is %d times in its listing as %ld, and is %ld", seen.text, found, (long)inode,
                     (long)attributes.st_ino);
            }
        }
    }
    close(anchor);
    return NULL;
}

static void check_fresh(void) {
    run_threads(3, (void *(*const[])(void *)){change_and_look, change_and_look, change_and_look});
}

/* ---- newcomers: a name that nobody has ever asked for is in a listing that the kernel has kept ---- */

static void check_newcomers(void) {
    int anchor = open_or_fail(below("mount/anchor"), O_RDONLY);
    for (int i = 0; i < rounds; i++) {
        char name[32];
        ino_t inode;
        snprintf(name, sizeof name, "newcomer-%d", i);
        for (int times = 0; times < 2; times++) {
            count_name(below("mount/status/deep"), "", &inode);
        }
        put(below("source/status/deep/%s", name), "", 0);
        sync_file(anchor);
        if (count_name(below("mount/status/deep"), name, &inode) != 1) {
            fail("%s is not listed", name);
        }
        unlink(below("source/status/deep/%s", name).text);
    }
    close(anchor);
}

/* ---- folders: syncing folders whose listings change all the time hangs nobody ---- */

static void *change_all(void *context) {
    (void)context;
    for (int i = 0; !is_over; i++) {
        char bytes[32];
        snprintf(bytes, sizeof bytes, "%d", i);
        put(below("source/anchor"), bytes, strlen(bytes));
        put(below("source/status/%d", i % 10), bytes, strlen(bytes));
        put(below("source/status/deep/%d", i % 10), bytes, strlen(bytes));
        unlink(below("source/%d", i % 5).text);
        put(below("source/%d", (i + 1) % 5), bytes, strlen(bytes));
    }
    return NULL;
}

static void *sync_one(void *context) {
    static const char *const paths[] = {"mount", "mount/status", "mount/status/deep", "mount/anchor", "mount"};
    size_t who = (size_t)(uintptr_t)context;
    for (int i = 0; i < rounds; i++) {
        int file = open_or_fail(below("%s", paths[who % 5]), O_RDONLY);
        sync_file(file);
        close(file);
    }
    return NULL;
}

static void *look_at_all(void *context) {
    (void)context;
    while (!is_over) {
        ino_t inode;
        struct stat attributes;
        count_name(below("mount"), "", &inode);
        count_name(below("mount/status"), "", &inode);
        count_name(below("mount/status/deep"), "", &inode);
        for (int i = 0; i < 10; i++) {
            stat(below("mount/%d", i).text, &attributes);
            stat(below("mount/status/deep/%d", i).text, &attributes);
        }
    }
    return NULL;
}

static void check_folders(void) {
    pthread_t others[3];
    pthread_create(&others[0], NULL, change_all, NULL);
    pthread_create(&others[1], NULL, look_at_all, NULL);
    pthread_create(&others[2], NULL, look_at_all, NULL);
    run_threads(5, (void *(*const[])(void *)){sync_one, sync_one, sync_one, sync_one, sync_one});
    is_over = true;
    for (size_t i = 0; i < 3; i++) {
        pthread_join(others[i], NULL);
    }
}

/* ---- whole: whoever has opened a version reads that version, to its end ---- */

enum { LARGEST = 200000, HELD = 8 };

static void *write_versions(void *context) {
    static char bytes[LARGEST];
    int anchor = open_or_fail(below("mount/anchor"), O_RDONLY);
    (void)context;
    unsigned seed = 1;
    for (int i = 0; i < rounds; i++) {
        memset(bytes, 'a' + i % 26, sizeof bytes);
        put(below("source/version"), bytes, 1 + (size_t)rand_r(&seed) % LARGEST);
        sync_file(anchor);
    }
    is_over = true;
    close(anchor);
    return NULL;
}

struct held {
    int file;
    off_t size;
    char letter; /* 0: not looked at yet */
    const char *bytes;
};

static struct held hold(void) {
    struct stat attributes;
    struct held held = {.file = open_or_fail(below("mount/version"), O_RDONLY)};
    fstat(held.file, &attributes);
    held.size = attributes.st_size;
    held.bytes = mmap(NULL, (size_t)held.size, PROT_READ, MAP_SHARED, held.file, 0);
    if (held.bytes == MAP_FAILED) {
        fail("mmap: %s", strerror(errno));
    }
    return held;
}

static void expect_same(struct held *held, const char *bytes, ssize_t count, const char *how) {
    for (ssize_t i = 0; i < count; i++) {
        held->letter = held->letter ? held->letter : bytes[i];
        if (bytes[i] != held->letter) {
            fail("a version of %c has %c in it when %s", held->letter, bytes[i], how);
        }
    }
}

static void expect_whole(struct held *held) {
    char part[5000];
    off_t at = 0;
    struct stat attributes;
    for (ssize_t count; (count = pread(held->file, part, sizeof part, at)) != 0; at += count) {
        if (count < 0) {
            fail("read: %s", strerror(errno));
        }
        expect_same(held, part, count, "read");
    }
    expect_same(held, held->bytes, held->size, "mapped");
    fstat(held->file, &attributes);
    if (at != held->size || attributes.st_size != held->size) {
        fail("a version of %ld bytes has %ld", (long)held->size, (long)at);
    }
}

/* Holds some versions open, looks at some at once and at some only after they were replaced, and
 * again later. */
static void *hold_versions(void *context) {
    struct held held[HELD] = {{0}};
    unsigned seed = (unsigned)(uintptr_t)context;
    while (!is_over) {
        size_t i = (size_t)rand_r(&seed) % HELD;
        if (held[i].bytes && (held[i].letter == 0 || rand_r(&seed) % 2)) {
            expect_whole(&held[i]);
        } else {
            if (held[i].bytes) {
                munmap((void *)held[i].bytes, (size_t)held[i].size);
                close(held[i].file);
            }
            held[i] = hold();
        }
    }
    for (size_t i = 0; i < HELD; i++) {
        if (held[i].bytes) {
            expect_whole(&held[i]);
            munmap((void *)held[i].bytes, (size_t)held[i].size);
            close(held[i].file);
        }
    }
    return NULL;
}

static void check_whole(void) {
    run_threads(4, (void *(*const[])(void *)){write_versions, hold_versions, hold_versions, hold_versions});
}

/* ---- listing: no name that stays is doubled or missing while others come and go ---- */

enum { STAYING = 300 };

static void *come_and_go(void *context) {
    int anchor = open_or_fail(below("mount/anchor"), O_RDONLY);
    (void)context;
    for (int i = 0; i < rounds; i++) {
        put(below("source/crowd/%03d-come", i * 7 % STAYING), "", 0);
        unlink(below("source/crowd/%03d-come", (i - 20) * 7 % STAYING).text);
        if (i % 3 == 0) {
            char bytes[16];
            snprintf(bytes, sizeof bytes, "%d", i);
            put(below("source/crowd/%03d-stay", i % STAYING), bytes, strlen(bytes));
        }
        sync_file(anchor);
    }
    is_over = true;
    close(anchor);
    return NULL;
}

struct entry {
    uint64_t inode, cookie;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* Lists in small pieces, so that much happens between one and the next. */
static void *list_all(void *context) {
    size_t piece = (uintptr_t)context % 2 ? 300 : 32768;
    _Alignas(struct entry) char bytes[32768];
    while (!is_over) {
        int folder = open_or_fail(below("mount/crowd"), O_RDONLY | O_DIRECTORY);
        unsigned char staying[STAYING] = {0};
        unsigned char coming[STAYING] = {0};
        for (long size; (size = syscall(SYS_getdents64, folder, bytes, piece)) != 0;) {
            if (size < 0) {
                fail("getdents: %s", strerror(errno));
            }
            for (long at = 0; at < size;) {
                const struct entry *entry = (const struct entry *)(bytes + at);
                size_t number = strtoul(entry->name, NULL, 10);
                at += entry->length;
                if (entry->name[0] != '.' && (strstr(entry->name, "stay") ? staying : coming)[number]++ > 0) {
                    fail("%s is doubled", entry->name);
                }
            }
        }
        for (size_t i = 0; i < STAYING; i++) {
            if (staying[i] != 1) {
                fail("%03zu-stay is missing", i);
            }
        }
        close(folder);
    }
    return NULL;
}

static void check_listing(void) {
    run_threads(5, (void *(*const[])(void *)){come_and_go, list_all, list_all, list_all, list_all});
}

/* ---- numbers: a new version is a new inode; what is the same stays the same; times go forward ---- */

static struct stat look(const char *path) {
    struct stat attributes;
    struct path whole = below("mount/%s", path);
    if (stat(whole.text, &attributes) != 0) {
        fail("%s: %s", whole.text, strerror(errno));
    }
    return attributes;
}

static bool is_later(struct timespec a, struct timespec b) {
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

static void check_numbers(void) {
    int anchor = open_or_fail(below("mount/anchor"), O_RDONLY);
    struct stat same = look("anchor");
    struct stat folder = look("status");
    struct stat root = look("");
    ino_t highest = 0;
    struct timespec latest = {0};
    for (int i = 0; i < rounds; i++) {
        char bytes[16];
        snprintf(bytes, sizeof bytes, "%d", i);
        put(below("source/status/changing"), bytes, strlen(bytes));
        sync_file(anchor);
        struct stat changed = look("status/changing");
        struct stat changed_folder = look("status");
        if (changed.st_ino <= highest || !is_later(changed.st_mtim, latest)) {
            fail("a new version has an old number or time");
        }
        if (changed_folder.st_ino != folder.st_ino || !is_later(changed_folder.st_mtim, folder.st_mtim)) {
            fail("a folder changed its number, or not its time");
        }
        if (look("anchor").st_ino != same.st_ino || is_later(look("").st_mtim, root.st_mtim)) {
            fail("what has not changed is another inode or has another time");
        }
        highest = changed.st_ino;
        latest = changed.st_mtim;
        folder = changed_folder;
    }
    close(anchor);
}

/* ---- readonly: nothing can be written ---- */

static void check_readonly(void) {
    struct path file = below("mount/anchor");
    struct path folder = below("mount/status");
    struct path fresh = below("mount/fresh");
    const struct timespec times[2] = {{1, 1}, {1, 1}};
    const struct {
        const char *what;
        int result, code;
    } attempts[] = {
#define TRY(call) {#call, (errno = 0, (int)(call)), errno}
        TRY(open(file.text, O_WRONLY)),
        TRY(open(file.text, O_RDWR)),
        TRY(open(file.text, O_RDONLY | O_TRUNC)),
        TRY(open(fresh.text, O_WRONLY | O_CREAT, 0644)),
        TRY(open(folder.text, O_TMPFILE | O_RDWR, 0644)),
        TRY(truncate(file.text, 0)),
        TRY(unlink(file.text)),
        TRY(rmdir(folder.text)),
        TRY(mkdir(fresh.text, 0755)),
        TRY(mknod(fresh.text, S_IFIFO | 0644, 0)),
        TRY(symlink("x", fresh.text)),
        TRY(link(file.text, fresh.text)),
        TRY(rename(file.text, fresh.text)),
        TRY(chmod(file.text, 0777)),
        TRY(chown(file.text, 1, 1)),
        TRY(utimensat(AT_FDCWD, file.text, times, 0)),
        TRY(setxattr(file.text, "user.x", "", 0, 0)),
        TRY(access(file.text, W_OK)),
#undef TRY
    };
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        if (attempts[i].result != -1 || attempts[i].code != EROFS) {
            fail("%s: %d, %s", attempts[i].what, attempts[i].result, strerror(attempts[i].code));
        }
    }
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        void (*check)(void);
    } checks[] = {
        {"fresh", check_fresh},       {"newcomers", check_newcomers}, {"folders", check_folders},
        {"whole", check_whole},       {"listing", check_listing},     {"numbers", check_numbers},
        {"readonly", check_readonly},
    };
    if (count != 4) {
        return 2;
    }
    work = arguments[2];
    rounds = atoi(arguments[3]);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (strcmp(checks[i].name, arguments[1]) == 0) {
            checks[i].check();
            return 0;
        }
    }
    return 2;
}
