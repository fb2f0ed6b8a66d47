/* The table of problem codes, and the list that the finders fill. A new code is a row here, a few lines in the finder that can see it, and an
 * example among the tests. */
#include "migfs/report/problems.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/finder.h"
#include "report/phrases.h"

const struct problem_code problem_codes[PROBLEM_KIND_COUNT] = {
    [PROBLEM_SOURCE_MISSING] = {"source-missing", SEVERITY_ERROR, "the migrations folder is not there (any more)"},
    [PROBLEM_JOURNAL_MISSING] = {"journal-missing", SEVERITY_ERROR, "there is no meta/_journal.json"},
    [PROBLEM_JOURNAL_UNREADABLE] = {"journal-unreadable", SEVERITY_ERROR,
                                    "meta/_journal.json is not what JSON.parse takes, or holds no list of entries"},
    [PROBLEM_JOURNAL_REBUILT] =
        {"journal-rebuilt", SEVERITY_WARNING,
         "the journal served is made from ledgers and files alone, since the one on disk cannot be read"},
    [PROBLEM_JOURNAL_INCOMPLETE] = {"journal-incomplete", SEVERITY_WARNING,
                                    "the journal on disk lists fewer migrations than there are"},
    [PROBLEM_NO_MIGRATIONS] = {"no-migrations", SEVERITY_WARNING, "the folder holds no .sql file at all"},
    [PROBLEM_DIALECT] = {"dialect", SEVERITY_WARNING, "the journal is for another database than PostgreSQL"},
    [PROBLEM_BAD_ENTRY] = {"bad-entry", SEVERITY_ERROR, "an element of the journal's entries is no object"},
    [PROBLEM_BAD_TAG] = {"bad-tag", SEVERITY_ERROR, "an entry's tag cannot be the name of a file in the folder"},
    [PROBLEM_BAD_IDX] = {"bad-idx", SEVERITY_WARNING, "an entry's idx is missing or no whole number"},
    [PROBLEM_DUPLICATE_KEY] = {"duplicate-key", SEVERITY_ERROR,
                               "an object of the journal has a key twice, as when a merge fuses two entries into one"},
    [PROBLEM_DUPLICATE_TAG] = {"duplicate-tag", SEVERITY_ERROR, "two entries have the same tag"},
    [PROBLEM_DUPLICATE_IDX] = {"duplicate-idx", SEVERITY_WARNING, "two entries have the same idx"},
    [PROBLEM_WHEN_INVALID] = {"when-invalid", SEVERITY_ERROR, "an entry's when is no whole number of milliseconds"},
    [PROBLEM_WHEN_UNIT] = {"when-unit", SEVERITY_WARNING,
                           "an entry's when looks like seconds or like a date in 14 digits"},
    [PROBLEM_WHEN_FUTURE] = {"when-future", SEVERITY_WARNING, "an entry's when lies after the year 2099"},
    [PROBLEM_WHEN_ORDER] = {"when-order", SEVERITY_WARNING, "an entry's when is not above that of an entry before it"},
    [PROBLEM_MISSING] = {"missing", SEVERITY_ERROR, "an entry's file is not there"},
    [PROBLEM_UNJOURNALED] =
        {"unjournaled", SEVERITY_ERROR,
         "a migration is not in the journal, and some attached database (or, without one, any) lacks it"},
    [PROBLEM_SKIPPED] = {"skipped", SEVERITY_ERROR,
                         "a migration that has not run is listed with a stamp that is not above the watermark"},
    [PROBLEM_RERUN] = {"rerun", SEVERITY_ERROR, "a migration that has run is listed with a stamp above the watermark"},
    [PROBLEM_HELD] = {"held", SEVERITY_ERROR, "an unlisted file is as likely a leftover as a migration"},
    [PROBLEM_EXCLUDED] = {"excluded", SEVERITY_ERROR, "the rules exclude a file that the journal has Drizzle run"},
    [PROBLEM_MODIFIED] = {"modified", SEVERITY_WARNING, "a file has changed since it ran"},
    [PROBLEM_COMMIT_FORGETS] =
        {"commit-forgets", SEVERITY_ERROR,
         "a row is told by its entry's when alone, and the journal served here must change that when"},
    [PROBLEM_LINE_ENDS] = {"line-ends", SEVERITY_NOTE, "a file has other line ends than when it ran"},
    [PROBLEM_DUPLICATE_PREFIX] = {"duplicate-prefix", SEVERITY_WARNING, "two migrations begin with the same number"},
    [PROBLEM_CASE_CLASH] = {"case-clash", SEVERITY_WARNING, "two names differ in nothing but upper and lower case"},
    [PROBLEM_SNAPSHOT_MISSING] = {"snapshot-missing", SEVERITY_WARNING, "a migration has no snapshot in meta/"},
    [PROBLEM_SQL_EMPTY] = {"sql-empty", SEVERITY_WARNING, "a migration holds no statement"},
    [PROBLEM_SQL_ENCODING] = {"sql-encoding", SEVERITY_ERROR, "a migration's text is not UTF-8, or holds a NUL"},
    [PROBLEM_SQL_CONFLICT] = {"sql-conflict", SEVERITY_ERROR, "a migration holds the markers of an unfinished merge"},
    [PROBLEM_BAD_FILE] = {"bad-file", SEVERITY_ERROR,
                          "a name in the folder is no regular file, leads out of the folder, or cannot be read"},
    [PROBLEM_BAD_NAME] = {"bad-name", SEVERITY_WARNING, "a file is named nearly like a migration"},
    [PROBLEM_META_FILE] = {"meta-file", SEVERITY_WARNING, "meta/ holds a file that drizzle-kit takes for a snapshot"},
    [PROBLEM_NESTED_SQL] = {"nested-sql", SEVERITY_NOTE, "a folder below the source holds .sql files"},
    [PROBLEM_V1_FOLDER] = {"v1-folder", SEVERITY_WARNING, "the folder is half converted to the layout of drizzle v1"},
    [PROBLEM_BAD_RULE] = {"bad-rule", SEVERITY_ERROR, "a line of the rules file is not understood"},
    [PROBLEM_DATABASE_UNREADABLE] = {"database-unreadable", SEVERITY_ERROR, "a database cannot be read"},
    [PROBLEM_NULL_CREATED_AT] = {"null-created-at", SEVERITY_ERROR, "a row of the ledger has no created_at"},
    [PROBLEM_WATERMARK_FUTURE] = {"watermark-future", SEVERITY_ERROR, "the newest created_at lies after the year 2099"},
    [PROBLEM_UNKNOWN_ROW] = {"unknown-row", SEVERITY_WARNING,
                             "rows of the ledger belong to no migration of the folder"},
    [PROBLEM_REPEATED_ROW] = {"repeated-row", SEVERITY_WARNING,
                              "rows of the ledger have the hash of a migration that has its row already"},
    [PROBLEM_SHARED_LEDGER] = {"shared-ledger", SEVERITY_WARNING,
                               "most rows of the ledger belong to no migration of the folder"},
    [PROBLEM_CONFLICT] = {"conflict", SEVERITY_ERROR, "no stamp of a migration serves all attached databases"},
    [PROBLEM_BASE_MOVED] = {"base-moved", SEVERITY_ERROR, "check --base: an entry of the base has another when now"},
    [PROBLEM_BASE_BELOW] = {"base-below", SEVERITY_ERROR,
                            "check --base: a new entry is not above every stamp of the base"},
};

