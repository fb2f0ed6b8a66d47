/* The processes that read SQL. PostgreSQL's parser dies of texts that a repository can hold, or takes minutes for them, so it runs apart,
 * and neither its end nor anything it says can harm us: who asks gets an answer, or none.
 *
 *     we ──"a new one"──▶ keeper ──fork──▶ worker        we ──request──▶ worker ──answer──▶ we
 *
 * The keeper is forked first thing in main(), when there is one thread, no connection string but those of the command line and the
 * environment, which it wipes, and nothing open. It forks workers when asked, and hands over their sockets. A worker may use so
 * much memory, stack and processor time, and but for what it holds open only reads, writes and allocates. None of them needs /proc, /dev or the
 * program's file. All end when we do, however that is.
 *
 * A worker reads one text after another; several may wait for it, so that it need not wait for us. The keeper and its workers belong to one
 * thread at a time. */
#ifndef MIGFS_SCHEMA_WORKER_H
#define MIGFS_SCHEMA_WORKER_H

#include <poll.h>
#include <stdbool.h>

#include "migfs/schema/protocol.h"
#include "migfs/util/text.h"

/* "libpg_query, PostgreSQL 15.1"; NULL: built without. */
const char *worker_parser(void);

/* ---- the keeper ---- */

struct worker_keeper;

/* Forks it. NULL where none can be had; worker_create() takes that. `arguments` as main() has them. */
struct worker_keeper *worker_start(int count, char **arguments);
void worker_stop(struct worker_keeper *keeper); /* once no worker of its is left; takes NULL */

/* ---- a worker ---- */

struct worker;

enum worker_progress {
    WORKER_BUSY,
    WORKER_ANSWERED,
    WORKER_REFUSED, /* the parser does not take the text; the answer is its sentence */
    WORKER_FAILED,  /* it died, took too long or spoke nonsense, with this text and a worker that had read no other */
    WORKER_ABSENT,  /* none can be had: not built in, or processes are refused */
};

/* Its process begins with the first request. NULL when memory has run out; the functions below do not take that. */
struct worker *worker_create(struct worker_keeper *keeper);
void worker_destroy(struct worker *worker); /* takes NULL */

/* What can be asked: no NUL, and at most PROTOCOL_SQL_MAXIMUM bytes. */
bool worker_takes(struct text sql);

/* Adds a request to those that wait. The text is copied; WORKER_FAILED is what comes of one that cannot be asked. Only where there is room. */
void worker_ask(struct worker *worker, enum protocol_request kind, struct text sql);
bool worker_has_room(const struct worker *worker);
size_t worker_waiting(const struct worker *worker); /* how many were asked and have not ended */

/* Goes on for at most `wait_ms` (0: without waiting; -1: until it has ended) and returns how the oldest request stands, which has then ended
 * unless it is WORKER_BUSY. *ret_answer is the worker's until the next call. Only where one waits. */
enum worker_progress worker_step(struct worker *worker, int wait_ms, struct text *ret_answer);

/* Hands over what can be without waiting, so that there is something to wait for. */
void worker_push(struct worker *worker);

/* What to wait for until worker_step() can go on; its descriptor is -1 where that is nothing. */
struct pollfd worker_awaited(const struct worker *worker);

/* Ends the process, and all requests with it; the next one begins another. */
void worker_rest(struct worker *worker);

/* How many processes there have been: what deaths cost, counted. */
unsigned worker_count(const struct worker *worker);

#endif
