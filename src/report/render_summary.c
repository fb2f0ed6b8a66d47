/* summary: the one screen that says how things stand and what the next deploy does, for all databases and for one. */
#include <inttypes.h>

#include "migfs/report/render.h"
#include "migfs/synthesis/refusal.h"
#include "report/phrases.h"

enum { NAMED_MIGRATIONS = 3 }; /* as many as fit on a line */

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

/* What it means that a published timestamp is another one now. */
static void add_moved(struct buffer *buffer, const struct view *view) {
    size_t count = 0;
    for (size_t i = 0; i < view->synthesis->count; i++) {
        count += plan_moves_published(view->join, &view->synthesis->entries[i]);
    }
    if (count > 0) {
        buffer_add_string(buffer, "\n  ");
        add_plural(buffer, count, "published timestamp");
        buffer_add_string(buffer, count == 1 ? " is another one here: a database that is not attached and has run it "
                                               "would run it again"
                                             : " are others here: a database that is not attached and has run them "
                                               "would run them again");
    }
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
        add_moved(buffer, view);
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
        buffer_add_string(buffer, ", not all with a created_at, so Drizzle goes by none of them\n");
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

static bool is_here(const struct view *view, const struct migration *it, size_t database) {
    return view->own[database]->of_migration[it - view->join->migrations] != SIZE_MAX;
}

static bool is_run_from_here(const struct view *view, const struct migration *it, size_t database) {
    return is_here(view, it, database) && !standing_has_run(&it->standings[database]);
}

static bool is_left_out_here(const struct view *view, const struct migration *it, size_t database) {
    return is_left_out(view, it, database) && !is_here(view, it, database);
}

/* "runs 3: …" on a line of its own; returns whether there are any. */
static bool add_chosen(struct buffer *buffer, const struct view *view, size_t database, const char *what,
                       chooser chooses) {
    struct phrase_list list = phrase_list(buffer->arena, NAMED_MIGRATIONS);
    for (size_t i = 0; i < view->join->count; i++) {
        if (chooses(view, &view->join->migrations[i], database)) {
            phrase_list_add(&list, view->join->migrations[i].tag);
        }
    }
    if (list.count > 0) {
        buffer_format(buffer, "    %s %zu: ", what, list.count);
        buffer_add(buffer, phrase_list_end(&list));
        buffer_add_char(buffer, '\n');
    }
    return list.count > 0;
}

static void add_deploy(struct buffer *buffer, const struct view *view, size_t database, chooser runs,
                       chooser leaves_out) {
    if (!add_chosen(buffer, view, database, "runs", runs)) {
        buffer_add_string(buffer, "    runs nothing\n");
    }
    add_chosen(buffer, view, database, "leaves out", leaves_out);
}

static void add_deploy_from_disk(struct buffer *buffer, const struct view *view, size_t database) {
    const struct join *join = view->join;
    bool is_abortion = join->journal->status != JOURNAL_READ || join->aborting_entry != SIZE_MAX;
    buffer_add_string(buffer,
                      view->synthesis->is_identical ? "  next deploy:\n" : "  next deploy, from meta/_journal.json:\n");
    if (!is_abortion && !join->databases[database].failing) {
        add_deploy(buffer, view, database, is_run_from_disk, is_left_out);
        return;
    }
    buffer_add_string(buffer, "    ");
    buffer_add(buffer, is_abortion ? phrase_abortion(buffer->arena, join)
                                   : phrase_failure(buffer->arena, join->databases[database].failing));
    buffer_add_char(buffer, '\n');
}

static void add_deploy_from_here(struct buffer *buffer, const struct view *view, size_t database) {
    const struct synthesis *main = view->synthesis, *own = view->own[database];
    struct text name = view->join->databases[database].name;
    if (main->refusal == REFUSAL_NONE) {
        buffer_add_string(buffer, "  next deploy, from _journal.json here:\n");
    } else {
        buffer_format(buffer, "  next deploy, from databases/%.*s/_journal.json:\n", TEXT_ARGS(name));
    }
    if (main->refusal != REFUSAL_NONE && own->refusal != REFUSAL_NONE) {
        buffer_add_string(buffer, "    refused: ");
        buffer_add(buffer, synthesis_refusal(buffer->arena, view->join, own));
        buffer_add_char(buffer, '\n');
    } else {
        add_deploy(buffer, view, database, is_run_from_here, is_left_out_here);
    }
}

static void add_database(struct buffer *buffer, const struct view *view, size_t database) {
    const struct database *it = &view->join->databases[database];
    buffer_format(buffer, "database %.*s: ", TEXT_ARGS(it->name));
    if (it->ledger->status != LEDGER_UNREADABLE) {
        add_watermark(buffer, it);
        add_counts_in(buffer, view, database);
        add_deploy_from_disk(buffer, view, database);
        if (!view->synthesis->is_identical) {
            add_deploy_from_here(buffer, view, database);
        }
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
        buffer_add_string(&buffer, "\nno database is attached (--database=URL), so what has run is not known\n");
    }
    for (size_t i = 0; i < view->join->database_count; i++) {
        buffer_add_char(&buffer, '\n');
        add_database(&buffer, view, i);
    }
    return buffer_text(&buffer);
}