static const char *const severity_names[SEVERITY_COUNT] = {"error", "warning", "note"};

const char *severity_name(enum severity severity) {
    return severity_names[severity];
}

const char *shown(const struct finder *finder, struct text text) {
    return text_escaped(finder->arena, text).bytes;
}

void found(struct finder *finder, enum problem_kind kind, const struct place *place, const char *format, ...) {
    if (finder->count == finder->capacity) {
        size_t capacity = finder->capacity * 2 + 16;
        finder->findings =
            arena_grow(finder->arena, finder->findings, finder->count, capacity, sizeof *finder->findings);
        finder->capacity = capacity;
    }
    va_list arguments;
    va_start(arguments, format);
    struct text sentence = text_format_list(finder->arena, format, arguments);
    va_end(arguments);
    finder->findings[finder->count++] = (struct finding){
        .problem = {.code = &problem_codes[kind],
                    .file = place->file,
                    .line = place->line,
                    .column = place->column,
                    .tag = place->migration ? place->migration->tag : TEXT(""),
                    .database = place->database,
                    .sentence = sentence},
        .order = place->migration ? 1 + (size_t)(place->migration - finder->join->migrations) : 0,
    };
}

bool lacks_somewhere(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (!standing_has_run(&it->standings[i]) || it->standings[i].state == STATE_UNKNOWN) {
            return true;
        }
    }
    return finder->join->database_count == 0;
}

