/* Keeps the view true: waits for the folder and the databases to change, has them read again, builds the new tree beside the old
 * one and hands it on. Runs on one thread, its own once refresh_start() was called. */
#ifndef MIGFS_LIVE_REFRESH_H
#define MIGFS_LIVE_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/live/inputs.h"
#include "migfs/util/error.h"

struct refresh;

/* Who is told. Both are called on the refresh thread, with no lock held. */
struct refresh_listener {
    /* A new tree stands (only when it differs from the last). The callee takes its own reference. */
    void (*published)(void *context, struct tree *tree);
    /* Every request up to this number is met by the tree last published. */
    void (*synced)(void *context, uint64_t request);
    void *context;
};

/* Opens the inputs, reads everything once and makes the first tree: returns when the folder is read and each database has
 * answered or failed. What could not be read is said on standard error. */
struct refresh *refresh_create(const struct inputs_options *options, struct error *error);
void refresh_destroy(struct refresh *refresh); /* stops the thread if it runs; takes NULL */

/* The tree as it stands, with a reference for the caller. Before refresh_start() only. */
struct tree *refresh_tree(struct refresh *refresh);

bool refresh_start(struct refresh *refresh, const struct refresh_listener *listener, struct error *error);

/* Ends the thread, after which the listener is called no more. */
void refresh_stop(struct refresh *refresh);

/* Any thread, also in a signal handler: asks for a refresh that begins after this call. Returns its number. */
uint64_t refresh_request(struct refresh *refresh);

#endif
