/* The head of a drizzle-kit snapshot file: id, parent's id, version. It alone decides whether the
 * snapshots form a chain. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_SNAPSHOT_HEAD_H
#define MIGFS_DRIZZLE_SNAPSHOT_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/arena.h"
#include "migfs/util/text.h"

/* Bytes. An id is a UUID; a longer one is truncated. Of a file the first piece is tried before the
 * whole file is read. */
enum { SNAPSHOT_ID_MAXIMUM = 63, SNAPSHOT_PIECE = 4096 };

/* Of a larger file only the two ends are examined: that is cheap, and shows the damage that merges
 * and interrupted writes leave. */
enum { SNAPSHOT_WHOLE = 64 << 10 };

struct snapshot_head {
    bool is_json;     /* an object that JSON.parse accepts; else only the position below is set */
    size_t line;      /* of the fault, from 1; 0: none known */
    size_t column;    /* bytes, from 1 */
    int version;      /* as Number(version); 0: none, or not an integer from 1 */
    bool has_prev_id; /* `prevId` is a string */
    char id[SNAPSHOT_ID_MAXIMUM + 1], prev_id[SNAPSHOT_ID_MAXIMUM + 1]; /* NUL-terminated; empty: none */
};

/* Reads the head from the first bytes of a file alone: true if id, prevId and version precede
 * anything longer, as drizzle-kit writes them. If false, the file must be read whole. */
bool snapshot_head_of_piece(struct text piece, struct snapshot_head *ret_head);

/* Reads it from the whole file; the last of duplicate keys counts, as in JSON.parse. The arena is
 * used for temporary memory only. */
void snapshot_head_of_file(struct arena *arena, struct text file, struct snapshot_head *ret_head);

/* True for a file name directly in meta/ that drizzle-kit reads as a snapshot: any that does not
 * begin with `_`. */
bool snapshot_is_named_so(struct text name);

#endif
