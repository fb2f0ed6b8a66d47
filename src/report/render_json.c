/* status.json: everything that the text files say, for programs. Its keys are documented in
 * docs/view.md; keys are only ever added. */
#include "migfs/json/print.h"
#include "migfs/report/render.h"
#include "migfs/synthesis/refusal.h"
#include "report/effect_phrases.h"
#include "report/phrases.h"

static void add_text_or_null(struct cJSON *object, const char *key, bool is_known, struct text value) {
    if (is_known) {
        json_add_text(object, key, value);
    } else {
        json_add_null(object, key);
    }
}

static void add_integer_or_null(struct cJSON *object, const char *key, bool is_known, int64_t value) {
    if (is_known) {
        json_add_integer(object, key, value);
    } else {
        json_add_null(object, key);
    }
}

static void add_place(struct cJSON *object, const struct view *view, size_t database) {
    bool is_known = view->places && *view->places[database];
    add_text_or_null(object, "at", is_known, is_known ? text_of(view->places[database]) : TEXT(""));
}

static void add_standing(struct cJSON *standings, struct arena *arena, const struct view *view,
                         const struct migration *it, size_t database) {
    const struct standing *standing = &it->standings[database];
    struct cJSON *object = json_add_object(standings, view->join->databases[database].name.bytes);
    const struct ledger_row *row = standing->row;
    json_add_literal(object, "state", state_name(standing->state));
    add_text_or_null(object, "matched", row, text_of(match_facts(standing->match)->name));
    add_text_or_null(object, "row", row && row->id.length > 0, row ? row->id : TEXT(""));
    add_integer_or_null(object, "created_at", row && row->has_created_at, row ? row->created_at : 0);
    if (view->effects) {
        render_effects_json_standing(object, arena, view, (size_t)(it - view->join->migrations), database);
    }
}

static struct cJSON *make_migration(void *context, struct arena *arena, size_t migration) {
    const struct view *view = context;
    const struct migration *it = &view->join->migrations[migration];
    const struct join *join = view->join;
    const struct synthesis_entry *entry = plan_entry(view->synthesis, (size_t)(it - join->migrations));
    const struct disk_entry *file = it->file;
    char hex[DIGEST_HEX_LENGTH + 1] = "";
    if (file) {
        digest_to_hex(&file->sql->digest, hex);
    }
    struct cJSON *object = json_object(arena);
    json_add_text(object, "tag", it->tag);
    json_add_literal(object, "state", state_name(it->state));
    add_text_or_null(object, "file", file, file ? file->path : TEXT(""));
    add_integer_or_null(object, "size", file, file ? file->size : 0);
    add_text_or_null(object, "sha256", file, text_of(hex));
    add_integer_or_null(object, "statements", file, file ? (int64_t)file->sql->statements : 0);
    json_add_bool(object, "journal", it->entry != NULL);
    add_integer_or_null(object, "idx", entry, entry ? entry->idx : 0);
    add_integer_or_null(object, "when", entry, entry ? entry->when : 0);
    bool has_journal = join->layout->has_journal;
    bool has_idx = it->entry && it->entry->idx.is_valid, has_when = it->entry && it->entry->when.is_valid;
    add_integer_or_null(object, "idxOnDisk", has_idx, has_idx ? it->entry->idx.number : 0);
    add_integer_or_null(object, "whenOnDisk", has_when, has_when ? it->entry->when.number : 0);
    json_add_bool(object, "snapshot", it->has_snapshot);
    json_add_text(object, "drizzle", effect_phrase_drizzle(arena, view->join, view->effects, it));
    json_add_text(object, "consistent", has_journal ? phrase_consistent(arena, join, view->synthesis, it) : TEXT("-"));
    struct cJSON *standings = json_add_object(object, "databases");
    for (size_t i = 0; i < join->database_count; i++) {
        add_standing(standings, arena, view, it, i);
    }
    if (view->effects) {
        render_effects_json_own(object, arena, view, (size_t)(it - join->migrations));
    }
    json_add_bool(object, "snapshotMade", phrase_made(join, view->synthesis, it));
    return object;
}

