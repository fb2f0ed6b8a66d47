/* The runner's rules: which entries `migrate()` of drizzle-orm 0.x runs, given the one row that it reads. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_RUNNER_H
#define MIGFS_DRIZZLE_RUNNER_H

#include <stdbool.h>

#include "migfs/drizzle/journal.h"
#include "migfs/ledger/ledger.h"

/* True when the runner, finding this watermark, would run the entry, even where PostgreSQL then refuses its `when`. */
bool runner_runs(const struct journal_entry *entry, struct watermark watermark);

/* True when the runner that runs the entry can record it; otherwise all of the run is rolled back. */
bool runner_records(const struct journal_entry *entry);

#endif
