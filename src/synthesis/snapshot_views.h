/* Views. Each applies what begins where `sql` stands, behind the words that chose it. False: refused, with the reason. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_VIEWS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_VIEWS_H

#include "synthesis/snapshot.h"

bool snapshot_create_view(struct making *making, struct sql_reader *sql, bool is_materialized);
bool snapshot_alter_view(struct making *making, struct sql_reader *sql, bool is_materialized);

/* Gives each view that selects plain columns of tables those columns as they are now. */
void snapshot_finish_views(struct making *making);

#endif
