/* The rehearsal of the upgrade to drizzle v1: what `drizzle-kit up` refuses in this folder, how it
 * would name each migration, and what the first run of the v1 runner does to each ledger. Runs
 * nothing and writes nothing.
 *
 * Pure; lives in the arena and points into the join. Any thread. The rules are those of drizzle-kit
 * 1.0.0-rc.5 (planFoldersV3, upPgHandler) and drizzle-orm 1.0.0-rc.5 (migrator.js,
 * up-migrations/pg.js). */
#ifndef MIGFS_JOIN_UPGRADE_H
#define MIGFS_JOIN_UPGRADE_H

#include "migfs/join/joined.h"

/* Why `drizzle-kit up` refuses, or fails halfway. */
enum upgrade_obstacle {
    UPGRADE_NO_JOURNAL,       /* no journal, or JSON.parse rejects it; concerns no entry */
    UPGRADE_BAD_ENTRY,        /* the entry has no tag */
    UPGRADE_BAD_WHEN,         /* its `when` is missing or 0: drizzle-kit uses the current time */
    UPGRADE_DOUBLED_TAG,      /* `other` has the same tag: fails after converting half of the folder */
    UPGRADE_SAME_FOLDER,      /* `other` would become the same folder: fails likewise */
    UPGRADE_NO_SQL,           /* neither TAG.sql nor another file with its number */
    UPGRADE_SEVERAL_SQL,      /* no TAG.sql, but several files with its number */
    UPGRADE_NO_SNAPSHOT,      /* there is no meta/NUMBER_snapshot.json */
    UPGRADE_SHARED_SNAPSHOT,  /* `other` has the same snapshot file */
    UPGRADE_BAD_SNAPSHOT,     /* its snapshot is unreadable, not JSON, or has no id */
    UPGRADE_SNAPSHOT_VERSION, /* its snapshot has no version that drizzle-kit knows */
    UPGRADE_NO_PARENT,        /* no snapshot has the id of its snapshot's parent */
    UPGRADE_ORDER,            /* its folder would not sort after the one of its parent, `other` */
    UPGRADE_TWO_FIRSTS,       /* neither its snapshot nor the one of `other` has a parent */
    UPGRADE_OBSTACLE_COUNT
};

/* Returns the name of the obstacle in status.json. */
const char *upgrade_obstacle_name(enum upgrade_obstacle obstacle);

struct upgrade_fault {
    enum upgrade_obstacle obstacle;
    size_t folder; /* index in `folders`; SIZE_MAX for UPGRADE_NO_JOURNAL */
    size_t other;  /* likewise, or SIZE_MAX */
};

/* What becomes of a journal entry; in the journal's order. */
struct upgrade_folder {
    const struct journal_entry *entry;
    const struct migration *migration; /* NULL: the entry has no usable tag */
    const struct disk_entry *file;     /* the SQL that becomes migration.sql; NULL: none */
    const struct disk_entry *snapshot; /* NULL: none */
    struct text name;                  /* empty if it has none: no tag, or UPGRADE_BAD_WHEN */
    bool has_date;
    int64_t date; /* milliseconds, a whole second: v1 records it as created_at */
};

struct upgrade_row {
    const struct ledger_row *row;
    size_t folder;   /* SIZE_MAX: none; then the upgrade of a 0.x ledger throws */
    bool is_by_hash; /* no folder has its second, and the folder has its hash */
};

struct upgrade_run {
    size_t folder;
    bool was_passed_over; /* 0.x would never have run it here */
    bool is_there;        /* has no row, but all its effects exist */
    struct text failure;  /* what PostgreSQL rejects in it because of existing objects; or empty */
    /* its name has no date, a rule says that it was run by hand here, it is_there and is not
     * guarded, or `failure` is set */
    bool aborts;
};

struct upgrade_database {
    bool is_known;            /* the ledger could be read; otherwise nothing below is set */
    bool is_v1;               /* its table is already upgraded */
    bool throws;              /* the upgrade of the ledger throws since a row matches no folder */
    struct upgrade_row *rows; /* [ledger->count], sorted by id like in the upgrade */
    size_t unmatched;         /* number of rows that match no folder; v1 ignores them in a v1 ledger */
    struct upgrade_run *runs; /* the first run, in run order; empty if it throws */
    size_t run_count;
};

struct upgrade {
    struct upgrade_fault *faults; /* in the journal's order */
    size_t fault_count;
    struct upgrade_folder *folders; /* [journal->count] */
    size_t folder_count;
    /* SQL files directly in the folder that are not converted; v1 never reads them. */
    const struct disk_entry **left;
    size_t left_count;
    struct upgrade_database *databases; /* [join->database_count] */
    /* number of obstacles: faults, and databases that throw, abort or cannot be read */
    size_t obstacles;
};

#endif
