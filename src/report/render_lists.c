/* The files that are lists: problems, changes, and the ledger of each database. */
#include <inttypes.h>

#include "migfs/report/render.h"
#include "migfs/synthesis/refusal.h"
#include "migfs/synthesis/snapshots.h"
#include "report/phrases.h"

struct text render_problems(struct arena *arena, const struct view *view) {
    struct buffer buffer = BUFFER(arena);
    for (size_t i = 0; i < view->problems->count; i++) {
        problem_print(&buffer, &view->problems->problems[i]);
        buffer_add_char(&buffer, '\n');
    }
    return buffer_text(&buffer);
}

/* ---- changes ---- */

static bool is_first(const struct view *view, const struct journal_entry *entry) {
    size_t migration = view->join->entry_migration[entry->position];
    return migration != SIZE_MAX && view->join->migrations[migration].entry == entry;
}

static bool is_dropped(const struct view *view, const struct journal_entry *entry) {
    return !is_first(view, entry) || !plan_entry(view->synthesis, view->join->entry_migration[entry->position]);
}

static bool is_changed(const struct synthesis_entry *entry) {
    return entry->is_new || entry->is_when_new || entry->is_idx_new || entry->is_moved || entry->is_split;
}

static bool has_file_line(const struct view *view) {
    return view->synthesis->refusal != REFUSAL_NONE || view->join->journal->status != JOURNAL_READ;
}

size_t render_changes_count(const struct view *view) {
    size_t count = has_file_line(view);
    if (view->synthesis->refusal != REFUSAL_NONE) {
        return count;
    }
    for (size_t i = 0; i < view->synthesis->count; i++) {
        count += is_changed(&view->synthesis->entries[i]);
    }
    for (size_t i = 0; i < view->join->journal->count; i++) {
        count += is_dropped(view, &view->join->journal->entries[i]);
    }
    return count;
}

static void add_file_line(struct buffer *buffer, const struct view *view) {
    if (view->synthesis->refusal != REFUSAL_NONE) {
        buffer_add_string(buffer, "_journal.json: refused: ");
        buffer_add(buffer, synthesis_refusal(buffer->arena, view->join, view->synthesis));
    } else if (view->join->journal->status == JOURNAL_MISSING) {
        buffer_add_string(buffer, "meta/_journal.json: new: there is none on disk");
    } else if (view->join->journal->status == JOURNAL_CONFLICTED) {
        buffer_add_string(buffer, "meta/_journal.json: both sides of an unfinished merge, whose markers it holds");
    } else {
        buffer_add_string(buffer, "meta/_journal.json: rebuilt: the one on disk cannot be read");
    }
    buffer_add_char(buffer, '\n');
}

static void add_consequence(struct buffer *buffer, const struct view *view, const struct plan_published *published,
                            const struct synthesis_entry *entry) {
    bool hides = plan_hides(view->join, published, entry);
    /* A timestamp that decreases cannot end up above a watermark that it was below. */
    if (plan_moves_published(view->join, entry) && !hides) {
        buffer_add_string(buffer, "; a database that is not attached and has run it would run it again");
    }
    if (hides) {
        buffer_add_string(buffer, "; a database that is not attached and lacks it may pass over it");
    }
}

static void add_changed(struct buffer *buffer, const struct view *view, const struct plan_published *published,
                        const struct synthesis_entry *entry) {
    const struct migration *it = &view->join->migrations[entry->migration];
    buffer_add_escaped(buffer, it->tag);
    if (entry->is_new) {
        buffer_format(buffer, ": added with idx %" PRId64 ", when %" PRId64, entry->idx, entry->when);
        if (it->fused) {
            buffer_add_string(buffer, ", taken out of the entry of ");
            buffer_add(buffer, phrase_tag(buffer->arena, it->fused->tag));
        }
        add_consequence(buffer, view, published, entry);
        buffer_add_char(buffer, '\n');
        return;
    }
    const char *separator = ": ";
    if (entry->is_idx_new) {
        buffer_format(buffer, "%sidx %" PRId64 " (was ", separator, entry->idx);
        buffer_add_escaped(buffer, it->entry->idx.text.length > 0 ? text_slice(it->entry->idx.text, 0, 60) : TEXT("-"));
        buffer_add_char(buffer, ')');
        separator = ", ";
    }
    if (entry->is_when_new) {
        buffer_format(buffer, "%swhen %" PRId64 " (was ", separator, entry->when);
        buffer_add_escaped(buffer,
                           it->entry->when.text.length > 0 ? text_slice(it->entry->when.text, 0, 60) : TEXT("-"));
        buffer_add_char(buffer, ')');
        separator = ", ";
    }
    if (entry->is_moved) {
        const struct synthesis_entry *before = entry - 1; /* the first entry is never moved */
        buffer_format(buffer, "%smoved behind ", separator);
        buffer_add_escaped(buffer, view->join->migrations[before->migration].tag);
        separator = ", ";
    }
    if (entry->is_split) {
        buffer_format(buffer, "%salone in its entry, which held two", separator);
    }
    add_consequence(buffer, view, published, entry);
    buffer_add_char(buffer, '\n');
}

/* Generated timestamps are some seconds later than those that they are derived from, so people are
 * told what their next one must exceed. */
