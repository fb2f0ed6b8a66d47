/* Makes the snapshots that a folder lacks after its newest one, and those that it lacks before a later one: each from the one before and the
 * SQL of its migration. The rules are measured on real folders; docs/snapshots.md has them. Where a statement is not certain nothing is made
 * of its file, nor of those behind.
 *
 * Pure; any thread; what is returned lives in the arena. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOTS_H
#define MIGFS_SYNTHESIS_SNAPSHOTS_H

#include "migfs/synthesis/plan.h"

/* A migration without a snapshot. */
struct snapshots_file {
    size_t migration; /* index in the join */
    struct text tag;
    struct text sql;    /* as Drizzle decodes it */
    struct text answer; /* of the worker to PROTOCOL_TOKENS about it */
    struct text fault;  /* where there is none: why, as a sentence's end */
};

struct snapshots_made {
    size_t migration; /* index in the join */
    struct text tag;
    struct text name;    /* of the file, in meta/ */
    struct text content; /* of the file */
    struct text left;    /* what was left out of it: `policy "p", check "c"`; or empty */
    bool is_by_hand;     /* not all of its SQL has drizzle-kit's own form */
    struct text differs; /* "in database prod column users.icon is not there"; empty: nothing, or nothing is known */
    struct text
        confirmed; /* the name of a database that is as it says, or as a later one says that was made from it; empty: none */
};

struct snapshots_gap;

/* Made ones and why there are no more. Of a folder that lacks none, or has none at all, `wanted` is 0. */
struct snapshots {
    struct snapshots_made *made;
    size_t count;
    size_t wanted;              /* how many were asked for */
    size_t blocked;             /* index in the join, of `blocked_tag` */
    struct text blocked_tag;    /* the first that cannot be made; empty: none */
    struct text reason;         /* why: a sentence without its end; safe to print */
    bool is_out_of_room;        /* no statement stands in the way: the others are made once these are written */
    size_t line;                /* of the statement in its SQL; 0: none */
    struct snapshots_gap *gaps; /* in the journal's order; not in those of a gap */
    size_t gap_count;
};

/* Migrations one after another without a snapshot, before one that has one. What is made of their SQL counts only where it gives, with the
 * SQL of that one, the snapshot that is there: else `within` has none, and says why. */
struct snapshots_gap {
    struct snapshots within;
    size_t *migrations;            /* [within.wanted]: indices in the join */
    const struct disk_entry *next; /* the snapshot that follows them; NULL: none */
    struct text next_content; /* its bytes with the id of the last made one as prevId; empty: it has that already */
};

/* `base` is the snapshot that the first is made from, `base_name` its path. What the SQL does not tell is as `habits` has it, a snapshot, or,
 * where that is empty, as the one before has it. `room` is how many bytes of
 * snapshots may still be made, and is reduced. */
void snapshots_make(struct arena *arena, struct text base, struct text base_name, const struct snapshots_file *files,
                    size_t count, struct text habits, size_t *room, struct snapshots *ret_snapshots);

/* Bytes of snapshots that one view makes: what is read and written on the way takes some fourteen times as much memory. */
enum { SNAPSHOTS_ROOM = 16 << 20 };

/* How the bytes of files and the worker's answers are had. */
struct snapshots_reader {
    /* Sets `sql` and `answer`, or `fault`. */
    void (*read_sql)(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file);
    void *context;
};

/* The snapshot made of a migration (index in the join) behind the newest one, or NULL. */
const struct snapshots_made *snapshots_find(const struct snapshots *snapshots, size_t migration);

/* Of one that has fewer than it wants: what stands in the way, as a sentence without its end; safe to print. */
struct text snapshots_blocked(struct arena *arena, const struct snapshots *snapshots);

/* The gap in which a migration (index in the join) lacks its snapshot, or NULL. */
const struct snapshots_gap *snapshots_gap_of(const struct snapshots *snapshots, size_t migration);

#endif
