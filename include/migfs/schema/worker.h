/* The processes that parse SQL. PostgreSQL's parser crashes on some texts that a repository can
 * hold, and takes minutes for others, so it runs in a process of its own that is not trusted: the
 * caller gets an answer or none, and nothing else can go wrong.
 *
 *     migfs ──"new worker"──▶ keeper ──fork──▶ worker    migfs ──request──▶ worker ──answer──▶ migfs
 *
 * The keeper is forked first thing in main(): there is one thread, no file is open, and connection
 * strings exist only in the command line and the environment, which the keeper wipes. It forks
 * workers on request and passes their sockets back. A worker has limits on memory, stack and
 * processor time, and a filter that lets it only allocate and read and write what it has open. None
 * of them needs /proc, /dev or the program's file. All of them end when migfs ends, even if it is
 * killed.
 *
 * A worker parses one text after another; several requests can be queued, so that it need not wait
 * for migfs. The keeper and its workers belong to one thread at a time. */
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

/* Forks it. Returns NULL if that fails; worker_create() accepts NULL. `arguments` as in main(). */
struct worker_keeper *worker_start(int count, char **arguments);
void worker_stop(struct worker_keeper *keeper); /* after its workers are destroyed; takes NULL */

/* ---- a worker ---- */

struct worker;

enum worker_progress {
    WORKER_BUSY,
    WORKER_ANSWERED,
    WORKER_REFUSED, /* the parser rejects the text; the answer is its message */
    WORKER_FAILED,  /* a fresh worker died, took too long or sent nonsense on this text */
    WORKER_ABSENT,  /* no process: not built in, or it cannot be forked or confined */
};

/* The process is started by the first request. Returns NULL when memory has run out; the functions
 * below do not accept NULL. */
struct worker *worker_create(struct worker_keeper *keeper);
void worker_destroy(struct worker *worker); /* takes NULL */

/* Whether a text can be sent: no NUL, and at most PROTOCOL_SQL_MAXIMUM bytes. */
bool worker_takes(struct text sql);

/* Queues a request; the text is copied. A request that cannot be sent ends as WORKER_FAILED.
 * Requires worker_has_room(). */
void worker_ask(struct worker *worker, enum protocol_request kind, struct text sql);
bool worker_has_room(const struct worker *worker);
size_t worker_waiting(const struct worker *worker); /* requests that have not ended */

/* Works for at most `wait_ms` (0: without waiting; -1: until the request has ended) and returns the
 * state of the oldest request, which has ended unless it is WORKER_BUSY. *ret_answer belongs to the
 * worker and is valid until the next call. Requires a queued request. */
enum worker_progress worker_step(struct worker *worker, int wait_ms, struct text *ret_answer);

/* Sends as much as possible without waiting, so that there is something to wait for. */
void worker_push(struct worker *worker);

/* What to poll until worker_step() can go on; the descriptor is -1 if there is nothing to poll. */
struct pollfd worker_awaited(const struct worker *worker);

/* Ends the process, with all its requests; the next request starts another one. */
void worker_rest(struct worker *worker);

/* Number of processes started, so that deaths can be counted. */
unsigned worker_count(const struct worker *worker);

#endif
