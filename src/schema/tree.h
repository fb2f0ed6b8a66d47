/* What the parts of parse.c share: looking into a parse tree, and writing effects. In the worker only.
 *
 * Names of PostgreSQL's nodes and members stand in the code as libpg_query prints them. */
#ifndef MIGFS_SCHEMA_TREE_H
#define MIGFS_SCHEMA_TREE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "migfs/schema/effects.h"

enum { TREE_LIST_MAXIMUM = 1600 }; /* columns of a table at most, and so of everything here */

struct tree_list {
    struct text *items;
    size_t count;
};

struct tree_walk {
    struct arena *arena;
    struct protocol_writer *writer;
    const char *sql;
    size_t line_at; /* up to here, `line` lines have begun */
    uint32_t line;
    unsigned flags;             /* of all effects: GUARDED or MAYBE inside of what says so */
    struct text schema;         /* of unqualified names inside of CREATE SCHEMA */
    struct tree_list temporary; /* tables that only this session sees */
    /* For the parts that hold statements: one `{"Kind": {…}}`, and all of a text that is a part of the whole, on the line that the walk is
     * on; false where it does not parse. */
    void (*statement)(struct tree_walk *walk, const cJSON *node);
    bool (*inner)(struct tree_walk *walk, const char *sql);
};

/* Member of a node; NULL where there is none, and for NULL. */
const cJSON *tree_at(const cJSON *node, const char *key);
/* `{"Kind": {…}}`: what is in it where it is of this kind, else NULL. */
const cJSON *tree_as(const cJSON *node, const char *kind);
struct text tree_text(const cJSON *node, const char *key); /* empty where there is none */
bool tree_is(const cJSON *node, const char *key, const char *value);
bool tree_flag(const cJSON *node, const char *key);
struct text tree_string(const cJSON *node); /* of a String */

/* Cut to 63 bytes at a character's end, as PostgreSQL cuts names. */
struct text tree_name(struct text name);

struct tree_path {
    struct text schema, name;
};
struct tree_path tree_range(const struct tree_walk *walk, const cJSON *range_var);
/* Of a list of Strings, or an object that has such a list: the last, and the one before it. */
struct tree_path tree_path_of(const struct tree_walk *walk, const cJSON *names);
bool tree_is_temporary(const struct tree_walk *walk, const cJSON *range_var);

void tree_add(struct tree_walk *walk, struct tree_list *list, struct text item); /* unless it is in it */
void tree_push(struct tree_walk *walk, struct tree_list *list, struct text item);
struct tree_list tree_strings(struct tree_walk *walk, const cJSON *list);

/* The columns that an expression speaks of, each once. */
void tree_columns(struct tree_walk *walk, const cJSON *expression, struct tree_list *list);

/* A type's name without what is in parentheses; serial types are the integers they stand for. */
struct tree_path tree_type(struct tree_walk *walk, const cJSON *type_name, bool *ret_serial);

/* Writes one effect. `fields` ends with a text whose bytes are NULL. */
#define TREE_END ((struct text){NULL, 0})
#define tree_effect(walk, kind, flags, ...)                                                                            \
    tree_write((walk), (kind), (flags), (const struct text[]){__VA_ARGS__, TREE_END}, NULL, NULL)
void tree_write(struct tree_walk *walk, enum effect_kind kind, unsigned flags, const struct text *fields,
                const struct tree_list *first, const struct tree_list *second);

#endif