bool is_forgotten(const struct join *join, const struct synthesis *synthesis, size_t migration, size_t database) {
    const struct migration *it = &join->migrations[migration];
    size_t at = synthesis->of_migration[migration];
    return it->standings[database].is_told_by_when_alone && at != SIZE_MAX && synthesis->entries[at].is_when_new &&
           !rules_applied(join->rules, it->tag, join->databases[database].name);
}

static bool forgets_any(const struct join *join, const struct synthesis *synthesis) {
    for (size_t i = 0; i < join->count; i++) {
        for (size_t d = 0; d < join->database_count; d++) {
            if (is_forgotten(join, synthesis, i, d)) {
                return true;
            }
        }
    }
    return false;
}

/* What to do where the consistent journal puts things right: to commit it, or what else while it is refused. */
static const char *advice(const struct join *join, const struct synthesis *synthesis) {
    if (synthesis->refusal == REFUSAL_NONE) {
        return forgets_any(join, synthesis)
                   ? "do what commit-forgets asks for, then commit the _journal.json served here"
                   : "commit the _journal.json served here";
    }
    bool has_own = synthesis->refusal == REFUSAL_CONFLICT;
    for (size_t i = 0; i < synthesis->conflict_count; i++) {
        has_own = has_own && synthesis->conflicts[i].lacks != SIZE_MAX;
    }
    return has_own ? "deploy each database with its own databases/<name>/_journal.json"
                   : "first mend that for which _journal.json is refused";
}

const char *databases_in_state(const struct finder *finder, const struct migration *it, enum state state) {
    size_t count = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        count += it->standings[i].state == state;
    }
    struct text names = phrase_databases(finder->arena, finder->join, it, state);
    const char *kind = count == 1 ? "database" : "databases";
    return count == 0 ? "" : text_format(finder->arena, "%s %s", kind, names.bytes).bytes;
}

static int compare_findings(const void *a, const void *b, void *context) {
    const struct finding *findings = context;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    const struct finding *l = &findings[left], *r = &findings[right];
    if (l->problem.code->severity != r->problem.code->severity) {
        return (int)l->problem.code->severity - (int)r->problem.code->severity;
    }
    if (l->order != r->order) {
        return l->order < r->order ? -1 : 1;
    }
    int order = text_compare(text_of(l->problem.code->code), text_of(r->problem.code->code));
    if (order == 0 && l->problem.line != r->problem.line) {
        return l->problem.line < r->problem.line ? -1 : 1;
    }
    return order != 0 ? order : (left > right) - (left < right);
}

struct problems *problems_find(struct arena *arena, const struct join *join, const struct synthesis *synthesis) {
    struct finder finder = {.arena = arena, .join = join, .synthesis = synthesis, .advice = advice(join, synthesis)};
    find_in_folder(&finder);
    find_in_journal(&finder);
    find_in_migrations(&finder);
    find_in_databases(&finder);
    size_t *sorted = arena_array(arena, size_t, finder.count);
    for (size_t i = 0; i < finder.count; i++) {
        sorted[i] = i;
    }
    if (finder.count > 0) {
        qsort_r(sorted, finder.count, sizeof *sorted, compare_findings, finder.findings);
    }
    struct problems *problems = arena_new(arena, struct problems);
    problems->problems = arena_array(arena, struct problem, finder.count);
    for (size_t i = 0; i < finder.count; i++) {
        problems->problems[i] = finder.findings[sorted[i]].problem;
        problems->by_severity[problems->problems[i].code->severity]++;
    }
    problems->count = finder.count;
    return problems;
}

void problem_print(struct buffer *buffer, const struct problem *problem) {
    buffer_add_escaped(buffer, problem->file);
    if (problem->line > 0) {
        buffer_format(buffer, ":%zu", problem->line);
    }
    if (problem->line > 0 && problem->column > 0) {
        buffer_format(buffer, ":%zu", problem->column);
    }
    buffer_format(buffer, ": %s: ", severity_name(problem->code->severity));
    buffer_add(buffer, problem->sentence);
    buffer_format(buffer, " [%s]", problem->code->code);
}
