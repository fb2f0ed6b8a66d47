/* Our side: one request at a time, a deadline, a new worker after a death. Never waits for the worker but in worker_step(). */
#include "migfs/schema/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

/* Milliseconds. The keeper only forks. A worker's processor time is limited by itself; what it takes by the clock may be more, on a busy
 * machine a lot. */
enum { KEEPER_PATIENCE = 5000, WAIT_FACTOR = 10 };

enum phase { PHASE_IDLE, PHASE_SENDING, PHASE_READING, PHASE_ENDED };

struct worker {
    pid_t keeper;
    int control, socket; /* -1: none */
    unsigned count;      /* of workers there have been */
    unsigned requests;   /* that the present worker has answered */
    enum phase phase;
    enum worker_progress ended; /* PHASE_ENDED */
    enum protocol_request kind;
    char *request; /* head and text, or NULL */
    size_t request_length, sent;
    struct protocol_head head; /* of the answer */
    char *answer;
    size_t head_read, answer_read;
    int64_t deadline;
    bool is_second; /* a worker that had read others died of this one: now a new one has it */
};

const char *worker_parser(void) {
#if MIGFS_EFFECTS
    return "libpg_query, PostgreSQL " PG_VERSION;
#else
    return NULL;
#endif
}

static bool close_on_exec(int descriptor) {
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

struct worker *worker_start(int count, char **arguments) {
    int ends[2];
    struct worker *worker = worker_parser() ? calloc(1, sizeof *worker) : NULL;
    if (!worker || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        free(worker);
        return NULL;
    }
    pid_t keeper = fork();
    if (keeper == 0) {
        close(ends[0]);
        keeper_run(ends[1], count, arguments);
    }
    close(ends[1]);
    if (keeper < 0) {
        close(ends[0]);
        free(worker);
        return NULL;
    }
    *worker = (struct worker){.keeper = keeper, .control = ends[0], .socket = -1};
    return worker;
}

static void forget_request(struct worker *worker) {
    free(worker->request);
    free(worker->answer);
    worker->request = worker->answer = NULL;
}

static void leave(struct worker *worker) {
    if (worker->socket >= 0) {
        close(worker->socket);
        worker->socket = -1;
    }
}

void worker_end(struct worker *worker) {
    if (worker) {
        forget_request(worker);
        leave(worker);
        close(worker->control); /* of which the keeper ends */
        waitpid(worker->keeper, NULL, 0);
        free(worker);
    }
}

int worker_descriptor(const struct worker *worker) {
    return worker && worker->phase == PHASE_READING ? worker->socket : -1;
}

unsigned worker_count(const struct worker *worker) {
    return worker ? worker->count : 0;
}

/* ---- a new one ---- */

static int receive_socket(int control) {
    char byte;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } extra;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.room, .msg_controllen = sizeof extra.room};
    struct pollfd waiting = {.fd = control, .events = POLLIN};
    int socket = -1;
    if (poll(&waiting, 1, KEEPER_PATIENCE) <= 0 || recvmsg(control, &message, MSG_CMSG_CLOEXEC) <= 0) {
        return -1;
    }
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof socket)) {
        memcpy(&socket, CMSG_DATA(head), sizeof socket);
    }
    return socket;
}

static bool begin_new(struct worker *worker) {
    char byte = KEEPER_NEW;
    leave(worker);
    if (send(worker->control, &byte, 1, MSG_NOSIGNAL) != 1) {
        return false;
    }
    worker->socket = receive_socket(worker->control);
    worker->requests = 0;
    worker->count++;
    return worker->socket >= 0 && close_on_exec(worker->socket) && fcntl(worker->socket, F_SETFL, O_NONBLOCK) == 0;
}

/* ---- a request ---- */

static void end_request(struct worker *worker, enum worker_progress progress) {
    worker->phase = PHASE_ENDED;
    worker->ended = progress;
}

static void begin_request(struct worker *worker) {
    if (worker->socket < 0 && !begin_new(worker)) {
        leave(worker);
        end_request(worker, WORKER_ABSENT);
        return;
    }
    int64_t patience = KEEPER_TIME + KEEPER_TIME_PER_MIB * (int64_t)(worker->request_length >> 20);
    worker->phase = PHASE_SENDING;
    worker->sent = worker->head_read = worker->answer_read = 0;
    worker->deadline = clock_ms() + WAIT_FACTOR * patience;
}

