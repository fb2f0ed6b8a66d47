/* Makes the snapshots that a folder lacks after its newest one, and those that it lacks before a
 * later one, each from the previous snapshot and its migration's SQL. The rules were measured on
 * real folders; see docs/snapshots.md. If a statement is not certain, no snapshot is made of its
 * file or of any later one.
 *
 * Pure; any thread; the result lives in the arena. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOTS_H
#define MIGFS_SYNTHESIS_SNAPSHOTS_H

#include "migfs/synthesis/plan.h"

/* A migration without a snapshot. */
struct snapshots_file {
    size_t migration; /* index in the join */
    struct text tag;
    struct text sql;    /* as Drizzle decodes it */
    struct text answer; /* worker's answer to PROTOCOL_TOKENS */
    struct text fault;  /* if there is no answer: the reason, as the end of a sentence */
};

struct snapshots_made {
    size_t migration; /* index in the join */
    struct text tag;
    struct text name;    /* of the file, in meta/ */
    struct text content; /* of the file */
    struct text left;    /* objects left out of it: `policy "p", check "c"`; or empty */
    struct text put;     /* made by hand-written SQL: `table t, index i and 2 more`; or empty */
    /* the same, but not in the content, since the project's schema files do not name it; or empty */
    struct text undeclared;
    /* what it changes, but not in the content, since the schema files have it as it was; or empty */
    struct text changed;
    struct text again;   /* what it drops, although the schema files declare it; or empty */
    struct text altered; /* what it changes or drops, where the schema is not known; or empty */
    /* not in the content, but a schema file may declare it under a name that is not found, or may have
     * it as the SQL has it; or empty */
    struct text unsure;
    /* what the snapshot before lacks although earlier SQL made it: what this SQL changes of it, also
     * left out; or empty */
    struct text absent;
    bool is_by_hand;     /* some of its SQL does not have drizzle-kit's form */
    struct text differs; /* "in database prod column users.icon is not there"; empty: none known */
    /* the name of a database that agrees with it, or with a later snapshot made from it; empty:
     * none */
    struct text confirmed;
};

struct snapshots_gap;
struct snapshots_schema; /* snapshot_schema.h */

/* The snapshots made, and why there are no more. `wanted` is 0 for a folder that lacks none, or
 * that has no snapshots at all. */
struct snapshots {
    struct snapshots_made *made;
    size_t count;
    size_t wanted;              /* number requested */
    size_t blocked;             /* index of `blocked_tag` in the join */
    struct text blocked_tag;    /* the first that cannot be made; empty: none */
    struct text reason;         /* the reason, a sentence without its end; safe to print */
    bool is_out_of_room;        /* not refused: to be made once these are written */
    size_t line;                /* of the statement in its SQL; 0: none */
    struct snapshots_gap *gaps; /* in journal order; none in those of a gap */
    size_t gap_count;
};

/* Consecutive migrations without a snapshot before one that has a snapshot; or none, before a
 * snapshot whose parent does not exist. The snapshots made of their SQL count only if that SQL and
 * the SQL of the next migration give the existing snapshot; otherwise `within` has none, and says
 * why. */
struct snapshots_gap {
    struct snapshots within;
    size_t *migrations;            /* [within.wanted]: indices in the join */
    const struct disk_entry *next; /* the following snapshot; NULL: none */
    struct text next_content;      /* with the last made id as prevId; empty: unchanged */
};

/* What the first snapshot is made from. */
struct snapshots_start {
    struct text content, name; /* the snapshot before, and its path */
    struct text habits;        /* a snapshot for what the SQL leaves open; empty: the previous one */
    /* What hand-written SQL has made and this certainly lacks is left out of the contents; NULL: not
     * known. */
    const struct snapshots_schema *schema;
    /* The files before the first one, asked for once if a statement is on what is not in the snapshot
     * before; NULL: not known. */
    const struct snapshots_file *(*earlier)(const void *context, struct arena *arena, size_t *ret_count);
    const void *context;
};

/* `room` is the number of bytes of snapshots that may still be made, and is reduced. */
void snapshots_make(struct arena *arena, const struct snapshots_start *start, const struct snapshots_file *files,
                    size_t count, size_t *room, struct snapshots *ret_snapshots);

/* Bytes of snapshots that one view makes. Making them takes about fourteen times as much memory. */
enum { SNAPSHOTS_ROOM = 16 << 20 };

/* Supplies the bytes of files and the worker's answers. */
struct snapshots_reader {
    /* Sets `sql` and `answer`, or `fault`. */
    void (*read_sql)(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file);
    void *context;
    const struct snapshots_schema *schema; /* for those after the newest; NULL: not known */
};

/* The snapshot made of a migration (index in the join) after the newest one on disk, or NULL. */
const struct snapshots_made *snapshots_find(const struct snapshots *snapshots, size_t migration);

/* If fewer were made than wanted: the reason, as a sentence without its end; safe to print. */
struct text snapshots_blocked(struct arena *arena, const struct snapshots *snapshots);

/* The gap before this snapshot, or NULL. */
const struct snapshots_gap *snapshots_gap_before(const struct snapshots *snapshots, const struct disk_entry *next);

/* The gap in which a migration (index in the join) lacks its snapshot, or NULL. */
const struct snapshots_gap *snapshots_gap_of(const struct snapshots *snapshots, size_t migration);

#endif
