/* The fold of the migrations that ran, and what each of the others would change. Databases in which
 * the same migrations ran share it, whatever their catalogs hold. Part of the join. */
#ifndef MIGFS_JOIN_EFFECTS_RAN_H
#define MIGFS_JOIN_EFFECTS_RAN_H

#include "migfs/join/effects.h"

/* Limits for one set of migrations that ran, and for one database: on the effects folded, beyond
 * which migrations without a row are unknown, and on the facts visited, beyond which all are. */
enum { EFFECTS_RAN_WORK = 4000000, EFFECTS_RAN_LOOKS = 500000000 };

/* The facts that change when one migration is added to those that ran. */
struct effects_evidence {
    bool is_made;
    const struct fact *facts;
    size_t count;
};

struct effects_ran {
    struct arena *arena; /* holds all of this */
    bool *has_run;       /* [join->count] */
    size_t last_run;     /* index of the last one in has_run, or SIZE_MAX */
    uint32_t default_schema;
    struct fold *fold;
    size_t *first_written; /* [join->count]: index of the first fact that it wrote last, or SIZE_MAX */
    size_t *next_written;  /* [facts of the fold]: index of the next one of the same migration, or SIZE_MAX */
    struct effects_evidence *evidence; /* [join->count] */
    size_t work, looked;               /* for the fold and all evidence so far */
    size_t used;                       /* number of the last use */
};

/* A cache of the last few. */
struct effects_rans;

/* `effects->own` must be filled. All folds live in arenas within `arena`. */
struct effects_rans *effects_rans_create(struct arena *arena, const struct effects_join *effects, struct names *names);

/* Gets it from the cache, or makes it. It stays valid during the next call. */
struct effects_ran *effects_ran_find(struct effects_rans *rans, const bool *has_run, uint32_t default_schema);

/* Returns whether the fold reached its limit, so that it must not be used. */
bool effects_ran_is_exhausted(const struct effects_ran *ran);

/* Gets the evidence for a migration that has not run; NULL beyond the limit. */
const struct effects_evidence *effects_ran_evidence(struct effects_rans *rans, struct effects_ran *ran,
                                                    size_t migration);

#endif
