/* Keeps the view true: waits for the folder and the databases to change, reads them again, builds the new tree beside the old
 * one and hands it on. Owns the sources; runs on one thread, its own once refresh_start() was called. */
#ifndef MIGFS_REFRESH_H
#define MIGFS_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/error.h"
#include "migfs/ledger_reader.h"
#include "migfs/synthesis.h"
#include "migfs/tree.h"

struct refresh;

struct refresh_options {
    const char *source;     /* absolute path */
    const char *rules_file; /* absolute path, or NULL for SOURCE/.migfs where that exists */
    const struct ledger_reader_database *databases;
    size_t database_count;
    struct ledger_reader_options reader;
    struct synthesis_options synthesis;
    bool show_progress; /* tell how far the first scan is, on a terminal */
};

/* Who is told. Both are called on the refresh thread, with no lock held. */
struct refresh_listener {
    /* A new tree stands (only when it differs from the last). The callee takes its own reference. `sync` is the number up to which
     * refresh_sync() requests are met by this tree. */
    void (*published)(void *context, struct tree *tree);
    /* Every request up to this number is met by the tree last published. */
    void (*synced)(void *context, uint64_t request);
    void *context;
};

/* Opens the source and reads everything once: returns when the folder is read and each database has answered or failed. An
 * error is one that leaves nothing to show. */
struct refresh *refresh_create(const struct refresh_options *options, struct error *error);
void refresh_destroy(struct refresh *refresh); /* stops the thread if it runs; takes NULL */

/* The tree as it stands; with a reference for the caller. Before refresh_start() only. */
struct tree *refresh_tree(struct refresh *refresh);

bool refresh_start(struct refresh *refresh, const struct refresh_listener *listener, struct error *error);

/* Any thread: asks for a refresh that begins after this call. Returns its number. */
uint64_t refresh_request(struct refresh *refresh);

#endif
