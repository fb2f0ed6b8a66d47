/* A column is a group of databases in which every migration has the same state, so that thirty
 * tenants need only a few columns. */
#include "report/screen_table.h"

#include <string.h>

#include "migfs/util/width.h"
#include "report/phrases.h"

enum { LONGEST_LABEL = 24, GAP = 2 };

/* How a cell shows a state. */
struct look {
    const char *symbol, *colour;
};

static const struct look looks[STATE_COUNT] = {
    [STATE_MISSING] = {"!", "31"},  [STATE_RERUN] = {"↻", "31"},       [STATE_SKIPPED] = {"✗", "31"},
    [STATE_HELD] = {"‖", "33"},     [STATE_UNJOURNALED] = {"✗", "31"}, [STATE_UNKNOWN] = {"?", "2"},
    [STATE_MODIFIED] = {"≠", "35"}, [STATE_PENDING] = {"→", "33"},     [STATE_APPLIED] = {"✓", "32"},
    [STATE_JOURNALED] = {"·", "2"}, [STATE_EXCLUDED] = {"-", "2"},     [STATE_NOT_APPLIED] = {"✗", "31"},
};

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
    size_t width = width_of(shown);
    if (list->count > 0) {
        buffer_add_char(list->buffer, ',');
        list->used++;
    }
    if (list->used + 1 + width >= list->width && list->used > list->indent) {
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

/* Up to the next blank that is not between backticks. */
static struct text take_word(struct text *rest) {
    bool is_quoted = false;
    size_t end = 0;
    while (end < rest->length && (rest->bytes[end] != ' ' || is_quoted)) {
        is_quoted = is_quoted != (rest->bytes[end] == '`');
        end++;
    }
    struct text word = text_slice(*rest, 0, end);
    *rest = text_slice(*rest, end + 1, rest->length);
    return word;
}

void screen_add_sentence(struct buffer *buffer, struct text sentence, size_t used, size_t indent, size_t width) {
    if (width == 0) {
        buffer_add(buffer, sentence);
        return;
    }
    for (bool is_first = true; sentence.length > 0; is_first = false) {
        struct text word = take_word(&sentence);
        if (!is_first && used + 1 + width_of(word) > width) {
            buffer_add_char(buffer, '\n');
            pad(buffer, indent);
            used = indent;
        } else if (!is_first) {
            buffer_add_char(buffer, ' ');
            used++;
        }
        buffer_add(buffer, word);
        used += width_of(word);
    }
}

bool screen_says_all(const struct screen_group *group) {
    return group->count == 1 || !text_ends(group->label, " databases");
}

void screen_add_names(struct buffer *buffer, const struct view *view, const struct screen_group *group, size_t width) {
    struct screen_list list = {.buffer = buffer, .width = width, .indent = 4, .used = GAP + width_of(group->label) + 1};
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
    size_t width;
    bool is_coloured;
    struct screen_groups groups;
    size_t tag_width;
    bool is_long;   /* consecutive migrations with equal states are folded, too */
    bool is_narrow; /* the columns do not fit: each row names the databases instead */
};

/* The state to show: why a migration is not listed is more useful than that it has no row. */
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

/* Returns whether there is nothing to report: it has run in every database that could be read or,
 * if none could, the journal lists it. */
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
    size_t width = width_of(table->groups.groups[group].label);
    for (size_t i = 0; i < view->join->count; i++) {
        const struct migration *it = &view->join->migrations[i];
        size_t cell = strlen(state_name(state_in(it, table->groups.groups[group].databases[0]))) + 2;
        width = it->kind != MIGRATION_EXCLUDED && cell > width ? cell : width;
    }
    return width;
}

/* Names databases in which it has not run, as many as a line holds. */
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

/* The tag up to its underscore, enough to name the ends of a range. */
static struct text head_of(struct arena *arena, struct text tag) {
    size_t at;
    return phrase_tag(arena, text_find(tag, "_", &at) && at > 0 ? text_slice(tag, 0, at) : tag);
}

/* Returns whether the list of a next deploy names it wherever it has not run. */
static bool is_named_below(const struct view *view, const struct migration *it) {
    for (size_t i = 0; i < view->join->database_count; i++) {
        bool is_listed = state_in(it, i) == STATE_PENDING && view->deploys[i].disk.obstacle.length == 0;
        if (!is_listed && has_answered(view, i) && state_in(it, i) != STATE_APPLIED) {
            return false;
        }
    }
    return view->join->database_count > 0;
}

