/* status.json: everything the text files say, for programs. Its keys are documented in docs/view.md; they are only ever added to. */
#include "migfs/report/render.h"
#include "report/phrases.h"

/* Members and elements, one a line at the outer levels, so that a diff of two versions reads well. */
static void add_key(struct buffer *buffer, const char *key, const char **separator) {
    buffer_add_string(buffer, *separator);
    buffer_add_char(buffer, '"');
    buffer_add_string(buffer, key);
    buffer_add_string(buffer, "\": ");
    *separator = ", ";
}

static void add_text(struct buffer *buffer, const char *key, struct text value, const char **separator) {
    add_key(buffer, key, separator);
    buffer_add_json(buffer, value);
}

static void add_text_or_null(struct buffer *buffer, const char *key, bool is_known, struct text value,
                             const char **separator) {
    add_key(buffer, key, separator);
    if (is_known) {
        buffer_add_json(buffer, value);
    } else {
        buffer_add_string(buffer, "null");
    }
}

/* Numbers that JavaScript and jq would round are strings. */
static void add_number(struct buffer *buffer, const char *key, bool is_known, int64_t value, const char **separator) {
    bool is_exact = value < JOURNAL_STAMP_LIMIT && value > -JOURNAL_STAMP_LIMIT;
    add_key(buffer, key, separator);
    if (is_known) {
        buffer_add_string(buffer, is_exact ? "" : "\"");
        buffer_add_number(buffer, value);
        buffer_add_string(buffer, is_exact ? "" : "\"");
    } else {
        buffer_add_string(buffer, "null");
    }
}

static void add_bool(struct buffer *buffer, const char *key, bool value, const char **separator) {
    add_key(buffer, key, separator);
    buffer_add_string(buffer, value ? "true" : "false");
}

static void add_standing(struct buffer *buffer, const struct standing *standing, struct text name,
                         const char **separator) {
    buffer_add_string(buffer, *separator);
    *separator = ", ";
    buffer_add_json(buffer, name);
    buffer_add_string(buffer, ": {");
    const char *inner = "";
    const struct ledger_row *row = standing->row;
    add_text(buffer, "state", text_of(state_name(standing->state)), &inner);
    add_text_or_null(buffer, "matched", row, text_of(render_match(standing->match)), &inner);
    add_text_or_null(buffer, "row", row && row->id.length > 0, row ? row->id : TEXT(""), &inner);
    add_number(buffer, "created_at", row && row->has_created_at, row ? row->created_at : 0, &inner);
    buffer_add_char(buffer, '}');
}

static void add_migration(struct buffer *buffer, const struct view *view, const struct migration *it) {
    const struct join *join = view->join;
    size_t at = view->synthesis->of_migration[it - join->migrations];
    const struct synthesis_entry *entry = at == SIZE_MAX ? NULL : &view->synthesis->entries[at];
    const struct disk_entry *file = it->file;
    char hex[DIGEST_HEX_LENGTH + 1] = "";
    if (file) {
        digest_to_hex(&file->sql->digest, hex);
    }
    const char *separator = "";
    buffer_add_char(buffer, '{');
    add_text(buffer, "tag", it->tag, &separator);
    add_text(buffer, "state", text_of(state_name(it->state)), &separator);
    add_text_or_null(buffer, "file", file, file ? file->name : TEXT(""), &separator);
    add_number(buffer, "size", file, file ? file->size : 0, &separator);
    add_text_or_null(buffer, "sha256", file, text_of(hex), &separator);
    add_number(buffer, "statements", file, file ? (int64_t)file->sql->statements : 0, &separator);
    add_bool(buffer, "journal", it->entry != NULL, &separator);
    add_number(buffer, "idx", entry, entry ? entry->idx : 0, &separator);
    add_number(buffer, "when", entry, entry ? entry->when : 0, &separator);
    bool has_idx = it->entry && it->entry->idx.is_valid, has_when = it->entry && it->entry->when.is_valid;
    add_number(buffer, "idxOnDisk", has_idx, has_idx ? it->entry->idx.number : 0, &separator);
    add_number(buffer, "whenOnDisk", has_when, has_when ? it->entry->when.number : 0, &separator);
    add_bool(buffer, "snapshot", it->has_snapshot, &separator);
    add_text(buffer, "drizzle", phrase_drizzle(buffer->arena, join, it), &separator);
    add_text(buffer, "consistent", phrase_consistent(buffer->arena, join, view->synthesis, it), &separator);
    add_key(buffer, "databases", &separator);
    buffer_add_char(buffer, '{');
    const char *inner = "";
    for (size_t i = 0; i < join->database_count; i++) {
        add_standing(buffer, &it->standings[i], join->databases[i].name, &inner);
    }
    buffer_add_string(buffer, "}}");
}

