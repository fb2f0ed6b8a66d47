/* The worker's handler of PROTOCOL_EFFECTS. */
#ifndef MIGFS_SCHEMA_PARSE_H
#define MIGFS_SCHEMA_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "migfs/schema/protocol.h"

/* PROTOCOL_EFFECTS. `sql` ends with a NUL. If the parser rejects it, *ret_status is
 * PROTOCOL_REFUSED and its message is written. */
void parse_effects(const char *sql, size_t length, struct protocol_writer *writer, uint32_t *ret_status);

#endif
