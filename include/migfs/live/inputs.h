/* Everything a view is made from, reread on request: the folder, the journal, the rules and the
 * ledgers. The one place where they become a view and a tree. Belongs to one thread except for
 * inputs_look(). Only inputs_look(), inputs_scan() and inputs_read_all() wait for file systems. */
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
    const char *rules_file; /* absolute path; NULL: SOURCE/.migfs if it exists */
    const struct ledger_reader_database *databases;
    size_t database_count;
    const char *const *places; /* [database_count]: see struct view; must live as long; or NULL */
    struct ledger_reader_options reader;
    struct synthesis_options synthesis;
    const struct snapshots_schema *schema; /* must live as long; NULL: not known */
    struct worker_keeper *keeper;          /* parses SQL; may be NULL, else must outlive the inputs */
    int effects_wait_ms;                   /* longest wait of inputs_read_all(); -1: no limit */
    bool is_once;                          /* read once only, so unneeded snapshots are not kept */
    bool only_problems;                    /* only problems above notes are of interest */
    bool is_shared;                        /* users other than the mounting one may read the view */
    bool with_metrics;                     /* metrics.prom in the view */
};

/* Opens the source and prepares the databases; reads nothing yet. The options are copied but for
 * `source` and `rules_file`, which must live as long. `notice` as for ledger_reader_create(). */
struct inputs *inputs_create(const struct inputs_options *options, void (*notice)(void *context, const char *sentence),
                             void *context, struct error *error);
void inputs_destroy(struct inputs *inputs); /* takes NULL */

/* See disk_set_hooks() and disk_source_follower(). */
void inputs_set_hooks(struct inputs *inputs, const struct disk_hooks *hooks);
struct disk_follower *inputs_follower(struct inputs *inputs, struct error *error);

/* Scans the folder, and reads the journal and the rules if they changed. Any thread, one at a time;
 * meanwhile views are made from the previous scan. NULL on any failure. */
struct looked;
struct looked *inputs_look(const struct inputs *inputs, struct error *error);

/* Adopts the result of inputs_look(), also when it failed. *ret_changed says whether anything
 * differs from before. */
bool inputs_take(struct inputs *inputs, struct looked *looked, bool *ret_changed, struct error *error);

/* Both. */
bool inputs_scan(struct inputs *inputs, bool *ret_changed, struct error *error);

/* From here to inputs_take(), views are made from a copy of the previous scan, since another thread
 * is scanning. With a silence above 0 (milliseconds without an answer), views report it. False when
 * memory has run out. */
bool inputs_stand_in(struct inputs *inputs, unsigned silent_seconds);

/* Scans the folder, and waits until each database has answered or failed. */
bool inputs_read_all(struct inputs *inputs, struct error *error);

/* Waits at most that long for SQL to be parsed. Returns true when everything that was wanted has
 * just been parsed; false also when nothing was left to parse. */
bool inputs_read_effects(struct inputs *inputs, int wait_ms);
bool inputs_has_effects(const struct inputs *inputs); /* nothing is left to read */

/* As ledger_reader_request_names(); call it after inputs_take() and inputs_read_effects(). */
uint64_t inputs_request_names(struct inputs *inputs);

/* The descriptors to poll before SQL or databases can be read further, with a timeout of at most a
 * second while SQL is being parsed. Those of SQL only for a caller that then reads its effects, since
 * they stay ready until it does. Unused entries have the descriptor -1. */
enum { INPUTS_AWAITED = 6 };
void inputs_awaited(const struct inputs *inputs, bool for_effects, struct pollfd ret_awaited[INPUTS_AWAITED]);

/* How many files of the folder have been read so far. Any thread. */
struct disk_progress inputs_progress(const struct inputs *inputs);

/* The folder as last scanned (the inputs keep the reference), and the ledger reader, or NULL
 * without databases. */
struct disk *inputs_disk(const struct inputs *inputs);
struct ledger_reader *inputs_reader(const struct inputs *inputs);

/* Makes a view and passes it to `body`, which runs inside arena_run() of the arena. False when
 * memory has run out. */
bool inputs_view(struct inputs *inputs, void (*body)(void *context, struct arena *arena, const struct view *view),
                 void *context, struct error *error);

/* Builds the tree of a view. Returns `previous` (may be NULL) with one more reference if nothing
 * differs from it. Calls `view` (may be NULL) with the view. NULL when memory has run out. */
struct tree *inputs_tree(struct inputs *inputs, struct tree *previous,
                         void (*body)(void *context, struct arena *arena, const struct view *view), void *context,
                         struct error *error);

#endif
