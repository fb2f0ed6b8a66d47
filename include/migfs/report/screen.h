/* What `migfs status` prints: the state of all databases on one screen. Pure; lives in the arena.
 * Any thread. */
#ifndef MIGFS_REPORT_SCREEN_H
#define MIGFS_REPORT_SCREEN_H

#include "migfs/report/render.h"

enum { SCREEN_WIDTH = 100 }; /* where there is no terminal */

struct screen_options {
    struct text source; /* the folder as the user wrote it */
    size_t width;       /* of a line of the table, and of a list */
    bool is_wrapped;    /* sentences, too; otherwise each is one line, for grep */
    bool is_coloured;
    bool has_fix; /* `migfs fix SOURCE` without options would read the same databases */
};

/* Renders a table of migrations and databases in which migrations that have run everywhere are
 * folded (in a long table also others with equal states), the next deploy of each database in run
 * order, and the problems that need action, each with a command. At most 59 lines for 19 migrations;
 * every migration that has not run somewhere is named. */
struct text screen_render(struct arena *arena, const struct view *view, const struct screen_options *options);

#endif
