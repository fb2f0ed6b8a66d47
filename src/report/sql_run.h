/* The SQL that an empty database runs, in run order, for the finders of its problems. */
#ifndef MIGFS_REPORT_SQL_RUN_H
#define MIGFS_REPORT_SQL_RUN_H

#include "report/ddl.h"
#include "report/finder.h"
#include "report/sql_source.h"

/* One statement that creates, drops or renames something. */
struct sql_deed {
    size_t at;        /* index of its file in run order */
    size_t statement; /* index in the file */
    const struct sql_source *source;
    struct ddl ddl;
};

struct sql_run {
    struct finder *finder;
    struct arena *arena;            /* freed with this run; sentences are in the finder's */
    const struct migration **files; /* in run order on an empty database */
    const struct sql_statements **statements;
    struct sql_sources *sources; /* [count], as `statements` */
    size_t count;
    struct sql_deed *deeds;       /* in run order */
    size_t deed_count, deed_text; /* and the length of their statements */
    size_t *by_name;              /* [deed_count]: by name, then in run order; NULL until it is needed */
    bool **only_adds;             /* [count], each as `statements`: adds enum values, and uses none */
    size_t work;                  /* steps of the search for uses of enum values so far */
};

/* Fills all but `finder` and `arena`, which are set, `by_name` and `work`. */
void sql_run_list(struct sql_run *run);

#endif
