/* The result of joining files, journal, rules and ledgers: one list of migrations with their state
 * in each database and overall, and functions to query it. join.h makes it.
 *
 * Immutable once made; lives in the arena of the join and points into the records. Any thread. */
#ifndef MIGFS_JOIN_JOINED_H
#define MIGFS_JOIN_JOINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/drizzle/journal.h"
#include "migfs/drizzle/state.h"
#include "migfs/folder/set.h"
#include "migfs/ledger/ledger.h"
#include "migfs/project/layout.h"
#include "migfs/project/rules.h"

/* How a row was matched to a migration, in the order of the attempts. */
enum match {
    MATCH_NONE,
    MATCH_HASH_AND_STAMP,
    MATCH_HASH,
    MATCH_LINE_ENDS, /* hash of the same text with other line ends */
    MATCH_NAME,      /* the row has its name, in `name` of a v1 ledger or in place of the hash */
    MATCH_STAMP,     /* created_at is the entry's `when`: edited since it ran, or its file is gone */
    MATCH_SECOND,    /* created_at is in the second that its name gives for its generation */
    MATCH_MARK,      /* created_at is a timestamp that synthesis generated for this tag */
    MATCH_AGAIN,     /* hash of a migration that has a row: a second run; in no standing */
};

enum { MATCH_COUNT = MATCH_AGAIN + 1 };

struct match_facts {
    const char *name;     /* in databases/NAME/ledger */
    bool shows_text;      /* by the file's present text or name: no other text is known to have run */
    bool is_by_when_only; /* the row was recognized by the entry's `when` */
};

const struct match_facts *match_facts(enum match match);

enum migration_kind {
    MIGRATION_COUNTS,   /* a migration */
    MIGRATION_HELD,     /* a leftover as likely as a migration: waits for a decision */
    MIGRATION_EXCLUDED, /* not a migration */
};

/* The reason why a file is held or excluded, or that a rule decided it. */
enum migration_reason {
    REASON_NONE,
    REASON_RULE,        /* line in the rules file: `rule` */
    REASON_NAME,        /* the name does not begin with a number and `_` */
    REASON_SUFFIX,      /* the name has the suffix of a down script */
    REASON_SAME_BYTES,  /* same bytes as the listed migration `other` */
    REASON_SAME_NUMBER, /* same number as the listed migration `other` */
    REASON_COPY,        /* named like a desktop's copy of `other` */
    REASON_ENCODING,    /* the name is not UTF-8, so no journal can contain it; `other` is SIZE_MAX */
    REASON_THERE,       /* its effects exist in every database without a row; `other` is SIZE_MAX */
    REASON_UNREAD,      /* an SQL file directly in a drizzle v1 folder, where v1 does not read it */
};

/* A migration in one database. */
struct standing {
    enum state state;
    enum match match;
    const struct ledger_row *row; /* NULL: none */
    /* MATCH_STAMP, and nothing else would identify the row if the entry got another `when`. */
    bool is_told_by_when_alone;
    bool is_there;                 /* has no row, but all its effects exist: effects_hold() */
    bool is_claimant;              /* has no row, but a contested row may be its own */
    const struct rule *applied_by; /* without a row: the rule that says it ran here by hand, or NULL */
    /* drizzle v1, without a row: a row that matches no folder and has its hash or its second, or
     * NULL */
    const struct ledger_row *lookalike;
};

struct migration {
    struct text tag;
    const struct disk_entry *file;             /* NULL: missing */
    const struct journal_entry *entry;         /* the first one with this tag; NULL: not listed */
    const struct journal_entry *fused;         /* if not listed: the entry it is fused into; or NULL */
    const struct journal_entry *highest_entry; /* with the highest valid `when`; or NULL */
    enum migration_kind kind;
    enum migration_reason reason;
    const struct rule *rule;
    size_t other; /* index of the migration that the reason names */
    /* Listed, and the runner may find a file for it that is not read here: a link out of the
     * source, an unreadable file, or a tag that leads to another folder. */
    bool is_out_of_reach;
    bool is_unread; /* not listed, and it depends on unparsed SQL whether its effects exist */
    /* Digits at the start of its name if a `_` follows, without leading zeros ("0" for 0000);
     * empty: none. */
    struct text number;
    bool has_snapshot;
    enum state state;           /* overall */
    struct standing *standings; /* [databases] */
};

/* An item of the layout's runner: a journal entry, or a folder. */
struct join_item {
    const struct journal_entry *entry; /* NULL: a folder */
    size_t migration;                  /* SIZE_MAX: the entry has no usable tag */
};

struct database {
    struct ledger *ledger; /* owned by the caller */
    struct text name;
    struct watermark watermark;
    size_t *row_migration; /* [ledger->count]: index of each row's migration, or SIZE_MAX */
    enum match *row_match; /* [ledger->count] */
    size_t unmatched;      /* number of rows that match no migration */
    bool *is_contested;    /* [ledger->count]: fits the mark of several migrations, so none gets it */
    size_t contested;      /* number of contested rows */
    /* It has rows, but none matches a migration, and no rule says that this is right: the database
     * of another project. */
    bool is_wrong;
    bool v1_throws; /* drizzle v1: a 0.x ledger whose upgrade throws at every run */
    /* The first item that Drizzle would run here and whose timestamp PostgreSQL rejects, so that
     * the whole run is rolled back; NULL: none. */
    const struct join_item *failing;
};

struct join {
    const struct disk *disk;
    /* The layout of drizzle v1 has no journal: no entries, no held migrations. */
    const struct project_layout *layout;
    const struct journal *journal;
    const struct rules *rules;    /* NULL: none */
    struct migration *migrations; /* in file order: by number, then by tag; each tag once */
    size_t count;
    size_t *by_tag;          /* [count]: indices sorted by text_compare() of the tags */
    size_t *entry_migration; /* [journal->count]: migration of each, SIZE_MAX if its tag is unusable */
    /* position of the first entry whose file does not exist, so that every run of Drizzle aborts;
     * SIZE_MAX: none */
    size_t aborting_entry;
    struct database *databases;
    size_t database_count;
    /* v1: a folder named migration.sql, which makes every run abort; or NULL */
    const struct disk_entry *aborting_folder;
    bool has_stray_journal;  /* the layout has no journal, but there is a meta/_journal.json */
    struct join_item *items; /* [item_count]: in run order */
    size_t item_count;
};

/* Returns the migration with this tag, or NULL. */
const struct migration *join_find(const struct join *join, struct text tag);

/* Gets its timestamp in the journal on disk, even if its entry is fused with another. Returns false
 * if there is none, or it is invalid. */
bool migration_when(const struct migration *it, int64_t *ret_when);

/* Returns whether it is a migration with a file: neither held nor excluded. */
bool migration_counts(const struct migration *it);

/* Returns an item as the layout's runner sees it in this database. */
struct runner_candidate join_candidate(const struct join *join, const struct join_item *item, size_t database);

/* Returns whether the next run in this database, by the files on disk, runs the item. */
bool join_runs(const struct join *join, const struct join_item *item, size_t database);

/* Returns whether it ran in this database: it has a row, or a rule says so. */
bool standing_has_run(const struct standing *standing);

/* Returns whether its row has a hash; without one, nothing shows which text ran. */
bool standing_has_hash(const struct standing *standing);

/* Compares two numbers in the form of `migration.number`; empty ones sort last. */
int number_compare(struct text a, struct text b);

#endif
