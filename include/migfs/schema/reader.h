/* Has the SQL of many files read by the worker, and keeps what came of it by the text's hash: a file that did not change is not read again, and
 * neither is the text that killed a worker. Belongs to one thread. */
#ifndef MIGFS_SCHEMA_READER_H
#define MIGFS_SCHEMA_READER_H

#include <stdbool.h>

#include "migfs/schema/effects.h"
#include "migfs/schema/worker.h"
#include "migfs/util/content.h"
#include "migfs/util/digest.h"

struct schema_reader;

/* `worker` may be NULL, and lives as long. NULL when memory has run out. */
struct schema_reader *schema_reader_create(struct worker *worker);
void schema_reader_destroy(struct schema_reader *reader); /* takes NULL */

/* What is wanted from here on, between begin and end: texts by the hash that the runner would record. All else is forgotten. False when memory
 * has run out. */
void schema_reader_begin(struct schema_reader *reader);
bool schema_reader_want(struct schema_reader *reader, const struct digest *digest, struct content *content);
void schema_reader_end(struct schema_reader *reader);

/* Reads on for at most `wait_ms` (-1: until all is read). Returns true when something has been read. */
bool schema_reader_step(struct schema_reader *reader, int wait_ms);
bool schema_reader_is_done(const struct schema_reader *reader);

/* Lets go of the worker, for another to ask it: the text that it is at will be read from its beginning. */
void schema_reader_pause(struct schema_reader *reader);

/* How many texts the worker was asked for so far. */
unsigned schema_reader_asked(const struct schema_reader *reader);

/* What is known of a text now; it points into the reader, until the next end or step. */
void schema_reader_effects(const struct schema_reader *reader, struct arena *arena, const struct digest *digest,
                           struct effects *ret_effects);

#endif
