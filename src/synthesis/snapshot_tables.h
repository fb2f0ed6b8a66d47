/* Tables. Each applies what begins where `sql` stands, behind the words that chose it. False: refused, with the reason. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_TABLES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_TABLES_H

#include "synthesis/snapshot.h"

bool snapshot_create_table(struct making *making, struct sql_reader *sql);
bool snapshot_alter_table(struct making *making, struct sql_reader *sql);
bool snapshot_drop_table(struct making *making, struct sql_reader *sql);

#endif
