/* A file that is not parsed is looked into for the name; one that is opaque for the kinds of fact that its words name. */
#include "join/effects_unknown.h"

#include <string.h>

static bool speaks_of(const struct migration *it, struct text name) {
    struct text text;
    struct error error;
    if (name.length == 0 || !content_pin(it->file->content, &text, &error)) {
        return true;
    }
    bool is_in = memmem(text.bytes, text.length, name.bytes, name.length) != NULL;
    content_unpin(it->file->content);
    return is_in;
}

/* The letter that parse_opaque() has for a fact of this kind. */
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
    for (size_t i = 0; i < effects->join->count; i++) {
        const struct effects *of = &effects->own[i].effects;
        bool is_read = of->status == EFFECTS_KNOWN;
        if (!effects->join->migrations[i].file || (is_read && !of->is_opaque)) {
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

bool effects_are_unknown(const struct effects_join *effects, const bool *has_run, const struct fact *fact) {
    const struct join *join = effects->join;
    for (size_t i = 0; i < effects->doubt_count; i++) {
        const struct effects_doubt *doubt = &effects->doubts[i];
        const struct migration *it = &join->migrations[doubt->migration];
        bool may_have_run = has_run[doubt->migration] || (!doubt->is_read && it->kind != MIGRATION_EXCLUDED);
        if (doubt->migration <= fact->writer || !may_have_run) {
            continue;
        }
        /* What drops a table takes what is in it. */
        if (doubt->is_read
                ? has_letter(doubt->kinds, letter_of(fact)) || has_letter(doubt->kinds, 'r')
                : speaks_of(it, names_text(effects->names_of->names, fact->name ? fact->name : fact->table))) {
            return true;
        }
    }
    return false;
}
