/* Puts what the parser says of each statement beside the statement's text. Where the two do not find as many statements the text decides. */
#include "report/sql_source.h"

#include "report/ddl.h"

static struct sql_source by_words(const struct sql_statement *statement) {
    return (struct sql_source){
        .statement = statement, .same = statement->text, .forbidden = ddl_forbidden(statement->text)};
}

static const struct text *copies(struct arena *arena, const struct text *texts, size_t count) {
    struct text *copied = arena_array(arena, struct text, count);
    for (size_t i = 0; i < count; i++) {
        copied[i] = text_copy(arena, texts[i]);
    }
    return copied;
}

static void take(struct arena *arena, struct sql_source *source, const struct effect *effect) {
    enum { SAME, FORBIDDEN, COUNT, CONSTANTS };
    int64_t count = 0;
    text_to_int64(effect->fields[COUNT], &count);
    source->same = text_copy(arena, effect->fields[SAME]);
    source->forbidden = effect->fields[FORBIDDEN].length > 0 ? text_copy(arena, effect->fields[FORBIDDEN]).bytes : NULL;
    source->is_parsed = !(effect->flags & EFFECT_MAYBE);
    source->constant_count = (size_t)count;
    source->constants = copies(arena, effect->fields + CONSTANTS, source->constant_count);
    source->name_count = effect->count - CONSTANTS - source->constant_count;
    source->names = copies(arena, effect->fields + CONSTANTS + source->constant_count, source->name_count);
}

static size_t count_parsed(struct arena *arena, const struct effects *effects) {
    struct protocol_reader reader = effects_begin(arena, effects);
    struct effect effect;
    size_t count = 0;
    while (effects_next(&reader, &effect)) {
        count += effect.kind == EFFECT_SOURCE;
    }
    return count;
}

struct sql_sources sql_source_list(struct arena *arena, const struct sql_statements *statements,
                                   const struct effects *effects) {
    struct sql_source *sources = arena_array(arena, struct sql_source, statements->count);
    struct sql_sources list = {.sources = sources, .count = statements->count};
    for (size_t i = 0; i < statements->count; i++) {
        sources[i] = by_words(&statements->statements[i]);
    }
    list.is_parsed = effects && effects->status == EFFECTS_KNOWN && count_parsed(arena, effects) == statements->count;
    if (list.is_parsed) {
        struct protocol_reader reader = effects_begin(arena, effects);
        struct effect effect;
        for (size_t i = 0; effects_next(&reader, &effect);) {
            if (effect.kind == EFFECT_SOURCE) {
                take(arena, &sources[i++], &effect);
            }
        }
    }
    return list;
}

static bool is_one_of(const struct text *texts, size_t count, struct text text) {
    for (size_t i = 0; i < count; i++) {
        if (text_equal(texts[i], text)) {
            return true;
        }
    }
    return false;
}

bool sql_source_holds(const struct sql_source *source, struct text constant) {
    return is_one_of(source->constants, source->constant_count, constant);
}

bool sql_source_names(const struct sql_source *source, struct text name) {
    return source->is_parsed ? is_one_of(source->names, source->name_count, name)
                             : ddl_mentions(source->statement->text, name);
}
