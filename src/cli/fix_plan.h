/* What `migfs fix` is to write, copied out of a view. */
#ifndef MIGFS_CLI_FIX_PLAN_H
#define MIGFS_CLI_FIX_PLAN_H

#include "cli/options.h"
#include "migfs/live/inputs.h"

/* A snapshot: one that is missing, or one whose prevId alone changes. */
struct fix_snapshot {
    char *name, *bytes;
    size_t length;
    char *made_from; /* the tag; NULL: it is there, and its prevId changes */
    char *differs;   /* what a database says otherwise; empty: nothing */
};

/* Freed by fix_plan_finish(). */
struct fix_plan {
    struct fix_snapshot *snapshots; /* in the order in which they are to be written */
    size_t snapshot_count;
    char *missing; /* lines: what was asked for and cannot be made; empty: nothing */
    char *refusal; /* NULL: none */
    char *bytes;   /* of the journal; NULL: the one on disk needs no change */
    size_t length;
    char *changes;
    bool is_rebuilt;
    bool is_copied; /* false: memory ran out */
};

/* False with an error where the folder cannot be looked at, or memory ran out. */
bool fix_plan_make(const struct options *options, struct inputs *inputs, struct fix_plan *ret_plan,
                   struct error *error);

bool fix_plan_is_same(const struct fix_plan *a, const struct fix_plan *b);

void fix_plan_finish(struct fix_plan *plan);

#endif
