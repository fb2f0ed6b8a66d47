/* The parts of the screen that are laid out in columns and lines of a given width: the table, and
 * lists of names. Pure; lives in the arena. */
#ifndef MIGFS_REPORT_SCREEN_TABLE_H
#define MIGFS_REPORT_SCREEN_TABLE_H

#include "migfs/report/render.h"

/* Databases that do not differ, with a label short enough for a column head. */
struct screen_group {
    struct text label;
    const size_t *databases;
    size_t count;
};

struct screen_groups {
    struct screen_group *groups;
    size_t count;
};

/* Groups the databases for which `are_same` returns true. */
struct screen_groups screen_group_databases(struct arena *arena, const struct view *view,
                                            bool (*are_same)(void *context, size_t a, size_t b), void *context);

/* Returns whether the label names all of them instead of giving their number. */
bool screen_says_all(const struct screen_group *group);

/* Adds one or more lines with the label and all names. */
void screen_add_names(struct buffer *buffer, const struct view *view, const struct screen_group *group, size_t width);

/* Names separated by blanks or commas, in lines of at most `width` columns, indented by `indent`. The
 * caller has begun the first line, which is `used` columns wide. */
struct screen_list {
    struct buffer *buffer;
    size_t width, indent, used, count;
};
void screen_list_add(struct screen_list *list, struct text name);

/* Adds a sentence to a line that is `used` columns wide, and wraps it; later lines are indented by
 * `indent`. Text between backticks, which users copy, is not divided. A width of 0 does not wrap. */
void screen_add_sentence(struct buffer *buffer, struct text sentence, size_t used, size_t indent, size_t width);

void screen_add_table(struct buffer *buffer, const struct view *view, size_t width, bool is_coloured);

#endif
