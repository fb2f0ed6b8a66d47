/* The way to the source folder, walked part by part with descriptors, links resolved by ourselves: which folders a path really passes,
 * and which one it ends at. Knows nothing of what is below it. */
#ifndef FOLDER_WAY_H
#define FOLDER_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "folder/root.h"
#include "migfs/folder/hooks.h"
#include "migfs/folder/set.h"

struct disk_way {
    struct disk_passed *folders; /* in each of them a name was looked up; malloc'ed */
    size_t count, capacity;
    /* Which folder it ends at, when reached: */
    int descriptor; /* O_PATH, or -1 */
    dev_t device;
    ino_t inode;
    uint64_t mount; /* 0 where the kernel does not tell */
    bool is_mount;  /* a filesystem is mounted there */
};

/* Walks an absolute path as it leads now. `hooks` (or NULL) is told of each folder before a name is looked up in it. What is passed before
 * the way ends early is kept. Whatever comes out, the way is to be finished. Asks no filesystem for more than the names. */
struct disk_outcome disk_way_walk(const char *path, const struct disk_hooks *hooks, struct disk_way *ret_way);
void disk_way_finish(struct disk_way *way);

/* The same to a regular file, whose descriptor is then open for reading. False with errno, and then there is nothing to be finished; EINVAL
 * where it is something else, which is never opened. */
bool disk_way_walk_to_file(const char *path, struct disk_way *ret_way);

/* The descriptor passes to the caller. */
int disk_way_take(struct disk_way *way);

/* Whether both pass the same folders; the same folders, which let the same users through; and whether both end at the same one. */
bool disk_way_is_through_same(const struct disk_way *a, const struct disk_way *b);
bool disk_way_passes_same(const struct disk_way *a, const struct disk_way *b);
bool disk_way_ends_same(const struct disk_way *a, const struct disk_way *b);

/* What a walk came to. */
struct disk_arrival {
    struct disk_way way; /* as far as it led */
    struct disk_outcome outcome;
};

/* Whether a walk came to the same as the one before. A filesystem that was mounted over the folder since counts as the same: it is not entered,
 * as it may well be our own. */
bool disk_arrival_is_same(const struct disk_arrival *before, const struct disk_arrival *now);
bool disk_arrival_is_covered(const struct disk_arrival *before, const struct disk_way *now);

/* From now on it lets no user through. False when memory has run out. */
bool disk_way_close(struct disk_way *way);

#endif
