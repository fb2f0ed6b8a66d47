/* Pieces of sentences about what the SQL does. Live in the arena; what is foreign in them is escaped. */
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

/* "public.__drizzle_migrations looks like one": what stands in place of a ledger that is not there, or has no row; empty where nothing does. */
struct text effect_phrase_elsewhere(struct arena *arena, const struct effects_join *effects, size_t database);

/* Why nothing is known of it, without "unknown"; empty where all is. */
struct text effect_phrase_unknown(struct arena *arena, const struct effects *effects);

#endif
