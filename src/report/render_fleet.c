/* Which databases are behind: one line each, and the next run of each. */
#include <string.h>

#include "migfs/report/render.h"
#include "report/phrases.h"

/* How many migrations have no row, and the most severe state among all. */
struct behind {
    size_t count;
    enum state state;
};

static struct behind behind_in(const struct join *join, size_t database) {
    struct behind behind = {.state = STATE_APPLIED};
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        enum state state = it->standings[database].state;
        if (it->kind != MIGRATION_EXCLUDED && state != STATE_APPLIED) {
            bool is_first = behind.state == STATE_APPLIED || state < behind.state;
            behind.state = is_first ? state : behind.state;
            behind.count += !standing_has_run(&it->standings[database]);
        }
    }
    return behind;
}

bool render_is_level(const struct view *view, size_t database) {
    const struct database *it = &view->join->databases[database];
    struct behind behind = behind_in(view->join, database);
    return it->ledger->status != LEDGER_UNREADABLE && behind.count == 0 && behind.state == STATE_APPLIED;
}

static void add_padded(struct buffer *buffer, const char *text, size_t width) {
    buffer_format(buffer, "%-*s  ", (int)width, text);
}

/* Database names are ASCII letters, digits, `_` and `-`, so their length is their width. */
struct text render_overview(struct arena *arena, const struct view *view) {
    enum { STATE_WIDTH = 14, ROWS_WIDTH = 9, BEHIND_WIDTH = 9 };
    struct buffer buffer = BUFFER(arena);
    const struct join *join = view->join;
    size_t width = 0;
    for (size_t i = 0; i < join->database_count; i++) {
        width = join->databases[i].name.length > width ? join->databases[i].name.length : width;
    }
    for (size_t i = 0; i < join->database_count; i++) {
        const struct database *it = &join->databases[i];
        struct behind behind = behind_in(join, i);
        add_padded(&buffer, text_copy(arena, it->name).bytes, width);
        if (it->ledger->status == LEDGER_UNREADABLE) {
            buffer_add_string(&buffer, "unreadable\n");
            continue;
        }
        const struct deploy *deploy = &view->deploys[i].disk;
        add_padded(&buffer, state_name(behind.state), STATE_WIDTH);
        add_padded(&buffer, text_format(arena, "rows %zu", it->ledger->count).bytes, ROWS_WIDTH);
        add_padded(&buffer, text_format(arena, "behind %zu", behind.count).bytes, BEHIND_WIDTH);
        buffer_add_string(&buffer, "next ");
        buffer_add(&buffer, deploy->count > 0 ? phrase_tag(arena, deploy->runs[0]->tag) : TEXT("-"));
        buffer_add_char(&buffer, '\n');
    }
    return buffer_text(&buffer);
}

struct text render_next(struct arena *arena, const struct view *view, size_t database) {
    struct buffer buffer = BUFFER(arena);
    if (view->join->databases[database].ledger->status != LEDGER_UNREADABLE) {
        const struct deploy *deploy = &view->deploys[database].disk;
        for (size_t i = 0; i < deploy->count; i++) {
            buffer_add_escaped(&buffer, deploy->runs[i]->tag);
            buffer_add_char(&buffer, '\n');
        }
    }
    return buffer_text(&buffer);
}

struct text render_fleet(struct arena *arena, const struct view *view) {
    enum { NAMED = 6 };
    struct phrase_list behind = phrase_list(arena, NAMED), dead = phrase_list(arena, NAMED);
    size_t level = 0;
    for (size_t i = 0; i < view->join->database_count; i++) {
        const struct database *it = &view->join->databases[i];
        if (it->ledger->status == LEDGER_UNREADABLE) {
            phrase_list_add(&dead, it->name);
        } else if (render_is_level(view, i)) {
            level++;
        } else {
            phrase_list_add(&behind, it->name);
        }
    }
    struct buffer buffer = BUFFER(arena);
    buffer_format(&buffer, "databases: %zu level", level);
    if (behind.count > 0) {
        buffer_format(&buffer, ", %zu not (%s)", behind.count, phrase_list_end(&behind).bytes);
    }
    if (dead.count > 0) {
        buffer_format(&buffer, ", %zu cannot be read (%s)", dead.count, phrase_list_end(&dead).bytes);
    }
    buffer_add_char(&buffer, '\n');
    return buffer_text(&buffer);
}
