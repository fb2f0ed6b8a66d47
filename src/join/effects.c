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
    struct text parts[FACT_NAME_PARTS];
    size_t count = fact_name_parts(effects->names_of, fact, parts);
    struct buffer buffer = BUFFER(arena);
    buffer_add_string(&buffer, fact_noun(fact));
    for (size_t i = 0; i < count; i++) {
        buffer_add_char(&buffer, i > 0 ? '.' : ' ');
        buffer_add_escaped(&buffer, parts[i]);
    }
    return buffer_text(&buffer);
}
