/* The folder names of drizzle v1: which second a name stands for, in which order the runner takes them, and what `drizzle-kit up`
 * calls the folder of a 0.x migration. Pure; any thread.
 *
 * Sources: drizzle-orm 1.0.0-rc.5, migrator.js (readMigrationFiles) and migrator.utils.js (formatToMillis); drizzle-kit
 * 1.0.0-rc.5, planFoldersV3 and prepareSnapshotFolderName. */
#ifndef MIGFS_DRIZZLE_NAMES_V1_H
#define MIGFS_DRIZZLE_NAMES_V1_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/drizzle/journal.h"
#include "migfs/util/text.h"

/* The milliseconds since the epoch that the runner records as created_at for this folder: Date.UTC of the numbers that parseInt
 * finds in the first fourteen UTF-16 units. False where that is NaN: PostgreSQL then refuses the row and the run aborts. */
bool names_v1_date(struct text name, int64_t *ret_milliseconds);

/* As `a.localeCompare(b)` in the root locale: punctuation, digits, letters; accents decide after all letters, case after all accents.
 * Exact for ASCII and for the letters up to U+017F that are an ASCII letter with one accent; any other character comes after them,
 * by its code point. 0 only for texts that the collation takes for equal. */
int names_v1_compare(struct text a, struct text b);

/* The order that `drizzle-kit up` asks for between a folder and that of its snapshot's parent: above it by UTF-16 units and by
 * names_v1_compare(). */
bool names_v1_sorts_after(struct text name, struct text parent);

/* What a Date holds, in milliseconds either way; beyond it, and of what is not a number, every part of a date is NaN. */
#define NAMES_V1_DATE_LIMIT INT64_C(8640000000000000)
#define NAMES_V1_NO_DATE INT64_MAX

/* `when` as `new Date(when)` takes it, which is less than the runner's Number() does: a string of digits is not a date. Milliseconds; 0 where
 * drizzle-kit takes the moment of the call, NAMES_V1_NO_DATE where it gets none. */
int64_t names_v1_when(const struct journal_value *when);

/* The name that `drizzle-kit up` gives to the folder of an entry: the UTC second of `when` (milliseconds), `_`, and the tag from after
 * its first `_`. A `when` of 0 is taken for the moment of the call by drizzle-kit, so no name is known: the empty text. */
struct text names_v1_folder(struct arena *arena, int64_t when, struct text tag);

#endif
