/* Makes the snapshots that a folder lacks after its newest one: each from the one before and the SQL of its migration. The rules are
 * measured on real folders; docs/snapshots.md has them. Where a statement is not certain nothing is made of its file, nor of those behind.
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
};

/* Made ones and why there are no more. Of a folder that lacks none, or has none at all, `wanted` is 0. */
struct snapshots {
    struct snapshots_made *made;
    size_t count;
    size_t wanted;           /* how many were asked for */
    size_t blocked;          /* index in the join, of `blocked_tag` */
    struct text blocked_tag; /* the first that cannot be made; empty: none */
    struct text reason;      /* why: a sentence without its end; safe to print */
    size_t line;             /* of the statement in its SQL; 0: none */
};

/* `base` is the newest snapshot there is, `base_name` its path. */
void snapshots_make(struct arena *arena, struct text base, struct text base_name, const struct snapshots_file *files,
                    size_t count, struct snapshots *ret_snapshots);

/* How the bytes of files and the worker's answers are had. */
struct snapshots_reader {
    /* Sets `sql` and `answer`, or `fault`. */
    void (*read_sql)(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file);
    void *context;
};

/* Finds what the folder lacks, and makes it. Never NULL. */
const struct snapshots *snapshots_of(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                                     const struct snapshots_reader *reader);

/* The made snapshot of a migration (index in the join), or NULL. */
const struct snapshots_made *snapshots_find(const struct snapshots *snapshots, size_t migration);

#endif
