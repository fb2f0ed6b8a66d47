/* What every finder uses: adding a problem, and the parts of sentences that several kinds of problems share. */
#include "report/finder.h"

#include "report/phrases.h"

const char *shown(const struct finder *finder, struct text text) {
    return text_escaped(finder->arena, text).bytes;
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
        .order = place->migration ? 1 + (size_t)(place->migration - finder->join->migrations) : 0,
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

bool finder_lacks_somewhere(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (!standing_has_run(&it->standings[i]) || it->standings[i].state == STATE_UNKNOWN) {
            return true;
        }
    }
    return finder->join->database_count == 0;
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

const char *finder_databases(const struct finder *finder, const struct migration *it, enum state state) {
    size_t count = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        count += it->standings[i].state == state;
    }
    struct text names = phrase_databases(finder->arena, finder->join, it, state);
    const char *kind = count == 1 ? "database" : "databases";
    return count == 0 ? "" : text_format(finder->arena, "%s %s", kind, names.bytes).bytes;
}

void finder_init(struct finder *finder, struct arena *arena, const struct join *join,
                 const struct synthesis *synthesis) {
    *finder = (struct finder){.arena = arena, .join = join, .synthesis = synthesis, .advice = advice(join, synthesis)};
}
