/* Watches the directories of a scan by inotify, and above them the folder's parent, or as far up as there is anything, so that
 * the folder's coming back is seen. Reads no file and remembers no event. */
#include "migfs/folder/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "migfs/folder/entry.h"

enum { NOT_WATCHED = -1 };

static const uint32_t changes_below = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE |
                                      IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
static const uint32_t changes_above =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

struct disk_watch {
    char *path;
    int inotify;
    int again;           /* an eventfd: readable when a directory was first watched only after it had been listed */
    int waiting;         /* an epoll descriptor on both */
    int above;           /* the watch above the folder */
    struct text awaited; /* in `path`: the name in there that leads to the folder */
    struct disk *disk;   /* the scan whose directories are watched, or NULL */
    int *watches;        /* [disk->count]: NOT_WATCHED for what is no directory */
    int highest;         /* of all watches so far; the kernel counts up, so a higher one is new */
    bool is_lost;        /* events were dropped: the watches must be made anew */
};

static bool start_waiting(struct disk_watch *watch) {
    watch->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->again = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    watch->waiting = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event readable = {.events = EPOLLIN};
    return watch->inotify >= 0 && watch->again >= 0 && watch->waiting >= 0 &&
           epoll_ctl(watch->waiting, EPOLL_CTL_ADD, watch->inotify, &readable) == 0 &&
           epoll_ctl(watch->waiting, EPOLL_CTL_ADD, watch->again, &readable) == 0;
}

/* Returns whether the folder is told of: a directory that is not there any more is missed by the one it was in. */
static bool add_watch(struct disk_watch *watch, const char *path, uint32_t mask, int *ret_watch) {
    *ret_watch = inotify_add_watch(watch->inotify, path, mask);
    return *ret_watch >= 0 || errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EACCES;
}

static void remove_watch(struct disk_watch *watch, int *number) {
    if (*number != NOT_WATCHED) {
        inotify_rm_watch(watch->inotify, *number); /* fails when its directory is gone, and the watch with it */
        *number = NOT_WATCHED;
    }
}

/* ---- above the folder ---- */

/* Watches the lowest directory above the folder that is there, and sets what name in it is awaited. */
static bool watch_lowest_above(struct disk_watch *watch, int *ret_watch) {
    char path[PATH_MAX];
    bool is_told = true;
    *ret_watch = NOT_WATCHED;
    for (size_t end = strlen(watch->path); is_told && *ret_watch == NOT_WATCHED && end > 1;) {
        size_t slash = end;
        while (watch->path[slash - 1] != '/') {
            slash--;
        }
        watch->awaited = (struct text){watch->path + slash, end - slash};
        end = slash > 1 ? slash - 1 : 1;
        snprintf(path, sizeof path, "%.*s", (int)end, watch->path);
        is_told = add_watch(watch, path, changes_above, ret_watch);
    }
    return is_told;
}

/* True when the next directory on the way down is there although a higher one is watched. */
static bool is_too_high(const struct disk_watch *watch) {
    char path[PATH_MAX];
    const char *end = watch->awaited.bytes + watch->awaited.length;
    snprintf(path, sizeof path, "%.*s", (int)(end - watch->path), watch->path);
    return *end != '\0' && access(path, F_OK) == 0;
}

static bool watch_above(struct disk_watch *watch) {
    if (strcmp(watch->path, "/") == 0) {
        return true;
    }
    int above, attempts = 16;
    do { /* a directory that came before the watch above it was set has been missed by that */
        if (!watch_lowest_above(watch, &above)) {
            return false;
        }
        if (watch->above != above) {
            remove_watch(watch, &watch->above);
            watch->above = above;
        }
    } while (is_too_high(watch) && --attempts > 0);
    return above != NOT_WATCHED && attempts > 0;
}

/* ---- the folder ---- */

static bool add_watch_below(struct disk_watch *watch, struct text below, int *ret_watch) {
    char path[PATH_MAX];
    bool is_root = below.length == 0;
    int length = snprintf(path, sizeof path, is_root ? "%s" : "%s/%s", watch->path, below.bytes);
    if (length < 0 || (size_t)length >= sizeof path) {
        *ret_watch = NOT_WATCHED;
        return false;
    }
    return add_watch(watch, path, changes_below | (is_root ? 0 : IN_DONT_FOLLOW), ret_watch);
}

void disk_watch_ahead(struct disk_watch *watch, struct text path) {
    int number;
    add_watch_below(watch, path, &number); /* what fails here is tried again, and told, by the next update */
    if (number > watch->highest) {
        watch->highest = number;
    }
}

static bool watch_directory(struct disk_watch *watch, const struct disk_entry *entry, int *ret_watch) {
    bool is_told = add_watch_below(watch, entry->path, ret_watch);
    if (*ret_watch > watch->highest) {
        watch->highest = *ret_watch;
        eventfd_write(watch->again, 1);
    }
    return is_told;
}

