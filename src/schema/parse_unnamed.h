/* Indexes that are created without a name: PostgreSQL names them by their columns and expressions,
 * which tokens do not show. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_UNNAMED_H
#define MIGFS_SCHEMA_PARSE_UNNAMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/schema/protocol.h"

/* Writes the record of the one statement in `sql`, if it is such an index. `place` is that of its ON
 * in the whole text. */
void parse_unnamed(const char *sql, uint32_t place, struct protocol_writer *writer);

#endif
