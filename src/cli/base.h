/* Compares the journal with an older one (`check --base`): what the base has published must not move, and what is new must lie above every
 * stamp of it, or databases that ran the base will skip it for ever. */
#ifndef MIGFS_CLI_BASE_H
#define MIGFS_CLI_BASE_H

#include "migfs/report/render.h"

/* Reads a base journal from a file, or from standard input for `-`. NULL with the error where it cannot be read or is no journal. To be
 * given back by journal_unref(). */
struct journal *base_read(const char *file, struct error *error);

/* The problems of the view, with those that the base journal shows added; those of the view alone when `base` is NULL. Lives in the arena and
 * points into the view, not into the base. Runs inside arena_run(). */
struct problems *base_add_problems(struct arena *arena, const struct view *view, const struct journal *base);

#endif
