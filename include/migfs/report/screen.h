/* What `migfs status` prints: how things stand in all databases, on one screen. Pure; lives in the arena. Any thread. */
#ifndef MIGFS_REPORT_SCREEN_H
#define MIGFS_REPORT_SCREEN_H

#include "migfs/report/render.h"

struct screen_options {
    struct text source; /* the folder as the user wrote it */
    bool is_coloured;
    bool has_fix; /* `migfs fix SOURCE`, as it stands, would go by the same databases */
};

/* A table of migrations and databases in which what is level is folded, the next deploy of each database in the order in which it runs, and the
 * problems that need something, each with a command. At most 59 lines for 19 migrations; each that has not run somewhere is named. */
struct text screen_render(struct arena *arena, const struct view *view, const struct screen_options *options);

#endif