static bool folds(const struct table *table, size_t a, size_t b) {
    const struct view *view = table->view;
    const struct migration *first = &view->join->migrations[a], *second = &view->join->migrations[b];
    if (is_level(view, first) && is_level(view, second)) {
        return true;
    }
    if (!table->is_long || !is_named_below(view, first)) {
        return false;
    }
    for (size_t i = 0; i < view->join->database_count; i++) {
        if (state_in(first, i) != state_in(second, i)) {
            return false;
        }
    }
    return true;
}

/* A row of the table: one migration, or a range of consecutive folded ones. */
struct row {
    size_t from, to, count;
};

/* Gets the next row, beginning with migration `*at`, and advances `*at` past it; returns false at
 * the end. */
static bool next_row(const struct table *table, size_t *at, struct row *ret_row) {
    *ret_row = (struct row){0};
    for (; *at < table->view->join->count; ++*at) {
        if (table->view->join->migrations[*at].kind == MIGRATION_EXCLUDED) {
            continue;
        }
        if (ret_row->count > 0 && !folds(table, ret_row->to, *at)) {
            return true;
        }
        ret_row->from = ret_row->count == 0 ? *at : ret_row->from;
        ret_row->to = *at;
        ret_row->count++;
    }
    return ret_row->count > 0;
}

static struct text name_of_row(const struct table *table, const struct row *row) {
    const struct migration *migrations = table->view->join->migrations;
    struct arena *arena = table->buffer->arena;
    return row->count == 1
               ? phrase_tag(arena, migrations[row->from].tag)
               : text_format(arena, "%s … %s (%zu migrations)", head_of(arena, migrations[row->from].tag).bytes,
                             head_of(arena, migrations[row->to].tag).bytes, row->count);
}

static void add_row(const struct table *table, const struct row *row) {
    struct text name = name_of_row(table, row);
    pad(table->buffer, GAP);
    buffer_add(table->buffer, name);
    pad(table->buffer, GAP + table->tag_width - width_of(name));
    add_cells(table, &table->view->join->migrations[row->to]);
}

static void add_head(const struct table *table) {
    if (table->groups.count == 0 || table->is_narrow) {
        return;
    }
    buffer_add_string(table->buffer, "  migration");
    pad(table->buffer, GAP + table->tag_width - strlen("migration"));
    for (size_t i = 0; i < table->groups.count; i++) {
        buffer_add(table->buffer, table->groups.groups[i].label);
        size_t width = width_of(table->groups.groups[i].label);
        pad(table->buffer, i + 1 < table->groups.count ? column_width(table, i) - width + GAP : 0);
    }
    buffer_add_char(table->buffer, '\n');
}

static void measure(struct table *table) {
    enum { SHORTEST = 34, MOST_ROWS = 24 }; /* keeps the columns of most folders in the same place */
    struct row row;
    size_t rows = 0, at = 0;
    while (next_row(table, &at, &row)) {
        rows++;
    }
    table->is_long = rows > MOST_ROWS;
    table->tag_width = SHORTEST;
    for (at = 0; next_row(table, &at, &row);) {
        size_t width = width_of(name_of_row(table, &row));
        table->tag_width = width > table->tag_width ? width : table->tag_width;
    }
    size_t width = GAP + table->tag_width;
    for (size_t i = 0; i < table->groups.count; i++) {
        width += GAP + column_width(table, i);
    }
    table->is_narrow = table->groups.count > 1 && width > table->width;
}

/* Returns whether nothing is pending in the group; then the names of its databases are not
 * listed. */
static bool is_all_level(const struct view *view, const struct screen_group *group) {
    for (size_t i = 0; i < view->join->count; i++) {
        const struct migration *it = &view->join->migrations[i];
        if (it->kind != MIGRATION_EXCLUDED && it->standings[group->databases[0]].state != STATE_APPLIED) {
            return false;
        }
    }
    return true;
}

void screen_add_table(struct buffer *buffer, const struct view *view, size_t width, bool is_coloured) {
    struct table table = {.buffer = buffer, .view = view, .width = width, .is_coloured = is_coloured};
    table.groups = screen_group_databases(buffer->arena, view, stand_alike, (void *)view);
    measure(&table);
    add_head(&table);
    struct row row;
    for (size_t at = 0; next_row(&table, &at, &row);) {
        add_row(&table, &row);
    }
    for (size_t i = 0; i < table.groups.count && !table.is_narrow; i++) {
        if (!screen_says_all(&table.groups.groups[i]) && !is_all_level(view, &table.groups.groups[i])) {
            screen_add_names(buffer, view, &table.groups.groups[i], width);
        }
    }
}
