/* Lays out the view: its names and the text behind each. The one place where joined facts become
 * files. Pure apart from the tree's reference counts; runs inside arena_run() of the arena
 * given. */
#ifndef MIGFS_VIEW_LAYOUT_H
#define MIGFS_VIEW_LAYOUT_H

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/report/problems.h"
#include "migfs/report/render.h"
#include "migfs/synthesis/synthesis.h"
#include "migfs/tree/build.h"

/* Joins, synthesizes and finds the problems. Without `effects` (NULL) nothing is said about what
 * the SQL does. */
struct view *view_create(struct arena *arena, const struct disk *disk, const struct journal *journal,
                         const struct rules *rules, struct ledger *const *ledgers, size_t ledger_count,
                         const struct synthesis_options *options, const struct effects_input *effects);

/* Adds the rehearsal of the upgrade to Drizzle v1, which not every command needs. */
void view_rehearse_upgrade(struct arena *arena, struct view *view);

/* Adds all files of the view, including metrics.prom if `with_metrics`. */
void layout_add(struct tree_builder *builder, struct arena *arena, const struct view *view, bool with_metrics);

/* Attributes of the view's root for this scan; `is_shared` as in the view. */
struct tree_attributes layout_root_attributes(const struct disk *disk, bool is_shared);

#endif
