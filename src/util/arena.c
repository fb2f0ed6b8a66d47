/* Memory in chunks that grow with the arena, freed at once. Does not know what it holds. */
#include "migfs/util/arena.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct chunk {
    struct chunk *next;
    size_t size, used;
    size_t mapped; /* bytes of a mapping of its own; 0: from malloc() */
    max_align_t bytes[];
};

struct arena {
    struct chunk *chunks; /* the newest first */
    size_t size;          /* of all chunks */
    void *newest;         /* the newest allocation, the only one that can grow in place */
    jmp_buf *escape;      /* where to jump when memory has run out; NULL outside arena_run() */
    struct arena *outer;  /* fails together with this one; NULL: none */
    struct arena *inner;  /* the newest of those within it */
    struct arena *before; /* the next older one within the same arena */
};

enum { ALIGNMENT = _Alignof(max_align_t), FIRST_CHUNK = 1024 - sizeof(struct chunk), LARGEST_CHUNK = 1 << 18 };

/* What an arena needs beyond its first quarter MiB is in huge pages: one page fault for each 2 MiB
 * instead of 512. Sanitizers know the ends of what malloc() gives, and look for pointers in it. */
enum { HUGE_PAGE = 1 << 21 };
#ifdef MIGFS_SANITIZED
static const size_t worth_huge_pages = SIZE_MAX;
#else
static const size_t worth_huge_pages = 1 << 18;
#endif

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
    for (struct chunk *chunk = arena->chunks; chunk;) {
        struct chunk *next = chunk->next;
        if (chunk->mapped > 0) {
            munmap(chunk, chunk->mapped);
        } else {
            free(chunk);
        }
        chunk = next;
    }
    free(arena);
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

/* At least `size` bytes in huge pages, or NULL. Where the kernel has none to give, it takes small
 * ones. */
static struct chunk *map_chunk(size_t size) {
    size_t mapped = (sizeof(struct chunk) + size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    char *start = mmap(NULL, mapped + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    size_t before = (HUGE_PAGE - (uintptr_t)start % HUGE_PAGE) % HUGE_PAGE;
    struct chunk *chunk = (void *)(start + before);
    if (before > 0) {
        munmap(start, before);
    }
    munmap(start + before + mapped, HUGE_PAGE - before);
    madvise(chunk, mapped, MADV_HUGEPAGE);
    chunk->size = mapped - sizeof *chunk;
    chunk->mapped = mapped;
    return chunk;
}

static struct chunk *arena_add_chunk(struct arena *arena, size_t size) {
    size_t wanted = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (wanted > LARGEST_CHUNK) {
        wanted = LARGEST_CHUNK;
    }
    if (wanted < size) {
        wanted = size;
    }
    struct chunk *chunk = arena->size + wanted >= worth_huge_pages ? map_chunk(wanted) : NULL;
    if (!chunk) {
        chunk = calloc(1, sizeof *chunk + wanted); /* untouched zeros cost nothing */
        if (!chunk) {
            arena_exhausted(arena);
        }
        chunk->size = wanted;
    }
    arena->size += chunk->size;
    chunk->next = arena->chunks;
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
