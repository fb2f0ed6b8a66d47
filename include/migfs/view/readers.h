/* Which other users could read a file of the source, and so what a file made from it may show, and
 * to whom. Matters only with allow_other: then no user may learn from the view what the source
 * keeps from them. Pure. */
#ifndef MIGFS_VIEW_READERS_H
#define MIGFS_VIEW_READERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "migfs/folder/entry.h"
#include "migfs/folder/named.h"
#include "migfs/folder/set.h"

/* 0444 without the bits of the owner, group and others of `classes` that cannot read this entry by
 * its path from the source folder. For a link: its target. */
mode_t readers_of(const struct disk *disk, const struct disk_entry *entry, const struct disk_entry *classes);

/* The source folder's classes that can read the journal, the rules and all SQL files, and can list
 * each folder whose names a problem may quote. */
mode_t readers_of_all(const struct disk *disk);

/* 0555 without the bits of the source folder's classes that cannot pass all folders on the path to
 * it. */
mode_t readers_of_way(const struct disk *disk);

/* The source folder's classes that can read a file named by the user. */
mode_t readers_of_named(const struct disk *disk, const struct disk_named *named);

/* The folders on the path to one, as far as their search permissions matter. */
struct readers_passage {
    bool is_free; /* for all */
    uint64_t digest;
};
struct readers_passage readers_passage_to(const struct disk *disk); /* none passed yet */
struct readers_passage readers_passage_into(struct readers_passage passage, const struct disk_entry *folder);

/* Identity of the view's directory that stands for this folder: it changes when the folder, or one
 * on the path to it, is replaced or grants other permissions. 0 for all folders that everybody may
 * search and list: a process in one of these may be in the others. The kernel caches for a while
 * what it was told about a directory, and a process can stay in it for long; neither may give
 * access to the folder that replaces it. */
uint64_t readers_identity(struct readers_passage passage, const struct disk_entry *folder);

#endif
