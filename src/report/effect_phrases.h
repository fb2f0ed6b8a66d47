/* Parts of sentences about the effects of the SQL. They live in the arena; foreign text in them is
 * escaped. */
#ifndef MIGFS_REPORT_EFFECT_PHRASES_H
#define MIGFS_REPORT_EFFECT_PHRASES_H

#include "migfs/join/effects.h"

/* "creates table users (2 columns), 4 more", "none in the catalogs (UPDATE)", "unknown (…)". */
struct text effect_phrase_own(struct arena *arena, const struct effects_join *effects, size_t migration);

/* "11 of 12 there, missing: index idx_user". */
struct text effect_phrase_standing(struct arena *arena, const struct effects_join *effects, size_t migration,
                                   size_t database);

/* "index a, column t.b and 3 more". */
struct text effect_phrase_facts(struct arena *arena, const struct effects_join *effects, const struct fact *facts,
                                size_t count);

/* "public.__drizzle_migrations looks like one": another table that may be the ledger, for a ledger
 * that does not exist or has no row; empty if there is none. */
struct text effect_phrase_elsewhere(struct arena *arena, const struct effects_join *effects, size_t database);

/* What Drizzle does with a migration by the journal on disk, and which other tool's ledgers record
 * it. `effects` may be NULL. */
struct text effect_phrase_drizzle(struct arena *arena, const struct join *join, const struct effects_join *effects,
                                  const struct migration *it);

/* "public.knex_migrations, of another tool, records 2 of these; Drizzle's runner does not look
 * there": about the migrations that run in a database. */
struct text effect_phrase_recorded_runs(struct arena *arena, const struct effects_join *effects, size_t database,
                                        const struct migration **runs, size_t count);

/* Why some effects are not known, without the word "unknown"; empty if all are known. */
struct text effect_phrase_unknown(struct arena *arena, const struct effects *effects);

#endif
