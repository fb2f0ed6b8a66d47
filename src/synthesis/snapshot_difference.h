/* How a made snapshot differs from the real one. Pure; any thread; the text lives in the arena. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_DIFFERENCE_H
#define MIGFS_SYNTHESIS_SNAPSHOT_DIFFERENCE_H

#include "migfs/json/tree.h"

/* True if both describe the same schema, ignoring ids, drizzle-kit's internal records and the order
 * of members. Otherwise ret_difference names the first difference:
 * "tables.public.users.columns.icon is only in the file" (the real one), or "… is only in what the
 * SQL gives". Safe to print. */
bool snapshot_is_same(struct arena *arena, const struct cJSON *made, const struct cJSON *real,
                      struct text *ret_difference);

#endif
