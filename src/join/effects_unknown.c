/* If a file could not be parsed, its text is searched for the name; if it is opaque, the kinds of
 * facts that its words mention are checked. */
#include "join/effects_unknown.h"

#include <string.h>

/* Bytes of text searched for names: about half a second. */
enum { SEARCHED_MAXIMUM = 1 << 29 };

static bool speaks_of(struct effects_join *effects, const struct migration *it, struct text name) {
    struct text text;
    struct error error;
    if (name.length == 0 || effects->searched > SEARCHED_MAXIMUM || !content_pin(it->file->content, &text, &error)) {
        return true;
    }
    effects->searched += text.length + 1;
    bool is_in = memmem(text.bytes, text.length, name.bytes, name.length) != NULL;
    content_unpin(it->file->content);
    return is_in;
}

/* The letter that parse_opaque() uses for this kind of fact. */
static char letter_of(const struct fact *fact) {
    static const char letters[FACT_KIND_COUNT] = {
        [FACT_SCHEMA] = 'n',    [FACT_RELATION] = 'r',    [FACT_COLUMN] = 'a',   [FACT_CONSTRAINT] = 'k',
        [FACT_TYPE] = 'T',      [FACT_VALUE] = 'T',       [FACT_POLICY] = 'p',   [FACT_TRIGGER] = 't',
        [FACT_EXTENSION] = 'e', [FACT_FUNCTION] = 'F',    [FACT_NOT_NULL] = 'a', [FACT_DEFAULT] = 'a',
        [FACT_BASE_TYPE] = 'a', [FACT_ROW_SECURITY] = 'r'};
    bool is_other_relation = fact->kind == FACT_RELATION && fact->type && !strchr("rpf", fact->type);
    if (is_other_relation) {
        return fact->type;
    }
    return letters[fact->kind];
}

static struct text opaque_kinds(struct arena *arena, const struct effects *effects) {
    struct buffer kinds = BUFFER(arena);
    struct protocol_reader reader = effects_begin(arena, effects);
    struct effect effect;
    while (effects_next(&reader, &effect)) {
        if (effect.kind == EFFECT_OPAQUE) {
            buffer_add(&kinds, effect.fields[1]);
        }
    }
    return buffer_text(&kinds);
}

void effects_find_doubts(struct arena *arena, struct effects_join *effects) {
    size_t room = 0;
    effects->last_pending = SIZE_MAX;
    for (size_t i = 0; i < effects->join->count; i++) {
        const struct effects *of = &effects->own[i].effects;
        bool is_read = of->status == EFFECTS_KNOWN;
        if (!effects->join->migrations[i].file || (is_read && !of->is_opaque)) {
            continue;
        }
        if (of->status == EFFECTS_PENDING) {
            bool may_run = effects->join->migrations[i].kind != MIGRATION_EXCLUDED;
            effects->last_pending = may_run ? i : effects->last_pending;
            continue;
        }
        effects->doubts = arena_more(arena, effects->doubts, effects->doubt_count, &room, sizeof *effects->doubts);
        struct text kinds = is_read ? opaque_kinds(arena, of) : TEXT("");
        effects->doubts[effects->doubt_count++] = (struct effects_doubt){i, is_read, kinds};
    }
}

static bool has_letter(struct text kinds, char letter) {
    return kinds.length > 0 && memchr(kinds.bytes, letter, kinds.length);
}

bool effects_are_unknown(struct effects_join *effects, const bool *has_run, const struct fact *fact) {
    const struct join *join = effects->join;
    if (effects->last_pending != SIZE_MAX && effects->last_pending > fact->writer) {
        return true;
    }
    for (size_t i = 0; i < effects->doubt_count; i++) {
        const struct effects_doubt *doubt = &effects->doubts[i];
        const struct migration *it = &join->migrations[doubt->migration];
        bool may_have_run = has_run[doubt->migration] || (!doubt->is_read && it->kind != MIGRATION_EXCLUDED);
        if (doubt->migration <= fact->writer || !may_have_run) {
            continue;
        }
        /* Dropping a table drops its parts. */
        if (doubt->is_read
                ? has_letter(doubt->kinds, letter_of(fact)) || has_letter(doubt->kinds, 'r')
                : speaks_of(effects, it, names_text(effects->names_of->names, fact->name ? fact->name : fact->table))) {
            return true;
        }
    }
    return false;
}

/* False for a file that does nothing, such as a baseline that is all comments. */
static bool does_something(const struct effects *own) {
    return own->status != EFFECTS_KNOWN || own->count > 0;
}

/* Nothing after the first migration that is missing, in part at least, is likely to have run. */
void effects_mark_unseen(struct effects_join *effects, size_t database) {
    const struct join *join = effects->join;
    struct effects_standing *standings = effects->standings;
    size_t databases = join->database_count, end = join->count;
    bool is_any_found = false;
    for (size_t i = 0; i < end; i++) {
        const struct effects_standing *standing = &standings[i * databases + database];
        bool is_missing = standing->state == EFFECTS_MISSING || standing->state == EFFECTS_PARTLY;
        is_any_found = is_any_found || standing->is_found;
        end = is_any_found && is_missing && !standing_has_run(&join->migrations[i].standings[database]) ? i : end;
    }
    for (size_t i = 0; i < end && is_any_found; i++) {
        const struct migration *it = &join->migrations[i];
        struct effects_standing *standing = &standings[i * databases + database];
        bool shows_nothing = standing->state == EFFECTS_NONE || standing->state == EFFECTS_UNKNOWN;
        standing->is_unseen = shows_nothing && migration_counts(it) && it->file &&
                              !standing_has_run(&it->standings[database]) && does_something(&effects->own[i].effects);
    }
}
