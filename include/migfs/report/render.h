/* The text of each file of the view, byte for byte. One source file each: src/render_<name>.c.
 *
 * Pure: the same view gives the same bytes, whatever clock, locale, time zone or machine. They live in the arena. Any thread. */
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

/* One view: everything that is said at one moment. */
struct view {
    const struct join *join;
    const struct synthesis *synthesis;  /* for all databases */
    const struct synthesis *const *own; /* [databases]: for each alone */
    const struct problems *problems;
    const struct effects_join *effects; /* NULL: not asked for */
    const struct deploys *deploys;      /* [databases] */
    const struct upgrade *upgrade;      /* NULL: nothing to upgrade to v1 */
    bool is_shared;                     /* with users who may not read all of the source */
    /* 0444, without those of the source folder's classes who could not read a rules file that was named. */
    mode_t rules_readers;
    struct text source; /* its absolute path, or empty */
    /* [databases]: the database and its server, as where_describe() has it, and its ledger if it has one of its own; NULL: not known */
    const char *const *places;
};

struct text render_readme(void);
struct text render_status(struct arena *arena, const struct view *view, const struct migration *it);
struct text render_summary(struct arena *arena, const struct view *view);
struct text render_database_summary(struct arena *arena, const struct view *view, size_t database);
struct text render_problems(struct arena *arena, const struct view *view);
struct text render_changes(struct arena *arena, const struct view *view);
struct text render_ledger(struct arena *arena, const struct view *view, size_t database);
struct text render_schema(struct arena *arena, const struct view *view, size_t database);
struct text render_baseline(struct arena *arena, const struct view *view, size_t database);
struct text render_json(struct arena *arena, const struct view *view);
struct text render_upgrade(struct arena *arena, const struct view *view);      /* not where view->upgrade is NULL */
struct text render_upgrade_tree(struct arena *arena, const struct view *view); /* as status.json has it; likewise */
/* Add the member `effects` to a migration's object, and to that of its standing in a database. */
void render_effects_json_own(struct cJSON *object, struct arena *arena, const struct view *view, size_t migration);
void render_effects_json_standing(struct cJSON *object, struct arena *arena, const struct view *view, size_t migration,
                                  size_t database);

struct text render_metrics(struct arena *arena, const struct view *view);

/* Who is behind: a line for each database. */
struct text render_overview(struct arena *arena, const struct view *view);

/* The same in one line, with names for what needs some. */
struct text render_fleet(struct arena *arena, const struct view *view);

/* The tags of the next deploy by the journal on disk, a line each, in the order in which they run. */
struct text render_next(struct arena *arena, const struct view *view, size_t database);

/* The journal that a database is to be deployed by: the one for all or, while that is refused, its own. */
const struct synthesis *render_journal_of(const struct view *view, size_t database);

/* Whether all has run there. */
bool render_is_level(const struct view *view, size_t database);

/* Adds a problem to a JSON array with the keys that status.json has and, unless it is NULL, `path`: its file as the user can open it; null where
 * the text is empty. */
void render_add_problem_json(struct cJSON *array, const struct problem *problem, const struct text *path);

/* How many lines render_changes() has of the journal. */
size_t render_changes_count(const struct view *view);

/* What stands in the way of the upgrade and what to do, safe to print. */
struct text render_upgrade_sentence(struct arena *arena, const struct view *view, const struct upgrade_fault *fault);

/* Adds the member `upgrade` to status.json, null where there is nothing to upgrade. */
void render_upgrade_json(struct cJSON *tree, struct arena *arena, const struct view *view);

#endif
