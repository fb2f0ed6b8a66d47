/* Tokens of SQL texts for the snapshots that are made. Belongs to one thread. */
#ifndef MIGFS_LIVE_PARSED_H
#define MIGFS_LIVE_PARSED_H

#include "migfs/schema/worker.h"
#include "migfs/synthesis/snapshots.h"

struct parsed;

/* NULL when memory has run out. The keeper (may be NULL) stays the caller's. */
struct parsed *parsed_create(struct worker_keeper *keeper);
void parsed_destroy(struct parsed *parsed); /* takes NULL */

/* Between them a view is made: what it does not ask for is forgotten, and it waits for at most `wait_ms` (-1: until all is read) all in all. */
void parsed_begin(struct parsed *parsed, int wait_ms);
void parsed_end(struct parsed *parsed);

/* The file's SQL with the answer about its tokens, or why there is none. What it sets lives in the arena, or until parsed_end(). `context` is
 * the parsed. */
void parsed_read_sql(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file);

/* Nothing of what the last view asked for is left to be read: else it said so, and is to be made again when there is. */
bool parsed_is_done(const struct parsed *parsed);
/* Reads on for at most `wait_ms`. Returns true when that was all. */
bool parsed_step(struct parsed *parsed, int wait_ms);

/* As schema_reader_awaited(): one at most. */
size_t parsed_awaited(const struct parsed *parsed, struct pollfd *ret_awaited);

#endif
