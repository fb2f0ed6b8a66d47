/* Finds by a name what may be in any table of a snapshot, without looking through all of them. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_ACROSS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_ACROSS_H

#include "synthesis/snapshot.h"

/* The table or enum of this name. Without a schema it is also found in another one if only one has
 * it, since the search path may lead there. */
struct cJSON *snapshot_table(const struct making *making, struct sql_name name);
struct cJSON *snapshot_enum(const struct making *making, struct sql_name name);

/* Each of these is in no order, and stays as it is until the same is asked for again. */

/* Tables, their indexes and those of their constraints; of any schema. */
const struct snapshot_found *snapshot_relations(const struct making *making, struct text name);

/* Foreign keys that lead to tables of this name, in any schema. */
const struct snapshot_found *snapshot_references(const struct making *making, struct text name);

/* Columns whose type is an enum of this name, in any schema, or an array of one. */
const struct snapshot_found *snapshot_columns_of(const struct making *making, struct text type);

/* Tables with this schema, as they have it: public is "". */
const struct snapshot_found *snapshot_tables_in(const struct making *making, struct text schema);

/* Columns of a table that are generated. */
const struct snapshot_found *snapshot_generated(const struct making *making, struct cJSON *table);

/* To be told, once it is complete, of what is made, and of what has another name, type, target or
 * schema: in this place of a table; a table and all that it has; a table alone; an enum. */
void snapshot_note(const struct making *making, struct cJSON *table, const char *place, struct cJSON *item);
void snapshot_note_table(const struct making *making, struct cJSON *table);
void snapshot_note_name(const struct making *making, struct cJSON *table);
void snapshot_note_enum(const struct making *making, struct cJSON *it);

#endif
