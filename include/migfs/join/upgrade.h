/* The rehearsal of the upgrade to drizzle v1: what `drizzle-kit up` refuses in this folder, what it would call each migration, and for
 * each ledger what the first run of the v1 runner does. Nothing is run and nothing is written.
 *
 * Pure; lives in the arena and points into the join. Any thread. The rules are those of drizzle-kit 1.0.0-rc.5 (planFoldersV3,
 * upPgHandler) and drizzle-orm 1.0.0-rc.5 (migrator.js, up-migrations/pg.js). */
#ifndef MIGFS_JOIN_UPGRADE_H
#define MIGFS_JOIN_UPGRADE_H

#include "migfs/join/joined.h"

/* Why `drizzle-kit up` refuses, or breaks half-way. */
enum upgrade_obstacle {
    UPGRADE_NO_JOURNAL,       /* there is no journal, or JSON.parse refuses it: about no entry */
    UPGRADE_BAD_ENTRY,        /* the entry has no tag */
    UPGRADE_BAD_WHEN,         /* its `when` is missing or 0: drizzle-kit takes the moment of the call */
    UPGRADE_DOUBLED_TAG,      /* `other` has the same tag: half of the folder is converted, then it breaks */
    UPGRADE_SAME_FOLDER,      /* `other` would become the same folder: likewise */
    UPGRADE_NO_SQL,           /* neither TAG.sql nor any other file with its number */
    UPGRADE_SEVERAL_SQL,      /* no TAG.sql, and several files with its number */
    UPGRADE_NO_SNAPSHOT,      /* meta/NUMBER_snapshot.json is not there */
    UPGRADE_SHARED_SNAPSHOT,  /* `other` has the same snapshot file */
    UPGRADE_BAD_SNAPSHOT,     /* its snapshot cannot be read, is no JSON, or has no id */
    UPGRADE_SNAPSHOT_VERSION, /* its snapshot has no version that drizzle-kit knows */
    UPGRADE_NO_PARENT,        /* no snapshot has the id that its snapshot names as parent */
    UPGRADE_ORDER,            /* its folder would not sort after that of its parent, `other` */
    UPGRADE_TWO_FIRSTS,       /* its snapshot has no parent, and neither has that of `other` */
    UPGRADE_OBSTACLE_COUNT
};

/* The obstacle's word in status.json. */
const char *upgrade_obstacle_name(enum upgrade_obstacle obstacle);

struct upgrade_fault {
    enum upgrade_obstacle obstacle;
    size_t folder; /* index in `folders`; SIZE_MAX for UPGRADE_NO_JOURNAL */
    size_t other;  /* likewise, or SIZE_MAX */
};

/* What becomes of one entry, in the journal's order. */
struct upgrade_folder {
    const struct journal_entry *entry;
    const struct migration *migration; /* NULL: the entry has no usable tag */
    const struct disk_entry *file;     /* the SQL that becomes migration.sql; NULL: none */
    const struct disk_entry *snapshot; /* NULL: none */
    struct text name;                  /* empty where no name is known: no tag, or UPGRADE_BAD_WHEN */
    bool has_date;
    int64_t date; /* milliseconds, a whole second: what v1 records as created_at */
};

struct upgrade_row {
    const struct ledger_row *row;
    size_t folder; /* SIZE_MAX: none; in a ledger of 0.x the upgrade then throws */
};

struct upgrade_run {
    size_t folder;
    bool was_passed_over; /* 0.x would never have run it here */
    bool is_there;        /* without a row, and all that it does is there */
    struct text failure;  /* what PostgreSQL refuses of it, by what is there; or empty */
    bool
        aborts; /* its name has no date, a rule says that it was run by hand here, or one of the above and it is not guarded */
};

struct upgrade_database {
    bool is_known;            /* the ledger could be read; else nothing below is set */
    bool is_v1;               /* its table has been upgraded already */
    bool throws;              /* the upgrade of the ledger throws: a row matches no folder */
    struct upgrade_row *rows; /* [ledger->count], by id, as the upgrade reads them */
    size_t unmatched;         /* rows that match no folder; in a ledger of v1 they are ignored */
    struct upgrade_run *runs; /* in the order in which the first run takes them; none where it throws */
    size_t run_count;
};

struct upgrade {
    struct upgrade_fault *faults; /* in the journal's order */
    size_t fault_count;
    struct upgrade_folder *folders; /* [journal->count] */
    size_t folder_count;
    const struct disk_entry **left; /* SQL right in the folder that stays there, and that v1 never reads */
    size_t left_count;
    struct upgrade_database *databases; /* [join->database_count] */
    size_t
        obstacles; /* things that stand in the way: faults, databases that throw, that abort, or that cannot be read */
};

#endif
