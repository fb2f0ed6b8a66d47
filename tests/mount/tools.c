/* Ways to change a folder and to look at one, each of which ends the program with a sentence when
 * it does not work. */
#include "tools.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *work;

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    _exit(1);
}

struct path below(const char *format, ...) {
    struct path path;
    int length = snprintf(path.text, sizeof path.text, "%s/", work);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path.text + length, sizeof path.text - (size_t)length, format, arguments);
    va_end(arguments);
    return path;
}

int open_or_fail(struct path path, int flags) {
    int file = open(path.text, flags | O_CLOEXEC);
    if (file < 0) {
        fail("%s: %s", path.text, strerror(errno));
    }
    return file;
}

void put(struct path path, const char *bytes, size_t size) {
    struct path fresh = below("fresh-%ld", syscall(SYS_gettid));
    int file = open(fresh.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0 || write(file, bytes, size) != (ssize_t)size || close(file) != 0 ||
        rename(fresh.text, path.text) != 0) {
        fail("%s: %s", path.text, strerror(errno));
    }
}

void sync_file(int file) {
    if (fsync(file) != 0) {
        fail("fsync: %s", strerror(errno));
    }
}

void run_threads(size_t count, void *(*const bodies[])(void *)) {
    pthread_t threads[16];
    for (size_t i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, bodies[i], (void *)(uintptr_t)i);
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
}

int count_name(struct path folder, const char *name, ino_t *ret_inode) {
    DIR *directory = opendir(folder.text);
    int found = 0;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, name) == 0) {
            *ret_inode = entry->d_ino;
            found++;
        }
    }
    if (!directory || closedir(directory) != 0) {
        fail("%s: %s", folder.text, strerror(errno));
    }
    return found;
}

void expect_file(struct path path, const char *expected) {
    char bytes[64] = "";
    int file = open(path.text, O_RDONLY | O_CLOEXEC);
    if (!expected) {
        if (file >= 0 || errno != ENOENT) {
            fail("%s is still there", path.text);
        }
        return;
    }
    struct stat attributes;
    if (file < 0 || fstat(file, &attributes) != 0 || read(file, bytes, sizeof bytes - 1) < 0) {
        fail("%s: %s instead of %s", path.text, strerror(errno), expected);
    }
    close(file);
    if (strcmp(bytes, expected) != 0 || attributes.st_size != (off_t)strlen(expected)) {
        fail("%s: %s (%ld bytes) instead of %s", path.text, bytes, (long)attributes.st_size, expected);
    }
}
