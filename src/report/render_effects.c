/* databases/<name>/schema: every fact that the migrations promise. databases/<name>/baseline.sql:
 * SQL that records the migrations whose effects exist and that have no row. */
#include <inttypes.h>

#include "migfs/drizzle/names_v1.h"
#include "migfs/report/render.h"
#include "report/phrases.h"

/* One line per fact, separated by tabs: kind, name, state, last migration to set it. */
struct text render_schema(struct arena *arena, const struct view *view, size_t database) {
    const struct effects_database *of = &view->effects->databases[database];
    struct buffer buffer = BUFFER(arena);
    for (size_t i = 0; i < of->fact_count; i++) {
        const struct effects_fact *it = &of->facts[i];
        const struct fact *fact = &it->fact;
        bool is_gone = fact_is_existence(fact) && !fact->is_there;
        buffer_add_string(&buffer, fact_noun(fact));
        buffer_add_char(&buffer, '\t');
        buffer_add_escaped(&buffer, fact_name(arena, view->effects->names_of, fact));
        buffer_format(&buffer, "\t%s\t",
                      it->is_unknown ? "unknown"
                      : is_gone      ? (it->is_there ? "gone" : "there still")
                                     : (it->is_there ? "there" : "missing"));
        buffer_add_escaped(&buffer, view->join->migrations[fact->writer].tag);
        buffer_add_char(&buffer, '\n');
    }
    return buffer_text(&buffer);
}

/* ---- baseline.sql ---- */

/* Quotes an identifier for SQL. */
static void add_name(struct buffer *buffer, struct text name) {
    buffer_add_char(buffer, '"');
    for (size_t i = 0; i < name.length; i++) {
        buffer_add_string(buffer, name.bytes[i] == '"' ? "\"" : "");
        buffer_add_char(buffer, name.bytes[i]);
    }
    buffer_add_char(buffer, '"');
}

static void add_table(struct buffer *buffer, const struct ledger *ledger) {
    add_name(buffer, ledger->schema);
    buffer_add_char(buffer, '.');
    add_name(buffer, ledger->table);
}

/* Gets the timestamp that its row should have: from the database's own journal, else from the one
 * on disk; for v1, from its name. */
static bool when_of(const struct view *view, size_t migration, size_t database, int64_t *ret_when) {
    if (view->join->layout->runner->timestamp == RUNNER_RECORDS_DATE) {
        return names_v1_date(view->join->migrations[migration].tag, ret_when);
    }
    const struct synthesis *own = view->own[database];
    const struct synthesis_entry *entry = plan_entry(own, migration);
    const struct journal_entry *on_disk = view->join->migrations[migration].entry;
    if (own->refusal == REFUSAL_NONE && entry) {
        *ret_when = entry->when;
    } else if (on_disk && on_disk->when.is_valid) {
        *ret_when = on_disk->when.number;
    } else {
        return false;
    }
    return true;
}

/* Returns whether the ledger has a column for names, or will have one when the runner creates
 * it. */
static bool has_names(const struct view *view, size_t database) {
    const struct ledger *ledger = view->join->databases[database].ledger;
    return view->join->layout->runner->selection == RUNNER_RUNS_UNNAMED &&
           (ledger->is_v1 || ledger->status == LEDGER_FRESH);
}

static bool may_be_recorded(const struct view *view, size_t migration, size_t database) {
    const struct migration *it = &view->join->migrations[migration];
    int64_t when;
    return migration_counts(it) && !it->standings[database].row && text_is_utf8(it->tag) &&
           when_of(view, migration, database, &when);
}

static bool is_recorded_by_baseline(const struct view *view, size_t migration, size_t database) {
    return effects_standing_of(view->effects, migration, database)->is_found &&
           may_be_recorded(view, migration, database);
}

static bool is_offered_by_baseline(const struct view *view, size_t migration, size_t database) {
    return effects_standing_of(view->effects, migration, database)->is_unseen &&
           may_be_recorded(view, migration, database);
}