static void add_database(struct buffer *buffer, const struct view *view, size_t database) {
    static const char *const statuses[] = {
        [LEDGER_READ] = "read", [LEDGER_FRESH] = "fresh", [LEDGER_UNREADABLE] = "unreadable"};
    const struct database *it = &view->join->databases[database];
    const struct synthesis *own = view->own[database];
    const char *separator = "";
    buffer_add_char(buffer, '{');
    add_text(buffer, "name", it->name, &separator);
    add_text(buffer, "status", text_of(statuses[it->ledger->status]), &separator);
    add_text_or_null(buffer, "reason", it->ledger->status == LEDGER_UNREADABLE, it->ledger->reason, &separator);
    add_number(buffer, "rows", true, (int64_t)it->ledger->count, &separator);
    add_number(buffer, "rowsOfNobody", true, (int64_t)it->nobodys, &separator);
    add_number(buffer, "watermark", it->watermark.kind == WATERMARK_STAMP, it->watermark.stamp, &separator);
    add_text_or_null(buffer, "refused", own->refusal != REFUSAL_NONE, synthesis_refusal(buffer->arena, view->join, own),
                     &separator);
    buffer_add_char(buffer, '}');
}

static void add_problem(struct buffer *buffer, const struct problem *problem) {
    const char *separator = "";
    buffer_add_char(buffer, '{');
    add_text(buffer, "file", problem->file, &separator);
    add_number(buffer, "line", problem->line > 0, (int64_t)problem->line, &separator);
    add_number(buffer, "column", problem->column > 0, (int64_t)problem->column, &separator);
    add_text(buffer, "severity", text_of(severity_name(problem->code->severity)), &separator);
    add_text(buffer, "code", text_of(problem->code->code), &separator);
    add_text(buffer, "sentence", problem->sentence, &separator);
    add_text_or_null(buffer, "tag", problem->tag.length > 0, problem->tag, &separator);
    add_text_or_null(buffer, "database", problem->database.length > 0, problem->database, &separator);
    buffer_add_char(buffer, '}');
}

static void add_journal(struct buffer *buffer, const struct view *view) {
    static const char *const statuses[] = {
        [JOURNAL_READ] = "read", [JOURNAL_MISSING] = "missing", [JOURNAL_UNREADABLE] = "unreadable"};
    const struct synthesis *synthesis = view->synthesis;
    bool is_refused = synthesis->refusal != REFUSAL_NONE;
    const char *separator = "";
    buffer_add_char(buffer, '{');
    add_text(buffer, "onDisk", text_of(statuses[view->join->journal->status]), &separator);
    add_number(buffer, "entriesOnDisk", true, (int64_t)view->join->journal->count, &separator);
    add_number(buffer, "entries", !is_refused, (int64_t)synthesis->count, &separator);
    add_number(buffer, "changes", true, (int64_t)render_changes_count(view), &separator);
    add_bool(buffer, "identical", synthesis->is_identical, &separator);
    add_bool(buffer, "rebuilt", synthesis->is_rebuilt, &separator);
    add_text_or_null(buffer, "refused", is_refused, synthesis_refusal(buffer->arena, view->join, synthesis),
                     &separator);
    buffer_add_char(buffer, '}');
}

struct text render_problems_json(struct arena *arena, const struct problems *problems, enum severity least) {
    struct buffer buffer = BUFFER(arena);
    const char *separator = "\n  ";
    buffer_add_char(&buffer, '[');
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->problems[i].code->severity <= least) {
            buffer_add_string(&buffer, separator);
            add_problem(&buffer, &problems->problems[i]);
            separator = ",\n  ";
        }
    }
    buffer_add_string(&buffer, "\n]\n");
    return buffer_text(&buffer);
}

struct text render_json(struct arena *arena, const struct view *view) {
    struct buffer buffer = BUFFER(arena);
    buffer_add_string(&buffer, "{\n  \"version\": 1,\n  \"journal\": ");
    add_journal(&buffer, view);
    buffer_add_string(&buffer, ",\n  \"databases\": [");
    for (size_t i = 0; i < view->join->database_count; i++) {
        buffer_add_string(&buffer, i > 0 ? ",\n    " : "\n    ");
        add_database(&buffer, view, i);
    }
    buffer_add_string(&buffer,
                      view->join->database_count > 0 ? "\n  ],\n  \"migrations\": [" : "],\n  \"migrations\": [");
    for (size_t i = 0; i < view->join->count; i++) {
        buffer_add_string(&buffer, i > 0 ? ",\n    " : "\n    ");
        add_migration(&buffer, view, &view->join->migrations[i]);
    }
    buffer_add_string(&buffer, view->join->count > 0 ? "\n  ],\n  \"problems\": [" : "],\n  \"problems\": [");
    for (size_t i = 0; i < view->problems->count; i++) {
        buffer_add_string(&buffer, i > 0 ? ",\n    " : "\n    ");
        add_problem(&buffer, &view->problems->problems[i]);
    }
    buffer_add_string(&buffer, view->problems->count > 0 ? "\n  ]\n}\n" : "]\n}\n");
    return buffer_text(&buffer);
}
