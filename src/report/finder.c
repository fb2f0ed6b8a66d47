/* Used by every finder: adding a problem, and parts of sentences that several kinds of problems
 * share. */
#include "report/finder.h"

#include "report/phrases.h"

const char *shown(const struct finder *finder, struct text text) {
    return text_escaped(finder->arena, text).bytes;
}

/* Returns whether it is shown before all others of its severity: it makes them irrelevant, or was
 * asked for by `--base`. */
static bool is_first(enum problem_kind kind) {
    return kind == PROBLEM_WRONG_DATABASE || (kind >= PROBLEM_BASE_MOVED && kind <= PROBLEM_BASE_RENAMED);
}

static void add(struct finder *finder, enum severity severity, enum problem_kind kind, const struct place *place,
                const char *format, va_list arguments) {
    finder->findings =
        arena_more(finder->arena, finder->findings, finder->count, &finder->capacity, sizeof *finder->findings);
    struct text tag = place->migration ? place->migration->tag : TEXT("");
    const struct problem_code *code = &problem_codes[kind];
    finder->findings[finder->count++] = (struct finding){
        .problem = {.code = code,
                    .severity = severity,
                    .ignored_by =
                        rules_ignored(finder->join->rules, text_of(code->code), tag.length > 0 ? tag : place->database),
                    .file = place->file,
                    .line = place->line,
                    .column = place->column,
                    .tag = tag,
                    .database = place->database,
                    .sentence = text_format_list(finder->arena, format, arguments)},
        .order = is_first(kind)     ? 0
                 : place->migration ? 2 + (size_t)(place->migration - finder->join->migrations)
                                    : 1,
    };
}

void found(struct finder *finder, enum problem_kind kind, const struct place *place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(finder, problem_codes[kind].usual, kind, place, format, arguments);
    va_end(arguments);
}

void found_as(struct finder *finder, enum severity severity, enum problem_kind kind, const struct place *place,
              const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(finder, severity, kind, place, format, arguments);
    va_end(arguments);
}

bool finder_ran_by_hand(const struct finder *finder, const struct migration *it, size_t database) {
    size_t migration = (size_t)(it - finder->join->migrations);
    return finder->effects && !standing_has_run(&it->standings[database]) &&
           effects_standing_of(finder->effects, migration, database)->is_found;
}

bool finder_named_elsewhere(const struct finder *finder, const struct migration *it, size_t database) {
    const bool *is_named = finder->effects ? finder->effects->databases[database].is_named : NULL;
    return is_named && is_named[it - finder->join->migrations] && !standing_has_run(&it->standings[database]);
}

bool finder_is_another_tools(const struct finder *finder, size_t database) {
    return finder->effects && finder->effects->databases[database].is_named &&
           finder->join->databases[database].ledger->count == 0;
}

bool finder_ignores(const struct finder *finder, enum problem_kind kind, const struct migration *it) {
    return rules_ignored(finder->join->rules, text_of(problem_codes[kind].code), it->tag) != NULL;
}

/* True if the migration was run by hand where it has no row: that database's own journal would fail
 * there, and `ran-by-hand` reports it. */
static bool is_said_by_effects(const struct finder *finder, const struct conflict *conflict) {
    return conflict->lacks != SIZE_MAX && finder->effects &&
           finder->deploys[conflict->lacks].here.failure.migration == conflict->migration &&
           effects_standing_of(finder->effects, conflict->migration, conflict->lacks)->is_found;
}

const struct conflict *finder_conflict(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->synthesis->conflict_count; i++) {
        const struct conflict *conflict = &finder->synthesis->conflicts[i];
        if (&finder->join->migrations[conflict->migration] == it) {
            return is_said_by_effects(finder, conflict) ? NULL : conflict;
        }
    }
    return NULL;
}

bool finder_is_in(const struct finder *finder, const struct migration *it, size_t database, enum state state) {
    bool is_said = (state == STATE_SKIPPED && finder_ran_by_hand(finder, it, database)) ||
                   finder_named_elsewhere(finder, it, database);
    return !finder->join->databases[database].is_wrong && it->standings[database].state == state && !is_said;
}

bool finder_is_modified(const struct finder *finder, const struct migration *it, size_t database) {
    char hex[DIGEST_HEX_LENGTH + 1];
    if (!it->file || !finder_is_in(finder, it, database, STATE_MODIFIED) ||
        !standing_has_hash(&it->standings[database])) {
        return false;
    }
    digest_to_hex(&it->file->sql->digest, hex);
    return !rules_edited(finder->join->rules, it->tag, text_of(hex), finder->join->databases[database].name);
}

bool finder_reads(const struct finder *finder, size_t database) {
    const struct database *it = &finder->join->databases[database];
    return !it->is_wrong && it->ledger->status != LEDGER_UNREADABLE;
}

bool finder_has_run_somewhere(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (!finder->join->databases[i].is_wrong && standing_has_run(&it->standings[i])) {
            return true;
        }
    }
    return false;
}

bool finder_lacks_somewhere(const struct finder *finder, const struct migration *it) {
    size_t right = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        bool is_wrong = finder->join->databases[i].is_wrong;
        right += !is_wrong;
        if (!is_wrong && !finder_named_elsewhere(finder, it, i) &&
            (!standing_has_run(&it->standings[i]) || it->standings[i].state == STATE_UNKNOWN)) {
            return true;
        }
    }
    return right == 0;
}

