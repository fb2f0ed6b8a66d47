/* Who else could read a file of the source: what a file made of it may show, and to whom. Matters only where others can be in the view at
 * all (allow_other); there no user learns from the view what the source keeps from them. Pure. */
#ifndef MIGFS_VIEW_READERS_H
#define MIGFS_VIEW_READERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "migfs/folder/entry.h"
#include "migfs/folder/named.h"
#include "migfs/folder/set.h"

/* 0444, without those of the owner, the group and the others of `classes` that cannot read this entry by its path, from the source folder
 * on. Of a link: by what it leads to. */
mode_t readers_of(const struct disk *disk, const struct disk_entry *entry, const struct disk_entry *classes);

/* Those of the source folder's classes who can read the journal, the rules and all SQL files, and list each folder of which a problem may
 * give a name. */
mode_t readers_of_all(const struct disk *disk);

/* 0555, without those of the source folder's classes that cannot pass all folders which were passed on the way to it. */
mode_t readers_of_way(const struct disk *disk);

/* Those of the source folder's classes who can read a file that was named. */
mode_t readers_of_named(const struct disk *disk, const struct disk_named *named);

/* All folders down to one, as far as it matters who may pass them. */
struct readers_passage {
    bool is_free; /* for all */
    uint64_t digest;
};
struct readers_passage readers_passage_to(const struct disk *disk); /* the source folder, which is not yet passed */
struct readers_passage readers_passage_into(struct readers_passage passage, const struct disk_entry *folder);

/* By which a directory of the view that stands for this folder is another one as soon as the folder, or one that was passed, is another or
 * grants something else. 0 for all which everybody may enter and list: who was in one of these may be in the others. The kernel knows for a
 * while what it was told of a directory, and some process may be in it for long; neither must let anybody into the folder that takes its
 * place. */
uint64_t readers_identity(struct readers_passage passage, const struct disk_entry *folder);

#endif
