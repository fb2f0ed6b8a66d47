/* Names and lookups. */
#include "migfs/join/effects.h"

const char *effects_state_name(enum effects_state state) {
    static const char *const names[EFFECTS_STATE_COUNT] = {
        [EFFECTS_NONE] = "none",     [EFFECTS_THERE] = "there",           [EFFECTS_MISSING] = "missing",
        [EFFECTS_PARTLY] = "partly", [EFFECTS_SUPERSEDED] = "superseded", [EFFECTS_UNKNOWN] = "unknown",
    };
    return names[state];
}

const struct effects_standing *effects_standing_of(const struct effects_join *effects, size_t migration,
                                                   size_t database) {
    return &effects->standings[migration * effects->join->database_count + database];
}

struct text effects_name(struct arena *arena, const struct effects_join *effects, const struct fact *fact) {
    struct text label = fact_label(arena, effects->names_of, fact);
    return text_is_plain(label) ? label : text_escaped(arena, label);
}
