/* Code of the other two processes. The keeper reads only two-byte requests (struct keeper_wish).
 * The worker sets its limits and its filter and serves one request after another, with the handlers
 * in parse.c and parse_tokens.c. */
#include "schema/keeper.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migfs/schema/protocol.h"
#include "schema/parse.h"
#include "schema/parse_tokens.h"
#include "schema/sandbox.h"

enum { CONTROL = 3, SOCKET = 3 };

/* ---- a process of its own ---- */

/* `ps` and /proc show the process's own memory: the arguments, followed by the environment. */
static void wipe_arguments(int count, char **arguments, const char *title) {
    char *start = count > 0 ? arguments[0] : NULL, *end = start;
    for (int i = 0; i < count && arguments[i] == end; i++) {
        end += strlen(arguments[i]) + 1;
    }
    for (char **variable = environ; variable && *variable; variable++) {
        if (*variable == end) {
            end += strlen(*variable) + 1;
        } else {
            memset(*variable, 0, strlen(*variable));
        }
    }
    size_t room = (size_t)(end - start);
    if (start && room > 1) {
        memset(start, 0, room);
        snprintf(start, room, "%s", title);
    }
    static char *nothing[] = {NULL};
    environ = nothing;
}

/* Closes everything except `kept`, which becomes descriptor 3. Descriptors 0 to 2 become /dev/null,
 * or a memory file where /dev/null does not exist. */
static void close_all_but(int kept) {
    dup2(kept, CONTROL);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    null = null >= 0 ? null : memfd_create("null", MFD_CLOEXEC);
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        dup2(null, i);
    }
    if (close_range(CONTROL + 1, ~0U, 0) < 0) {
        for (int i = CONTROL + 1; i < 1024; i++) {
            close(i);
        }
    }
}

/* ---- the worker ---- */

typedef void handler(const char *sql, size_t length, struct protocol_writer *writer, uint32_t *ret_status);

static handler *const handlers[PROTOCOL_REQUEST_END] = {
    [0] = NULL, /* the only element in a build without the parser */
#if MIGFS_EFFECTS
    [PROTOCOL_EFFECTS] = parse_effects,
    [PROTOCOL_TOKENS] = parse_tokens,
#endif
};

static void read_exactly(void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t got = read(SOCKET, (char *)bytes + done, length - done);
        if (got <= 0) {
            _exit(0); /* the peer has closed the socket */
        }
        done += (size_t)got;
    }
}

static void write_exactly(const void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t put = write(SOCKET, (const char *)bytes + done, length - done);
        if (put <= 0) {
            _exit(0);
        }
        done += (size_t)put;
    }
}

/* Limits processor time rather than elapsed time, so that a busy machine reads the same texts as an
 * idle one. */
static void allow_time(size_t length) {
    long ms = KEEPER_TIME + KEEPER_TIME_PER_MIB * (long)(length >> 20);
    struct itimerval time = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};
    setitimer(ITIMER_PROF, &time, NULL);
}

static void serve_one(void) {
    struct protocol_head head;
    read_exactly(&head, sizeof head);
    if (head.length > PROTOCOL_SQL_MAXIMUM || head.what >= PROTOCOL_REQUEST_END || !handlers[head.what]) {
        _exit(1);
    }
    char *sql = malloc(head.length + 1);
    struct protocol_writer writer = {0};
    uint32_t status = PROTOCOL_DONE;
    if (!sql) {
        _exit(1);
    }
    read_exactly(sql, head.length);
    sql[head.length] = '\0';
    allow_time(head.length);
    handlers[head.what](sql, head.length, &writer, &status);
    if (writer.has_failed) {
        _exit(1);
    }
    head = (struct protocol_head){.what = status, .length = (uint32_t)writer.length};
    write_exactly(&head, sizeof head);
    write_exactly(writer.bytes, writer.length);
    free(writer.bytes);
    free(sql);
}

/* Keeps freed memory: the next text needs about as much, and an idle worker is ended anyway. */
static void keep_memory(void) {
#ifdef __GLIBC__
    enum { KEPT = 64 << 20, MAPPED_FROM = 32 << 20 };
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_TOP_PAD, 1 << 20);
#endif
}

static _Noreturn void worker_run(pid_t keeper) {
    signal(SIGPIPE, SIG_IGN);
    keep_memory();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) {
        _exit(1);
    }
    if (!sandbox_enter()) {
        const struct protocol_head head = {.what = PROTOCOL_UNCONFINED};
        write_exactly(&head, sizeof head);
        _exit(1);
    }
    for (;;) {
        serve_one();
    }
}

/* ---- the keeper ---- */

/* Sends a byte only, if `socket` is -1. */
static bool send_socket(int control, int socket) {
    char byte = KEEPER_NEW;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } extra = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (socket >= 0) {
        message.msg_control = extra.room;
        message.msg_controllen = sizeof extra.room;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(head), &socket, sizeof socket);
    }
    return sendmsg(control, &message, MSG_NOSIGNAL) == 1;
}

static void end_worker(pid_t worker) {
    if (worker > 0) {
        kill(worker, SIGKILL);
        waitpid(worker, NULL, 0);
    }
}

/* Returns the new worker, or -1 after sending a byte without a socket. */
static pid_t begin_worker(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        _exit(1);
    }
    pid_t keeper = getpid(), worker = fork();
    if (worker == 0) {
        close_all_but(ends[1]);
        worker_run(keeper);
    }
    close(ends[1]);
    if (!send_socket(CONTROL, worker > 0 ? ends[0] : -1)) {
        _exit(0);
    }
    close(ends[0]);
    return worker;
}

/* Runs until our process closes its end of `control`, which the kernel does at the latest when it
 * ends. Ignores the signals of terminals and supervisors, which are meant for that process. */
void keeper_run(int control, int count, char **arguments) {
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGTSTP};
    pid_t workers[KEEPER_SEATS] = {0};
    struct keeper_wish wish;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        signal(ignored[i], SIG_IGN);
    }
    setsid();
    if (chdir("/") < 0) {
        _exit(1);
    }
    wipe_arguments(count, arguments, "migfs: reads SQL");
    prctl(PR_SET_NAME, "migfs-sql");
    close_all_but(control);
    while (read(CONTROL, &wish, sizeof wish) == sizeof wish && wish.seat < KEEPER_SEATS) {
        end_worker(workers[wish.seat]);
        workers[wish.seat] = wish.what == KEEPER_NEW ? begin_worker() : 0;
    }
    for (size_t i = 0; i < KEEPER_SEATS; i++) {
        end_worker(workers[i]);
    }
    _exit(0);
}
