/* Has the SQL of many files read by workers, and keeps what came of it by the text's hash: a file that did not change is not read again, and
 * neither is the text that killed a worker. Belongs to one thread. */
#ifndef MIGFS_SCHEMA_READER_H
#define MIGFS_SCHEMA_READER_H

#include <stdbool.h>

#include "migfs/schema/effects.h"
#include "migfs/schema/worker.h"
#include "migfs/util/content.h"
#include "migfs/util/digest.h"

struct schema_reader;

enum { SCHEMA_READER_WORKERS = 4 };

/* All texts are read for the same thing, by at most `workers` processes at a time. `keeper` may be NULL, and lives as long.
 * NULL when memory has run out. */
struct schema_reader *schema_reader_create(struct worker_keeper *keeper, enum protocol_request kind, unsigned workers);
void schema_reader_destroy(struct schema_reader *reader); /* takes NULL */

/* What is wanted from here on, between begin and end: texts by the hash that the runner would record. All else is forgotten. False when memory
 * has run out. */
void schema_reader_begin(struct schema_reader *reader);
bool schema_reader_want(struct schema_reader *reader, const struct digest *digest, struct content *content);
void schema_reader_end(struct schema_reader *reader);

/* Reads on for at most `wait_ms` (-1: until all is read). Returns true when something has been read. */
bool schema_reader_step(struct schema_reader *reader, int wait_ms);
bool schema_reader_is_done(const struct schema_reader *reader);

/* What to wait for until schema_reader_step() can go on, or for a second: returns how many, at most SCHEMA_READER_WORKERS. */
size_t schema_reader_awaited(const struct schema_reader *reader, struct pollfd *ret_awaited);

/* Ends the processes where nothing is left to read. */
void schema_reader_rest(struct schema_reader *reader);

/* How many texts the workers were asked for so far. */
unsigned schema_reader_asked(const struct schema_reader *reader);

/* What came of a text: WORKER_BUSY while it is not read. The answer is there until the next end. */
enum worker_progress schema_reader_answer(const struct schema_reader *reader, const struct digest *digest,
                                          struct text *ret_answer);

/* The same as effects, of a reader for PROTOCOL_EFFECTS. */
void schema_reader_effects(struct schema_reader *reader, struct arena *arena, const struct digest *digest,
                           struct effects *ret_effects);

#endif
