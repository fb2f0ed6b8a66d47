/* The names that PostgreSQL chooses for unnamed objects. */
#ifndef MIGFS_SCHEMA_FOLD_CHOOSE_H
#define MIGFS_SCHEMA_FOLD_CHOOSE_H

#include "migfs/schema/facts.h"

uint32_t fold_choose_relation(struct fold *fold, uint32_t schema, uint32_t table, struct text middle, const char *label,
                              bool is_constraint);
uint32_t fold_choose_constraint(struct fold *fold, uint32_t schema, uint32_t table, struct text middle,
                                const char *label);
/* The names joined as PostgreSQL joins the columns of an index or key. */
struct text fold_choose_joined(struct fold *fold, const struct text *names, size_t count);

#endif
