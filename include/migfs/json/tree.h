/* JSON as a tree of cJSON's nodes, all of them in an arena: to read what is not the journal, and to build what we print.
 *
 * cJSON allocates from the arena that the thread last gave to json_use(); nothing is ever freed, so there is nothing to delete,
 * and no allocation returns NULL: when memory runs out, arena_run() is left. Trees of two arenas are not to be mixed.
 *
 * A string in the tree is UTF-8 and ends at its NUL. Two things that UTF-8 has no room for stand in it by forms of their own:
 * a NUL as C0 80, a lone surrogate as its three bytes ED A0 80 to ED BF BF. json/print knows both.
 *
 * Any thread; a tree belongs to one thread until it is complete, and may then be read by any. */
#ifndef MIGFS_JSON_TREE_H
#define MIGFS_JSON_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/json/text.h"

/* cJSON's node. Folders that may include <cjson/cJSON.h> look into it; to all others it is opaque. */
struct cJSON;

/* From now on this thread's cJSON nodes come from this arena. All functions below that take an arena do it first. */
void json_use(struct arena *arena);

/* The text as a tree, or NULL with a fault: what JSON.parse refuses, and what is nested more than 1000 deep. The tree has the
 * members that JavaScript would have: of equal keys one, where the first stood and with the value of the last. */
struct cJSON *json_tree(struct arena *arena, struct text text, struct json_fault *ret_fault);

/* The member of that name, its case included, the last of equal ones; NULL where there is none or `object` is not an object. */
struct cJSON *json_member(const struct cJSON *object, const char *key);

/* The number where it is a whole one that a double holds exactly (below 2^53 either way); else false. */
bool json_integer(const struct cJSON *value, int64_t *ret_number);

/* Looking into a tree without cJSON's header. */
const char *json_chars(const struct cJSON *value); /* of a string; NULL for all else */
bool json_is_true(const struct cJSON *value);
bool json_is_number(const struct cJSON *value);
bool json_is_empty(const struct cJSON *value); /* nothing in it, or none */
bool json_is_object(const struct cJSON *value);
struct cJSON *json_first(const struct cJSON *parent);   /* element or member; NULL where there is none */
struct cJSON *json_following(const struct cJSON *item); /* in the same parent */
const char *json_key(const struct cJSON *member);

/* Changing one. The thread's arena is the tree's. What is set stands where the member of that name stood, else at the end. */
void json_remove(struct cJSON *parent, struct cJSON *item);
void json_remove_key(struct cJSON *object, const char *key);
void json_rename(struct cJSON *member, struct text key);
void json_move(struct cJSON *from, struct cJSON *item, struct cJSON *to); /* with its key */
void json_insert(struct cJSON *array, struct cJSON *before, struct text value);
void json_set_text(struct cJSON *object, const char *key, struct text value);
void json_set_bool(struct cJSON *object, const char *key, bool value);
void json_set_copy(struct cJSON *object, const char *key, const struct cJSON *value);
void json_replace_text(struct cJSON *parent, struct cJSON *item, struct text value);
void json_add_double(struct cJSON *parent, const char *key, double value);

/* Building. Keys are literals, or live as long as the arena. What is added is the last element or member; texts are copied, ill-formed
 * UTF-8 in them repaired. */
struct cJSON *json_object(struct arena *arena);
struct cJSON *json_array(struct arena *arena);
struct cJSON *json_add_object(struct cJSON *parent, const char *key);
struct cJSON *json_add_array(struct cJSON *parent, const char *key);
void json_add_null(struct cJSON *parent, const char *key);
void json_add_bool(struct cJSON *parent, const char *key, bool value);
void json_add_literal(struct cJSON *parent, const char *key, const char *value); /* not copied, and UTF-8 */
void json_add_text(struct cJSON *parent, const char *key, struct text value);

/* A number, or a string of its digits where JavaScript and jq would round it (2^53 and beyond). */
void json_add_integer(struct cJSON *parent, const char *key, int64_t value);

#endif
