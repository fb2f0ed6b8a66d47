/* Compares the journal with an older one (`check --base`): what the base has published must not move, and what is new must lie above every
 * stamp of it, or databases that ran the base will skip it for ever. */
#ifndef MIGFS_CLI_BASE_H
#define MIGFS_CLI_BASE_H

#include "migfs/report/render.h"

/* The problems of the view, with those that the base journal in `file` shows added; those of the view alone when `file` is NULL. NULL
 * when the file cannot be read, which is then logged. Lives in the arena. Runs inside arena_run(). */
struct problems *base_add_problems(struct arena *arena, const struct view *view, const char *file);

#endif
