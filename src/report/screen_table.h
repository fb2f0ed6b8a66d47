/* The parts of the screen that are laid out in columns and lines of a width: the table, and lists of names. Pure; lives in the arena. */
#ifndef MIGFS_REPORT_SCREEN_TABLE_H
#define MIGFS_REPORT_SCREEN_TABLE_H

#include "migfs/report/render.h"

enum { SCREEN_WIDTH = 100 };

/* Databases in which the same is so, with a label that is short enough for the head of a column. */
struct screen_group {
    struct text label;
    const size_t *databases;
    size_t count;
};

struct screen_groups {
    struct screen_group *groups;
    size_t count;
};

/* Groups the databases that `are_same` finds equal. */
struct screen_groups screen_group_databases(struct arena *arena, const struct view *view,
                                            bool (*are_same)(void *context, size_t a, size_t b), void *context);

/* Whether the label names each of them, rather than saying how many they are. */
bool screen_says_all(const struct screen_group *group);

/* Adds a line, or more, with the label and all names. */
void screen_add_names(struct buffer *buffer, const struct view *view, const struct screen_group *group);

/* Names separated by blanks or commas, in lines that begin with so many blanks; the first line has been begun and is `used` wide. */
struct screen_list {
    struct buffer *buffer;
    size_t indent, used, count;
};
void screen_list_add(struct screen_list *list, struct text name);

/* The columns that a text takes on a terminal. */
size_t screen_width(struct text text);

void screen_add_table(struct buffer *buffer, const struct view *view, bool is_coloured);

#endif
