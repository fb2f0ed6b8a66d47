/* Questions to the project's schema about what a snapshot has. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_SEARCH_H
#define MIGFS_SYNTHESIS_SNAPSHOT_SEARCH_H

#include "migfs/synthesis/snapshot_schema.h"
#include "synthesis/snapshot_changes.h"

struct snapshot_search {
    struct making making; /* a copy, with names of its own */
    const struct snapshots_schema *schema;
    bool is_unsure; /* what the schema may declare is sought, too */
    /* of each that was put in and is a part of a table: before any of them is removed */
    enum snapshots_declared *parts;
};

/* Indexes and constraints by name, how a name ends that drizzle-kit derives where the schema gives
 * none, and how the schema is asked whether the table may have one of those. */
struct snapshot_part_kind {
    const char *key, *derived;
    enum snapshots_named of;
};

enum { SNAPSHOT_PART_KINDS = 4 };

extern const struct snapshot_part_kind snapshot_part_kinds[SNAPSHOT_PART_KINDS];

enum snapshots_declared snapshot_search_ask(const struct snapshot_search *search, struct text name,
                                            enum snapshots_named kind);
enum snapshots_declared snapshot_search_column(const struct snapshot_search *search, const struct cJSON *table,
                                               struct text column, enum snapshots_named kind);

/* True if the schema has it, or may have it. */
bool snapshot_search_may_have(const struct snapshot_search *search, struct text name, enum snapshots_named kind);

/* True if it may have got its name from drizzle-kit: no file has the name. */
bool snapshot_search_is_derived(const struct snapshot_search *search, const struct snapshot_part_kind *part,
                                struct text name);

/* Whether the schema declares this part of a table. Of parts without names of their own it is not
 * certain which are declared where the table has more of them than that. */
enum snapshots_declared snapshot_search_part(const struct snapshot_search *search, const struct cJSON *table,
                                             const struct snapshot_part_kind *part, struct text name);

/* The part of this name, if the table has it; *ret_part: of which kind it is. */
struct cJSON *snapshot_search_find_part(const struct snapshot_search *search, const struct cJSON *table,
                                        struct text name, const struct snapshot_part_kind **ret_part);

enum snapshots_declared snapshot_search_says(const struct snapshot_search *search, struct text table,
                                             struct text column, enum snapshots_named kind, struct text text);

/* For what is declared as it was. */
enum snapshots_declared snapshot_search_opposite(enum snapshots_declared declared);

/* Marks what the schema has not, or may not have, as it is now. Returns whether it is to be undone. */
bool snapshot_search_undoes(struct snapshot_change *change, enum snapshots_declared is_now);

/* The table of the change, or NULL. */
struct cJSON *snapshot_search_table(const struct snapshot_search *search, const struct snapshot_change *change);

#endif
