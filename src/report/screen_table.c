/* A column is a group of databases in which every migration stands alike, so that thirty tenants are a few columns. */
#include "report/screen_table.h"

#include <string.h>

#include "report/phrases.h"

enum { LONGEST_LABEL = 24, GAP = 2 };

/* A cell: what a migration is in one column. */
struct look {
    const char *symbol, *colour;
};

static const struct look looks[STATE_COUNT] = {
    [STATE_MISSING] = {"!", "31"},  [STATE_RERUN] = {"↻", "31"},       [STATE_SKIPPED] = {"✗", "31"},
    [STATE_HELD] = {"‖", "33"},     [STATE_UNJOURNALED] = {"✗", "31"}, [STATE_UNKNOWN] = {"?", "2"},
    [STATE_MODIFIED] = {"≠", "35"}, [STATE_PENDING] = {"→", "33"},     [STATE_APPLIED] = {"✓", "32"},
    [STATE_JOURNALED] = {"·", "2"}, [STATE_EXCLUDED] = {"-", "2"},     [STATE_NOT_APPLIED] = {"✗", "31"},
};

size_t screen_width(struct text text) {
    size_t width = 0;
    for (size_t i = 0; i < text.length; i++) {
        width += ((unsigned char)text.bytes[i] & 0xC0U) != 0x80U;
    }
    return width;
}

static void pad(struct buffer *buffer, size_t width) {
    for (size_t i = 0; i < width; i++) {
        buffer_add_char(buffer, ' ');
    }
}

/* ---- groups ---- */

static struct text name_of(const struct view *view, size_t database) {
    return view->join->databases[database].name;
}

static struct text label_of(struct arena *arena, const struct view *view, const struct screen_group *group) {
    struct buffer names = BUFFER(arena);
    for (size_t i = 0; i < group->count && names.length <= LONGEST_LABEL; i++) {
        buffer_add_string(&names, i > 0 ? ", " : "");
        buffer_add(&names, name_of(view, group->databases[i]));
    }
    bool is_short = names.length <= LONGEST_LABEL || group->count == 1;
    return is_short ? buffer_text(&names) : text_format(arena, "%zu databases", group->count);
}

struct screen_groups screen_group_databases(struct arena *arena, const struct view *view,
                                            bool (*are_same)(void *context, size_t a, size_t b), void *context) {
    size_t count = view->join->database_count;
    struct screen_groups groups = {.groups = arena_array(arena, struct screen_group, count)};
    bool *is_taken = arena_array(arena, bool, count);
    for (size_t first = 0; first < count; first++) {
        size_t *databases = is_taken[first] ? NULL : arena_array(arena, size_t, count), taken = 0;
        for (size_t i = first; databases && i < count; i++) {
            if (!is_taken[i] && are_same(context, first, i)) {
                is_taken[i] = true;
                databases[taken++] = i;
            }
        }
        if (databases) {
            struct screen_group *group = &groups.groups[groups.count++];
            *group = (struct screen_group){.databases = databases, .count = taken};
            group->label = label_of(arena, view, group);
        }
    }
    return groups;
}

void screen_list_add(struct screen_list *list, struct text name) {
    struct text shown = phrase_tag(list->buffer->arena, name);
    size_t width = screen_width(shown);
    if (list->count > 0) {
        buffer_add_char(list->buffer, ',');
        list->used++;
    }
    if (list->used + 1 + width >= SCREEN_WIDTH && list->used > list->indent) {
        buffer_add_char(list->buffer, '\n');
        pad(list->buffer, list->indent);
        list->used = list->indent;
    } else {
        buffer_add_char(list->buffer, ' ');
        list->used++;
    }
    buffer_add(list->buffer, shown);
    list->used += width;
    list->count++;
}

bool screen_says_all(const struct screen_group *group) {
    return group->count == 1 || !text_ends(group->label, " databases");
}

void screen_add_names(struct buffer *buffer, const struct view *view, const struct screen_group *group) {
    struct screen_list list = {.buffer = buffer, .indent = 4, .used = GAP + screen_width(group->label) + 1};
    pad(buffer, GAP);
    buffer_add(buffer, group->label);
    buffer_add_char(buffer, ':');
    for (size_t d = 0; d < group->count; d++) {
        screen_list_add(&list, name_of(view, group->databases[d]));
    }
    buffer_add_char(buffer, '\n');
}

