/* What all finders share: where they put what they find, and pieces of their sentences. */
#ifndef MIGFS_REPORT_FINDER_H
#define MIGFS_REPORT_FINDER_H

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/report/base.h"
#include "migfs/report/deploy.h"
#include "migfs/report/problem.h"
#include "migfs/synthesis/plan.h"

struct finding {
    struct problem problem;
    /* Among those of one severity: what makes all else beside the point, then folder, journal, rules and databases, then by migration. */
    size_t order;
};

struct finder {
    struct arena *arena;
    const struct join *join;
    const struct synthesis *synthesis;
    const struct effects_join *effects; /* NULL: not asked for */
    const struct deploys *deploys;      /* [databases] */
    const struct report_base *base;     /* NULL: none is compared with */
    const char
        *advice; /* what to do where the consistent journal puts things right; while it is refused, what instead */
    const struct migration *doubtful;   /* the first unlisted one whose place is not certain, or NULL */
    const struct migration *doubt_line; /* in whose `unjournaled` line that is said; NULL: none has been looked for */
    struct finding *findings;
    size_t count, capacity;
};

/* Where a problem is, and what it is about; all but `file` may be left out. */
struct place {
    struct text file;
    size_t line, column;
    const struct migration *migration;
    struct text database;
};

void finder_init(struct finder *finder, struct arena *arena, const struct join *join,
                 const struct synthesis *synthesis);

/* Adds a problem, as severe as its kind usually is. Foreign text in the sentence goes through shown(). */
void found(struct finder *finder, enum problem_kind kind, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same with a severity of its own. */
void found_as(struct finder *finder, enum severity severity, enum problem_kind kind, const struct place *place,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A foreign text made safe, NUL-terminated, for "%s". */
const char *shown(const struct finder *finder, struct text text);

/* True when a line of its own says that all it does is there, although no row says that it ran. */
bool finder_ran_by_hand(const struct finder *finder, const struct migration *it, size_t database);

/* True when another tool's ledger says that it ran in this database, and Drizzle's own does not: ledger-elsewhere says it once for all. */
bool finder_named_elsewhere(const struct finder *finder, const struct migration *it, size_t database);

/* True when another tool deploys this folder to the database, and Drizzle's own ledger has no row there. */
bool finder_is_another_tools(const struct finder *finder, size_t database);

/* True when the migration has this state in this database, unless that is the wrong one, of which nothing else is said. */
bool finder_is_in(const struct finder *finder, const struct migration *it, size_t database, enum state state);

/* The lines for the rules file by which it counts as run where it has no row, "`applied TAG a`, `applied TAG b`"; empty where no rule
 * helps: the runner runs everything in a database without rows. */
const char *finder_applied_lines(const struct finder *finder, const struct migration *it);

/* "; it is not certain what has to run before TAG …", where that is so of this migration, or (NULL) of any; else empty. */
const char *finder_doubt(const struct finder *finder, const struct migration *it);

/* True when some attached database lacks the migration or cannot be read, or when none is attached that is of this folder. */
bool finder_lacks_somewhere(const struct finder *finder, const struct migration *it);

/* True when nothing tells any more, once the consistent journal is committed, that the migration ran in this database. */
bool finder_is_forgotten(const struct join *join, const struct synthesis *synthesis, size_t migration, size_t database);

/* "database a", "databases a, b and 3 more": those in which the migration has this state; empty when there is none. */
const char *finder_databases(const struct finder *finder, const struct migration *it, enum state state);

#endif
