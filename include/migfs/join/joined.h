/* What files, journal, rules and ledgers are once they are joined: one list of migrations with their state in each database and overall, and
 * the questions that are asked of it. How it is made is join.h's business.
 *
 * Immutable once made; lives in the arena of the join and points into the record sets. Any thread. */
#ifndef MIGFS_JOIN_JOINED_H
#define MIGFS_JOIN_JOINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/drizzle/journal.h"
#include "migfs/drizzle/state.h"
#include "migfs/folder/set.h"
#include "migfs/ledger/ledger.h"
#include "migfs/project/rules.h"

/* How a row was told to be a migration's, in the order tried. */
enum match {
    MATCH_NONE,
    MATCH_HASH_AND_STAMP,
    MATCH_HASH,
    MATCH_LINE_ENDS, /* the hash of the same text with other line ends */
    MATCH_NAME,      /* the row names it: in a v1 ledger's `name`, or where the hash belongs */
    MATCH_STAMP,     /* created_at is the entry's `when`: edited since it ran, or its file is gone */
    MATCH_SECOND,    /* created_at lies in the second in which drizzle-kit made it, as its name tells */
    MATCH_MARK,      /* created_at is a timestamp that synthesis made for this tag */
    MATCH_AGAIN,     /* the hash of a migration that has its row already: a second run; no standing's own */
};

enum { MATCH_COUNT = MATCH_AGAIN + 1 };

struct match_facts {
    const char *name; /* in databases/NAME/ledger */
    bool shows_text;  /* the row holds the text that the file has now, or names it: what ran is not known to differ */
    bool is_by_when_only; /* the entry's `when` is what the row was recognized by */
};

const struct match_facts *match_facts(enum match match);

enum migration_kind {
    MIGRATION_COUNTS,   /* a migration */
    MIGRATION_HELD,     /* a leftover as likely as a migration: waits for a decision */
    MIGRATION_EXCLUDED, /* not a migration */
};

/* Why a file is held or excluded, or what a rule said. */
enum migration_reason {
    REASON_NONE,
    REASON_RULE,        /* a line of the rules file: `rule` */
    REASON_NAME,        /* the name does not begin with a number and `_` */
    REASON_SUFFIX,      /* the name ends as that of a down script */
    REASON_SAME_BYTES,  /* byte-identical to listed migration `other` */
    REASON_SAME_NUMBER, /* shares its number with listed migration `other` */
    REASON_COPY,        /* named like a desktop's copy of `other` */
    REASON_ENCODING,    /* its name is not UTF-8, so no journal can name it; `other` is SIZE_MAX */
    REASON_THERE,       /* all that it does is there in every database that has no row of it; `other` is SIZE_MAX */
    REASON_UNREAD,      /* SQL right in a folder of drizzle v1, which reads none there */
};

/* A migration in one database. */
struct standing {
    enum state state;
    enum match match;
    const struct ledger_row *row;  /* NULL: none */
    bool is_told_by_when_alone;    /* MATCH_STAMP, and nothing would tell the row once the entry has another `when` */
    bool is_there;                 /* it has no row, and all that it does is there: effects_hold() */
    const struct rule *applied_by; /* the rule that says it ran here by hand, when no row does; or NULL */
    const struct ledger_row
        *lookalike; /* drizzle v1: a row of no folder with its hash or its second, when it has none; or NULL */
};

struct migration {
    struct text tag;
    const struct disk_entry *file;     /* NULL: missing */
    const struct journal_entry *entry; /* the first with this tag; NULL: not listed */
    const struct journal_entry *fused; /* not listed, but its tag stands in this entry before another's; or NULL */
    const struct journal_entry *highest_entry; /* with this tag, by `when`; NULL: none is a valid timestamp */
    enum migration_kind kind;
    enum migration_reason reason;
    const struct rule *rule;
    size_t other;         /* index of the migration the reason speaks of */
    bool has_row_in_some; /* held, though some database has a row of it: others that have rows lack one */
    struct text number;   /* digits its name begins with when a `_` follows, without leading zeros ("0" for
                                             0000); empty: none */
    bool has_snapshot;
    enum state state;           /* overall */
    struct standing *standings; /* [databases] */
};

struct database {
    struct ledger *ledger; /* the caller's */
    struct text name;
    struct watermark watermark;
    size_t *row_migration; /* [ledger->count]: index of the migration each row was told to be of, or SIZE_MAX */
    enum match *row_match; /* [ledger->count] */
    size_t unmatched;      /* rows of no migration */
    size_t ambiguous;      /* of them: those whose timestamp bears the mark of several migrations */
    /* It has rows and none is a migration's, and no rule says that this is as it should be: another project's database. */
    bool is_wrong;
    bool v1_throws; /* drizzle v1: the ledger is one of 0.x, and its upgrade throws at every run */
    /* The first entry that Drizzle would run here and whose `when` PostgreSQL does not take, so that all of the run is rolled
     * back; NULL: none. */
    const struct journal_entry *failing;
};

struct join {
    const struct disk *disk;
    const struct journal *journal;
    const struct rules *rules;    /* NULL: none */
    struct migration *migrations; /* by file order: numbers first, by value, then by tag; each tag once */
    size_t count;
    size_t *by_tag;          /* [count]: indices in the order of text_compare() on tags */
    size_t *entry_migration; /* [journal->count]: the migration each entry names, SIZE_MAX where it has no usable tag */
    size_t
        aborting_entry; /* position of the first entry whose file cannot be there or is not, so that every run of Drizzle
                              aborts; SIZE_MAX: none */
    struct database *databases;
    size_t database_count;
    bool is_v1; /* a folder of drizzle v1, which goes by names and has no journal: no entries, no held migrations */
    bool has_stray_journal; /* of v1, and there is a meta/_journal.json nevertheless */
    const size_t *v1_order; /* [v1_count]: the migrations that v1 reads, in the order in which it runs them */
    size_t v1_count;        /* they are the first of `migrations` */
};

/* The migration with this tag, or NULL. */
const struct migration *join_find(const struct join *join, struct text tag);

/* The timestamp that the journal on disk has for it, also where its entry is fused with another's; false: none, or none that is valid. */
bool migration_when(const struct migration *it, int64_t *ret_when);

/* True of a file that is a migration: neither held nor excluded, and there. */
bool migration_counts(const struct migration *it);

/* True when it ran in this database: it has a row or a rule says so. */
bool standing_has_run(const struct standing *standing);

/* Compares two numbers as `migration.number` holds them; an empty one is above all. */
int number_compare(struct text a, struct text b);

#endif
