/* A content is one immutable version of a file's bytes, counted by its holders and shared between the record sets, the
 * tree and the requests that read it. It is either held in memory from the start, or on demand: then any part of it is read from
 * where it is each time, and whole it is in memory only while it is pinned. What comes out is always exactly the version promised.
 *
 * All functions may be called from any thread. */
#ifndef MIGFS_UTIL_CONTENT_H
#define MIGFS_UTIL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

struct content;

/* Where bytes on demand come from. */
struct content_source {
    /* Reads `size` bytes from `offset` on, or fails with a sentence where they are no longer of the version promised. Is called by
     * several threads at a time, and may wait for a filesystem. */
    bool (*read)(void *context, char *bytes, size_t size, size_t offset, struct error *error);
    void (*release)(void *context); /* called once, when the content goes; or NULL */
};

/* A copy of the text, held by the caller alone. NULL when memory has run out. */
struct content *content_create(struct text text);

/* For the caller to write: *ret_bytes has room for `size` bytes, before anybody else has the content, and for one more that does not
 * count. NULL when memory has run out. */
struct content *content_create_blank(size_t size, char **ret_bytes);

/* NULL when memory has run out; the context is then still the caller's. */
struct content *content_create_on_demand(size_t size, const struct content_source *source, void *context);

struct content *content_ref(struct content *content);
void content_unref(struct content *content); /* takes NULL */

size_t content_size(const struct content *content); /* bytes */

/* True when the bytes are in memory for as long as the content is: content_text() may then be called. */
bool content_is_held(const struct content *content);
struct text content_text(const struct content *content);

/* Reads `size` bytes from `offset` on, of either kind; fewer only where the content ends. Waits as its source does, and needs no more
 * memory than the caller brings. *ret_length is set on success. */
bool content_read(struct content *content, char *bytes, size_t size, size_t offset, size_t *ret_length,
                  struct error *error);

/* Has all bytes of either kind in memory until content_unpin(); several pins may overlap. For contents whose size has been looked at. */
bool content_pin(struct content *content, struct text *ret_text, struct error *error);
void content_unpin(struct content *content);

#endif