const char *finder_applied_lines(const struct finder *finder, const struct migration *it, enum state state) {
    enum { NAMED = 3 };
    struct phrase_list lines = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct database *database = &finder->join->databases[i];
        bool is_asked = state == STATE_COUNT || finder_is_in(finder, it, i, state);
        if (is_asked && !database->is_wrong && database->ledger->count > 0 && !standing_has_run(&it->standings[i])) {
            phrase_list_add(&lines, text_format(finder->arena, "`applied %s %.*s`",
                                                phrase_glob(finder->arena, it->tag).bytes, TEXT_ARGS(database->name)));
        }
    }
    const char *all = phrase_list_end(&lines).bytes;
    return lines.count > 1 ? text_format(finder->arena, "those of %s that are true", all).bytes : all;
}

bool finder_is_forgotten(const struct join *join, const struct synthesis *synthesis, size_t migration,
                         size_t database) {
    const struct migration *it = &join->migrations[migration];
    size_t at = synthesis->of_migration[migration];
    return it->standings[database].is_told_by_when_alone && at != SIZE_MAX && synthesis->entries[at].is_when_new &&
           !rules_applied(join->rules, it->tag, join->databases[database].name);
}

static bool forgets_any(const struct join *join, const struct synthesis *synthesis) {
    for (size_t i = 0; i < join->count; i++) {
        for (size_t d = 0; d < join->database_count; d++) {
            if (finder_is_forgotten(join, synthesis, i, d)) {
                return true;
            }
        }
    }
    return false;
}

/* What to do if the consistent journal fixes the problem: commit it or, while it is refused,
 * something else. A journal made without the databases that show the problem does not fix it. */
static const char *advice(const struct join *join, const struct synthesis *synthesis) {
    if (synthesis->refusal == REFUSAL_NONE || synthesis->refusal == REFUSAL_UNREAD) {
        bool forgets = forgets_any(join, synthesis);
        return join->database_count == 0 ? "run `migfs fix`"
               : forgets ? "do what commit-forgets asks for, then run `migfs fix` with the same databases"
                         : "run `migfs fix` with the same databases";
    }
    bool has_own = synthesis->refusal == REFUSAL_CONFLICT;
    for (size_t i = 0; i < synthesis->conflict_count; i++) {
        has_own = has_own && synthesis->conflicts[i].lacks != SIZE_MAX;
    }
    return has_own ? "deploy each database with its own databases/<name>/_journal.json"
                   : "first fix what _journal.json is refused for";
}

const char *finder_databases(const struct finder *finder, const struct migration *it, enum state state) {
    enum { NAMED = 5 };
    struct phrase_list names = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder_is_in(finder, it, i, state)) {
            phrase_list_add(&names, finder->join->databases[i].name);
        }
    }
    const char *kind = names.count == 1 ? "database" : "databases";
    return names.count == 0 ? "" : text_format(finder->arena, "%s %s", kind, phrase_list_end(&names).bytes).bytes;
}

/* True if an entry without a file is followed by one with a file, which may need what it named. */
static bool has_hole(const struct join *join) {
    bool has_gone = false;
    for (size_t i = 0; i < join->journal->count; i++) {
        size_t migration = join->entry_migration[i];
        const struct migration *it = migration == SIZE_MAX ? NULL : &join->migrations[migration];
        if (it && it->file && has_gone) {
            return true;
        }
        has_gone = has_gone || (it && !it->file && it->kind == MIGRATION_COUNTS);
    }
    return false;
}

/* Only numbers show where an unlisted migration belongs. They show nothing if they do not rise, if no
 * database is attached, or if it may be the renamed file of an entry, which has another number. */
static const struct migration *find_doubtful(const struct finder *finder) {
    const struct join *join = finder->join;
    struct text highest = TEXT("");
    bool is_rising = true, may_be_renamed = has_hole(join);
    for (size_t i = 0; i < join->journal->count; i++) {
        size_t migration = join->entry_migration[i];
        struct text number = migration == SIZE_MAX ? TEXT("") : join->migrations[migration].number;
        if (number.length > 0) {
            bool rises = highest.length == 0 || number_compare(number, highest) >= 0;
            is_rising = is_rising && rises;
            highest = rises ? number : highest;
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        bool is_between = highest.length > 0 && number_compare(it->number, highest) < 0;
        bool is_unknown = (is_between && (join->database_count == 0 || !is_rising)) ||
                          (may_be_renamed && !finder_has_run_somewhere(finder, it));
        if (migration_counts(it) && !it->entry && is_unknown) {
            return it;
        }
    }
    return NULL;
}

const char *finder_doubt(const struct finder *finder, const struct migration *it) {
    if (!finder->doubtful || (it && it != finder->doubt_line)) {
        return "";
    }
    return text_format(finder->arena,
                       "; it is not certain what has to run before %s, so try the journal on an empty database first",
                       phrase_tag(finder->arena, finder->doubtful->tag).bytes)
        .bytes;
}

void finder_init(struct finder *finder, struct arena *arena, const struct join *join,
                 const struct synthesis *synthesis) {
    *finder = (struct finder){.arena = arena, .join = join, .synthesis = synthesis, .advice = advice(join, synthesis)};
    finder->doubtful = find_doubtful(finder);
}
