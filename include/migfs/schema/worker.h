/* The process that reads SQL. PostgreSQL's parser dies of texts that a repository can hold, or takes minutes for them, so it runs apart,
 * and neither its end nor anything it says can harm us: who asks gets an answer, or none.
 *
 *     we ──"a new one"──▶ keeper ──fork──▶ worker        we ──request──▶ worker ──answer──▶ we
 *
 * The keeper is forked first thing in main(), when there is one thread, no connection string but those of the command line and the
 * environment, which it wipes, and nothing open. It forks a worker when asked, and hands over the worker's socket. The worker may use so
 * much memory, stack and processor time, and but for what it holds open only reads, writes and allocates. Neither needs /proc, /dev or the
 * program's file. Both end when we do, however that is.
 *
 * One request at a time; a worker belongs to one thread at a time. */
#ifndef MIGFS_SCHEMA_WORKER_H
#define MIGFS_SCHEMA_WORKER_H

#include <stdbool.h>

#include "migfs/schema/protocol.h"
#include "migfs/util/text.h"

struct worker;

enum worker_progress {
    WORKER_BUSY,
    WORKER_ANSWERED,
    WORKER_REFUSED, /* the parser does not take the text; the answer is its sentence */
    WORKER_FAILED,  /* it died, took too long or spoke nonsense, with this text and a worker that had read no other */
    WORKER_ABSENT,  /* none can be had: not built in, or processes are refused */
};

/* Forks the keeper. NULL where none can be had; all functions below take it. `arguments` as main() has them. */
struct worker *worker_start(int count, char **arguments);
void worker_end(struct worker *worker);

/* "libpg_query, PostgreSQL 15.1"; NULL: built without. */
const char *worker_parser(void);

/* Begins a request. The text is copied; it holds no NUL and at most PROTOCOL_SQL_MAXIMUM bytes, else WORKER_FAILED is what comes of it. */
void worker_ask(struct worker *worker, enum protocol_request kind, struct text sql);

/* Goes on for at most `wait_ms` (0: without waiting; -1: until it has ended). *ret_answer is the worker's until the next call. */
enum worker_progress worker_step(struct worker *worker, int wait_ms, struct text *ret_answer);

/* To wait for, while a request is in progress, until readable; or -1. */
int worker_descriptor(const struct worker *worker);

/* How many workers there have been: what deaths cost, counted. */
unsigned worker_count(const struct worker *worker);

#endif