/* ---- the table ---- */

struct table {
    struct buffer *buffer;
    const struct view *view;
    bool is_coloured;
    struct screen_groups groups;
    size_t tag_width;
    bool is_narrow; /* the columns do not fit: each row says in words where it has not run */
};

/* What is shown of a migration in a database: why it is not listed rather than that it has no row. */
static enum state state_in(const struct migration *it, size_t database) {
    enum state state = it->standings[database].state;
    bool is_told_better = it->state == STATE_UNJOURNALED || it->state == STATE_HELD;
    return state == STATE_NOT_APPLIED && is_told_better ? it->state : state;
}

static bool has_answered(const struct view *view, size_t database) {
    return view->join->databases[database].ledger->status != LEDGER_UNREADABLE;
}

static bool stand_alike(void *context, size_t a, size_t b) {
    const struct view *view = context;
    bool is_same = has_answered(view, a) == has_answered(view, b);
    for (size_t i = 0; i < view->join->count && is_same; i++) {
        const struct migration *it = &view->join->migrations[i];
        is_same = state_in(it, a) == state_in(it, b);
    }
    return is_same;
}

/* Nothing is to be said of it: it has run wherever that could be asked. */
static bool is_level(const struct view *view, const struct migration *it) {
    const struct join *join = view->join;
    bool is_asked = false;
    for (size_t i = 0; i < join->database_count; i++) {
        if (has_answered(view, i)) {
            is_asked = true;
            if (it->standings[i].state != STATE_APPLIED) {
                return false;
            }
        }
    }
    return is_asked || it->state == STATE_JOURNALED || it->state == STATE_UNKNOWN;
}

static void add_cell(const struct table *table, enum state state, size_t width) {
    const char *name = state_name(state);
    if (table->is_coloured) {
        buffer_format(table->buffer, "\033[%sm", looks[state].colour);
    }
    buffer_format(table->buffer, "%s %s", looks[state].symbol, name);
    buffer_add_string(table->buffer, table->is_coloured ? "\033[0m" : "");
    pad(table->buffer, width > strlen(name) + 2 ? width - strlen(name) - 2 : 0);
}

static size_t column_width(const struct table *table, size_t group) {
    const struct view *view = table->view;
    size_t width = screen_width(table->groups.groups[group].label);
    for (size_t i = 0; i < view->join->count; i++) {
        const struct migration *it = &view->join->migrations[i];
        size_t cell = strlen(state_name(state_in(it, table->groups.groups[group].databases[0]))) + 2;
        width = it->kind != MIGRATION_EXCLUDED && cell > width ? cell : width;
    }
    return width;
}

/* Of the databases in which it has not run, as many as a line holds. */
static void add_words(const struct table *table, const struct migration *it) {
    enum { NAMED = 3 };
    const struct join *join = table->view->join;
    enum state state = STATE_APPLIED;
    struct phrase_list list = phrase_list(table->buffer->arena, NAMED);
    for (size_t i = 0; i < join->database_count; i++) {
        if (has_answered(table->view, i) && it->standings[i].state != STATE_APPLIED) {
            phrase_list_add(&list, join->databases[i].name);
            state = state_in(it, i) < state ? state_in(it, i) : state;
        }
    }
    add_cell(table, state, 0);
    if (list.count > 0) {
        buffer_format(table->buffer, " in %zu of %zu: %s", list.count, join->database_count,
                      phrase_list_end(&list).bytes);
    }
}

static void add_cells(const struct table *table, const struct migration *it) {
    if (table->view->join->database_count == 0) {
        add_cell(table, it->state, 0);
    } else if (table->is_narrow) {
        add_words(table, it);
    }
    for (size_t i = 0; i < table->groups.count && !table->is_narrow; i++) {
        bool is_last = i + 1 == table->groups.count;
        add_cell(table, state_in(it, table->groups.groups[i].databases[0]), is_last ? 0 : column_width(table, i) + GAP);
    }
    buffer_add_char(table->buffer, '\n');
}

