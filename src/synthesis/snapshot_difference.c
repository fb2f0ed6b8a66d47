/* Compares two snapshots member by member. */
#include "synthesis/snapshot_difference.h"

#include "migfs/json/print.h"

struct comparing {
    struct arena *arena;
    struct text difference;
};

/* Snapshots of older drizzle-kit 0.x lack members for features that came later; drizzle-kit treats
 * them as empty. */
static bool is_nothing(const struct cJSON *value) {
    return json_is_empty(value) && !json_chars(value) && !json_is_number(value) && !json_is_true(value);
}

static struct text shorten(struct text text) {
    enum { SHOWN = 80 };
    return text_slice(text, 0, SHOWN);
}

static struct text shown_value(struct arena *arena, const struct cJSON *value) {
    return text_escaped(arena, shorten(json_stringify(arena, value)));
}

static bool has_members(const struct cJSON *value) {
    return json_first(value) != NULL;
}

static bool is_same(struct comparing *comparing, const struct cJSON *made, const struct cJSON *real, struct text path);

static struct text path_of(struct arena *arena, struct text path, const char *key, size_t place) {
    struct text name = key ? text_of(key) : text_format(arena, "%zu", place);
    return path.length > 0 ? text_format(arena, "%s.%s", path.bytes, name.bytes) : text_copy(arena, name);
}

static bool differs(struct comparing *comparing, struct text path, const char *how) {
    comparing->difference = text_format(comparing->arena, "%s %s", text_escaped(comparing->arena, path).bytes, how);
    return false;
}

static bool is_same_member(struct comparing *comparing, const struct cJSON *made, const struct cJSON *real,
                           struct text path) {
    if (is_nothing(made) && is_nothing(real)) {
        return true;
    }
    if (!made) {
        return differs(comparing, path, "is only in the file");
    }
    return real ? is_same(comparing, made, real, path) : differs(comparing, path, "is only in what the SQL gives");
}

static bool are_same_objects(struct comparing *comparing, const struct cJSON *made, const struct cJSON *real,
                             struct text path) {
    for (const struct cJSON *it = json_first(real); it; it = json_following(it)) {
        struct text below = path_of(comparing->arena, path, json_key(it), 0);
        if (!is_same_member(comparing, json_member(made, json_key(it)), it, below)) {
            return false;
        }
    }
    for (const struct cJSON *it = json_first(made); it; it = json_following(it)) {
        struct text below = path_of(comparing->arena, path, json_key(it), 0);
        if (!json_member(real, json_key(it)) && !is_same_member(comparing, it, NULL, below)) {
            return false;
        }
    }
    return true;
}

static bool are_same_arrays(struct comparing *comparing, const struct cJSON *made, const struct cJSON *real,
                            struct text path) {
    const struct cJSON *left = json_first(made), *right = json_first(real);
    for (size_t place = 0; left || right; place++) {
        if (!is_same_member(comparing, left, right, path_of(comparing->arena, path, NULL, place))) {
            return false;
        }
        left = left ? json_following(left) : NULL;
        right = right ? json_following(right) : NULL;
    }
    return true;
}

static bool is_same(struct comparing *comparing, const struct cJSON *made, const struct cJSON *real, struct text path) {
    if (json_is_object(made) && json_is_object(real)) {
        return are_same_objects(comparing, made, real, path);
    }
    if (has_members(made) && has_members(real) && !json_is_object(made) && !json_is_object(real)) {
        return are_same_arrays(comparing, made, real, path);
    }
    struct text left = json_stringify(comparing->arena, made), right = json_stringify(comparing->arena, real);
    if (text_equal(left, right)) {
        return true;
    }
    comparing->difference = text_format(
        comparing->arena, "%s is %s in the file and %s by the SQL", text_escaped(comparing->arena, path).bytes,
        shown_value(comparing->arena, real).bytes, shown_value(comparing->arena, made).bytes);
    return false;
}

bool snapshot_is_same(struct arena *arena, const struct cJSON *made, const struct cJSON *real,
                      struct text *ret_difference) {
    static const char *const compared[] = {"tables", "enums", "schemas", "sequences", "roles", "policies", "views"};
    struct comparing comparing = {.arena = arena};
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        if (!is_same_member(&comparing, json_member(made, compared[i]), json_member(real, compared[i]),
                            text_of(compared[i]))) {
            *ret_difference = comparing.difference;
            return false;
        }
    }
    return true;
}
