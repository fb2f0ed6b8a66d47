/* databases/<name>/schema: every fact that the migrations promise. databases/<name>/baseline.sql: what records those that are there and have no
 * row. */
#include <inttypes.h>

#include "migfs/drizzle/names_v1.h"
#include "migfs/report/render.h"
#include "report/phrases.h"

/* One line a fact: kind, name, how it stands, who wrote it last, apart by tabs. */
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

/* As SQL writes a name. */
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

/* The timestamp that its row should have: of the database's own journal, else of the one on disk; for v1 that of its name. */
static bool when_of(const struct view *view, size_t migration, size_t database, int64_t *ret_when) {
    if (view->join->is_v1) {
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

/* Whether the ledger has names, or gets them by the runner that makes it. */
static bool has_names(const struct view *view, size_t database) {
    const struct ledger *ledger = view->join->databases[database].ledger;
    return view->join->is_v1 && (ledger->is_v1 || ledger->status == LEDGER_FRESH);
}

static bool is_recorded_by_baseline(const struct view *view, size_t migration, size_t database) {
    const struct migration *it = &view->join->migrations[migration];
    int64_t when;
    return migration_counts(it) && !it->standings[database].row && text_is_utf8(it->tag) &&
           effects_standing_of(view->effects, migration, database)->is_found &&
           when_of(view, migration, database, &when);
}

static void add_literal(struct buffer *buffer, struct text text) {
    buffer_add_char(buffer, '\'');
    for (size_t i = 0; i < text.length; i++) {
        buffer_add_string(buffer, text.bytes[i] == '\'' ? "'" : "");
        buffer_add_char(buffer, text.bytes[i]);
    }
    buffer_add_char(buffer, '\'');
}

static void add_row(struct buffer *buffer, const struct view *view, size_t migration, size_t database) {
    char hex[DIGEST_HEX_LENGTH + 1];
    int64_t when = 0;
    const struct migration *it = &view->join->migrations[migration];
    bool is_named = has_names(view, database);
    digest_to_hex(&it->file->sql->digest, hex);
    when_of(view, migration, database, &when);
    buffer_add_string(buffer, "-- ");
    buffer_add_escaped(buffer, it->tag);
    buffer_add_string(buffer, "\nINSERT INTO ");
    add_table(buffer, view->join->databases[database].ledger);
    buffer_format(buffer, " (hash, created_at%s) SELECT '%s', %" PRId64, is_named ? ", name" : "", hex, when);
    buffer_add_string(buffer, is_named ? ", " : "");
    if (is_named) {
        add_literal(buffer, it->tag);
    }
    buffer_add_string(buffer, "\n  WHERE NOT EXISTS (SELECT 1 FROM ");
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
    if (count == 0 || (ledger->is_v1 && !view->join->is_v1)) {
        return TEXT(""); /* a 0.x runner on a ledger of v1: what is to be recorded there is not for us to say */
    }
    buffer_format(
        &buffer,
        "-- For psql: records the %zu migration%s of which all is there in database %.*s and that %s no row.\n"
        "-- It changes nothing but the ledger, and nothing at all the second time.\n"
        "BEGIN;\nSET LOCAL client_min_messages = warning;\nCREATE SCHEMA IF NOT EXISTS ",
        count, count == 1 ? "" : "s", TEXT_ARGS(view->join->databases[database].name), count == 1 ? "has" : "have");
    add_name(&buffer, ledger->schema);
    buffer_add_string(&buffer, ";\nCREATE TABLE IF NOT EXISTS ");
    add_table(&buffer, ledger);
    buffer_add_string(&buffer, " (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint");
    buffer_add_string(&buffer, has_names(view, database)
                                   ? ", name text, applied_at timestamp with time zone DEFAULT now());\n"
                                   : ");\n");
    for (size_t i = 0; i < view->join->count; i++) {
        if (is_recorded_by_baseline(view, i, database)) {
            add_row(&buffer, view, i, database);
        }
    }
    buffer_add_string(&buffer, "COMMIT;\n");
    return buffer_text(&buffer);
}
