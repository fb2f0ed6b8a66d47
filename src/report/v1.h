/* Sentences about a folder of drizzle v1, which has no journal and no watermark. Pure; lives in the
 * arena. */
#ifndef MIGFS_REPORT_V1_H
#define MIGFS_REPORT_V1_H

#include "migfs/join/joined.h"

/* Why every run of v1 aborts in this database, to be appended to "aborts every run: "; empty if
 * there is no obstacle. */
struct text v1_abortion(struct arena *arena, const struct join *join, size_t database);

/* What the runner does with a migration. */
struct text v1_drizzle(struct arena *arena, const struct join *join, const struct migration *it);

/* Returns whether the next deploy runs the migration there. */
bool v1_runs(const struct migration *it, size_t database);

#endif
