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

/* What drops a table takes what is in it. */
static bool may_have_changed(const struct effects *effects, const struct fact *fact) {
    char letter = letter_of(fact);
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->effects[i];
        if (effect->kind == EFFECT_OPAQUE) {
            struct text kinds = effect->fields[1];
            if (memchr(kinds.bytes, letter, kinds.length) || memchr(kinds.bytes, 'r', kinds.length)) {
                return true;
            }
        }
    }
    return false;
}

bool effects_are_unknown(const struct effects_join *effects, const bool *has_run, const struct fact *fact) {
    const struct join *join = effects->join;
    for (size_t i = 0; i < join->count; i++) {
        const struct effects *of = &effects->own[i].effects;
        const struct migration *it = &join->migrations[i];
        bool is_read = of->status == EFFECTS_KNOWN;
        if (!it->file || i == fact->writer || i < fact->writer || (is_read && !(of->is_opaque && has_run[i]))) {
            continue;
        }
        /* What is not parsed can be known to have run by its row alone. */
        if (is_read ? may_have_changed(of, fact)
                    : (has_run[i] || it->kind != MIGRATION_EXCLUDED) &&
                          speaks_of(it, names_text(effects->names_of->names, fact->name ? fact->name : fact->table))) {
            return true;
        }
    }
    return false;
}
