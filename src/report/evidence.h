/* What the catalogs say of a file that is not listed: whether it seems to have run, or would run. Parts of sentences; live in the arena. */
#ifndef MIGFS_REPORT_EVIDENCE_H
#define MIGFS_REPORT_EVIDENCE_H

#include "report/finder.h"

/* "; all 4 objects it makes are there in databases a, b: `exclude` it", to follow why it is held; empty where nothing is known. */
const char *evidence_of_held(const struct finder *finder, const struct migration *it);

/* "all 4 objects it makes are there in database a": where all is there without a row; empty: nowhere. */
const char *evidence_all_there(const struct finder *finder, const struct migration *it);

/* What to write into the rules file, and to run, so that the journal lists it and the databases in which it is there pass over it:
 * "`applied TAG a`", or "`include TAG`, and run databases/a/baseline.sql with psql" where no timestamp would then be right for all. */
const char *evidence_listing(const struct finder *finder, const struct migration *it);

#endif
