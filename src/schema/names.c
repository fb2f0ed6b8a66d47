#include "migfs/schema/names.h"

#include <string.h>

struct name_place {
    uint32_t hash;
    uint32_t number; /* index in `texts` + 1; 0: free */
};

/* A name that was looked up, by the place of its bytes. */
struct recent {
    struct text name;
    uint32_t number;
};

enum { RECENT = 64 };

struct names {
    struct arena *arena;
    struct arena *tables; /* holds `texts` and `index`, which move when they grow */
    struct hash_key key;
    struct text *texts;
    size_t count, capacity;
    struct name_place *index;
    size_t index_size; /* a power of two */
    struct recent recent[RECENT];
};

static void grow_names(struct names *names) {
    size_t capacity = names->capacity ? 2 * names->capacity : 256, size = 2 * capacity;
    struct arena *tables = arena_within(names->arena);
    struct text *texts = arena_array(tables, struct text, capacity);
    struct name_place *index = arena_array(tables, struct name_place, size);
    if (names->count > 0) {
        memcpy(texts, names->texts, names->count * sizeof *texts);
    }
    for (size_t i = 0; i < names->index_size; i++) {
        struct name_place place = names->index[i];
        size_t at = place.hash & (size - 1);
        while (place.number && index[at].number) {
            at = (at + 1) & (size - 1);
        }
        index[at] = place.number ? place : index[at];
    }
    arena_destroy(names->tables);
    names->tables = tables;
    names->texts = texts;
    names->capacity = capacity;
    names->index = index;
    names->index_size = size;
}

struct names *names_create(struct arena *arena) {
    struct names *names = arena_new(arena, struct names);
    names->arena = arena;
    names->key = hash_key();
    names_number(names, TEXT(""));
    return names;
}

uint32_t names_number(struct names *names, struct text name) {
    if (name.length == 0 && names->count > 0) {
        return 0;
    }
    if (names->count == names->capacity) {
        grow_names(names);
    }
    uint32_t hash = hash_text(&names->key, name);
    size_t at = hash & (names->index_size - 1);
    for (; names->index[at].number; at = (at + 1) & (names->index_size - 1)) {
        if (names->index[at].hash == hash && text_equal(names->texts[names->index[at].number - 1], name)) {
            return names->index[at].number - 1;
        }
    }
    names->texts[names->count] = text_copy(names->arena, name);
    names->index[at] = (struct name_place){hash, (uint32_t)++names->count};
    return (uint32_t)names->count - 1;
}

void names_forget_places(struct names *names) {
    memset(names->recent, 0, sizeof names->recent);
}

uint32_t names_number_again(struct names *names, struct text name) {
    struct recent *recent = &names->recent[((uintptr_t)name.bytes ^ (uintptr_t)name.bytes >> 6) % RECENT];
    if (recent->name.bytes != name.bytes || recent->name.length != name.length) {
        *recent = (struct recent){name, names_number(names, name)};
    }
    return recent->number;
}

const struct hash_key *names_key(const struct names *names) {
    return &names->key;
}

struct text names_text(const struct names *names, uint32_t number) {
    return names->texts[number];
}
