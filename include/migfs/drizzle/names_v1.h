/* The folder names of drizzle v1: their dates, the order in which the runner takes them, and the
 * name that `drizzle-kit up` gives to the folder of a 0.x migration. Pure; any thread.
 *
 * Sources: drizzle-orm 1.0.0-rc.5, migrator.js (readMigrationFiles), migrator.utils.js
 * (formatToMillis) and up-migrations/pg.js; drizzle-kit 1.0.0-rc.5, planFoldersV3 and
 * prepareSnapshotFolderName. */
#ifndef MIGFS_DRIZZLE_NAMES_V1_H
#define MIGFS_DRIZZLE_NAMES_V1_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/drizzle/journal.h"
#include "migfs/util/text.h"

/* The created_at that the runner records for this folder, in milliseconds since the epoch: Date.UTC
 * of the numbers that parseInt finds in the first fourteen UTF-16 units. False if that is NaN:
 * PostgreSQL then rejects the row and the run aborts. */
bool names_v1_date(struct text name, int64_t *ret_milliseconds);

/* The second that the upgrade of a 0.x ledger takes for that of a row, in milliseconds: it writes
 * zeros for the last three digits of created_at, as text, so times within a second before or after
 * the epoch become 0. */
int64_t names_v1_second(int64_t created_at);

/* `a.localeCompare(b)` in the root locale: punctuation, digits, letters; accents decide after all
 * letters, case after all accents. Exact for ASCII and for the letters up to U+017F that are an
 * ASCII letter with one accent; other characters follow, by code point. 0 only for texts that the
 * collation considers equal. */
int names_v1_compare(struct text a, struct text b);

/* True if the name sorts after the folder of its snapshot's parent as `drizzle-kit up` requires:
 * both by UTF-16 units and by names_v1_compare(). */
bool names_v1_sorts_after(struct text name, struct text parent);

/* The range of a Date, in milliseconds before and after the epoch. Outside of it, and for anything
 * that is not a number, every part of a date is NaN. */
#define NAMES_V1_DATE_LIMIT INT64_C(8640000000000000)
#define NAMES_V1_NO_DATE INT64_MAX

/* `when` as converted by `new Date(when)`, which accepts less than the runner's Number(): a string
 * of digits is not a date. Milliseconds; 0 if drizzle-kit uses the current time, NAMES_V1_NO_DATE
 * if it gets no date. */
int64_t names_v1_when(const struct journal_value *when);

/* The name that `drizzle-kit up` gives to the folder of an entry: the UTC second of `when`
 * (milliseconds), `_`, and the part of the tag after its first `_`. For a `when` of 0 drizzle-kit
 * uses the current time, so the name is unknown and the result is empty. */
struct text names_v1_folder(struct arena *arena, int64_t when, struct text tag);

#endif
