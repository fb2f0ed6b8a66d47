/* summary: one screen with the state and the next deploy, for all databases and for each. */
#include <inttypes.h>

#include "migfs/report/render.h"
#include "migfs/synthesis/refusal.h"
#include "report/effect_phrases.h"
#include "report/phrases.h"

enum {
    NAMED_MIGRATIONS = 3, /* as many as fit on a line */
    SECTIONS = 4,         /* of databases; if there are more, only those that need action get one */
};

static void add_count(struct buffer *buffer, size_t count, const char *what, const char **separator) {
    if (count > 0) {
        buffer_format(buffer, "%s%zu %s", *separator, count, what);
        *separator = ", ";
    }
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

/* Says what it means that a published timestamp is changed. */
static void add_moved(struct buffer *buffer, const struct view *view) {
    size_t count = 0, hidden = 0;
    struct plan_published published = plan_published(view->join);
    for (size_t i = 0; i < view->synthesis->count; i++) {
        const struct synthesis_entry *entry = &view->synthesis->entries[i];
        bool hides = plan_hides(view->join, &published, entry);
        hidden += hides;
        count += plan_moves_published(view->join, entry) && !hides;
    }
    if (count > 0) {
        buffer_add_string(buffer, "\n  ");
        phrase_count(buffer, count, "published timestamp");
        buffer_add_string(buffer, count == 1 ? " is another one here: a database that is not attached and has run it "
                                               "would run it again"
                                             : " are others here: a database that is not attached and has run them "
                                               "would run them again");
    }
    if (hidden > 0) {
        buffer_add_string(buffer, "\n  ");
        phrase_count(buffer, hidden, "new timestamp");
        buffer_add_string(buffer, hidden == 1 ? " lies below a published one: a database that is not attached and "
                                                "lacks the migration may pass over it"
                                              : " lie below published ones: a database that is not attached and "
                                                "lacks the migrations may pass over them");
    }
}

static void add_journal(struct buffer *buffer, const struct view *view) {
    const struct journal *journal = view->join->journal;
    if (!view->join->layout->has_journal) {
        buffer_add_string(buffer, "a Drizzle v1 folder, whose runner looks only at names\n");
        return;
    }
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
        phrase_count(buffer, render_changes_count(view), "change");
        buffer_add_string(buffer, " (see changes)");
        add_moved(buffer, view);
    }
    buffer_add_char(buffer, '\n');
}

