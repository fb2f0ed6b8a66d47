/* Names are not escaped here: the JSON printer does that. */
#include "migfs/json/tree.h"
#include "migfs/report/render.h"

static void add_name(struct cJSON *array, struct arena *arena, const struct view *view, const struct fact *fact) {
    json_add_lasting_text(array, NULL, fact_label(arena, view->effects->names_of, fact));
}

static const char *state_of(const struct effects_own *own) {
    if (own->effects.status != EFFECTS_KNOWN || (own->effects.is_opaque && own->count == 0)) {
        return "unknown";
    }
    return own->count > 0 ? "known" : "none";
}

void render_effects_json_own(struct cJSON *object, struct arena *arena, const struct view *view, size_t migration) {
    const struct effects_own *own = &view->effects->own[migration];
    struct cJSON *effects = json_add_object(object, "effects");
    json_add_literal(effects, "state", state_of(own));
    struct cJSON *makes = json_add_array(effects, "makes"), *drops = json_add_array(effects, "drops");
    for (size_t i = 0; i < own->count; i++) {
        const struct fact *fact = &own->facts[i];
        add_name(fact_is_existence(fact) && !fact->is_there ? drops : makes, arena, view, fact);
    }
}

void render_effects_json_standing(struct cJSON *object, struct arena *arena, const struct view *view, size_t migration,
                                  size_t database) {
    const struct effects_standing *standing = effects_standing_of(view->effects, migration, database);
    struct cJSON *effects = json_add_object(object, "effects");
    json_add_literal(effects, "state", effects_state_name(standing->state));
    json_add_integer(effects, "there", (int64_t)standing->there);
    json_add_integer(effects, "of", (int64_t)standing->of);
    struct cJSON *missing = json_add_array(effects, "missing");
    for (size_t i = 0; i < standing->missing_count; i++) {
        add_name(missing, arena, view, &standing->missing[i]);
    }
}
