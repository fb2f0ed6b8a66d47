/* Saves the fold before a block that handles duplicates, if the block may have to be undone. */
#include "schema/fold_try.h"

/* Number of effects in the block that may fail on a duplicate. */
static size_t makers_in_try(struct protocol_reader reader) {
    size_t makers = 0;
    struct effect effect;
    while (effects_next(&reader, &effect) && effect.kind != EFFECT_END_TRY) {
        makers += effect.kind > EFFECT_PATH && effect.kind != EFFECT_ALTER && effect.kind != EFFECT_VALUE;
    }
    return makers;
}

/* A single such effect fails before anything is written, so nothing needs to be saved. */
void fold_try_begin(struct fold *fold, struct protocol_reader reader) {
    fold->is_in_try = true;
    fold->has_saved = makers_in_try(reader) > 1;
    if (fold->has_saved) {
        if (!fold->saved) {
            fold->saved = fold_create(fold->arena, fold->names, TEXT(""));
        }
        fold_copy(fold->saved, fold);
    }
}

void fold_try_undo(struct fold *fold) {
    if (fold->has_saved) {
        struct fold *saved = fold->saved;
        fold_copy(fold, saved);
        fold->saved = saved;
    }
    fold->skips_block = true;
}
