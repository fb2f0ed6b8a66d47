/* Sends each order, with one end of a socket, to the spawner process, which forks the session. The
 * spawner has no descriptor except its socket and the standard ones, so it keeps nothing of the
 * main process open. */
#include "ledger/postgres/spawner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ledger/postgres/libpq.h"
#include "ledger/postgres/session.h"

enum { ORDER_MAXIMUM = 128 << 10, OWN = 3 };

static struct {
    unsigned uses;
    int socket;
    bool (*confine)(struct error *error); /* or NULL */
} spawner = {.socket = -1};

/* ---- in the spawner ---- */

/* Signals are for the main process, but a key pressed at the terminal sends them to all. */
static void reset_signals(void) {
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGCHLD};
    sigset_t none;
    signal(SIGIO, SIG_DFL);
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        signal(ignored[i], SIG_IGN); /* SIGCHLD: children need no wait() */
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Closes everything except the socket and the standard descriptors, which become /dev/null. */
static bool keep_only(int own) {
    int nowhere = open("/dev/null", O_RDWR);
    if (own != OWN && dup2(own, OWN) < 0) {
        return false;
    }
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (nowhere >= 0 ? dup2(nowhere, i) < 0 : close(i) < 0) {
            return nowhere < 0;
        }
    }
    return close_range(OWN + 1, ~0U, 0) == 0;
}

/* Returns the length of the order, or less than 1 at the end. *ret_descriptor is -1 if none came
 * with it. */
static ssize_t receive(char *order, int *ret_descriptor) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {.iov_base = order, .iov_len = ORDER_MAXIMUM};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control.space)};
    ssize_t length;
    do {
        length = recvmsg(OWN, &message, 0);
    } while (length < 0 && errno == EINTR);
    struct cmsghdr *header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    *ret_descriptor = -1;
    if (header && header->cmsg_type == SCM_RIGHTS) {
        memcpy(ret_descriptor, CMSG_DATA(header), sizeof(int));
    }
    return length;
}

/* If fork() fails, the descriptor is closed, and the main process sees a session that has ended. */
static void serve(char *order) {
    int descriptor;
    for (ssize_t length; (length = receive(order, &descriptor)) > 0;) {
        if (descriptor >= 0 && fork() == 0) {
            close(OWN);
            ledger_session_run(descriptor, order, (size_t)length);
            _exit(0);
        }
        close(descriptor);
        explicit_bzero(order, (size_t)length);
    }
}

/* Of root's capabilities, keeps only the one for reading certificates and keys of other users. */
static bool give_up_capabilities(void) {
    const uint64_t kept = UINT64_C(1) << CAP_DAC_READ_SEARCH;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) < 0) {
        return false;
    }
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        data[i].permitted &= (uint32_t)(kept >> 32 * i);
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) == 0;
}

static bool give_up_privileges(void) {
    struct error error;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && give_up_capabilities() &&
           (!spawner.confine || spawner.confine(&error));
}

static void run(int own) {
    char *order = malloc(ORDER_MAXIMUM);
    prctl(PR_SET_NAME, "migfs-databases");
    reset_signals();
    if (order && keep_only(own) && give_up_privileges()) {
        serve(order);
    }
    _exit(0);
}

/* ---- in the main process ---- */

void ledger_spawner_confine(bool (*confine)(struct error *error)) {
    spawner.confine = confine;
}

static bool open_spawner(struct error *error) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return error_set_errno(error, "no socket could be had for the databases");
    }
    pid_t child = fork();
    if (child == 0) {
        run(ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        error_set_errno(error, "no process could be had for the databases");
        close(ends[0]);
        return false;
    }
    spawner.socket = ends[0];
    return true;
}

/* What is loaded before the fork is there in every session, however confined. */
bool ledger_spawner_start(struct error *error) {
    if (spawner.uses == 0 && (!libpq_load(error) || !open_spawner(error))) {
        return false;
    }
    spawner.uses++;
    return true;
}

void ledger_spawner_stop(void) {
    if (--spawner.uses == 0) {
        close(spawner.socket);
        spawner.socket = -1;
    }
}

static bool send_order(const struct wire_buffer *order, int descriptor) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = order->bytes, .iov_len = order->length};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control.space)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    return sendmsg(spawner.socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)order->length;
}

/* The spawner ends only if it is killed; then starts another one, once. */
static bool send_order_somewhere(const struct wire_buffer *order, int descriptor, struct error *error) {
    if (send_order(order, descriptor)) {
        return true;
    }
    if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN) {
        close(spawner.socket);
        spawner.socket = -1;
        if (!open_spawner(error)) {
            return false;
        }
        if (send_order(order, descriptor)) {
            return true;
        }
    }
    return error_set_errno(error, "no process could be had for a database");
}

int ledger_spawner_spawn(const struct wire_buffer *order, struct error *error) {
    int ends[2];
    if (order->is_failed || order->length > ORDER_MAXIMUM) {
        order->is_failed ? error_set_memory(error)
                         : error_set(error, ERROR_SYSTEM, "a connection string is longer than %d bytes", ORDER_MAXIMUM);
        return -1;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        error_set_errno(error, "no socket could be had for a database");
        return -1;
    }
    bool is_sent = send_order_somewhere(order, ends[1], error);
    close(ends[1]);
    if (!is_sent) {
        close(ends[0]);
        return -1;
    }
    return ends[0];
}
