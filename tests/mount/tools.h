/* What the checks of probe.c are made of. Knows nothing of what they expect of a mount. */
#ifndef MIGFS_TESTS_MOUNT_TOOLS_H
#define MIGFS_TESTS_MOUNT_TOOLS_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

extern const char *work; /* the folder of the source and of the mount */

/* Prints what is wrong and ends the program with 1. */
__attribute__((format(printf, 1, 2), noreturn)) void fail(const char *format, ...);

struct path {
    char text[PATH_MAX];
};

/* A path below WORK. */
__attribute__((format(printf, 1, 2))) struct path below(const char *format, ...);

int open_or_fail(struct path path, int flags);

/* Puts a file into the source in one step. */
void put(struct path path, const char *bytes, size_t size);

void sync_file(int file);

/* Each thread is given its number. Returns when all have ended. */
void run_threads(size_t count, void *(*const bodies[])(void *));

/* The number of times a name is in a folder, and the number of its inode there. */
int count_name(struct path folder, const char *name, ino_t *ret_inode);

/* Expects these bytes in a file, or no file where EXPECTED is NULL. */
void expect_file(struct path path, const char *expected);

#endif
