/* What drizzle-kit alone puts into snapshots: sequences, roles, policies; by hand they are left out. Each applies what begins where `sql` stands, behind the words that chose it. False: refused, with the reason. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_OBJECTS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_OBJECTS_H

#include "synthesis/snapshot.h"

bool snapshot_create_sequence(struct making *making, struct sql_reader *sql);
bool snapshot_alter_sequence(struct making *making, struct sql_reader *sql);
bool snapshot_create_role(struct making *making, struct sql_reader *sql);
bool snapshot_alter_role(struct making *making, struct sql_reader *sql);
bool snapshot_create_policy(struct making *making, struct sql_reader *sql);
bool snapshot_alter_policy(struct making *making, struct sql_reader *sql);
bool snapshot_drop_policy(struct making *making, struct sql_reader *sql);
bool snapshot_drop_object(struct making *making, struct sql_reader *sql,
                          const char *part); /* sequences, roles, views */

#endif