/* What a tag begins with, up to its underscore: enough to say from where to where. */
static struct text head_of(struct arena *arena, struct text tag) {
    size_t at;
    return phrase_tag(arena, text_find(tag, "_", &at) && at > 0 ? text_slice(tag, 0, at) : tag);
}

/* The migrations from `from` to `to`, so many of them level, on a line; one alone as any other. */
static void add_row(const struct table *table, size_t from, size_t to, size_t count) {
    const struct migration *migrations = table->view->join->migrations;
    struct arena *arena = table->buffer->arena;
    struct text name = phrase_tag(arena, migrations[from].tag);
    if (count > 1) {
        name = text_format(arena, "%s … %s (%zu migrations)", head_of(arena, migrations[from].tag).bytes,
                           head_of(arena, migrations[to].tag).bytes, count);
    }
    size_t width = screen_width(name);
    pad(table->buffer, GAP);
    buffer_add(table->buffer, name);
    pad(table->buffer, GAP + (width < table->tag_width ? table->tag_width - width : 0));
    add_cells(table, &migrations[to]);
}

static void add_head(const struct table *table) {
    if (table->groups.count == 0 || table->is_narrow) {
        return;
    }
    buffer_add_string(table->buffer, "  migration");
    pad(table->buffer, GAP + table->tag_width - strlen("migration"));
    for (size_t i = 0; i < table->groups.count; i++) {
        buffer_add(table->buffer, table->groups.groups[i].label);
        size_t width = screen_width(table->groups.groups[i].label);
        pad(table->buffer, i + 1 < table->groups.count ? column_width(table, i) - width + GAP : 0);
    }
    buffer_add_char(table->buffer, '\n');
}

static void measure(struct table *table) {
    enum { SHORTEST = 34 }; /* of what is folded, with a number behind */
    struct arena *arena = table->buffer->arena;
    const struct join *join = table->view->join;
    table->tag_width = SHORTEST;
    for (size_t i = 0; i < join->count; i++) {
        size_t width = screen_width(phrase_tag(arena, join->migrations[i].tag));
        bool is_shown = join->migrations[i].kind != MIGRATION_EXCLUDED && !is_level(table->view, &join->migrations[i]);
        table->tag_width = is_shown && width > table->tag_width ? width : table->tag_width;
    }
    size_t width = GAP + table->tag_width;
    for (size_t i = 0; i < table->groups.count; i++) {
        width += GAP + column_width(table, i);
    }
    table->is_narrow = table->groups.count > 1 && width > SCREEN_WIDTH;
}

/* Of databases in which nothing is to be done, the names are not asked for. */
static bool is_all_level(const struct view *view, const struct screen_group *group) {
    for (size_t i = 0; i < view->join->count; i++) {
        const struct migration *it = &view->join->migrations[i];
        if (it->kind != MIGRATION_EXCLUDED && it->standings[group->databases[0]].state != STATE_APPLIED) {
            return false;
        }
    }
    return true;
}

void screen_add_table(struct buffer *buffer, const struct view *view, bool is_coloured) {
    const struct join *join = view->join;
    struct table table = {.buffer = buffer, .view = view, .is_coloured = is_coloured};
    table.groups = screen_group_databases(buffer->arena, view, stand_alike, (void *)view);
    measure(&table);
    add_head(&table);
    size_t from = 0, to = 0, count = 0;
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (it->kind == MIGRATION_EXCLUDED) {
            continue;
        }
        if (is_level(view, it)) {
            from = count == 0 ? i : from;
            to = i;
            count++;
            continue;
        }
        if (count > 0) {
            add_row(&table, from, to, count);
        }
        add_row(&table, i, i, 1);
        count = 0;
    }
    if (count > 0) {
        add_row(&table, from, to, count);
    }
    for (size_t i = 0; i < table.groups.count && !table.is_narrow; i++) {
        if (!screen_says_all(&table.groups.groups[i]) && !is_all_level(view, &table.groups.groups[i])) {
            screen_add_names(buffer, view, &table.groups.groups[i]);
        }
    }
}