/* Moves the watches of directories that are the same in both scans, both of them sorted. */
static void carry_over(struct disk_watch *watch, const struct disk *disk, int *watches) {
    size_t before = 0, count = watch->disk && !watch->is_lost ? watch->disk->count : 0;
    for (size_t i = 0; i < disk->count; i++) {
        watches[i] = NOT_WATCHED;
        const struct disk_entry *entry = &disk->entries[i];
        int order = 1;
        while (before < count && (order = disk_path_compare(watch->disk->entries[before].path, entry->path)) < 0) {
            before++;
        }
        if (before < count && order == 0 && entry->kind == DISK_DIRECTORY && !disk->is_gone &&
            entry->device == watch->disk->entries[before].device &&
            entry->inode == watch->disk->entries[before].inode) {
            watches[i] = watch->watches[before];
            watch->watches[before] = NOT_WATCHED;
        }
    }
}

static bool change_scan(struct disk_watch *watch, struct disk *disk) {
    int *watches = calloc(disk->count, sizeof *watches);
    if (!watches) {
        return false;
    }
    carry_over(watch, disk, watches);
    for (size_t i = 0; watch->disk && i < watch->disk->count; i++) {
        remove_watch(watch, &watch->watches[i]);
    }
    free(watch->watches);
    disk_unref(watch->disk);
    watch->watches = watches;
    watch->disk = disk_ref(disk);
    watch->is_lost = false;
    return true;
}

bool disk_watch_update(struct disk_watch *watch, struct disk *disk) {
    bool is_told = watch_above(watch);
    if ((disk != watch->disk || watch->is_lost) && !change_scan(watch, disk)) {
        return false;
    }
    for (size_t i = 0; i < disk->count; i++) {
        if (watch->watches[i] == NOT_WATCHED && disk->entries[i].kind == DISK_DIRECTORY) {
            is_told = watch_directory(watch, &disk->entries[i], &watch->watches[i]) && is_told;
        }
    }
    return is_told;
}

struct disk_watch *disk_watch_create(const char *absolute_path, struct error *error) {
    struct disk_watch *watch = calloc(1, sizeof *watch);
    if (!watch || !(watch->path = strdup(absolute_path))) {
        free(watch);
        error_set_memory(error);
        return NULL;
    }
    for (size_t length = strlen(watch->path); length > 1 && watch->path[length - 1] == '/'; length--) {
        watch->path[length - 1] = '\0';
    }
    watch->awaited = text_of(watch->path);
    watch->above = NOT_WATCHED;
    if (!start_waiting(watch)) {
        error_set_errno(error, "changes of the folder %s cannot be watched", absolute_path);
        disk_watch_destroy(watch);
        return NULL;
    }
    /* What cannot be watched now is tried again, and told, by the first update. */
    watch_above(watch);
    disk_watch_ahead(watch, TEXT(""));
    return watch;
}

void disk_watch_destroy(struct disk_watch *watch) {
    if (!watch) {
        return;
    }
    const int descriptors[] = {watch->inotify, watch->again, watch->waiting};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++) {
        if (descriptors[i] >= 0) {
            close(descriptors[i]);
        }
    }
    disk_unref(watch->disk);
    free(watch->watches);
    free(watch->path);
    free(watch);
}

int disk_watch_descriptor(const struct disk_watch *watch) {
    return watch->waiting;
}

/* ---- events ---- */

/* A directory that went or moved is watched anew by its path if there is one again. */
static void forget_watch(struct disk_watch *watch, int number) {
    for (size_t i = 0; watch->disk && i < watch->disk->count; i++) {
        if (watch->watches[i] == number) {
            remove_watch(watch, &watch->watches[i]);
        }
    }
}

static bool take_event(struct disk_watch *watch, const struct inotify_event *event) {
    if (event->mask & IN_Q_OVERFLOW) {
        watch->is_lost = true;
        return true;
    }
    if (event->wd == watch->above) {
        if (event->mask & (IN_IGNORED | IN_MOVE_SELF)) {
            remove_watch(watch, &watch->above);
        }
        return (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) ||
               (event->len > 0 && text_equal(text_of(event->name), watch->awaited));
    }
    if (event->mask & (IN_IGNORED | IN_MOVE_SELF)) {
        forget_watch(watch, event->wd);
    }
    return !(event->mask & IN_IGNORED);
}

bool disk_watch_drain(struct disk_watch *watch) {
    _Alignas(struct inotify_event) char events[16384];
    eventfd_t count;
    bool is_concerned = eventfd_read(watch->again, &count) == 0;
    ssize_t length;
    while ((length = read(watch->inotify, events, sizeof events)) > 0) {
        for (const char *at = events; at < events + length;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
            is_concerned = take_event(watch, event) || is_concerned;
            at += sizeof *event + event->len;
        }
    }
    return is_concerned;
}
