/* The part of the rehearsal that only needs the folder: what `drizzle-kit up` plans and refuses. */
#ifndef MIGFS_JOIN_UPGRADE_KIT_H
#define MIGFS_JOIN_UPGRADE_KIT_H

#include "migfs/join/upgrade.h"

/* Returns folders, faults and unconverted files, without databases; NULL as in
 * upgrade_rehearse(). */
struct upgrade *upgrade_plan(struct arena *arena, const struct join *join);

#endif
