/* The finders: each checks one kind of thing and adds the problems that it finds. */
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

struct sql_run;

/* Part of find_in_sql(): texts and statements that two files have in common. */
void find_in_same_sql(struct sql_run *run);

/* Part of find_in_effects(): checks each migration in the databases with known catalogs. */
void find_in_standings(struct finder *finder);

/* Checks one migration of either layout: whether its text is readable SQL, and whether it has
 * changed since it ran. */
void find_in_text(struct finder *finder, const struct migration *it, const struct place *place);
void find_modified(struct finder *finder, const struct migration *it, const struct place *place);

/* For a folder of drizzle v1; replaces the finders for the journal, migrations and databases. */
void find_in_v1(struct finder *finder);

#endif
