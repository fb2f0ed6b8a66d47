/* Joins files, journal, rules and ledgers into one list of migrations with their state in each database and overall. This is where
 * section by section the rules for "what is what" live; it decides nothing about the consistent journal.
 *
 * Pure: the same record sets give the same join. What it returns lives in the arena and points into the record sets,
 * which must live as long. Any thread. */
#ifndef MIGFS_JOIN_JOIN_H
#define MIGFS_JOIN_JOIN_H

#include "migfs/join/joined.h"

/* Joins. `ledgers` may be empty. An entry whose tag could not be the name of a file right in the folder (a slash, `..`, NUL,
 * too long, empty) is `missing`. */
struct join *join_create(struct arena *arena, const struct disk *disk, const struct journal *journal,
                         const struct rules *rules, struct ledger *const *ledgers, size_t ledger_count);

#endif
