/* What stands at the top of a snapshot file of drizzle-kit: its id, its parent's, its version. That is all that decides whether the
 * snapshots form a chain. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_SNAPSHOT_HEAD_H
#define MIGFS_DRIZZLE_SNAPSHOT_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/arena.h"
#include "migfs/util/text.h"

/* Bytes: an id is a UUID; of a longer one the rest is cut off, and a file is asked for its first piece before it is read whole. */
enum { SNAPSHOT_ID_MAXIMUM = 63, SNAPSHOT_PIECE = 4096 };

struct snapshot_head {
    bool is_json;     /* an object that JSON.parse accepts; else nothing below is set but the place */
    size_t line;      /* of the fault, from 1; 0: none known */
    size_t column;    /* bytes, from 1 */
    int version;      /* as Number(version); 0: none, or not a whole number from 1 */
    bool has_prev_id; /* `prevId` is a string */
    char id[SNAPSHOT_ID_MAXIMUM + 1], prev_id[SNAPSHOT_ID_MAXIMUM + 1]; /* NUL-terminated; empty: none */
};

/* Reads the head from the first bytes of a file alone: true when id, prevId and version stand there before anything longer, as drizzle-kit
 * writes them. False says nothing of the file: it must be read whole. */
bool snapshot_head_of_piece(struct text piece, struct snapshot_head *ret_head);

/* Reads it from the whole file: of equal keys the last counts, as in JSON.parse. Uses the arena for its own needs only. */
void snapshot_head_of_file(struct arena *arena, struct text file, struct snapshot_head *ret_head);

/* True for the name of a file right in meta/ that drizzle-kit takes for a snapshot: anything that does not begin with `_`. */
bool snapshot_is_named_so(struct text name);

#endif