static void add_problems(struct buffer *buffer, const struct view *view) {
    buffer_add_string(buffer, "problems: ");
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

/* For a ledger without rows: says what the runner will do, and, if there is another ledger, that
 * the runner does not know it. */
static void add_all_runs(struct buffer *buffer, const struct view *view, size_t database) {
    struct text elsewhere = view->effects ? effect_phrase_elsewhere(buffer->arena, view->effects, database) : TEXT("");
    if (elsewhere.length > 0) {
        buffer_format(buffer,
                      ", but %s (see problems): Drizzle's runner, which does not look there, would run everything that "
                      "is listed\n",
                      elsewhere.bytes);
    } else {
        buffer_add_string(buffer, ", so everything that is listed runs\n");
    }
}

static void add_watermark(struct buffer *buffer, const struct view *view, size_t index) {
    const struct database *database = &view->join->databases[index];
    const struct ledger *ledger = database->ledger;
    if (ledger->status == LEDGER_FRESH) {
        buffer_add_string(buffer, "no ledger yet");
        add_all_runs(buffer, view, index);
        return;
    }
    phrase_count(buffer, ledger->count, "row");
    if (database->watermark.kind == WATERMARK_NONE) {
        add_all_runs(buffer, view, index);
    } else if (database->watermark.kind == WATERMARK_NULL) {
        buffer_add_string(buffer, ", not all with a created_at, so Drizzle heeds none of them\n");
    } else {
        struct text time = phrase_time(buffer->arena, database->watermark.stamp);
        buffer_format(buffer, ", newest created_at %" PRId64, database->watermark.stamp);
        buffer_format(buffer, text_is(time, "-") ? "\n" : " (%s)\n", time.bytes);
    }
}

/* "runs 3: …" on its own line. */
static void add_tags(struct buffer *buffer, const char *what, const struct migration **tags, size_t count) {
    struct phrase_list list = phrase_list(buffer->arena, NAMED_MIGRATIONS);
    for (size_t i = 0; i < count; i++) {
        phrase_list_add(&list, tags[i]->tag);
    }
    if (count > 0) {
        buffer_format(buffer, "    %s %zu: %s\n", what, count, phrase_list_end(&list).bytes);
    }
}

static void add_deploy(struct buffer *buffer, const struct view *view, const struct deploy *deploy) {
    if (deploy->obstacle.length > 0) {
        buffer_format(buffer, "    %s\n", deploy->obstacle.bytes);
        return;
    }
    if (deploy_fails(deploy)) {
        buffer_format(buffer, "    %s\n", phrase_abort(buffer->arena, view->join, &deploy->failure).bytes);
        add_tags(buffer, "of", deploy->runs, deploy->count);
    } else if (deploy->count == 0) {
        buffer_add_string(buffer, "    runs nothing\n");
    } else {
        add_tags(buffer, "runs", deploy->runs, deploy->count);
    }
    add_tags(buffer, "leaves out", deploy->leaves_out, deploy->left_out_count);
}

static void add_deploys(struct buffer *buffer, const struct view *view, size_t database) {
    bool is_same = view->synthesis->is_identical || !view->join->layout->has_journal;
    struct text name = view->join->databases[database].name;
    buffer_add_string(buffer, is_same ? "  next deploy:\n" : "  next deploy, from meta/_journal.json:\n");
    add_deploy(buffer, view, &view->deploys[database].disk);
    if (is_same) {
        return;
    }
    if (view->synthesis->refusal == REFUSAL_NONE) {
        buffer_add_string(buffer, "  next deploy, from _journal.json here:\n");
    } else {
        buffer_format(buffer, "  next deploy, from databases/%.*s/_journal.json:\n", TEXT_ARGS(name));
    }
    add_deploy(buffer, view, &view->deploys[database].here);
}

/* Reports runs that left no row. */
static void add_runs(struct buffer *buffer, const struct ledger *ledger) {
    const struct ledger_runs *runs = &ledger->runs;
    if (runs->is_open) {
        buffer_add_string(buffer, "  a run is in progress: a transaction that has written to the ledger is open");
        if (runs->since != 0) {
            buffer_format(buffer, " since %s", phrase_time(buffer->arena, runs->since).bytes);
        }
        buffer_add_char(buffer, '\n');
    } else if (runs->above > 0) {
        buffer_format(buffer,
                      "  %" PRId64 " row%s tried and not kept: the ledger's id sequence is that far above its newest "
                      "row, as after a run that was rolled back\n",
                      runs->above, runs->above == 1 ? " was" : "s were");
    }
}

/* Says where unqualified table names are looked up, if it is not the schema public. */
static void add_schemas(struct buffer *buffer, const struct view *view, size_t database) {
    const struct effects_database *of = view->effects ? &view->effects->databases[database] : NULL;
    if (of && of->is_known && of->default_schema.length > 0 && !text_is(of->default_schema, "public")) {
        buffer_add_string(buffer, "  migfs looks for its tables in schema ");
        buffer_add_escaped(buffer, of->default_schema);
        buffer_add_char(buffer, '\n');
    }
    if (of && of->elsewhere_count > 0) {
        struct phrase_list list = phrase_list(buffer->arena, NAMED_MIGRATIONS);
        for (size_t i = 0; i < of->elsewhere_count; i++) {
            phrase_list_add(&list, of->elsewhere[i]);
        }
        buffer_format(buffer,
                      "  tables of these migrations are in schema %s, not on the search path of this connection, so "
                      "effects are not compared\n",
                      phrase_list_end(&list).bytes);
    }
}

static void add_database(struct buffer *buffer, const struct view *view, size_t database) {
    const struct database *it = &view->join->databases[database];
    buffer_format(buffer, "database %.*s", TEXT_ARGS(it->name));
    if (view->places && *view->places[database]) {
        buffer_add_string(buffer, " (");
        buffer_add_escaped(buffer, text_of(view->places[database]));
        buffer_add_char(buffer, ')');
    }
    buffer_add_string(buffer, ": ");
    if (it->ledger->status != LEDGER_UNREADABLE) {
        add_watermark(buffer, view, database);
        add_counts_in(buffer, view, database);
        add_runs(buffer, it->ledger);
        add_schemas(buffer, view, database);
        add_deploys(buffer, view, database);
        return;
    }
    buffer_add_string(buffer, "cannot be read: ");
    buffer_add_escaped(buffer, it->ledger->reason);
    buffer_add_char(buffer, '\n');
    if (it->ledger->was_read) {
        buffer_add_string(buffer, "  when last read: ");
        add_watermark(buffer, view, database);
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
    add_problems(&buffer, view);
    if (view->join->database_count == 0) {
        buffer_add_string(&buffer, "\nno database is attached (--database=URL), so what has run is not known\n");
    }
    bool is_fleet = view->join->database_count > SECTIONS;
    size_t sections = 0, others = 0;
    buffer_add(&buffer, view->join->database_count > 1 ? render_fleet(arena, view) : TEXT(""));
    if (view->effects && catalog_seconds(view->join->database_count) > catalog_seconds(1)) {
        buffer_format(
            &buffer,
            "what is there is looked at every %u seconds, since there are many databases, and when their rows "
            "or the folder change\n",
            catalog_seconds(view->join->database_count));
    }
    for (size_t i = 0; i < view->join->database_count; i++) {
        bool is_shown = !is_fleet || (!render_is_level(view, i) && sections < SECTIONS);
        others += !is_shown && !render_is_level(view, i);
        if (is_shown) {
            sections++;
            buffer_add_char(&buffer, '\n');
            add_database(&buffer, view, i);
        }
    }
    if (others > 0) {
        buffer_format(&buffer, "\nand %zu more that are not level: see databases/overview\n", others);
    }
    return buffer_text(&buffer);
}
