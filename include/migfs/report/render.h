/* Renders each file of the view, byte for byte, in src/report/render_*.c. Pure: the same view gives
 * the same bytes, independent of clock, locale, time zone and machine. The texts live in the arena.
 * Any thread. */
#ifndef MIGFS_REPORT_RENDER_H
#define MIGFS_REPORT_RENDER_H

#include <sys/types.h>

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/join/upgrade.h"
#include "migfs/json/tree.h"
#include "migfs/report/deploy.h"
#include "migfs/report/problems.h"
#include "migfs/synthesis/plan.h"

struct cJSON;

/* A view: the state at one moment. */
struct view {
    const struct join *join;
    const struct synthesis *synthesis;  /* for all databases */
    const struct synthesis *const *own; /* [databases]: for each one alone */
    const struct problems *problems;
    const struct effects_join *effects; /* NULL: not asked for */
    const struct deploys *deploys;      /* [databases] */
    const struct upgrade *upgrade;      /* NULL: nothing to upgrade to v1, or not asked for */
    bool is_shared;                     /* with users who may not read all of the source */
    /* 0444, minus the bits of the source folder's classes that cannot read the rules file given by
     * option. */
    mode_t rules_readers;
    struct text source; /* its absolute path, or empty */
    /* [databases]: the database and its server, as returned by where_describe(), and its ledger if
     * it has one of its own; NULL: not known */
    const char *const *places;
};

struct text render_readme(void);
struct text render_status(struct arena *arena, const struct view *view, const struct migration *it);
struct text render_summary(struct arena *arena, const struct view *view);
struct text render_database_summary(struct arena *arena, const struct view *view, size_t database);
struct text render_problems(struct arena *arena, const struct view *view);
struct text render_changes(struct arena *arena, const struct view *view);
/* One line for each thing that `migfs fix` leaves to people: a next run that aborts even by the
 * consistent journal, and problems that no journal settles; empty: nothing. The journal must not be
 * refused. */
struct text render_open(struct arena *arena, const struct view *view);
struct text render_ledger(struct arena *arena, const struct view *view, size_t database);
struct text render_schema(struct arena *arena, const struct view *view, size_t database);
struct text render_baseline(struct arena *arena, const struct view *view, size_t database);
struct text render_json(struct arena *arena, const struct view *view);
/* These require view->upgrade. */
struct text render_upgrade(struct arena *arena, const struct view *view);
struct text render_upgrade_tree(struct arena *arena, const struct view *view); /* as JSON */
/* Add the member `effects` to the JSON object of a migration, and to the one of its standing in a
 * database. */
void render_effects_json_own(struct cJSON *object, struct arena *arena, const struct view *view, size_t migration);
void render_effects_json_standing(struct cJSON *object, struct arena *arena, const struct view *view, size_t migration,
                                  size_t database);

struct text render_metrics(struct arena *arena, const struct view *view);

/* One line per database: how far behind it is. */
struct text render_overview(struct arena *arena, const struct view *view);

/* The same as a single line that names the databases that need something. */
struct text render_fleet(struct arena *arena, const struct view *view);

/* The tags that the next deploy runs by the journal on disk, one per line, in run order. */
struct text render_next(struct arena *arena, const struct view *view, size_t database);

/* Returns whether all migrations have run in the database. */
bool render_is_level(const struct view *view, size_t database);

/* Adds a problem to a JSON array, with the keys of status.json. If `path` is not NULL, adds the key
 * `path`: the file as the user can open it, null if the text is empty. */
void render_add_problem_json(struct cJSON *array, const struct problem *problem, const struct text *path);

/* Returns how many lines of render_changes() are about the journal. */
size_t render_changes_count(const struct view *view);

/* Says what blocks the upgrade and how to fix it; safe to print. */
struct text render_upgrade_sentence(struct arena *arena, const struct view *view, const struct upgrade_fault *fault);

/* Adds the member `upgrade` to status.json; null if there is nothing to upgrade. */
void render_upgrade_json(struct cJSON *tree, struct arena *arena, const struct view *view);

#endif
