/* Everything a view is made from, read again when asked: the folder, the journal, the rules and the ledgers. And the one place where
 * they become a view and a tree. Belongs to one thread; waits for nothing but inputs_read_all(). */
#ifndef MIGFS_LIVE_INPUTS_H
#define MIGFS_LIVE_INPUTS_H

#include <poll.h>
#include <stdbool.h>

#include "migfs/folder/follower.h"
#include "migfs/folder/scan.h"
#include "migfs/folder/source.h"
#include "migfs/ledger/reader.h"
#include "migfs/schema/worker.h"
#include "migfs/tree/tree.h"
#include "migfs/util/error.h"
#include "migfs/view/layout.h"

struct inputs;

struct inputs_options {
    const char *source;     /* absolute path */
    const char *rules_file; /* absolute path, or NULL for SOURCE/.migfs where that exists */
    const struct ledger_reader_database *databases;
    size_t database_count;
    const char *const *places; /* [database_count]: see struct view; must live as long; or NULL */
    struct ledger_reader_options reader;
    struct synthesis_options synthesis;
    struct worker_keeper *keeper; /* of what reads SQL; may be NULL, else must live as long */
    int effects_wait_ms;          /* how long inputs_read_all() waits for it at most; -1: until all is read */
    bool is_shared;               /* others than the user who mounts may look at the view */
    bool with_metrics;            /* metrics.prom in the view */
};

/* Opens the source and prepares the databases; reads nothing yet. The options are copied but for `source` and `rules_file`, which must
 * live as long. `notice` as for ledger_reader_create(). */
struct inputs *inputs_create(const struct inputs_options *options, void (*notice)(void *context, const char *sentence),
                             void *context, struct error *error);
void inputs_destroy(struct inputs *inputs); /* takes NULL */

/* See disk_set_hooks() and disk_source_follower(). */
void inputs_set_hooks(struct inputs *inputs, const struct disk_hooks *hooks);
struct disk_follower *inputs_follower(struct inputs *inputs, struct error *error);

/* Scans the folder, and reads journal and rules where they changed. *ret_changed tells whether anything did. */
bool inputs_scan(struct inputs *inputs, bool *ret_changed, struct error *error);

/* Scans the folder and waits until each database has answered or failed. */
bool inputs_read_all(struct inputs *inputs, struct error *error);

/* Has SQL read for at most so long. Returns true when all that was wanted has been read by it; false also where nothing was left to read. */
bool inputs_read_effects(struct inputs *inputs, int wait_ms);
bool inputs_has_effects(const struct inputs *inputs); /* nothing is left to read */

/* What to wait for until SQL and databases can be read on; while SQL is read, for a second at most. Places not needed have no descriptor. */
enum { INPUTS_AWAITED = 6 };
void inputs_awaited(const struct inputs *inputs, struct pollfd ret_awaited[INPUTS_AWAITED]);

/* How far the folder has been read. Any thread. */
struct disk_progress inputs_progress(const struct inputs *inputs);

/* The folder as last scanned (the inputs' reference), and the reader of the databases, or NULL where there is none. */
struct disk *inputs_disk(const struct inputs *inputs);
struct ledger_reader *inputs_reader(const struct inputs *inputs);

/* Makes a view and hands it to `body`, which runs inside arena_run() of the arena. False when memory has run out. */
bool inputs_view(struct inputs *inputs, void (*body)(void *context, struct arena *arena, const struct view *view),
                 void *context, struct error *error);

/* A tree of the view, beside `previous` (may be NULL). If nothing differs it is `previous`, with one more reference. `view`
 * (may be NULL) is called with the view on the way. NULL when memory has run out. */
struct tree *inputs_tree(struct inputs *inputs, struct tree *previous,
                         void (*body)(void *context, struct arena *arena, const struct view *view), void *context,
                         struct error *error);

#endif
