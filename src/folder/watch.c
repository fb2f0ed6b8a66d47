/* Watches what the last scan read: every change in the source's directories, and in each folder on
 * the path to it the one name that was looked up there. Watches the descriptors of the scan itself,
 * so no path is walked twice. Stores no events. */
#include "migfs/folder/watch.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

static const uint32_t changes_below = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE |
                                      IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
static const uint32_t changes_above =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

/* One watched directory; one that the path passes twice has two. */
struct watched {
    int number;
    char *name; /* the only name watched in it, malloc'ed; NULL: all */
};

struct watched_list {
    struct watched *watched; /* malloc'ed */
    size_t count, capacity;
};

/* One inotify instance each, since a directory may be in both and the kernel allows one watch per
 * directory and instance. */
struct part {
    int inotify;
    struct watched_list now, next; /* of the last scan, and of the current one */
};

struct disk_watch {
    struct part above, below;
    int waiting; /* an epoll descriptor for both */
    bool is_whole, is_next_whole;
};

/* ---- lists ---- */

static void list_clear(struct watched_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->watched[i].name);
    }
    list->count = 0;
}

static void list_finish(struct watched_list *list) {
    list_clear(list);
    free(list->watched);
}

/* Takes over the name. False when memory has run out. */
static bool list_add(struct watched_list *list, int number, char *name) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        struct watched *watched = reallocarray(list->watched, capacity, sizeof *watched);
        if (!watched) {
            free(name);
            return false;
        }
        list->watched = watched;
        list->capacity = capacity;
    }
    list->watched[list->count++] = (struct watched){number, name};
    return true;
}

static int compare_numbers(const void *a, const void *b) {
    int first = ((const struct watched *)a)->number, second = ((const struct watched *)b)->number;
    return (first > second) - (first < second);
}

static void list_sort(struct watched_list *list) {
    if (list->count > 0) {
        qsort(list->watched, list->count, sizeof *list->watched, compare_numbers);
    }
}

/* ---- scans ---- */

static bool add(struct part *part, int directory, uint32_t mask, const char *name) {
    char path[32 + 3 * sizeof directory];
    snprintf(path, sizeof path, "/proc/self/fd/%d", directory);
    int number = inotify_add_watch(part->inotify, path, mask);
    char *copy = name ? strdup(name) : NULL;
    if (number < 0 || (name && !copy)) {
        free(copy);
        return false; /* a watch in no list ends with its inotify */
    }
    return list_add(&part->next, number, copy);
}

static void about_to_scan(void *context) {
    struct disk_watch *watch = context;
    list_clear(&watch->above.next);
    list_clear(&watch->below.next);
    watch->is_next_whole = true;
}

static void about_to_pass(void *context, int directory, const char *name) {
    struct disk_watch *watch = context;
    add(&watch->above, directory, changes_above, name);
}

static void about_to_list(void *context, int directory) {
    struct disk_watch *watch = context;
    watch->is_next_whole = add(&watch->below, directory, changes_below, NULL) && watch->is_next_whole;
}

/* Switches to the new list and removes watches that only the old one has. Sorts both. */
static void go_over(struct part *part) {
    list_sort(&part->now);
    list_sort(&part->next);
    for (size_t i = 0, j = 0; i < part->now.count; i++) {
        int number = part->now.watched[i].number;
        while (j < part->next.count && part->next.watched[j].number < number) {
            j++;
        }
        bool is_kept = j < part->next.count && part->next.watched[j].number == number;
        bool is_done = i > 0 && part->now.watched[i - 1].number == number;
        if (!is_kept && !is_done) {
            inotify_rm_watch(part->inotify, number); /* fails if the directory is gone */
        }
    }
    struct watched_list old = part->now;
    part->now = part->next;
    part->next = old;
    list_clear(&part->next);
}

/* Keeps both lists. If memory runs out, the rest of the old one is no longer watched and the caller
 * scans periodically. */
static bool keep_both(struct part *part) {
    bool is_kept = true;
    for (size_t i = 0; i < part->now.count; i++) {
        is_kept = list_add(&part->next, part->now.watched[i].number, part->now.watched[i].name) && is_kept;
    }
    part->now.count = 0; /* the other list owns the names now */
    go_over(part);
    return is_kept;
}

static void has_scanned(void *context, bool is_whole) {
    struct disk_watch *watch = context;
    if (is_whole) {
        go_over(&watch->above);
        go_over(&watch->below);
        watch->is_whole = watch->is_next_whole;
    } else {
        keep_both(&watch->above);
        watch->is_whole = keep_both(&watch->below) && watch->is_whole && watch->is_next_whole;
    }
}

struct disk_hooks disk_watch_hooks(struct disk_watch *watch) {
    return (struct disk_hooks){about_to_scan, about_to_pass, about_to_list, has_scanned, watch};
}

bool disk_watch_is_whole(const struct disk_watch *watch) {
    return watch->is_whole;
}

/* ---- beginning and end ---- */

static bool start_waiting(struct disk_watch *watch) {
    watch->above.inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->below.inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->waiting = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event readable = {.events = EPOLLIN};
    return watch->above.inotify >= 0 && watch->below.inotify >= 0 && watch->waiting >= 0 &&
           epoll_ctl(watch->waiting, EPOLL_CTL_ADD, watch->above.inotify, &readable) == 0 &&
           epoll_ctl(watch->waiting, EPOLL_CTL_ADD, watch->below.inotify, &readable) == 0;
}

struct disk_watch *disk_watch_create(struct error *error) {
    struct disk_watch *watch = calloc(1, sizeof *watch);
    if (!watch) {
        error_set_memory(error);
        return NULL;
    }
    if (!start_waiting(watch)) {
        error_set_errno(error, "changes of the folder cannot be watched");
        disk_watch_destroy(watch);
        return NULL;
    }
    return watch;
}

static void part_finish(struct part *part) {
    if (part->inotify >= 0) {
        close(part->inotify);
    }
    list_finish(&part->now);
    list_finish(&part->next);
}

void disk_watch_destroy(struct disk_watch *watch) {
    if (!watch) {
        return;
    }
    part_finish(&watch->above);
    part_finish(&watch->below);
    if (watch->waiting >= 0) {
        close(watch->waiting);
    }
    free(watch);
}

int disk_watch_descriptor(const struct disk_watch *watch) {
    return watch->waiting;
}

/* ---- events ---- */

static bool is_awaited(const struct watched_list *list, const struct inotify_event *event) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->watched[i].number == event->wd && strcmp(list->watched[i].name, event->name) == 0) {
            return true;
        }
    }
    return false;
}

/* IN_IGNORED only follows the event that ended the watch. */
static bool concerns(const struct disk_watch *watch, const struct part *part, const struct inotify_event *event) {
    if (event->mask & IN_IGNORED) {
        return false;
    }
    bool is_of_name = part == &watch->above && event->len > 0 && !(event->mask & IN_Q_OVERFLOW);
    return !is_of_name || is_awaited(&part->now, event) || is_awaited(&part->next, event);
}

static bool drain(const struct disk_watch *watch, const struct part *part) {
    _Alignas(struct inotify_event) char events[16384];
    bool is_concerned = false;
    ssize_t length;
    while ((length = read(part->inotify, events, sizeof events)) > 0) {
        for (const char *at = events; at < events + length;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
            is_concerned = is_concerned || concerns(watch, part, event);
            at += sizeof *event + event->len;
        }
    }
    return is_concerned;
}

bool disk_watch_drain(struct disk_watch *watch) {
    bool is_above = drain(watch, &watch->above), is_below = drain(watch, &watch->below);
    return is_above || is_below;
}
