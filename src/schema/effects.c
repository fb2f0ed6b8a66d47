/* Checks a worker's records: each must have the fields that its kind needs, and no field may be
 * longer than a name can be. */
#include "migfs/schema/effects.h"

/* Minimum number of fields. */
static const uint8_t least[EFFECT_KIND_END] = {
    [EFFECT_STATEMENT] = 1, [EFFECT_SOURCE] = 3,     [EFFECT_OPAQUE] = 2,        [EFFECT_PATH] = 1,
    [EFFECT_SCHEMA] = 1,    [EFFECT_RELATION] = 3,   [EFFECT_COLUMN] = 6,        [EFFECT_SEQUENCE] = 6,
    [EFFECT_OWNED_BY] = 5,  [EFFECT_CONSTRAINT] = 7, [EFFECT_USING_INDEX] = 5,   [EFFECT_INDEX] = 4,
    [EFFECT_TYPE] = 3,      [EFFECT_VALUE] = 3,      [EFFECT_VALUE_RENAMED] = 4, [EFFECT_POLICY] = 4,
    [EFFECT_TRIGGER] = 4,   [EFFECT_EXTENSION] = 1,  [EFFECT_FUNCTION] = 3,      [EFFECT_NOT_NULL] = 4,
    [EFFECT_DEFAULT] = 4,   [EFFECT_BASE_TYPE] = 5,  [EFFECT_ROW_SECURITY] = 3,  [EFFECT_IDENTITY_DROPPED] = 3,
    [EFFECT_ALTER] = 2,     [EFFECT_DROP] = 5,       [EFFECT_DROP_COLUMN] = 3,   [EFFECT_DROP_CONSTRAINT] = 3,
    [EFFECT_RENAME] = 5,    [EFFECT_SET_SCHEMA] = 4, [EFFECT_USES] = 4,          [EFFECT_INHERITS] = 4,
    [EFFECT_LEAVES] = 4,
};

enum { LONGEST = 1024 }; /* bytes; a function's argument types can be longer than a name */

static bool is_right(const struct protocol_record *record) {
    if (record->kind == 0 || record->kind >= EFFECT_KIND_END || record->count < least[record->kind]) {
        return false;
    }
    for (size_t i = 0; i < record->count; i++) {
        if (record->fields[i].length > LONGEST) {
            return false;
        }
    }
    /* A count must not exceed the fields that follow it. */
    size_t at = record->kind == EFFECT_CONSTRAINT ? 6
                : record->kind == EFFECT_INDEX    ? 3
                : record->kind == EFFECT_SOURCE   ? 2
                                                  : 0;
    int64_t counted = 0;
    return at == 0 || (text_to_int64(record->fields[at], &counted) && counted >= 0 &&
                       (uint64_t)counted <= (uint64_t)record->count - at - 1);
}

static void note(struct effects *effects, const struct effect *effect) {
    bool is_effect = effect->kind != EFFECT_STATEMENT && effect->kind != EFFECT_TRY && effect->kind != EFFECT_END_TRY &&
                     effect->kind != EFFECT_PATH && effect->kind != EFFECT_SOURCE && !(effect->flags & EFFECT_NEW);
    effects->is_guarded = effects->is_guarded && (!is_effect || (effect->flags & EFFECT_GUARDED));
    if (effect->kind == EFFECT_OPAQUE && !effects->is_opaque) {
        effects->is_opaque = true;
        effects->reason = effect->fields[0];
        effects->line = effect->line;
    }
}

bool effects_decode(struct arena *arena, struct text answer, struct effects *ret_effects) {
    struct effects effects = {.status = EFFECTS_KNOWN, .is_guarded = true, .records = answer};
    struct text fields[16];
    struct protocol_reader reader = effects_begin(arena, &effects);
    struct protocol_record record;
    reader.fields = fields; /* larger records take their fields from the arena */
    reader.room = sizeof fields / sizeof *fields;
    for (; protocol_next(&reader, &record); effects.count++) {
        if (!is_right(&record)) {
            return false;
        }
        const struct effect effect = {record.kind, record.flags, record.line, record.count, record.fields};
        note(&effects, &effect);
    }
    *ret_effects = effects;
    if (effects.count > EFFECTS_MAXIMUM) {
        *ret_effects = (struct effects){.status = EFFECTS_FAILED};
    }
    return reader.rest.length == 0;
}

struct protocol_reader effects_begin(struct arena *arena, const struct effects *effects) {
    return protocol_read(arena, effects->records);
}

bool effects_next(struct protocol_reader *reader, struct effect *ret_effect) {
    struct protocol_record record;
    if (!protocol_next(reader, &record)) {
        return false;
    }
    *ret_effect = (struct effect){record.kind, record.flags, record.line, record.count, record.fields};
    return true;
}
