/* What the worker said of SQL texts, kept by their digests, so that each text is read once. Belongs to one thread. */
#ifndef MIGFS_LIVE_PARSED_H
#define MIGFS_LIVE_PARSED_H

#include "migfs/schema/worker.h"
#include "migfs/synthesis/snapshots.h"

struct parsed;

/* NULL when memory has run out. The worker (may be NULL) stays the caller's. */
struct parsed *parsed_create(struct worker *worker);
void parsed_destroy(struct parsed *parsed); /* takes NULL */

/* The file's SQL with the answer about its tokens, or why there is none. Waits for the worker, which has its own deadline. What it sets lives
 * in the arena, or until parsed_forget(). `context` is the parsed. */
void parsed_read_sql(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file);

/* Forgets what was not asked for since the last call. */
void parsed_forget(struct parsed *parsed);

#endif
