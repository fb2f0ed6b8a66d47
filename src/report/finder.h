/* Shared by all finders: where they put what they find, and parts of their sentences. */
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
    /* within one severity: first what makes all others irrelevant, then folder, journal, rules and
     * databases, then by migration */
    size_t order;
};

/* A migration whose SQL, or a statement of it, is that of another one: reported as `same-sql`. */
struct finder_repeat {
    const struct migration *migration, *other;
    size_t line; /* of the statement; 0: the whole text */
};

struct finder {
    struct arena *arena;
    const struct join *join;
    const struct synthesis *synthesis;
    const struct effects_join *effects; /* NULL: not asked for */
    const struct deploys *deploys;      /* [databases] */
    const struct report_base *base;     /* NULL: no base to compare with */
    /* what to do if the consistent journal fixes the problem; while it is refused, what to do
     * instead */
    const char *advice;
    const struct migration *doubtful;   /* first unlisted one with an uncertain position, or NULL */
    const struct migration *doubt_line; /* the one whose `unjournaled` problem says so, or NULL */
    /* [journal->count]: --base reports the entry, or a rule settles it; NULL: no base */
    bool *is_judged_by_base;
    struct finder_repeat *repeats;
    size_t repeat_count, repeat_capacity;
    struct finding *findings;
    size_t count, capacity;
};

/* The place and subject of a problem; everything but `file` is optional. */
struct place {
    struct text file;
    size_t line, column;
    const struct migration *migration;
    struct text database;
};

void finder_init(struct finder *finder, struct arena *arena, const struct join *join,
                 const struct synthesis *synthesis);

/* Adds a problem with the usual severity of its kind. Foreign text in the sentence must go through
 * shown(). */
void found(struct finder *finder, enum problem_kind kind, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same with a given severity. */
void found_as(struct finder *finder, enum severity severity, enum problem_kind kind, const struct place *place,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Returns foreign text escaped and NUL-terminated, for "%s". */
const char *shown(const struct finder *finder, struct text text);

/* Returns whether all its effects exist although it has no row, which is reported as a problem of
 * its own. */
bool finder_ran_by_hand(const struct finder *finder, const struct migration *it, size_t database);

/* Returns whether another tool's ledger records it in this database and Drizzle's own does not;
 * ledger-elsewhere reports that once for all migrations. */
bool finder_named_elsewhere(const struct finder *finder, const struct migration *it, size_t database);

/* Returns whether another tool deploys this folder to the database, and Drizzle's own ledger has no
 * row there. */
bool finder_is_another_tools(const struct finder *finder, size_t database);

/* Returns the conflict that is reported for the migration, or NULL. What Drizzle does with it
 * follows from that, and is part of its sentence. */
const struct conflict *finder_conflict(const struct finder *finder, const struct migration *it);

/* Returns whether a rule hides the problems of this kind for a migration. */
bool finder_ignores(const struct finder *finder, enum problem_kind kind, const struct migration *it);

/* Returns whether the migration has this state in this database. False for a wrong database, whose
 * other problems are not reported. */
bool finder_is_in(const struct finder *finder, const struct migration *it, size_t database, enum state state);

/* Returns whether another text ran in this database and no rule accepts the present one. That
 * explains missing effects, which the same problem then mentions. */
bool finder_is_modified(const struct finder *finder, const struct migration *it, size_t database);

/* The lines for the rules file that mark it as run where it has this state and no row (STATE_COUNT:
 * any state): "`applied TAG a`", or "those of `applied TAG a`, `applied TAG b` that are true".
 * Databases without rows are left out, since the runner runs everything there; empty if none is
 * left. */
const char *finder_applied_lines(const struct finder *finder, const struct migration *it, enum state state);

/* "; it is not certain what has to run before TAG …", if that holds for this migration or, with
 * NULL, for any; else empty. */
const char *finder_doubt(const struct finder *finder, const struct migration *it);

/* Whether the database is of this folder, and its ledger could be read. */
bool finder_reads(const struct finder *finder, size_t database);

/* Whether it has run in an attached database of this folder, where a new timestamp may make it run
 * again. */
bool finder_has_run_somewhere(const struct finder *finder, const struct migration *it);

/* Returns whether some attached database lacks the migration or cannot be read, or no database of
 * this folder is attached. */
bool finder_lacks_somewhere(const struct finder *finder, const struct migration *it);

/* Returns whether nothing would show any more that the migration ran in this database once the
 * consistent journal is committed. */
bool finder_is_forgotten(const struct join *join, const struct synthesis *synthesis, size_t migration, size_t database);

/* "database a", "databases a, b and 3 more": those in which the migration has this state; empty if
 * there is none. */
const char *finder_databases(const struct finder *finder, const struct migration *it, enum state state);

#endif
