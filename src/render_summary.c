/* summary: the one screen that says how things stand and what the next deploy does, for all databases and for one. */
#include <inttypes.h>

#include "migfs/phrases.h"
#include "migfs/render.h"

enum { NAMED_MIGRATIONS = 4 };

static void add_count(struct buffer *buffer, size_t count, const char *what, const char **separator) {
    if (count > 0) {
        buffer_format(buffer, "%s%zu %s", *separator, count, what);
        *separator = ", ";
    }
}

static void add_plural(struct buffer *buffer, size_t count, const char *what) {
    buffer_format(buffer, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void add_overall(struct buffer *buffer, const struct view *view) {
    size_t counts[STATE_COUNT] = {0}, files = 0;
    for (size_t i = 0; i < view->join->count; i++) {
        counts[view->join->migrations[i].state]++;
        files += view->join->migrations[i].state != STATE_EXCLUDED;
    }
    buffer_add_string(buffer, "migrations: ");
    const char *separator = "";
    if (files + counts[STATE_EXCLUDED] == 0) {
        buffer_add_string(buffer, "none");
    }
    for (enum state state = 0; state < STATE_COUNT; state++) {
        add_count(buffer, counts[state], state_name(state), &separator);
    }
    buffer_add_char(buffer, '\n');
}

static void add_journal(struct buffer *buffer, const struct view *view) {
    const struct journal *journal = view->join->journal;
    buffer_add_string(buffer, "meta/_journal.json: ");
    if (journal->status == JOURNAL_READ) {
        buffer_format(buffer, "%zu %s\n", journal->count, journal->count == 1 ? "entry" : "entries");
    } else {
        buffer_add_string(buffer, journal->status == JOURNAL_MISSING ? "there is none\n" : "cannot be read\n");
    }
    buffer_add_string(buffer, "_journal.json here: ");
    if (view->synthesis->refusal != REFUSAL_NONE) {
        buffer_add_string(buffer, "refused: ");
        buffer_add(buffer, synthesis_refusal(buffer->arena, view->join, view->synthesis));
    } else if (view->synthesis->is_identical) {
        buffer_add_string(buffer, "the same, byte for byte");
    } else {
        buffer_format(buffer, "%zu %s, ", view->synthesis->count, view->synthesis->count == 1 ? "entry" : "entries");
        add_plural(buffer, render_changes_count(view), "change");
        buffer_add_string(buffer, " (see changes)");
    }
    buffer_add_string(buffer, "\nproblems: ");
    size_t all = view->problems->count;
    const char *separator = "";
    for (enum severity severity = 0; severity < SEVERITY_COUNT; severity++) {
        size_t count = view->problems->by_severity[severity];
        add_count(buffer, count, severity_name(severity), &separator);
        buffer_add_string(buffer, count > 1 ? "s" : "");
    }
    buffer_add_string(buffer, all > 0 ? " (see problems)\n" : "none\n");
}

static void add_counts_in(struct buffer *buffer, const struct view *view, size_t database) {
    size_t counts[STATE_COUNT] = {0};
    for (size_t i = 0; i < view->join->count; i++) {
        if (view->join->migrations[i].kind != MIGRATION_EXCLUDED) {
            counts[view->join->migrations[i].standings[database].state]++;
        }
    }
    buffer_add_string(buffer, "  ");
    const char *separator = "";
    for (enum state state = 0; state < STATE_COUNT; state++) {
        add_count(buffer, counts[state], state_name(state), &separator);
    }
    buffer_add_string(buffer, *separator ? "\n" : "no migrations\n");
}

static void add_watermark(struct buffer *buffer, const struct database *database) {
    const struct ledger *ledger = database->ledger;
    if (ledger->status == LEDGER_FRESH) {
        buffer_add_string(buffer, "no ledger yet, so all that is listed runs\n");
        return;
    }
    add_plural(buffer, ledger->count, "row");
    if (database->watermark.kind == WATERMARK_NONE) {
        buffer_add_string(buffer, ", so all that is listed runs\n");
    } else if (database->watermark.kind == WATERMARK_NULL) {
        buffer_add_string(buffer, ", not all with a created_at, so all that is listed runs again\n");
    } else {
        struct text time = phrase_time(buffer->arena, database->watermark.stamp);
        buffer_format(buffer, ", newest created_at %" PRId64, database->watermark.stamp);
        buffer_format(buffer, text_is(time, "-") ? "\n" : " (%s)\n", time.bytes);
    }
}

/* Which migrations a line of the summary is about. */
typedef bool (*chooser)(const struct view *view, const struct migration *it, size_t database);

static bool is_run_from_disk(const struct view *view, const struct migration *it, size_t database) {
    (void)view;
    enum state state = it->standings[database].state;
    return state == STATE_PENDING || state == STATE_RERUN;
}

static bool is_left_out(const struct view *view, const struct migration *it, size_t database) {
    (void)view;
    enum state state = it->standings[database].state;
    return it->kind != MIGRATION_EXCLUDED && (state == STATE_NOT_APPLIED || state == STATE_SKIPPED);
}

static bool is_run_from_here(const struct view *view, const struct migration *it, size_t database) {
    const struct synthesis *own = view->own[database];
    return own->of_migration[it - view->join->migrations] != SIZE_MAX && !standing_has_run(&it->standings[database]);
}

static struct text names_of(const struct view *view, struct arena *arena, size_t database, chooser chooses,
                            size_t *ret_count) {
    struct phrase_list list = phrase_list(arena, NAMED_MIGRATIONS);
    for (size_t i = 0; i < view->join->count; i++) {
        if (chooses(view, &view->join->migrations[i], database)) {
            phrase_list_add(&list, view->join->migrations[i].tag);
        }
    }
    *ret_count = list.count;
    return phrase_list_end(&list);
}

static void add_runs(struct buffer *buffer, const struct view *view, size_t database, chooser chooses) {
    size_t count;
    struct text names = names_of(view, buffer->arena, database, chooses, &count);
    if (count == 0) {
        buffer_add_string(buffer, "runs nothing");
    } else {
        buffer_format(buffer, "runs %zu: ", count);
        buffer_add(buffer, names);
    }
}

static void add_deploy(struct buffer *buffer, const struct view *view, size_t database) {
    const struct join *join = view->join;
    buffer_add_string(buffer, "  next deploy, from meta/_journal.json: ");
    if (join->journal->status != JOURNAL_READ || join->aborting_entry != SIZE_MAX) {
        buffer_add(buffer, phrase_abortion(buffer->arena, join));
    } else if (join->databases[database].failing) {
        buffer_add(buffer, phrase_failure(buffer->arena, join->databases[database].failing));
    } else {
        size_t left_out;
        add_runs(buffer, view, database, is_run_from_disk);
        struct text names = names_of(view, buffer->arena, database, is_left_out, &left_out);
        if (left_out > 0) {
            buffer_format(buffer, "; leaves out %zu: ", left_out);
            buffer_add(buffer, names);
        }
    }
    buffer_add_string(buffer, "\n  next deploy, from _journal.json here: ");
    const struct synthesis *main = view->synthesis, *own = view->own[database];
    if (main->refusal != REFUSAL_NONE && own->refusal != REFUSAL_NONE) {
        buffer_add_string(buffer, "refused: ");
        buffer_add(buffer, synthesis_refusal(buffer->arena, join, own));
    } else {
        if (main->refusal != REFUSAL_NONE) {
            struct text name = join->databases[database].name;
            buffer_format(buffer, "refused; from databases/%.*s/_journal.json: ", TEXT_ARGS(name));
        }
        add_runs(buffer, view, database, is_run_from_here);
    }
    buffer_add_char(buffer, '\n');
}

static void add_database(struct buffer *buffer, const struct view *view, size_t database) {
    const struct database *it = &view->join->databases[database];
    buffer_format(buffer, "database %.*s: ", TEXT_ARGS(it->name));
    if (it->ledger->status != LEDGER_UNREADABLE) {
        add_watermark(buffer, it);
        add_counts_in(buffer, view, database);
        add_deploy(buffer, view, database);
        return;
    }
    buffer_add_string(buffer, "cannot be read: ");
    buffer_add_escaped(buffer, it->ledger->reason);
    buffer_add_char(buffer, '\n');
    if (it->ledger->was_read) {
        buffer_add_string(buffer, "  when last read: ");
        add_watermark(buffer, it);
    }
}

struct text render_database_summary(struct arena *arena, const struct view *view, size_t database) {
    struct buffer buffer = BUFFER(arena);
    add_database(&buffer, view, database);
    return buffer_text(&buffer);
}

struct text render_summary(struct arena *arena, const struct view *view) {
    struct buffer buffer = BUFFER(arena);
    add_overall(&buffer, view);
    add_journal(&buffer, view);
    if (view->join->database_count == 0) {
        buffer_add_string(&buffer, "\nno database is attached: what has run is not known here\n");
    }
    for (size_t i = 0; i < view->join->database_count; i++) {
        buffer_add_char(&buffer, '\n');
        add_database(&buffer, view, i);
    }
    return buffer_text(&buffer);
}
