/* Finds what an object of a snapshot has by its name: an index beside the tree, of those that have
 * many members. A statement that looked through all of them would make thousands of statements cost
 * time by their square. What is added to such an object, removed from it or renamed in it goes
 * through these functions. All of it lives in one arena, which is json_used(). */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_MEMBERS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_MEMBERS_H

#include "migfs/json/tree.h"

struct snapshot_members;

/* An empty index, of any number of trees. */
struct snapshot_members *snapshot_members(struct arena *arena);

/* ---- Members of an object ---- */

/* As json_member(). */
struct cJSON *snapshot_member(struct snapshot_members *members, const struct cJSON *object, const char *key);

/* True if the object has this item. */
bool snapshot_is_member(struct snapshot_members *members, const struct cJSON *object, const struct cJSON *item);

/* At the end. The key must live as long as the arena. */
struct cJSON *snapshot_add(struct snapshot_members *members, struct cJSON *object, const char *key);
void snapshot_add_text(struct snapshot_members *members, struct cJSON *object, const char *key, struct text value);
void snapshot_add_copy(struct snapshot_members *members, struct cJSON *object, const char *key,
                       const struct cJSON *value);

/* As json_set_copy(), but an object that was there keeps its address. */
void snapshot_set(struct snapshot_members *members, struct cJSON *object, const char *key, const struct cJSON *value);

void snapshot_remove(struct snapshot_members *members, struct cJSON *object, struct cJSON *item);
void snapshot_remove_key(struct snapshot_members *members, struct cJSON *object, const char *key);
void snapshot_rename(struct snapshot_members *members, struct cJSON *object, struct cJSON *item, struct text key);

/* ---- Values of an enum ---- */

bool snapshot_has_value(struct snapshot_members *members, const struct cJSON *values, struct text value);

/* Before another one, or at the end (NULL). */
void snapshot_add_value(struct snapshot_members *members, struct cJSON *values, struct cJSON *before,
                        struct text value);
void snapshot_replace_value(struct snapshot_members *members, struct cJSON *values, struct cJSON *it,
                            struct text value);
void snapshot_remove_value(struct snapshot_members *members, struct cJSON *values, struct cJSON *it);

/* True if the array has this string; looks through it. */
bool snapshot_has_text(const struct cJSON *array, struct text value);

/* ---- Lists of another index ---- */

/* What was found, and where. */
struct snapshot_found {
    struct cJSON *whole; /* a table or an enum */
    const char *place;   /* in which part of the table: "indexes", …; NULL: it is the whole itself */
    struct cJSON *item;
    struct snapshot_found *next;
};

/* The list kept for these, empty at first; `by` is the caller's. The name must live as long as the
 * arena. */
struct snapshot_found **snapshot_members_at(struct snapshot_members *members, const struct cJSON *of, int by,
                                            struct text name);

#endif