static void add_database(struct cJSON *databases, struct arena *arena, const struct view *view, size_t database) {
    static const char *const statuses[] = {
        [LEDGER_READ] = "read", [LEDGER_FRESH] = "fresh", [LEDGER_UNREADABLE] = "unreadable"};
    const struct database *it = &view->join->databases[database];
    const struct synthesis *own = view->own[database];
    struct cJSON *object = json_add_object(databases, NULL);
    json_add_text(object, "name", it->name);
    json_add_literal(object, "status", statuses[it->ledger->status]);
    add_text_or_null(object, "reason", it->ledger->status == LEDGER_UNREADABLE, it->ledger->reason);
    json_add_integer(object, "rows", (int64_t)it->ledger->count);
    json_add_integer(object, "rowsOfNobody", (int64_t)it->unmatched);
    add_integer_or_null(object, "watermark", it->watermark.kind == WATERMARK_STAMP, it->watermark.stamp);
    add_text_or_null(object, "refused", own->refusal != REFUSAL_NONE, synthesis_refusal(arena, view->join, own));
    add_place(object, view, database);
    json_add_bool(object, "runInProgress", it->ledger->runs.is_open);
    add_integer_or_null(object, "runSince", it->ledger->runs.since != 0, it->ledger->runs.since);
    json_add_integer(object, "rowsNotKept", it->ledger->runs.above);
}

void render_add_problem_json(struct cJSON *array, const struct problem *problem, const struct text *path) {
    struct cJSON *object = json_add_object(array, NULL);
    json_add_text(object, "file", problem->file);
    add_integer_or_null(object, "line", problem->line > 0, (int64_t)problem->line);
    add_integer_or_null(object, "column", problem->column > 0, (int64_t)problem->column);
    json_add_literal(object, "severity", severity_name(problem->severity));
    json_add_literal(object, "code", problem->code->code);
    json_add_text(object, "sentence", problem->sentence);
    add_text_or_null(object, "tag", problem->tag.length > 0, problem->tag);
    add_text_or_null(object, "database", problem->database.length > 0, problem->database);
    json_add_bool(object, "ignored", problem->ignored_by != NULL);
    if (path) {
        add_text_or_null(object, "path", path->length > 0, *path);
    }
}

static struct cJSON *make_problem(void *context, struct arena *arena, size_t problem) {
    const struct view *view = context;
    struct cJSON *array = json_array(arena);
    render_add_problem_json(array, &view->problems->problems[problem], NULL);
    return json_first(array);
}

static void add_journal(struct cJSON *tree, struct arena *arena, const struct view *view) {
    static const char *const statuses[] = {[JOURNAL_READ] = "read",
                                           [JOURNAL_MISSING] = "missing",
                                           [JOURNAL_UNREADABLE] = "unreadable",
                                           [JOURNAL_CONFLICTED] = "unreadable"};
    const struct synthesis *synthesis = view->synthesis;
    bool is_refused = synthesis->refusal != REFUSAL_NONE;
    if (!view->join->layout->has_journal) {
        json_add_null(tree, "journal");
        return;
    }
    struct cJSON *object = json_add_object(tree, "journal");
    json_add_literal(object, "onDisk", statuses[view->join->journal->status]);
    json_add_integer(object, "entriesOnDisk", (int64_t)view->join->journal->count);
    add_integer_or_null(object, "entries", !is_refused, (int64_t)synthesis->count);
    json_add_integer(object, "changes", (int64_t)render_changes_count(view));
    json_add_bool(object, "identical", synthesis->is_identical);
    json_add_bool(object, "rebuilt", synthesis->is_rebuilt);
    add_text_or_null(object, "refused", is_refused, synthesis_refusal(arena, view->join, synthesis));
}

struct text render_json(struct arena *arena, const struct view *view) {
    struct cJSON *tree = json_object(arena);
    json_add_integer(tree, "version", 1);
    add_journal(tree, arena, view);
    struct cJSON *databases = json_add_array(tree, "databases");
    for (size_t i = 0; i < view->join->database_count; i++) {
        add_database(databases, arena, view, i);
    }
    const struct json_elements migrations = {view->join->count, make_migration, (void *)view};
    json_add_elements(tree, "migrations", &migrations);
    const struct json_elements problems = {view->problems->count + view->problems->ignored_count, make_problem,
                                           (void *)view};
    json_add_elements(tree, "problems", &problems);
    render_upgrade_json(tree, arena, view);
    return json_print_lines(arena, tree);
}
