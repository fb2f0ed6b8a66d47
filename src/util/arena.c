/* Memory in chunks that grow with the arena, freed at once. Does not know what it holds. */
#include "migfs/util/arena.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/pages.h"

struct chunk {
    struct chunk *next;
    size_t size, used;
    max_align_t bytes[];
};

struct arena {
    struct chunk *chunks; /* the newest first */
    void *newest;         /* the newest allocation, the only one that can grow in place */
    jmp_buf *escape;      /* where to jump when memory has run out; NULL outside arena_run() */
    struct arena *outer;  /* fails together with this one; NULL: none */
    struct arena *inner;  /* the newest of those within it */
    struct arena *before; /* the next older one within the same arena */
};

enum { ALIGNMENT = _Alignof(max_align_t), FIRST_CHUNK = 1024 - sizeof(struct chunk), LARGEST_CHUNK = 1 << 18 };

struct arena *arena_create(void) {
    return calloc(1, sizeof(struct arena));
}

struct arena *arena_within(struct arena *outer) {
    struct arena *arena = arena_create();
    if (!arena) {
        arena_exhausted(outer);
    }
    arena->outer = outer;
    arena->before = outer->inner;
    outer->inner = arena;
    return arena;
}

/* Removes it from the list of its outer arena. */
static void leave(struct arena *outer, const struct arena *arena) {
    struct arena **at = &outer->inner;
    while (*at != arena) {
        at = &(*at)->before;
    }
    *at = arena->before;
}

static void free_chunks(struct chunk *chunk) {
    while (chunk) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void arena_destroy(struct arena *arena) {
    if (!arena) {
        return;
    }
    for (struct arena *inner = arena->inner, *before; inner; inner = before) {
        before = inner->before;
        inner->outer = NULL;
        arena_destroy(inner);
    }
    if (arena->outer) {
        leave(arena->outer, arena);
    }
    free_chunks(arena->chunks);
    free(arena);
}

void arena_clear(struct arena *arena) {
    struct chunk *newest = arena->chunks; /* the largest, but for those of single large blocks */
    if (newest) {
        free_chunks(newest->next);
        memset(newest->bytes, 0, newest->used);
        newest->next = NULL;
        newest->used = 0;
    }
    arena->newest = NULL;
}

bool arena_run(struct arena *arena, void (*body)(void *context), void *context) {
    jmp_buf escape;
    arena->escape = &escape;
    /* The body runs in a call of its own, so no local of this function changes between setjmp and
     * longjmp. */
    if (setjmp(escape) == 0) {
        body(context);
        arena->escape = NULL;
        return true;
    }
    arena->escape = NULL;
    return false;
}

_Noreturn void arena_exhausted(struct arena *arena) {
    while (arena->outer) {
        arena = arena->outer;
    }
    if (arena->escape) {
        longjmp(*arena->escape, 1);
    }
    fputs("migfs: out of memory\n", stderr);
    abort();
}

static size_t round_up(size_t size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static struct chunk *arena_add_chunk(struct arena *arena, size_t size) {
    size_t wanted = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (wanted > LARGEST_CHUNK) {
        wanted = LARGEST_CHUNK;
    }
    if (wanted < size) {
        wanted = size;
    }
    struct chunk *chunk = calloc(1, sizeof *chunk + wanted); /* untouched zeros cost nothing */
    if (!chunk) {
        arena_exhausted(arena);
    }
    pages_prefer_huge(chunk, size); /* of many MiB, if at all */
    chunk->next = arena->chunks;
    chunk->size = wanted;
    chunk->used = 0;
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 4) {
        arena_exhausted(arena);
    }
    size = round_up(size);
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < size) {
        chunk = arena_add_chunk(arena, size);
    }
    void *block = (char *)chunk->bytes + chunk->used;
    chunk->used += size;
    arena->newest = block;
    return block; /* zeros: nothing was in it before */
}

void *arena_array_of(struct arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        arena_exhausted(arena);
    }
    return arena_alloc(arena, bytes);
}

void *arena_grow(struct arena *arena, void *old, size_t old_count, size_t new_count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(new_count, size, &bytes) || bytes > SIZE_MAX / 4) {
        arena_exhausted(arena);
    }
    struct chunk *chunk = arena->chunks;
    if (old && old == arena->newest) {
        size_t offset = (size_t)((char *)old - (char *)chunk->bytes), had = chunk->used - offset;
        if (chunk->size - offset >= round_up(bytes)) {
            memset((char *)old + old_count * size, 0, had - old_count * size);
            chunk->used = offset + (round_up(bytes) > had ? round_up(bytes) : had);
            return old;
        }
    }
    void *block = arena_alloc(arena, bytes);
    if (old) {
        memcpy(block, old, old_count * size);
    }
    return block;
}

void *arena_more(struct arena *arena, void *old, size_t count, size_t *capacity, size_t size) {
    enum { FIRST = 16 };
    if (count < *capacity) {
        return old;
    }
    *capacity = *capacity > 0 ? *capacity * 2 : FIRST;
    return arena_grow(arena, old, count, *capacity, size);
}
