/* The names of schemas, tables and all else in a folder's SQL and in catalogs, each kept once and
 * told by its number. 0 is the empty name.
 *
 * Lives in its arena and belongs to one thread. */
#ifndef MIGFS_SCHEMA_NAMES_H
#define MIGFS_SCHEMA_NAMES_H

#include <stdint.h>

#include "migfs/util/arena.h"
#include "migfs/util/hash.h"
#include "migfs/util/text.h"

struct names;

struct names *names_create(struct arena *arena);
uint32_t names_number(struct names *names, struct text name); /* a new one is copied */
struct text names_text(const struct names *names, uint32_t number);

/* The same number as names_number() returns, sooner if these bytes were looked up lately. They must
 * not have changed since the last call of names_forget_places(). */
uint32_t names_number_again(struct names *names, struct text name);
void names_forget_places(struct names *names);

/* For other tables that are filled from the same files. */
const struct hash_key *names_key(const struct names *names);

#endif
