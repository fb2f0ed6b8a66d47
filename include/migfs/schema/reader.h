/* Has workers parse the SQL of many files and caches the answers by the text's hash, so that an
 * unchanged file is not parsed again, nor is a text that killed a worker. Belongs to one thread. */
#ifndef MIGFS_SCHEMA_READER_H
#define MIGFS_SCHEMA_READER_H

#include <stdbool.h>

#include "migfs/schema/effects.h"
#include "migfs/schema/worker.h"
#include "migfs/util/content.h"
#include "migfs/util/digest.h"

struct schema_reader;

enum { SCHEMA_READER_WORKERS = 4 };

/* Sends the same kind of request for all texts, to at most `workers` processes at a time. `keeper`
 * may be NULL and must outlive the reader. Returns NULL when memory has run out. */
struct schema_reader *schema_reader_create(struct worker_keeper *keeper, enum protocol_request kind, unsigned workers);
void schema_reader_destroy(struct schema_reader *reader); /* takes NULL */

/* Replaces the set of wanted texts, between begin and end. A text is identified by the hash that
 * the runner would record. All other texts are forgotten. Returns false when memory has run out. */
void schema_reader_begin(struct schema_reader *reader);
bool schema_reader_want(struct schema_reader *reader, const struct digest *digest, struct content *content);
void schema_reader_end(struct schema_reader *reader);

/* Works for at most `wait_ms` (-1: until all texts are read); where no worker can be started, until
 * every text is unknown, at once; where a text is late (ERROR_LATE), until only such texts are left.
 * Returns true if any text was finished. */
bool schema_reader_step(struct schema_reader *reader, int wait_ms);

/* True when nothing is left to read, except for texts whose file is silent (content_silence()). */
bool schema_reader_is_done(const struct schema_reader *reader);

/* The descriptors to poll, for at most a second, until schema_reader_step() can go on. Returns
 * their number, at most SCHEMA_READER_WORKERS. */
size_t schema_reader_awaited(const struct schema_reader *reader, struct pollfd *ret_awaited);

/* Ends the worker processes if nothing is left to read. */
void schema_reader_rest(struct schema_reader *reader);

/* Number of texts that are wanted and read. */
size_t schema_reader_read(const struct schema_reader *reader);

/* Number of texts sent to the workers so far. */
unsigned schema_reader_asked(const struct schema_reader *reader);

/* The result for a text; WORKER_BUSY while it is not read. The answer is valid until the next
 * schema_reader_end(). */
enum worker_progress schema_reader_answer(const struct schema_reader *reader, const struct digest *digest,
                                          struct text *ret_answer);

/* The result decoded as effects, for a reader of PROTOCOL_EFFECTS. */
void schema_reader_effects(struct schema_reader *reader, struct arena *arena, const struct digest *digest,
                           struct effects *ret_effects);

#endif
