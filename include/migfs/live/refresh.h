/* Keeps the view up to date: waits until the folder or a database changes, has it reread, builds a
 * new tree and publishes it. Runs on one thread, its own from refresh_start() on. */
#ifndef MIGFS_LIVE_REFRESH_H
#define MIGFS_LIVE_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/live/inputs.h"
#include "migfs/util/error.h"

struct refresh;

/* Callbacks. Both run on the refresh thread, with no lock held. */
struct refresh_listener {
    /* A new tree was published; it differs from the previous one. The callee takes its own
     * reference. */
    void (*published)(void *context, struct tree *tree);
    /* The tree published last satisfies every request up to this number. */
    void (*synced)(void *context, uint64_t request);
    void *context;
};

/* Opens the inputs, reads everything once and builds the first tree: returns when the folder has
 * been read and each database has answered or failed. Reports on standard error what could not be
 * read. */
struct refresh *refresh_create(const struct inputs_options *options, struct error *error);
void refresh_destroy(struct refresh *refresh); /* stops the thread if it is running; takes NULL */

/* The current tree, with a reference for the caller. Only before refresh_start(). */
struct tree *refresh_tree(struct refresh *refresh);

bool refresh_start(struct refresh *refresh, const struct refresh_listener *listener, struct error *error);

/* Ends the thread; the listener is not called after that. */
void refresh_stop(struct refresh *refresh);

/* Requests a refresh that begins after this call, and returns the request's number. Any thread,
 * also in a signal handler. */
uint64_t refresh_request(struct refresh *refresh);

#endif
