/* Every question about the catalogs is a search for a name in the SQL or for a generated name. */
#include "migfs/schema/catalog_wanted.h"

#include "migfs/schema/fold.h"

/* Of the facts visited for one migration; effects beyond it are not compared. */
enum { LOOKS_MAXIMUM = 20000000 };

struct catalog_wanted {
    struct arena *arena;
    struct fold *empty, *fold;
    struct text *names;
    size_t count, room;
};

/* The fields that name a relation, constraint, type or function: bit 1 is field 1. */
static const uint8_t fields_of[EFFECT_KIND_END] = {
    [EFFECT_RELATION] = 1 << 1,
    [EFFECT_COLUMN] = 1 << 1 | 1 << 4,
    [EFFECT_SEQUENCE] = 1 << 1 | 1 << 4,
    [EFFECT_OWNED_BY] = 1 << 1 | 1 << 3,
    [EFFECT_CONSTRAINT] = 1 << 1 | 1 << 2 | 1 << 5,
    [EFFECT_USING_INDEX] = 1 << 1 | 1 << 2 | 1 << 4,
    [EFFECT_INDEX] = 1 << 1 | 1 << 2,
    [EFFECT_TYPE] = 1 << 1 | 1 << 4,
    [EFFECT_VALUE] = 1 << 1,
    [EFFECT_VALUE_RENAMED] = 1 << 1,
    [EFFECT_POLICY] = 1 << 1,
    [EFFECT_TRIGGER] = 1 << 1,
    [EFFECT_FUNCTION] = 1 << 1,
    [EFFECT_NOT_NULL] = 1 << 1,
    [EFFECT_DEFAULT] = 1 << 1,
    [EFFECT_BASE_TYPE] = 1 << 1 | 1 << 4,
    [EFFECT_ROW_SECURITY] = 1 << 1,
    [EFFECT_IDENTITY_DROPPED] = 1 << 1,
    [EFFECT_ALTER] = 1 << 1,
    [EFFECT_DROP] = 1 << 2 | 1 << 3,
    [EFFECT_DROP_COLUMN] = 1 << 1,
    [EFFECT_DROP_CONSTRAINT] = 1 << 1 | 1 << 2,
    [EFFECT_RENAME] = 1 << 2 | 1 << 3 | 1 << 4,
    [EFFECT_SET_SCHEMA] = 1 << 2,
    [EFFECT_USES] = 1 << 1 | 1 << 3,
    [EFFECT_INHERITS] = 1 << 1 | 1 << 3,
    [EFFECT_LEAVES] = 1 << 1 | 1 << 3,
};

struct catalog_wanted *catalog_wanted_create(struct arena *arena) {
    struct catalog_wanted *wanted = arena_new(arena, struct catalog_wanted);
    struct names *names = names_create(arena);
    *wanted = (struct catalog_wanted){.arena = arena};
    wanted->empty = fold_create(arena, names, TEXT("public"));
    wanted->fold = fold_create(arena, names, TEXT("public"));
    return wanted;
}

static void add(struct catalog_wanted *wanted, struct text name) {
    if (text_ends(name, "[]")) {
        name.length -= 2; /* an array is found with its type */
    }
    if (name.length > 0) {
        wanted->names = arena_more(wanted->arena, wanted->names, wanted->count, &wanted->room, sizeof *wanted->names);
        wanted->names[wanted->count++] = name;
    }
}

/* Leaves the facts in `fold`. */
static void apply(struct catalog_wanted *wanted, const struct effects *effects, unsigned first_counter) {
    struct fold *fold = wanted->fold;
    fold_copy(fold, wanted->empty);
    fold->work = 0;
    fold->most_work = LOOKS_MAXIMUM;
    fold->first_counter = first_counter;
    fold_apply(fold, effects, 0, true);
}

static struct text generated_name(const struct fold *fold, size_t i) {
    const struct fact *fact = &fold->facts[i];
    return fact->kind == FACT_RELATION || fact->kind == FACT_CONSTRAINT ? names_text(fold->names, fact->name)
                                                                        : TEXT("");
}

static struct text without_number(struct text name) {
    while (name.length > 0 && name.bytes[name.length - 1] >= '0' && name.bytes[name.length - 1] <= '9') {
        name.length--;
    }
    return name;
}

/* The catalogs are searched for names without the number that the server appends if the first name
 * is taken. In a name of full length, the number replaces characters of the table's or column's
 * name, so each number of digits has a different name. */
static void add_generated(struct catalog_wanted *wanted, const struct effects *effects) {
    static const unsigned first_counters[] = {1, 10, 100, 1000};
    enum { LONGEST = 63, DIGITS = sizeof first_counters / sizeof *first_counters };
    const struct fold *fold = wanted->fold;
    size_t longest = 0;
    apply(wanted, effects, 0);
    for (size_t i = 0; i < fold->count; i++) {
        struct text name = generated_name(fold, i);
        longest = name.length > longest ? name.length : longest;
        add(wanted, name);
    }
    for (size_t digits = 1; digits <= DIGITS && longest + DIGITS > LONGEST; digits++) {
        apply(wanted, effects, first_counters[digits - 1]);
        for (size_t i = 0; i < fold->count; i++) {
            struct text name = generated_name(fold, i);
            add(wanted, name.length == LONGEST ? without_number(name) : TEXT(""));
        }
    }
}

void catalog_wanted_add(struct catalog_wanted *wanted, const struct effects *effects) {
    struct arena *within = arena_within(wanted->arena);
    struct protocol_reader reader = effects_begin(within, effects);
    struct effect effect;
    while (effects->status == EFFECTS_KNOWN && effects_next(&reader, &effect)) {
        for (size_t i = 0; i < 8 && i < effect.count; i++) {
            if (fields_of[effect.kind] & 1U << i) {
                add(wanted, effect.fields[i]);
            }
        }
    }
    arena_destroy(within);
    add_generated(wanted, effects);
}

const struct text *catalog_wanted_names(const struct catalog_wanted *wanted, size_t *ret_count) {
    *ret_count = wanted->count;
    return wanted->names;
}
