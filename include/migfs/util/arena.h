/* An arena owns all memory of one record set or one refresh, and frees it at once.
 *
 * Allocation never returns NULL. When memory runs out inside arena_run(), the call stack below it
 * is abandoned and arena_run() returns false; the owner then destroys the arena, and everything
 * that existed before stays valid. So code inside holds nothing but arena memory while it
 * allocates: no lock, no descriptor, no reference of its own. Outside arena_run(), running out of
 * memory aborts the process.
 *
 * An arena belongs to one thread at a time; once it is filled, any number of threads may read what
 * it holds. */
#ifndef MIGFS_UTIL_ARENA_H
#define MIGFS_UTIL_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* An empty arena, or NULL when memory has run out. */
struct arena *arena_create(void);

/* An arena for temporary memory. It is destroyed with `outer` at the latest, and counts as a part
 * of it when memory runs out: it can be used wherever `outer` can, and needs no cleanup when
 * arena_run() is left. */
struct arena *arena_within(struct arena *outer);

/* Takes NULL. */
void arena_destroy(struct arena *arena);

/* Frees all that was allocated from it, but keeps some memory for what comes next. There must be no
 * arena within it. */
void arena_clear(struct arena *arena);

/* Calls body(context). Returns true when it completed, false when memory ran out. Does not nest on
 * one arena; different arenas may nest. */
bool arena_run(struct arena *arena, void (*body)(void *context), void *context);

/* Leaves arena_run() as if memory of the arena had run out: for failures to get other resources. */
_Noreturn void arena_exhausted(struct arena *arena);

/* `size` zero bytes, aligned for any type; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count * size` zero bytes; an overflow counts as running out of memory. */
void *arena_array_of(struct arena *arena, size_t count, size_t size);

/* `new_count` elements: the `old_count` old ones, then zeros. Cheap if `old` was the newest
 * allocation. */
void *arena_grow(struct arena *arena, void *old, size_t old_count, size_t new_count, size_t size);

/* An array of `count` elements with room for at least one more: `old` while *capacity suffices,
 * otherwise one of twice the capacity. */
void *arena_more(struct arena *arena, void *old, size_t count, size_t *capacity, size_t size);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_array_of((arena), (count), sizeof(type)))

#endif
