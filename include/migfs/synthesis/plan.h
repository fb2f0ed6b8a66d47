/* The consistent journal as a plan: its entries in order, with timestamps and numbers, or the
 * reason why there is none. synthesis.h makes it. Lives in the arena and points into the join.
 * Immutable once made; any thread. */
#ifndef MIGFS_SYNTHESIS_PLAN_H
#define MIGFS_SYNTHESIS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/drizzle/stamp.h"
#include "migfs/join/joined.h"

enum idx_mode { IDX_PREFIX, IDX_POSITION };
enum stale_mode { STALE_REFUSE, STALE_SERVE };

/* The highest timestamp that JavaScript can distinguish from its neighbours. */
#define SYNTHESIS_HIGHEST_STAMP (STAMP_LIMIT - 1)

/* Why there is no journal. */
enum refusal {
    REFUSAL_NONE,
    REFUSAL_SOURCE, /* the source folder cannot be read */
    REFUSAL_V1,     /* a folder of drizzle v1, which has no journal */
    REFUSAL_RULES,  /* the rules file cannot be read, so what it leaves out is unknown */
    /* The journal on disk cannot be read, and its contents cannot be established from files and
     * ledgers with certainty. */
    REFUSAL_JOURNAL,
    REFUSAL_DATABASE,       /* `database` cannot be read */
    REFUSAL_WRONG_DATABASE, /* `database` has rows, and none is of this folder */
    REFUSAL_NULL_STAMP,     /* the ledger of `database` has a NULL created_at */
    REFUSAL_WATERMARK,      /* no timestamp can be above the watermark of `database` */
    /* `migration` is listed, and the runner may find a file for it that is not read here. */
    REFUSAL_OUT_OF_REACH,
    /* `migration` is held because it has the number of an entry whose file is gone; without that
     * entry it would be due. */
    REFUSAL_DECISION,
    /* No row shows that `migration` has run in `database`, but everything it does exists there, and
     * not in all databases. */
    REFUSAL_THERE,
    /* SQL is still being read, and what the unlisted `migration` does may exist already. */
    REFUSAL_UNREAD,
    REFUSAL_CONFLICT, /* no timestamp is right for all databases: see `conflicts` */
};

struct synthesis_entry {
    size_t migration; /* index in the join */
    int64_t when;     /* milliseconds since the epoch */
    int64_t idx;
    bool is_new;      /* not in the journal on disk */
    bool is_when_new; /* differs from the journal on disk (or is_new) */
    bool is_idx_new;
    bool is_moved;        /* not in the order on disk */
    bool is_split;        /* on disk it shares one object with another entry */
    bool is_made;         /* `when` is a new timestamp: neither the journal's nor a row's */
    int64_t lower, upper; /* (lower, upper]; INT64_MIN, SYNTHESIS_HIGHEST_STAMP: unbounded */
};

/* A migration for which no timestamp is right. `has` has run it and would run it again if its
 * timestamp were above the watermark of `has`; `lacks` needs a timestamp above its own watermark,
 * which is not below that of `has`. `lacks` is SIZE_MAX if `has` has no rows: then everything runs
 * there, whatever its timestamp. */
struct conflict {
    size_t migration;  /* index in the join */
    size_t has, lacks; /* indices of databases */
};

struct snapshots;

struct synthesis {
    enum refusal refusal;
    size_t database, migration; /* those that the refusal is about */
    const struct conflict *conflicts;
    size_t conflict_count;
    struct synthesis_entry *entries; /* in the order served; none when refused */
    size_t count;
    size_t *of_migration;              /* [join->count]: index in entries, or SIZE_MAX */
    bool is_identical;                 /* equals the bytes on disk */
    bool is_rebuilt;                   /* from ledgers and files: no readable journal */
    struct text bytes;                 /* the journal; empty when refused */
    const struct snapshots *snapshots; /* made with it: snapshots.h; NULL: not requested */
};

/* True if a valid timestamp of the journal on disk has changed: a database that has run the entry
 * but is not attached would run it again. */
bool plan_moves_published(const struct join *join, const struct synthesis_entry *entry);

/* The highest timestamps before the year 2100 in the journal on disk: that of `migration`, and the
 * highest of all others; INT64_MIN: none. */
struct plan_published {
    size_t migration;
    int64_t highest, of_others;
};

struct plan_published plan_published(const struct join *join);

/* True if an entry is new, or has moved down, and lies below another published entry: a database
 * that is not attached and has run the other one but not this one skips it. */
bool plan_hides(const struct join *join, const struct plan_published *published, const struct synthesis_entry *entry);

/* True if `applied` rules would leave a timestamp that is right for all databases. The rules are
 * for the databases in which everything that the migration does exists without a row. Each of these
 * must have rows, and a watermark above those of all databases that lack the migration. */
bool plan_may_be_applied(const struct join *join, const struct migration *it);

/* The newest new timestamp, or NULL if there is none. */
const struct synthesis_entry *plan_newest_made(const struct synthesis *synthesis);

/* The entry of a migration (index in the join, or SIZE_MAX for none), or NULL. */
const struct synthesis_entry *plan_entry(const struct synthesis *synthesis, size_t migration);

#endif
