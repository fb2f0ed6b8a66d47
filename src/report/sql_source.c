/* Combines the parser's results for each statement with the statement's text. If the number of
 * statements differs, only the text is used. */
#include "report/sql_source.h"

#include <string.h>

#include "report/ddl.h"

enum { FIELDS = 16 }; /* enough for most effects; the arena holds longer ones */

static struct sql_source by_words(const struct sql_statement *statement) {
    return (struct sql_source){
        .statement = statement, .same = statement->text, .forbidden = ddl_forbidden(statement->text)};
}

/* The texts lie in the effects' records, which outlive the list. */
static const struct text *copies(struct arena *arena, const struct text *texts, size_t count) {
    struct text *copied = arena_array(arena, struct text, count);
    if (count > 0) {
        memcpy(copied, texts, count * sizeof *texts);
    }
    return copied;
}

static void take(struct arena *arena, struct sql_source *source, const struct effect *effect) {
    enum { SAME, FORBIDDEN, COUNT, CONSTANTS };
    int64_t count = 0;
    text_to_int64(effect->fields[COUNT], &count);
    source->same = effect->fields[SAME];
    source->forbidden = effect->fields[FORBIDDEN].length > 0 ? text_copy(arena, effect->fields[FORBIDDEN]).bytes : NULL;
    source->is_parsed = !(effect->flags & EFFECT_MAYBE);
    source->constant_count = (size_t)count;
    source->constants = copies(arena, effect->fields + CONSTANTS, source->constant_count);
    source->name_count = effect->count - CONSTANTS - source->constant_count;
    source->names = copies(arena, effect->fields + CONSTANTS + source->constant_count, source->name_count);
}

/* Constants and names of the statements in a DO block. */
struct inner {
    struct text *constants, *names;
    size_t constant_room, name_room;
};

/* Appends to a list, up to a limit: later ones are not looked for. */
static void append(struct arena *arena, struct text **list, size_t *count, size_t *room, const struct text *texts,
                   size_t text_count) {
    enum { MOST = 1024 };
    for (size_t i = 0; i < text_count && *count < MOST; i++) {
        *list = arena_more(arena, *list, *count, room, sizeof **list);
        (*list)[(*count)++] = texts[i];
    }
}

/* Adds a statement in a DO block to the source of the block, which has no constants of its own. */
static void take_inner(struct arena *arena, struct sql_source *source, struct inner *inner,
                       const struct effect *effect) {
    struct sql_source own = {0};
    take(arena, &own, effect);
    append(arena, &inner->constants, &source->constant_count, &inner->constant_room, own.constants, own.constant_count);
    append(arena, &inner->names, &source->name_count, &inner->name_room, own.names, own.name_count);
    source->constants = inner->constants;
    source->names = inner->names;
}

/* A value that a DO block adds; its records follow the one of its statement. */
static void take_value(struct arena *arena, struct sql_source *source, struct sql_value **values, size_t *room,
                       const struct effect *effect) {
    *values = arena_more(arena, *values, source->value_count, room, sizeof **values);
    (*values)[source->value_count++] = (struct sql_value){effect->fields[1], effect->fields[2]};
    source->values = *values;
}

/* Returns false if the parser found a different number of statements. */
static bool take_all(struct arena *arena, struct sql_source *sources, size_t count, const struct effects *effects) {
    struct protocol_reader reader = effects_begin(arena, effects);
    struct text fields[FIELDS];
    struct sql_value *values = NULL;
    struct inner inner = {0};
    size_t taken = 0, room = 0;
    bool is_do = false;
    reader.fields = fields;
    reader.room = FIELDS;
    struct effect effect;
    while (effects_next(&reader, &effect)) {
        bool is_inner = effect.kind == EFFECT_SOURCE && (effect.flags & EFFECT_INNER);
        if (effect.kind == EFFECT_SOURCE && (is_inner ? !is_do : taken == count)) {
            return false;
        }
        if (is_inner) {
            take_inner(arena, &sources[taken - 1], &inner, &effect);
        } else if (effect.kind == EFFECT_SOURCE) {
            take(arena, &sources[taken++], &effect);
            inner = (struct inner){0};
            is_do = false;
            values = NULL;
            room = 0;
        } else if (effect.kind == EFFECT_STATEMENT) {
            is_do = is_do || (taken > 0 && text_is(effect.fields[0], "DO"));
        } else if (effect.kind == EFFECT_VALUE && is_do && !(effect.flags & EFFECT_NEW)) {
            take_value(arena, &sources[taken - 1], &values, &room, &effect);
        }
    }
    return taken == count;
}

struct sql_sources sql_source_list(struct arena *arena, const struct sql_statements *statements,
                                   const struct effects *effects) {
    struct sql_source *sources = arena_array(arena, struct sql_source, statements->count);
    struct sql_sources list = {.sources = sources, .count = statements->count};
    for (size_t i = 0; i < statements->count; i++) {
        sources[i].statement = &statements->statements[i];
    }
    list.is_parsed =
        effects && effects->status == EFFECTS_KNOWN && take_all(arena, sources, statements->count, effects);
    for (size_t i = 0; i < statements->count && !list.is_parsed; i++) {
        sources[i] = by_words(&statements->statements[i]);
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
