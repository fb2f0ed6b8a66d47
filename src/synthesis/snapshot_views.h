/* Views. Each function applies a statement whose first words, which select the function, have been
 * read. Returns false if refused, with the reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_VIEWS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_VIEWS_H

#include "synthesis/snapshot.h"

bool snapshot_create_view(struct making *making, struct sql_reader *sql, bool is_materialized);
bool snapshot_alter_view(struct making *making, struct sql_reader *sql, bool is_materialized);

/* Sets the columns of each view that selects plain columns of tables, from the tables as they are
 * now. */
void snapshot_finish_views(struct making *making);

#endif
