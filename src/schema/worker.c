/* The side of migfs: requests in order, a deadline for the oldest one, a new process after a death.
 * Only worker_step() waits. */
#include "migfs/schema/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migfs/util/clock.h"
#include "schema/keeper.h"

#if MIGFS_EFFECTS
#include <pg_query.h>
#endif

/* Milliseconds. The keeper only forks, so it answers quickly. The worker limits its own processor
 * time; its elapsed time may be much longer on a busy machine. */
enum { KEEPER_PATIENCE = 1000, WAIT_FACTOR = 10 };

/* Limits of the queue: enough to keep a worker busy while we process its answers. */
enum { REQUESTS = 64, BYTES = 256 << 10 };

struct worker_keeper {
    pid_t process;
    int control;
    bool is_lost; /* it failed to answer; later answers are ignored */
    bool is_taken[KEEPER_SEATS];
};

struct request {
    enum protocol_request kind;
    char *bytes; /* head and text; NULL: must not be sent */
    size_t length;
};

struct worker {
    struct worker_keeper *keeper; /* NULL: workers cannot be started */
    uint8_t seat;
    int socket;        /* -1: no process */
    unsigned count;    /* processes started */
    unsigned answered; /* by the current process */
    struct request requests[REQUESTS];
    size_t first, waiting, bytes;
    size_t sent, sent_bytes;   /* queued requests sent, and bytes of the next one */
    bool is_deaf;              /* sending failed; its answers can still be read */
    struct protocol_head head; /* of the answer to the oldest request */
    char *answer;
    size_t head_read, answer_read;
    int64_t deadline; /* of the oldest request */
};

const char *worker_parser(void) {
#if MIGFS_EFFECTS
    return "libpg_query, PostgreSQL " PG_VERSION;
#else
    return NULL;
#endif
}

/* ---- the keeper ---- */

struct worker_keeper *worker_start(int count, char **arguments) {
    int ends[2];
    struct worker_keeper *keeper = worker_parser() ? calloc(1, sizeof *keeper) : NULL;
    if (!keeper || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        free(keeper);
        return NULL;
    }
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        keeper_run(ends[1], count, arguments);
    }
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        free(keeper);
        return NULL;
    }
    *keeper = (struct worker_keeper){.process = process, .control = ends[0]};
    return keeper;
}

void worker_stop(struct worker_keeper *keeper) {
    if (keeper) {
        shutdown(keeper->control, SHUT_RDWR); /* ends the keeper even if a child has the socket too */
        close(keeper->control);
        int status;
        if (waitpid(keeper->process, &status, WUNTRACED) == keeper->process && WIFSTOPPED(status)) {
            kill(keeper->process, SIGKILL); /* its workers end with it */
            waitpid(keeper->process, NULL, 0);
        }
        free(keeper);
    }
}

static bool wish(const struct worker *worker, uint8_t what) {
    const struct keeper_wish wish = {what, worker->seat};
    return !worker->keeper->is_lost &&
           send(worker->keeper->control, &wish, sizeof wish, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof wish;
}

/* Returns -1 on failure. */
static int receive_socket(struct worker_keeper *keeper) {
    char byte;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } extra;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.room, .msg_controllen = sizeof extra.room};
    struct pollfd waiting = {.fd = keeper->control, .events = POLLIN};
    int socket = -1;
    keeper->is_lost =
        poll(&waiting, 1, KEEPER_PATIENCE) <= 0 || recvmsg(keeper->control, &message, MSG_CMSG_CLOEXEC) <= 0;
    if (keeper->is_lost) {
        return -1;
    }
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof socket)) {
        memcpy(&socket, CMSG_DATA(head), sizeof socket);
    }
    return socket;
}

/* ---- a process ---- */

struct worker *worker_create(struct worker_keeper *keeper) {
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        return NULL;
    }
    worker->socket = -1;
    for (uint8_t i = 0; keeper && i < KEEPER_SEATS && !worker->keeper; i++) {
        if (!keeper->is_taken[i]) {
            worker->keeper = keeper;
            worker->seat = i;
            keeper->is_taken[i] = true;
        }
    }
    return worker;
}

