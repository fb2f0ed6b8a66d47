/* JSON as a tree of cJSON nodes in an arena: to read everything but the journal, and to build
 * output.
 *
 * cJSON allocates from the arena last passed to json_use() on the thread. Nothing is freed
 * individually, so there is nothing to delete. No allocation returns NULL: when memory runs out,
 * arena_run() is left. Trees of two arenas must not be mixed.
 *
 * A string in the tree is NUL-terminated UTF-8, with two extensions: a NUL is C0 80, and a lone
 * surrogate is its three bytes, ED A0 80 to ED BF BF. json/print handles both.
 *
 * Any thread; a tree belongs to one thread until it is complete, and may then be read by any. */
#ifndef MIGFS_JSON_TREE_H
#define MIGFS_JSON_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/json/text.h"

/* cJSON's node. Opaque except in the folders that may include <cjson/cJSON.h>. */
struct cJSON;

/* From now on this thread's cJSON nodes are allocated from this arena. All functions below with an
 * arena parameter call it first. */
void json_use(struct arena *arena);
struct arena *json_used(void); /* the current arena */

/* Parses a text into a tree, or returns NULL with a fault if JSON.parse rejects it or it is nested
 * more than 1000 deep. The members are those that JavaScript would have: duplicate keys are one
 * member, at the position of the first and with the value of the last. */
struct cJSON *json_tree(struct arena *arena, struct text text, struct json_fault *ret_fault);

/* The same for the output of a program known to print no duplicate keys, no lone surrogates, no
 * \u0000 and no number of more than 60 characters. None of this is checked. */
struct cJSON *json_tree_printed(struct arena *arena, struct text text);

/* The same for the value at the beginning of *rest, which is what follows it then. NULL if there is
 * none, or if it is nested too deep. */
struct cJSON *json_tree_next(struct arena *arena, struct text *rest);

/* The member with that name, case-sensitive, the last of duplicates; NULL if there is none or
 * `object` is not an object. */
struct cJSON *json_member(const struct cJSON *object, const char *key);

/* The number if it is an integer that a double represents exactly (absolute value below 2^53); else
 * false. */
bool json_integer(const struct cJSON *value, int64_t *ret_number);

/* Reading a tree without cJSON's header. */
const char *json_chars(const struct cJSON *value); /* of a string; NULL for any other value */
bool json_is_true(const struct cJSON *value);
bool json_is_number(const struct cJSON *value);
bool json_is_empty(const struct cJSON *value); /* no elements or members, or no value */
bool json_is_object(const struct cJSON *value);
struct cJSON *json_first(const struct cJSON *parent);   /* element or member; NULL if there is none */
struct cJSON *json_following(const struct cJSON *item); /* in the same parent */
const char *json_key(const struct cJSON *member);

/* Changing a tree. The thread's current arena must be the tree's. A value that is set replaces the
 * member of that name in place, or is added at the end. */
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

/* Building. Keys must be literals, or live as long as the arena. Values are added at the end; texts
 * are copied, with ill-formed UTF-8 repaired. */
struct cJSON *json_object(struct arena *arena);
struct cJSON *json_array(struct arena *arena);
struct cJSON *json_add_object(struct cJSON *parent, const char *key);
struct cJSON *json_add_array(struct cJSON *parent, const char *key);
/* An array whose elements are made only when it is printed, one at a time, each in an arena that is
 * destroyed before the next is made: for arrays too large to hold in memory. */
struct json_elements {
    size_t count;
    struct cJSON *(*make)(void *context, struct arena *arena, size_t index);
    void *context;
};
void json_add_elements(struct cJSON *parent, const char *key,
                       const struct json_elements *elements); /* must outlive the tree */

void json_add_null(struct cJSON *parent, const char *key);
void json_add_bool(struct cJSON *parent, const char *key, bool value);
/* `value` must be UTF-8 and is not copied. */
void json_add_literal(struct cJSON *parent, const char *key, const char *value);
void json_add_text(struct cJSON *parent, const char *key, struct text value);
/* The same without a copy: `value` is NUL-terminated and lives as long as the tree. */
void json_add_lasting_text(struct cJSON *parent, const char *key, struct text value);

/* A number, or a string of its digits if JavaScript and jq would round it (2^53 and above). */
void json_add_integer(struct cJSON *parent, const char *key, int64_t value);

#endif
