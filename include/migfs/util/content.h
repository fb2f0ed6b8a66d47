/* A content is one immutable version of a file's bytes, reference-counted and shared between the
 * record sets, the tree and the requests that read it. Either it is held in memory from the start,
 * or it is on demand: then each part is read from its source every time, and the whole is in memory
 * only while it is pinned. The bytes are always exactly those of the version, or reading fails.
 *
 * All functions may be called from any thread. */
#ifndef MIGFS_UTIL_CONTENT_H
#define MIGFS_UTIL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

struct content;

/* Where bytes on demand are read from. */
struct content_source {
    /* Reads `size` bytes at `offset`, or fails with a sentence if they are no longer of this
     * version. Called by several threads at a time; may wait for a file system. */
    bool (*read)(void *context, char *bytes, size_t size, size_t offset, struct error *error);
    void (*release)(void *context); /* called once, when the content is freed; or NULL */
};

/* A copy of the text, with one reference, the caller's. NULL when memory has run out. */
struct content *content_create(struct text text);

/* To be filled by the caller: *ret_bytes has room for `size` bytes, until the content is shared,
 * and for one more that does not count. NULL when memory has run out. */
struct content *content_create_blank(size_t size, char **ret_bytes);

/* NULL when memory has run out; the caller then keeps the context. */
struct content *content_create_on_demand(size_t size, const struct content_source *source, void *context);

struct content *content_ref(struct content *content);
void content_unref(struct content *content); /* takes NULL */

size_t content_size(const struct content *content); /* bytes */

/* True when the bytes are in memory throughout the content's life, so that content_text() may be
 * called. */
bool content_is_held(const struct content *content);
struct text content_text(const struct content *content);

/* For a thread that must not wait for a source: what reads contents on demand in its place. */
struct content_reader {
    /* Reads all of the content and passes the bytes to content_hold(), or fails: with ERROR_LATE
     * when it may succeed later. */
    bool (*hold)(void *context, struct content *content, struct error *error);
    void *context;
};

/* Per thread, and must live as long. NULL: the thread reads and waits by itself. No other thread
 * may pin the same contents by itself meanwhile, since the two would wait for each other. */
void content_set_reader(const struct content_reader *of_this_thread);

/* Pins a content on demand with bytes of its version that were read before, and takes over the
 * bytes, which malloc() has made. */
void content_hold(struct content *content, char *bytes);

/* How many seconds its source has not answered for; 0: it answers, as far as known. */
void content_set_silence(struct content *content, unsigned seconds);
unsigned content_silence(const struct content *content);

/* Reads `size` bytes at `offset`, of either kind; fewer only at the end of the content. Can wait
 * for the source, and allocates nothing. *ret_length is set on success. */
bool content_read(struct content *content, char *bytes, size_t size, size_t offset, size_t *ret_length,
                  struct error *error);

/* Keeps all bytes of either kind in memory until content_unpin(); pins may overlap. The caller has
 * checked the size. */
bool content_pin(struct content *content, struct text *ret_text, struct error *error);
void content_unpin(struct content *content);

#endif
