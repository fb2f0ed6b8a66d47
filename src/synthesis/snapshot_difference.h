/* What tells a made snapshot from the real one. Pure; any thread; the text lives in the arena. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_DIFFERENCE_H
#define MIGFS_SYNTHESIS_SNAPSHOT_DIFFERENCE_H

#include "migfs/json/tree.h"

/* True when they say the same of the schema: ids, and what only records how drizzle-kit came there, are left aside, and so is the order of
 * members. Else ret_difference is the first that differs: "tables.public.users.columns.icon is only in the file", which is that of the real
 * one, or "… is only in what the SQL gives". Safe to print. */
bool snapshot_is_same(struct arena *arena, const struct cJSON *made, const struct cJSON *real,
                      struct text *ret_difference);

#endif