static void forget_answer(struct worker *worker) {
    free(worker->answer);
    worker->answer = NULL;
    worker->head_read = worker->answer_read = 0;
}

static void leave(struct worker *worker) {
    if (worker->socket >= 0) {
        close(worker->socket);
        worker->socket = -1;
    }
    forget_answer(worker);
}

static struct request *oldest(struct worker *worker) {
    return &worker->requests[worker->first];
}

static void forget_oldest(struct worker *worker) {
    struct request *request = oldest(worker);
    free(request->bytes);
    worker->bytes -= request->length;
    worker->first = (worker->first + 1) % REQUESTS;
    worker->waiting--;
    worker->sent -= worker->sent > 0;
    worker->deadline = 0;
}

void worker_rest(struct worker *worker) {
    if (worker->socket >= 0) {
        wish(worker, KEEPER_END);
    }
    leave(worker);
    while (worker->waiting > 0) {
        forget_oldest(worker);
    }
    worker->sent_bytes = 0;
}

void worker_destroy(struct worker *worker) {
    if (worker) {
        worker_rest(worker);
        if (worker->keeper) {
            worker->keeper->is_taken[worker->seat] = false;
        }
        free(worker);
    }
}

unsigned worker_count(const struct worker *worker) {
    return worker->count;
}

static bool begin_process(struct worker *worker) {
    leave(worker);
    if (!worker->keeper || !wish(worker, KEEPER_NEW)) {
        return false;
    }
    worker->socket = receive_socket(worker->keeper);
    worker->count++;
    worker->answered = 0;
    worker->sent = worker->sent_bytes = 0;
    worker->is_deaf = false;
    return worker->socket >= 0 && fcntl(worker->socket, F_SETFL, O_NONBLOCK) == 0;
}

/* ---- requests ---- */

bool worker_has_room(const struct worker *worker) {
    return worker->waiting < REQUESTS && worker->bytes < BYTES;
}

size_t worker_waiting(const struct worker *worker) {
    return worker->waiting;
}

bool worker_takes(struct text sql) {
    return sql.length <= PROTOCOL_SQL_MAXIMUM && !(sql.length > 0 && memchr(sql.bytes, '\0', sql.length));
}

void worker_ask(struct worker *worker, enum protocol_request kind, struct text sql) {
    struct request *request = &worker->requests[(worker->first + worker->waiting) % REQUESTS];
    struct protocol_head head = {.what = kind, .length = (uint32_t)sql.length};
    *request = (struct request){.kind = kind, .bytes = worker_takes(sql) ? malloc(sizeof head + sql.length) : NULL};
    worker->waiting++;
    if (request->bytes) {
        request->length = sizeof head + sql.length;
        worker->bytes += request->length;
        memcpy(request->bytes, &head, sizeof head);
        if (sql.length > 0) {
            memcpy(request->bytes + sizeof head, sql.bytes, sql.length);
        }
    }
}

static int64_t patience_for(const struct request *request) {
    return WAIT_FACTOR * (KEEPER_TIME + KEEPER_TIME_PER_MIB * (int64_t)(request->length >> 20));
}

