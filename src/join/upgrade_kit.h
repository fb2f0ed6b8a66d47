/* The half of the rehearsal that looks at the folder alone: what `drizzle-kit up` plans and refuses. */
#ifndef MIGFS_JOIN_UPGRADE_KIT_H
#define MIGFS_JOIN_UPGRADE_KIT_H

#include "migfs/join/upgrade.h"

/* Folders, faults and what is left; no databases yet. NULL as upgrade_rehearse(). */
struct upgrade *upgrade_plan(struct arena *arena, const struct join *join);

#endif
