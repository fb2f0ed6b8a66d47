/* A ledger as drizzle v1 reads it: which folder each row is of, and what the next run of v1 runs.
 *
 * A ledger of v1 goes by the names of its rows alone. One of 0.x is upgraded at the first run, row by row: by the second of its
 * created_at, by its hash among several folders of that second, or by its hash where no folder has that second; a row that matches none
 * makes that run throw. Source: drizzle-orm 1.0.0-rc.5, up-migrations/pg.js and migrator.utils.js. Pure; lives in the arena. */
#ifndef MIGFS_JOIN_LEDGER_V1_H
#define MIGFS_JOIN_LEDGER_V1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/ledger/ledger.h"
#include "migfs/util/arena.h"
#include "migfs/util/digest.h"

/* A migration of v1. */
struct folder_v1 {
    struct text name;
    bool has_date;
    int64_t date; /* milliseconds, as v1 records it in created_at */
    struct digest digest;
};

/* Folders in the orders in which v1 looks them up. */
struct folders_v1 {
    struct arena *arena;
    const struct folder_v1 *folders;
    size_t count;
    size_t *by_date; /* [count]: indices by date, then by name: the order in which they run */
    size_t *by_hash; /* [count]: by hash, then by that order */
    size_t *by_name; /* [count]: by bytes */
    size_t *place;   /* [count]: position in by_date */
};

struct folders_v1 *ledger_v1_sort(struct arena *arena, const struct folder_v1 *folders, size_t count);

/* Where the folders of a second stand in by_date, and those of a hash in by_hash: *ret_first, and how many. */
size_t ledger_v1_of_second(const struct folders_v1 *folders, int64_t date, size_t *ret_first);
size_t ledger_v1_of_hash(const struct folders_v1 *folders, const struct digest *digest, size_t *ret_first);

/* The second of a row as v1 finds it, in milliseconds; false for a NULL, which no folder with a date has. */
bool ledger_v1_second(const struct ledger_row *row, int64_t *ret_date);

enum match_v1 { MATCH_V1_NOTHING, MATCH_V1_SECOND, MATCH_V1_HASH, MATCH_V1_NAME };

struct ledger_v1 {
    enum match_v1 *match; /* [ledger->count], for each row */
    size_t *folder;       /* [ledger->count]; SIZE_MAX: none */
    size_t unmatched;
    bool throws;       /* the upgrade of a ledger of 0.x throws, so nothing runs */
    bool *is_recorded; /* [folders]: a row names it, or will after the upgrade, so it does not run */
};

/* Takes every row to its folder. The ledger must have been read, or be fresh. */
struct ledger_v1 *ledger_v1_read(const struct folders_v1 *folders, const struct ledger *ledger);

/* The indices of a ledger's rows by id as a number, as the upgrade reads them. */
size_t *ledger_v1_by_id(struct arena *arena, const struct ledger *ledger);

#endif
