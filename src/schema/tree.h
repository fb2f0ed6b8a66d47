/* Shared by the parts of parse.c: reading a parse tree and writing effects. Runs in the worker
 * only.
 *
 * Names of PostgreSQL's nodes and members are spelled as libpg_query prints them. */
#ifndef MIGFS_SCHEMA_TREE_H
#define MIGFS_SCHEMA_TREE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "migfs/schema/effects.h"

enum { TREE_LIST_MAXIMUM = 1600 }; /* maximum of columns of a table, and of any list here */

struct tree_list {
    struct text *items;
    size_t count;
};

struct tree_walk {
    struct arena *arena;
    struct protocol_writer *writer;
    const char *sql;
    size_t line_at; /* `line` is the line at this offset */
    uint32_t line;
    unsigned flags;             /* added to all effects: GUARDED or MAYBE inside blocks */
    struct text schema;         /* schema of unqualified names inside of CREATE SCHEMA */
    struct tree_list temporary; /* temporary tables, which only this session sees */
    struct buffer form;         /* of the statement, for its digest */
    /* For parts that contain statements: one `{"Kind": {…}}`; and a whole text inside another, with
     * all its effects on the current line, which returns false if it does not parse. */
    void (*statement)(struct tree_walk *walk, const cJSON *node);
    bool (*inner)(struct tree_walk *walk, const char *sql);
};

/* A member of a node; NULL if there is none, or if the node is NULL. */
const cJSON *tree_at(const cJSON *node, const char *key);
/* The content of `{"Kind": {…}}` if it is of this kind, else NULL. */
const cJSON *tree_as(const cJSON *node, const char *kind);
struct text tree_text(const cJSON *node, const char *key); /* empty if there is none */
bool tree_is(const cJSON *node, const char *key, const char *value);
bool tree_flag(const cJSON *node, const char *key);
struct text tree_string(const cJSON *node); /* of a String */

/* Truncated to 63 bytes at a character boundary, as PostgreSQL truncates names. */
struct text tree_name(struct text name);

struct tree_path {
    struct text schema, name;
};
struct tree_path tree_range(const struct tree_walk *walk, const cJSON *range_var);
/* The last two names of a list of Strings, or of an object that has such a list: schema and name. */
struct tree_path tree_path_of(const struct tree_walk *walk, const cJSON *names);
bool tree_is_temporary(const struct tree_walk *walk, const cJSON *range_var);
void tree_add_temporary(struct tree_walk *walk, struct text name); /* is copied */

void tree_add(struct tree_walk *walk, struct tree_list *list, struct text item); /* no duplicates */
void tree_push(struct tree_walk *walk, struct tree_list *list, struct text item);
struct tree_list tree_strings(struct tree_walk *walk, const cJSON *list);

/* Adds each column that the expression refers to, once. */
void tree_columns(struct tree_walk *walk, const cJSON *expression, struct tree_list *list);

/* A type's name without modifiers in parentheses; serial types become their integer types. */
struct tree_path tree_type(struct tree_walk *walk, const cJSON *type_name, bool *ret_serial);

/* Writes one effect. The fields end with TREE_END. */
#define TREE_END ((struct text){NULL, 0})
#define tree_effect(walk, kind, flags, ...)                                                                            \
    tree_write((walk), (kind), (flags), (const struct text[]){__VA_ARGS__, TREE_END}, NULL, NULL)
void tree_write(struct tree_walk *walk, enum effect_kind kind, unsigned flags, const struct text *fields,
                const struct tree_list *first, const struct tree_list *second);

#endif
