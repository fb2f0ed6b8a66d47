/* The consistent journal as a plan: its entries in order, with timestamps and numbers, or why there is none. How it is made is synthesis.h's
 * business. Lives in the arena and points into the join. Immutable once made; any thread. */
#ifndef MIGFS_SYNTHESIS_PLAN_H
#define MIGFS_SYNTHESIS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/drizzle/stamp.h"
#include "migfs/join/joined.h"

enum idx_mode { IDX_PREFIX, IDX_POSITION };
enum stale_mode { STALE_REFUSE, STALE_SERVE };

/* The highest timestamp that can be told from its neighbours in JavaScript. */
#define SYNTHESIS_HIGHEST_STAMP (STAMP_LIMIT - 1)

/* Why there is no journal. */
enum refusal {
    REFUSAL_NONE,
    REFUSAL_SOURCE, /* the source folder cannot be read */
    REFUSAL_V1,     /* a folder of drizzle v1, which has no journal */
    REFUSAL_RULES,  /* the rules file is there and cannot be read, so it is unknown what it leaves out */
    REFUSAL_JOURNAL, /* the journal on disk cannot be read, and files and ledgers do not show for certain what was in it */
    REFUSAL_DATABASE,       /* `database` cannot be read */
    REFUSAL_WRONG_DATABASE, /* `database` has rows, and none is of this folder */
    REFUSAL_NULL_STAMP,     /* the ledger of `database` has a NULL created_at */
    REFUSAL_WATERMARK,      /* no timestamp can be above the watermark of `database` */
    REFUSAL_DECISION, /* a file is held by the number of an entry whose file is gone: without that entry it would be due; `migration` */
    REFUSAL_THERE, /* no row shows that `migration` has run in `database`, and all that it does is there, but not everywhere */
    REFUSAL_CONFLICT, /* no timestamp is right for all databases: see `conflicts` */
};

struct synthesis_entry {
    size_t migration; /* index in the join */
    int64_t when;     /* milliseconds since the epoch */
    int64_t idx;
    bool is_new;      /* not in the journal on disk */
    bool is_when_new; /* differs from the journal on disk (or is_new) */
    bool is_idx_new;
    bool is_moved;        /* another order than on disk */
    bool is_split;        /* on disk it is one object with another entry */
    bool is_made;         /* `when` is a new timestamp: neither the journal's nor a row's */
    int64_t lower, upper; /* the window (lower, upper]; INT64_MIN, SYNTHESIS_HIGHEST_STAMP where open */
};

/* A migration that no timestamp is right for: `has` has it and would run it again above its watermark; `lacks` needs a timestamp above its own,
 * which is not below. `lacks` is SIZE_MAX where `has` has no row at all: there everything runs, whatever its timestamp. */
struct conflict {
    size_t migration;  /* index in the join */
    size_t has, lacks; /* indices of databases */
};

struct snapshots;

struct synthesis {
    enum refusal refusal;
    size_t database, migration; /* those the refusal speaks of */
    const struct conflict *conflicts;
    size_t conflict_count;
    struct synthesis_entry *entries; /* in the order served; none when refused */
    size_t count;
    size_t *of_migration;              /* [join->count]: index in entries, or SIZE_MAX */
    bool is_identical;                 /* `bytes` are those on disk */
    bool is_rebuilt;                   /* from ledgers and files, since the journal on disk cannot be read */
    struct text bytes;                 /* the journal; empty when refused */
    const struct snapshots *snapshots; /* made beside it: snapshots.h; NULL: not asked for */
};

/* True when a valid timestamp that stood in the journal has changed: a database that is not attached and has run it would run it again. */
bool plan_moves_published(const struct join *join, const struct synthesis_entry *entry);

/* The highest timestamps of the journal on disk before the year 2100: that of `migration`, and that of all others; INT64_MIN: none. */
struct plan_published {
    size_t migration;
    int64_t highest, of_others;
};

struct plan_published plan_published(const struct join *join);

/* True when an entry is new, or has moved down, and lies below another that is published: a database that is not attached, has run the other and
 * lacks this one passes over it. */
bool plan_hides(const struct join *join, const struct plan_published *published, const struct synthesis_entry *entry);

/* True when `applied` rules for the databases in which all that the migration does is there without a row would leave a timestamp that is right
 * for every database: each of them has rows, and its watermark is above those of all that lack it. */
bool plan_may_be_applied(const struct join *join, const struct migration *it);

/* The newest timestamp that was made, or NULL where none was. */
const struct synthesis_entry *plan_newest_made(const struct synthesis *synthesis);

/* The entry of a migration (index in the join; SIZE_MAX: of none), or NULL. */
const struct synthesis_entry *plan_entry(const struct synthesis *synthesis, size_t migration);

#endif
