/* A content is one immutable version of a file's bytes, counted by its holders and shared between the record sets, the
 * tree and the requests that read it. It is either held in memory from the start, or loaded whole on demand and
 * dropped again when nobody uses it; what is served is always exactly the version promised.
 *
 * Loaded bytes outlive their last pin for a while, since a large file is read in many small requests: those used last
 * stay up to CONTENT_IDLE_MAXIMUM bytes together (the very last whatever its size), until content_drop_unused().
 *
 * All functions may be called from any thread. */
#ifndef MIGFS_UTIL_CONTENT_H
#define MIGFS_UTIL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

struct content;

enum { CONTENT_IDLE_MAXIMUM = 64 << 20 };

/* Loads the promised bytes into `bytes` (`size` of them), or fails with errno-like meaning in the error when the file
 * is no longer that version. Called without any lock of ours but the content's own. */
struct content_loader {
    bool (*load)(void *context, char *bytes, size_t size, struct error *error);
    void (*release)(void *context); /* called once, when the content goes */
};

/* A copy of the text, held by the caller alone. NULL when memory has run out. */
struct content *content_create(struct text text);

/* For the caller to write: *ret_bytes has room for `size` bytes, before anybody else has the content, and for one more that does not
 * count. NULL when memory has run out. */
struct content *content_create_blank(size_t size, char **ret_bytes);

/* Bytes that are loaded when first used. NULL when memory has run out; the context is then still the caller's. */
struct content *content_create_on_demand(size_t size, const struct content_loader *loader, void *context);

struct content *content_ref(struct content *content);
void content_unref(struct content *content); /* takes NULL */

size_t content_size(const struct content *content); /* bytes */

/* True when the bytes are in memory for as long as the content is: content_text() may then be called. */
bool content_is_held(const struct content *content);
struct text content_text(const struct content *content);

/* Pins the bytes of either kind until content_unpin(); several pins may overlap. */
bool content_pin(struct content *content, struct text *ret_text, struct error *error);
void content_unpin(struct content *content);

/* Drops the loaded bytes that nobody has pinned since the last call. To be called now and then, by a clock. */
void content_drop_unused(void);

#endif
