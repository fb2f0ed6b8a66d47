/* Joins files, journal, rules and ledgers to one list of migrations with their state in each
 * database and overall. The rules that classify files and rows are here; the consistent journal is
 * made elsewhere.
 *
 * Pure: the same records give the same join. The result lives in the arena and points into the
 * records, which must live as long. Any thread. */
#ifndef MIGFS_JOIN_JOIN_H
#define MIGFS_JOIN_JOIN_H

#include "migfs/join/joined.h"

/* Creates a join. `ledgers` may be empty. An entry is `missing` if its tag cannot be the name of a
 * file directly in the folder (a slash, `..`, NUL, too long, empty). */
struct join *join_create(struct arena *arena, const struct disk *disk, const struct journal *journal,
                         const struct rules *rules, struct ledger *const *ledgers, size_t ledger_count);

#endif