static void add_newest(struct buffer *buffer, const struct view *view) {
    const struct synthesis_entry *newest = plan_newest_made(view->synthesis);
    if (newest) {
        struct text time = phrase_time(buffer->arena, newest->when);
        buffer_format(buffer, "_journal.json: the newest timestamp made here is %" PRId64 " (%.*s)\n", newest->when,
                      TEXT_ARGS(time));
    }
}

static void add_dropped(struct buffer *buffer, const struct view *view, const struct journal_entry *entry) {
    size_t migration = view->join->entry_migration[entry->position];
    if (migration == SIZE_MAX) {
        buffer_format(buffer, "entry %zu: dropped: it names no file\n", entry->position);
        return;
    }
    const struct migration *it = &view->join->migrations[migration];
    if (it->tag.length == 0) {
        buffer_format(buffer, "entry %zu: dropped: its tag is empty\n", entry->position);
        return;
    }
    buffer_add(buffer, phrase_tag(buffer->arena, it->tag));
    if (it->entry != entry) {
        buffer_format(buffer, ": dropped in line %zu: it is listed in line %zu already\n", entry->line,
                      it->entry->line);
    } else if (it->kind == MIGRATION_EXCLUDED) {
        buffer_format(buffer, ": dropped: line %zu of the rules file excludes it\n", it->rule->line);
    } else {
        buffer_add_string(buffer, ": dropped: its file is not there\n");
    }
}

static void add_snapshot(struct buffer *buffer, const struct snapshots_made *made) {
    buffer_add_string(buffer, "meta/");
    buffer_add_escaped(buffer, made->name);
    buffer_add_string(buffer, ": made from ");
    buffer_add_escaped(buffer, made->tag);
    buffer_add_string(buffer, ".sql");
    if (made->is_by_hand && made->confirmed.length > 0) {
        buffer_add_string(buffer, ", confirmed by database ");
        buffer_add_escaped(buffer, made->confirmed);
    } else if (made->is_by_hand) {
        buffer_add_string(buffer, ", unverified: it is not all as drizzle-kit writes it");
    }
    if (made->left.length > 0) {
        buffer_add_string(buffer, "; left out: ");
        buffer_add(buffer, made->left);
    }
    if (made->absent.length > 0) {
        buffer_add_string(buffer, "; left out, since the snapshot before does not have it: ");
        buffer_add(buffer, made->absent);
    }
    if (made->put.length > 0) {
        buffer_format(buffer,
                      "; put in: %.*s; the next `drizzle-kit generate` drops what schema.ts does not declare of this",
                      TEXT_ARGS(made->put));
    }
    if (made->altered.length > 0) {
        buffer_format(buffer,
                      "; changed: %.*s; the next `drizzle-kit generate` changes back what schema.ts has as it was of "
                      "this",
                      TEXT_ARGS(made->altered));
    }
    if (made->differs.length > 0) {
        buffer_add_string(buffer, "; but ");
        buffer_add(buffer, made->differs);
    }
    buffer_add_char(buffer, '\n');
}

struct text render_changes(struct arena *arena, const struct view *view) {
    struct buffer buffer = BUFFER(arena);
    if (has_file_line(view)) {
        add_file_line(&buffer, view);
    }
    if (view->synthesis->refusal != REFUSAL_NONE) {
        return buffer_text(&buffer);
    }
    for (size_t i = 0; i < view->join->journal->count; i++) {
        if (is_dropped(view, &view->join->journal->entries[i])) {
            add_dropped(&buffer, view, &view->join->journal->entries[i]);
        }
    }
    struct plan_published published = plan_published(view->join);
    for (size_t i = 0; i < view->synthesis->count; i++) {
        if (is_changed(&view->synthesis->entries[i])) {
            add_changed(&buffer, view, &published, &view->synthesis->entries[i]);
        }
    }
    add_newest(&buffer, view);
    const struct snapshots *snapshots = view->synthesis->snapshots;
    for (size_t i = 0; snapshots && i < snapshots->count; i++) {
        add_snapshot(&buffer, &snapshots->made[i]);
    }
    return buffer_text(&buffer);
}

/* ---- ledger ---- */

struct text render_ledger(struct arena *arena, const struct view *view, size_t database) {
    const struct database *it = &view->join->databases[database];
    struct buffer buffer = BUFFER(arena);
    buffer_add_string(&buffer, "id\tcreated_at\thash\ttag\tmatched\n");
    for (size_t row = 0; row < it->ledger->count; row++) {
        const struct ledger_row *is = &it->ledger->rows[row];
        buffer_add_escaped(&buffer, is->id.length > 0 ? is->id : TEXT("-"));
        if (is->has_created_at) {
            buffer_add_char(&buffer, '\t');
            buffer_add_number(&buffer, is->created_at);
            buffer_add_char(&buffer, '\t');
        } else {
            buffer_add_string(&buffer, "\tNULL\t");
        }
        buffer_add_escaped(&buffer, is->is_hash_null ? TEXT("NULL") : is->hash);
        buffer_add_char(&buffer, '\t');
        size_t migration = it->row_migration[row];
        buffer_add_escaped(&buffer, migration == SIZE_MAX ? TEXT("-") : view->join->migrations[migration].tag);
        buffer_add_char(&buffer, '\t');
        buffer_add_string(&buffer, match_facts(it->row_match[row])->name);
        buffer_add_char(&buffer, '\n');
    }
    return buffer_text(&buffer);
}
