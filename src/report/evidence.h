/* What the catalogs show about a file that the journal does not list: whether it seems to have run,
 * or whether it would. Parts of sentences; live in the arena. */
#ifndef MIGFS_REPORT_EVIDENCE_H
#define MIGFS_REPORT_EVIDENCE_H

#include "report/finder.h"

/* "; all 4 objects it makes are there in databases a, b: `exclude` it", appended to the reason why
 * it is held; empty if nothing is known. */
const char *evidence_of_held(const struct finder *finder, const struct migration *it);

/* "all 4 objects it makes are there in database a": the databases in which all objects exist
 * although it has no row; empty if there are none. */
const char *evidence_all_there(const struct finder *finder, const struct migration *it);

/* What to write into the rules file, and to run, so that the journal lists it and the databases
 * that already have its objects skip it: "`include TAG`, and run databases/a/baseline.sql with
 * psql", and "`applied TAG a`" if that leaves a timestamp that is right for all attached databases.
 * That timestamp is low: a database that is not attached would pass over it. */
const char *evidence_listing(const struct finder *finder, const struct migration *it);

/* Returns whether it has a row in this database although nothing that its file creates exists
 * there. */
bool evidence_is_not_effective(const struct finder *finder, const struct migration *it, size_t database);

/* " (of what it does now, a has 2 of 3, missing: column users.name)": about the first database in
 * which it is modified and part of its effects is missing; empty if there is none. */
const char *evidence_now_there(const struct finder *finder, const struct migration *it);

/* Returns the failure of the next run by the journal on disk, else by the consistent one, if it is
 * this migration that fails; or NULL. */
const struct effects_failure *evidence_failure_at(const struct finder *finder, size_t migration, size_t database);

/* Names migrations that run again if they ran and their rows are not recorded; empty: none. */
struct text evidence_unseen(const struct finder *finder, size_t database);

/* What is to be done with them before `files` baseline.sql files are run, as the end of a sentence
 * that names these; "" if `unseen` is empty. */
const char *evidence_uncomment(struct arena *arena, struct text unseen, size_t files);

#endif
