/* A ledger as drizzle v1 interprets it: which folder each row belongs to, and what the next run of
 * v1 runs.
 *
 * In a v1 ledger, only the names of the rows count. A 0.x ledger is upgraded by the first run, row
 * by row: by the second of created_at, by hash among several folders with that second, or by hash
 * if no folder has that second. A row that matches none makes the run throw. Source: drizzle-orm
 * 1.0.0-rc.5, up-migrations/pg.js and migrator.utils.js. Pure; lives in the arena. */
#ifndef MIGFS_JOIN_LEDGER_V1_H
#define MIGFS_JOIN_LEDGER_V1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/ledger/ledger.h"
#include "migfs/util/arena.h"
#include "migfs/util/digest.h"

/* A migration folder of v1. */
struct folder_v1 {
    struct text name;
    bool has_date;
    int64_t date; /* milliseconds; v1 records it as created_at */
    struct digest digest;
};

/* Folders, sorted by the keys that v1 looks up. */
struct folders_v1 {
    struct arena *arena;
    const struct folder_v1 *folders;
    size_t count;
    size_t *by_date; /* [count]: indices by date, then by name: the run order */
    size_t *by_hash; /* [count]: indices by hash, then in run order */
    size_t *by_name; /* [count]: indices by name, bytewise */
    size_t *place;   /* [count]: position of each folder in by_date */
};

struct folders_v1 *ledger_v1_sort(struct arena *arena, const struct folder_v1 *folders, size_t count);

/* Return the number of folders with this second, or hash, and the first position in by_date, or
 * by_hash, in *ret_first. */
size_t ledger_v1_of_second(const struct folders_v1 *folders, int64_t date, size_t *ret_first);
size_t ledger_v1_of_hash(const struct folders_v1 *folders, const struct digest *digest, size_t *ret_first);

/* Gets the second of a row as v1 computes it, in milliseconds. Returns false for NULL, which
 * matches no folder. */
bool ledger_v1_second(const struct ledger_row *row, int64_t *ret_date);

enum match_v1 { MATCH_V1_NOTHING, MATCH_V1_SECOND, MATCH_V1_HASH, MATCH_V1_NAME };

struct ledger_v1 {
    enum match_v1 *match; /* [ledger->count] */
    size_t *folder;       /* [ledger->count]; SIZE_MAX: none */
    size_t unmatched;
    bool throws;       /* the upgrade of a 0.x ledger throws, so nothing runs */
    bool *is_recorded; /* [folders]: a row has its name, at least after the upgrade: does not run */
};

/* Matches every row to its folder. The ledger must have been read, or be fresh. */
struct ledger_v1 *ledger_v1_read(const struct folders_v1 *folders, const struct ledger *ledger);

/* Returns the row indices sorted by id as a number, the order in which the upgrade reads them. */
size_t *ledger_v1_by_id(struct arena *arena, const struct ledger *ledger);

#endif
