/* Collects the names that a large database must be asked for, so that its catalogs (ledger/catalog.h)
 * answer every question about these effects. Belongs to the arena's thread. */
#ifndef MIGFS_SCHEMA_CATALOG_WANTED_H
#define MIGFS_SCHEMA_CATALOG_WANTED_H

#include "migfs/schema/effects.h"

struct catalog_wanted;

struct catalog_wanted *catalog_wanted_create(struct arena *arena);

/* Adds all names in the effects of one migration, and those that the server generates for it. */
void catalog_wanted_add(struct catalog_wanted *wanted, const struct effects *effects);

/* The names so far, in any order, perhaps repeated; in the arena, as long as the effects live. */
const struct text *catalog_wanted_names(const struct catalog_wanted *wanted, size_t *ret_count);

#endif
