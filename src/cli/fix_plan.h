/* What `migfs fix` has to write, copied from a view. */
#ifndef MIGFS_CLI_FIX_PLAN_H
#define MIGFS_CLI_FIX_PLAN_H

#include <stdint.h>

#include "cli/options.h"
#include "migfs/live/inputs.h"

/* A snapshot to write: a missing one, or an existing one with a new prevId. */
struct fix_snapshot {
    char *name, *bytes;
    size_t length;
    char *made_from; /* tag; NULL: the file exists, and only its prevId changes */
    char *remark;    /* "; but …": a warning; empty: none */
};

/* Freed by fix_plan_finish(). */
struct fix_plan {
    struct fix_snapshot *snapshots; /* in the order of writing */
    size_t snapshot_count;
    const char *newest_snapshot; /* the last one made after the newest on disk; NULL: none */
    char *undeclared;            /* left out since the schema files lack it; empty: nothing */
    char *changed;               /* left out since the schema files have it as it was; empty: nothing */
    char *again;                 /* dropped, although the schema files declare it; empty: nothing */
    char *unsure;                /* left out although the schema files may declare it; empty: nothing */
    char *absent;                /* left out since the snapshot before lacks it; empty: nothing */
    char *missing;               /* lines: requested snapshots that cannot be made; empty: none */
    char *open;                  /* lines: what it leaves to people; empty: nothing */
    char *refusal;               /* NULL: none */
    char *bytes;                 /* the journal; NULL: the one on disk needs no change */
    size_t length;
    char *changes;
    int64_t newest_made; /* timestamp; INT64_MIN: none */
    bool has_databases;  /* some databases are attached */
    bool is_rebuilt;
    bool is_copied; /* false: memory ran out */
};

/* Returns false with an error if the folder cannot be read or memory has run out. */
bool fix_plan_make(const struct options *options, struct inputs *inputs, struct fix_plan *ret_plan,
                   struct error *error);

bool fix_plan_is_same(const struct fix_plan *a, const struct fix_plan *b);

void fix_plan_finish(struct fix_plan *plan);

#endif
