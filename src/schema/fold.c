/* The loop over effects. What an effect does is in fold_make.c, fold_drop.c and fold_change.c. */
#include "migfs/schema/fold.h"

#include "schema/fold_change.h"
#include "schema/fold_make.h"
#include "schema/fold_try.h"

static void apply_one(struct fold *fold, const struct effect *effect) {
    if (!(effect->flags & EFFECT_NEW)) {
        fold->skips_parts = fold->has_maybe_parts = false;
    }
    if (fold->skips_statement || (fold->skips_parts && (effect->flags & EFFECT_NEW))) {
        return;
    }
    fold->flags =
        effect->flags | (fold->is_in_try ? EFFECT_GUARDED : 0U) | (fold->is_maybe_statement ? EFFECT_MAYBE : 0U);
    fold->line = effect->line;
    if (effect->kind == EFFECT_OPAQUE) {
        fold->is_uncertain = true;
    } else if (effect->kind == EFFECT_PATH) {
        fold->path = fold_number(fold, effect->fields[0]);
    } else if (effect->kind >= EFFECT_ALTER) {
        fold_change(fold, effect);
    } else {
        fold_make(fold, effect);
    }
}

void fold_apply(struct fold *fold, const struct effects *effects, uint32_t writer, bool has_row) {
    names_forget_places(fold->names); /* of other effects */
    fold->writer = writer;
    fold->path = fold->default_schema;
    fold->is_unrecorded = !has_row;
    fold->skips_statement = fold->is_in_try = fold->skips_block = false;
    fold->is_uncertain = fold->is_uncertain || effects->status != EFFECTS_KNOWN;
    struct protocol_reader reader = effects_begin(fold->arena, effects);
    reader.fields = fold->fields;
    reader.room = fold->field_room;
    struct effect effect;
    while (!fold->failure.sqlstate && !fold_is_exhausted(fold) && effects_next(&reader, &effect)) {
        if (effect.kind == EFFECT_STATEMENT) {
            fold->skips_statement = fold->is_maybe_statement = false;
            fold->skips_parts = fold->has_maybe_parts = false;
        } else if (effect.kind == EFFECT_TRY) {
            fold_try_begin(fold, reader);
        } else if (effect.kind == EFFECT_END_TRY) {
            fold->is_in_try = fold->skips_block = false;
        } else if (!fold->skips_block && effect.kind != EFFECT_SOURCE) {
            apply_one(fold, &effect);
        }
    }
    fold->fields = reader.fields;
    fold->field_room = reader.room;
    fold->flags = 0;
    fold->skips_parts = fold->has_maybe_parts = false;
}
