/* Who else could read a file of the source: what a file made of it may show, and to whom. Matters only where others can be in the view at
 * all (allow_other); there nobody learns from the view what the source keeps from them. Pure. */
#ifndef MIGFS_VIEW_READERS_H
#define MIGFS_VIEW_READERS_H

#include <sys/types.h>

#include "migfs/folder/entry.h"
#include "migfs/folder/set.h"

/* 0444, without those of the owner, the group and the others of `classes` that cannot read this entry by its path, from the source folder
 * on. Of a link: by what it leads to. */
mode_t readers_of(const struct disk *disk, const struct disk_entry *entry, const struct disk_entry *classes);

/* Those of the source folder's classes who can read the journal, the rules and all SQL files. */
mode_t readers_of_all(const struct disk *disk);

/* 0555, without those of the source folder's classes that cannot pass all folders which were passed on the way to it. */
mode_t readers_of_way(const struct disk *disk);

#endif
