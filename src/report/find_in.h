/* The finders: each looks at one kind of thing and adds what it finds. */
#ifndef MIGFS_REPORT_FIND_IN_H
#define MIGFS_REPORT_FIND_IN_H

#include "report/finder.h"

void find_in_journal(struct finder *finder);
void find_in_migrations(struct finder *finder);
void find_in_base(struct finder *finder);
void find_in_order(struct finder *finder);
void find_in_names(struct finder *finder);
void find_in_snapshots(struct finder *finder);
void find_in_sql(struct finder *finder);
void find_in_folder(struct finder *finder);
void find_in_databases(struct finder *finder);
void find_in_effects(struct finder *finder);

/* The text of one migration, by itself, of either layout. */
void find_in_text(struct finder *finder, const struct migration *it, const struct place *place);

/* A folder of drizzle v1: in place of journal, migrations and databases. */
void find_in_v1(struct finder *finder);

#endif
