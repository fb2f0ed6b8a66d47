/* The tokens of SQL texts, for the snapshots that migfs makes. Belongs to one thread. */
#ifndef MIGFS_LIVE_PARSED_H
#define MIGFS_LIVE_PARSED_H

#include "migfs/schema/worker.h"
#include "migfs/synthesis/snapshots.h"

struct parsed;

/* NULL when memory has run out. The caller keeps the keeper (may be NULL). */
struct parsed *parsed_create(struct worker_keeper *keeper);
void parsed_destroy(struct parsed *parsed); /* takes NULL */

/* A view is made between the two: texts that it does not request are dropped, and all its waits
 * together take at most `wait_ms` (-1: no limit). */
void parsed_begin(struct parsed *parsed, int wait_ms);
void parsed_end(struct parsed *parsed);

/* The file's SQL with its tokens, or the reason why there are none. What it sets lives in the
 * arena, or until parsed_end(). `context` is the parsed. */
void parsed_read_sql(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file);

/* True when everything that the last view requested had been parsed. If not, the view said so, and
 * has to be made again when more is parsed. */
bool parsed_is_done(const struct parsed *parsed);
/* Goes on parsing for at most `wait_ms`. Returns true when nothing is left. */
bool parsed_step(struct parsed *parsed, int wait_ms);

/* As schema_reader_awaited(); at most one. */
size_t parsed_awaited(const struct parsed *parsed, struct pollfd *ret_awaited);

#endif
