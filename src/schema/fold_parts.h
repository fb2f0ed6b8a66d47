/* What the parts of fold.c share. */
#ifndef MIGFS_SCHEMA_FOLD_PARTS_H
#define MIGFS_SCHEMA_FOLD_PARTS_H

#include "migfs/schema/fold.h"

uint32_t fold_number(struct fold *fold, struct text name);
/* Of a field that names a schema: the default where it is empty. */
uint32_t fold_schema(struct fold *fold, struct text schema);
bool fold_has(const struct fold *fold, uint32_t list, uint32_t name);
void fold_replace(struct fold *fold, uint32_t *list, uint32_t old, uint32_t new);
void fold_erase(struct fact *fact); /* takes NULL */
void fold_reindex(struct fold *fold);

/* True where it is known to be there for certain. */
bool fold_knows(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);
/* True where it is known to be gone; of a complete fold, where it is not known. */
bool fold_lacks(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);

/* Records that the statement fails here, in a complete fold and where that is certain. */
void fold_fail(struct fold *fold, const char *sqlstate, enum fact_kind kind, char type, uint32_t schema, uint32_t table,
               uint32_t name);

/* Inside of a block that handles duplicates: one was met, so all that the block has done is undone and the rest is not done. */
void fold_undo_try(struct fold *fold);

/* ---- fold_choose.c: names that PostgreSQL makes ---- */

uint32_t fold_choose_relation(struct fold *fold, uint32_t schema, uint32_t table, struct text middle, const char *label,
                              bool is_constraint);
uint32_t fold_choose_constraint(struct fold *fold, uint32_t schema, uint32_t table, struct text middle,
                                const char *label);
/* The names one behind the other, as it writes the columns of an index or key. */
struct text fold_joined(struct fold *fold, const struct text *names, size_t count);

/* ---- fold_drop.c ---- */

void fold_drop(struct fold *fold, const struct effect *effect);
enum fact_kind fold_kind_of(char class); /* of EFFECT_DROP and the like */
/* Under a condition it may be gone or not: then it is "maybe", and nothing else is to be done. */
bool fold_is_left_open(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);
bool fold_is_of(const struct fact *fact, uint32_t schema, uint32_t table);       /* a part of the table */
bool fold_is_owned_by(const struct fact *fact, uint32_t schema, uint32_t table); /* an index or sequence of it */

/* ---- fold_make.c, fold_change.c ---- */

void fold_make(struct fold *fold, const struct effect *effect);
void fold_change(struct fold *fold, const struct effect *effect);

#endif