/* Sends as much as the socket accepts. */
static void send_some(struct worker *worker) {
    while (!worker->is_deaf && worker->sent < worker->waiting) {
        const struct request *request = &worker->requests[(worker->first + worker->sent) % REQUESTS];
        size_t left = request->length - worker->sent_bytes;
        ssize_t put =
            left > 0 ? send(worker->socket, request->bytes + worker->sent_bytes, left, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
        if (put < 0) {
            worker->is_deaf = errno != EAGAIN && errno != EINTR;
            return;
        }
        worker->sent_bytes += (size_t)put;
        if (worker->sent_bytes == request->length) {
            worker->sent++;
            worker->sent_bytes = 0;
        }
    }
}

void worker_push(struct worker *worker) {
    if (worker->waiting > 0 && (worker->socket >= 0 || begin_process(worker))) {
        send_some(worker);
    }
}

enum had { HAD_NOTHING, HAD_SOME, HAD_ALL, HAD_END };

/* Reads a part of the answer to the oldest request, with one call. */
static enum had read_some(struct worker *worker) {
    bool is_in_head = worker->head_read < sizeof worker->head;
    char *into = is_in_head ? (char *)&worker->head + worker->head_read : worker->answer + worker->answer_read;
    size_t most = is_in_head ? sizeof worker->head - worker->head_read : worker->head.length - worker->answer_read;
    ssize_t got = recv(worker->socket, into, most, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return HAD_NOTHING;
    }
    if (got <= 0) {
        return HAD_END;
    }
    *(is_in_head ? &worker->head_read : &worker->answer_read) += (size_t)got;
    if (is_in_head && worker->head_read == sizeof worker->head) {
        bool is_right = worker->head.what < PROTOCOL_STATUS_END && worker->head.length <= PROTOCOL_ANSWER_MAXIMUM;
        worker->answer = is_right ? malloc(worker->head.length + 1) : NULL;
        if (!worker->answer) {
            return HAD_END;
        }
    }
    bool is_whole = worker->head_read == sizeof worker->head && worker->answer_read == worker->head.length;
    return is_whole ? HAD_ALL : HAD_SOME;
}

/* Ends a process that died, took too long or sent nonsense. Returns false if it had answered
 * earlier texts, which may be the cause: a new process then gets this text and those queued behind
 * it. */
static bool is_to_blame(struct worker *worker) {
    bool is_first = worker->answered == 0;
    leave(worker);
    return is_first;
}

static enum worker_progress end_oldest(struct worker *worker, enum worker_progress progress) {
    forget_oldest(worker);
    return progress;
}

/* Returns false at `until`. */
static bool wait_for_worker(struct worker *worker, int64_t until) {
    int64_t end = until < worker->deadline ? until : worker->deadline, left = end - clock_ms();
    struct pollfd waiting = worker_awaited(worker);
    poll(&waiting, 1, left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left);
    return waiting.revents || clock_ms() < until;
}

struct pollfd worker_awaited(const struct worker *worker) {
    bool has_more = !worker->is_deaf && worker->sent < worker->waiting;
    return (struct pollfd){.fd = worker->waiting > 0 ? worker->socket : -1,
                           .events = (short)(POLLIN | (has_more ? POLLOUT : 0))};
}

static enum worker_progress take_answer(struct worker *worker, struct text *ret_answer) {
    if (worker->head.what == PROTOCOL_UNCONFINED) {
        leave(worker);
        return end_oldest(worker, WORKER_ABSENT);
    }
    *ret_answer = (struct text){worker->answer, worker->head.length};
    worker->answered++;
    return end_oldest(worker, worker->head.what == PROTOCOL_DONE ? WORKER_ANSWERED : WORKER_REFUSED);
}

enum worker_progress worker_step(struct worker *worker, int wait_ms, struct text *ret_answer) {
    int64_t until = wait_ms < 0 ? INT64_MAX : clock_ms() + wait_ms;
    if (worker->head_read == sizeof worker->head && worker->answer_read == worker->head.length) {
        forget_answer(worker); /* the previous answer, which the caller has used */
    }
    if (!oldest(worker)->bytes) {
        return end_oldest(worker, WORKER_FAILED);
    }
    for (;;) {
        if (worker->socket < 0 && !begin_process(worker)) {
            leave(worker);
            return end_oldest(worker, WORKER_ABSENT);
        }
        worker->deadline = worker->deadline ? worker->deadline : clock_ms() + patience_for(oldest(worker));
        send_some(worker);
        enum had had = read_some(worker);
        if (had == HAD_ALL) {
            return take_answer(worker, ret_answer);
        }
        if (had == HAD_NOTHING && !wait_for_worker(worker, until)) {
            return WORKER_BUSY;
        }
        bool is_late = had == HAD_NOTHING && clock_ms() >= worker->deadline;
        if (had == HAD_END || is_late) {
            worker->deadline = 0;
            if (is_to_blame(worker)) {
                return end_oldest(worker, WORKER_FAILED);
            }
        }
    }
}
