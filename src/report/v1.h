/* What is said of a folder of drizzle v1, where there is no journal and nothing to be above. Pure; lives in the arena. */
#ifndef MIGFS_REPORT_V1_H
#define MIGFS_REPORT_V1_H

#include "migfs/join/joined.h"

/* Why every run of v1 aborts in this database, to follow "aborts every run: "; empty when nothing stands against it. */
struct text v1_abortion(struct arena *arena, const struct join *join, size_t database);

/* What the runner does with a migration. */
struct text v1_drizzle(struct arena *arena, const struct join *join, const struct migration *it);

/* True of a migration that the next deploy runs there. */
bool v1_runs(const struct migration *it, size_t database);

/* Writes those that it runs, in the order in which it does, into `runs`, which has room for v1_count; returns how many. */
size_t v1_list_runs(const struct join *join, size_t database, const struct migration **runs);

#endif