void worker_ask(struct worker *worker, enum protocol_request kind, struct text sql) {
    if (!worker) {
        return;
    }
    if (worker->phase == PHASE_SENDING || worker->phase == PHASE_READING) {
        leave(worker); /* what it would answer is not waited for any more */
    }
    forget_request(worker);
    worker->is_second = false;
    worker->kind = kind;
    struct protocol_head head = {.what = kind, .length = (uint32_t)sql.length};
    if (sql.length > PROTOCOL_SQL_MAXIMUM || memchr(sql.bytes, '\0', sql.length)) {
        end_request(worker, WORKER_FAILED);
        return;
    }
    worker->request_length = sizeof head + sql.length;
    worker->request = malloc(worker->request_length);
    if (!worker->request) {
        end_request(worker, WORKER_FAILED);
        return;
    }
    memcpy(worker->request, &head, sizeof head);
    if (sql.length > 0) {
        memcpy(worker->request + sizeof head, sql.bytes, sql.length);
    }
    begin_request(worker);
}

/* It died or took too long. One that had read other texts may have died of those. */
static void lose(struct worker *worker) {
    bool is_to_blame = worker->requests == 0 || worker->is_second;
    leave(worker);
    free(worker->answer);
    worker->answer = NULL;
    if (is_to_blame) {
        end_request(worker, WORKER_FAILED);
    } else {
        worker->is_second = true;
        begin_request(worker);
    }
}

static void take_answer(struct worker *worker) {
    worker->requests++;
    end_request(worker, worker->head.what == PROTOCOL_DONE ? WORKER_ANSWERED : WORKER_REFUSED);
}

/* Returns false when nothing more can be had now. */
static bool read_some(struct worker *worker) {
    bool is_in_head = worker->head_read < sizeof worker->head;
    char *into = is_in_head ? (char *)&worker->head + worker->head_read : worker->answer + worker->answer_read;
    size_t most = is_in_head ? sizeof worker->head - worker->head_read : worker->head.length - worker->answer_read;
    ssize_t got = most > 0 ? recv(worker->socket, into, most, 0) : 0;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (got < 0 || (got == 0 && most > 0)) {
        lose(worker);
        return true;
    }
    *(is_in_head ? &worker->head_read : &worker->answer_read) += (size_t)got;
    if (is_in_head && worker->head_read == sizeof worker->head) {
        bool is_right = worker->head.what < PROTOCOL_STATUS_END && worker->head.length <= PROTOCOL_ANSWER_MAXIMUM;
        worker->answer = is_right ? malloc(worker->head.length + 1) : NULL;
        if (!worker->answer) {
            lose(worker);
            return true;
        }
    }
    if (worker->head_read == sizeof worker->head && worker->answer_read == worker->head.length) {
        take_answer(worker);
    }
    return true;
}

static bool send_some(struct worker *worker) {
    ssize_t put =
        send(worker->socket, worker->request + worker->sent, worker->request_length - worker->sent, MSG_NOSIGNAL);
    if (put < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (put < 0) {
        lose(worker);
        return true;
    }
    worker->sent += (size_t)put;
    worker->phase = worker->sent == worker->request_length ? PHASE_READING : PHASE_SENDING;
    return true;
}

static bool is_in_progress(const struct worker *worker) {
    return worker->phase == PHASE_SENDING || worker->phase == PHASE_READING;
}

/* Returns false when `until` has come. */
static bool wait_for_worker(struct worker *worker, int64_t until) {
    int64_t now = clock_ms(), end = until < worker->deadline ? until : worker->deadline;
    struct pollfd waiting = {.fd = worker->socket, .events = worker->phase == PHASE_SENDING ? POLLOUT : POLLIN};
    int64_t left = end > now ? end - now : 0;
    poll(&waiting, 1, left > INT32_MAX ? INT32_MAX : (int)left);
    now = clock_ms();
    if (!waiting.revents && now >= worker->deadline) {
        lose(worker);
    }
    return waiting.revents || now < until;
}

enum worker_progress worker_step(struct worker *worker, int wait_ms, struct text *ret_answer) {
    if (!worker) {
        return WORKER_ABSENT;
    }
    int64_t until = wait_ms < 0 ? INT64_MAX : clock_ms() + wait_ms;
    while (is_in_progress(worker)) {
        bool has_moved = worker->phase == PHASE_SENDING ? send_some(worker) : read_some(worker);
        if (!has_moved && !wait_for_worker(worker, until)) {
            return WORKER_BUSY;
        }
    }
    if (worker->ended == WORKER_ANSWERED || worker->ended == WORKER_REFUSED) {
        *ret_answer = (struct text){worker->answer, worker->head.length};
    }
    return worker->ended;
}
