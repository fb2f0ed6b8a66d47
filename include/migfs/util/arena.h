/* An arena owns all memory of one record set or of one refresh, and gives it back at once.
 *
 * Allocation never returns NULL. When memory runs out inside arena_run(), everything under it is left and arena_run()
 * returns false; the owner then destroys the arena, and whatever stood before stands still. So the code between holds
 * nothing but arena memory while it allocates: no lock, no descriptor, no reference that only it knows of.
 * Outside arena_run() running out of memory aborts the process.
 *
 * An arena belongs to one thread at a time; once it is filled, any number of threads may read what is in it. */
#ifndef MIGFS_UTIL_ARENA_H
#define MIGFS_UTIL_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Returns an empty arena, or NULL when memory has run out. */
struct arena *arena_create(void);

/* Takes NULL. */
void arena_destroy(struct arena *arena);

/* Calls body(context). Returns true when it came to its end, false when memory ran out on the way.
 * Does not nest on one arena; different arenas may nest. */
bool arena_run(struct arena *arena, void (*body)(void *context), void *context);

/* Leaves arena_run() as if memory of the arena had run out: for what else could not be had on the way. */
_Noreturn void arena_exhausted(struct arena *arena);

/* `size` bytes of zeros, aligned for any type; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count * size` bytes of zeros; an overflow counts as memory running out. */
void *arena_array_of(struct arena *arena, size_t count, size_t size);

/* Room for `new_count` elements that begins with the `old_count` old ones; the rest is zeros. Cheap when `old` was the
 * newest allocation. */
void *arena_grow(struct arena *arena, void *old, size_t old_count, size_t new_count, size_t size);

/* An array of `count` elements with room for one more at least: `old` while *capacity suffices, else one of twice the room. */
void *arena_more(struct arena *arena, void *old, size_t count, size_t *capacity, size_t size);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_array_of((arena), (count), sizeof(type)))

#endif