static void add_literal(struct buffer *buffer, struct text text) {
    buffer_add_char(buffer, '\'');
    for (size_t i = 0; i < text.length; i++) {
        buffer_add_string(buffer, text.bytes[i] == '\'' ? "'" : "");
        buffer_add_char(buffer, text.bytes[i]);
    }
    buffer_add_char(buffer, '\'');
}

/* `before` begins each of its two lines. */
static void add_row(struct buffer *buffer, const struct view *view, size_t migration, size_t database,
                    const char *before) {
    char hex[DIGEST_HEX_LENGTH + 1];
    int64_t when = 0;
    const struct migration *it = &view->join->migrations[migration];
    bool is_named = has_names(view, database);
    digest_to_hex(&it->file->sql->digest, hex);
    when_of(view, migration, database, &when);
    buffer_format(buffer, "%sINSERT INTO ", before);
    add_table(buffer, view->join->databases[database].ledger);
    buffer_format(buffer, " (hash, created_at%s) SELECT '%s', %" PRId64, is_named ? ", name" : "", hex, when);
    buffer_add_string(buffer, is_named ? ", " : "");
    if (is_named) {
        add_literal(buffer, it->tag);
    }
    buffer_format(buffer, "\n%s  WHERE NOT EXISTS (SELECT 1 FROM ", before);
    add_table(buffer, view->join->databases[database].ledger);
    if (is_named) {
        buffer_add_string(buffer, " WHERE name = ");
        add_literal(buffer, it->tag);
        buffer_add_string(buffer, ");\n");
    } else {
        buffer_format(buffer, " WHERE hash = '%s' AND created_at = %" PRId64 ");\n", hex, when);
    }
}

struct text render_baseline(struct arena *arena, const struct view *view, size_t database) {
    struct buffer buffer = BUFFER(arena);
    size_t count = 0;
    for (size_t i = 0; i < view->join->count; i++) {
        count += is_recorded_by_baseline(view, i, database);
    }
    const struct ledger *ledger = view->join->databases[database].ledger;
    if (count == 0 || (ledger->is_v1 && view->join->layout->has_journal)) {
        return TEXT(""); /* a 0.x runner with a v1 ledger: there is no right row to write */
    }
    buffer_format(&buffer,
                  "-- For psql: records the %zu migration%s whose effects are all there in database %.*s and that %s "
                  "no row.\n-- It changes nothing but the ledger, and nothing at all the second time.\nBEGIN;\nSET "
                  "LOCAL client_min_messages = warning;\nCREATE SCHEMA IF NOT EXISTS ",
                  count, phrase_s(count), TEXT_ARGS(view->join->databases[database].name), count == 1 ? "has" : "have");
    add_name(&buffer, ledger->schema);
    buffer_add_string(&buffer, ";\nCREATE TABLE IF NOT EXISTS ");
    add_table(&buffer, ledger);
    buffer_add_string(&buffer, " (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint");
    buffer_add_string(&buffer, has_names(view, database)
                                   ? ", name text, applied_at timestamp with time zone DEFAULT now());\n"
                                   : ");\n");
    for (size_t i = 0; i < view->join->count; i++) {
        bool is_recorded = is_recorded_by_baseline(view, i, database);
        if (!is_recorded && !is_offered_by_baseline(view, i, database)) {
            continue;
        }
        buffer_add_string(&buffer, "-- ");
        buffer_add_escaped(&buffer, view->join->migrations[i].tag);
        buffer_add_string(&buffer, is_recorded ? "\n"
                                               : ": the catalogs do not show whether it ran here. If it did, uncomment "
                                                 "the next two lines; else it runs at a deploy.\n");
        add_row(&buffer, view, i, database, is_recorded ? "" : "-- ");
    }
    buffer_add_string(&buffer, "COMMIT;\n");
    return buffer_text(&buffer);
}
