/* Output to a pipe goes through this process: a child left behind would keep the pipe open, and the
 * reader would never see its end. Terminals and files have no such end, so the child writes to them
 * directly. */
#include "cli/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/write.h"
#include "migfs/util/log.h"
#include "migfs/util/patience.h"

enum { EXIT_UNKNOWN = 2, LOOK_MS = 100, LAST_WORDS_MS = 500, PIPES = 2 };

/* Copies the output of the child from `from` to `to`. */
struct passing {
    int from, to; /* -1: closed */
    int into;     /* the child's end; -1: none, or shared with the other pipe */
};

struct apart {
    struct passing passings[PIPES];
    pid_t child;
    int process; /* pidfd of the child, readable when it has ended; -1: none, so poll with a timeout */
};

static bool is_pipe(int descriptor, struct stat *ret_status) {
    return fstat(descriptor, ret_status) == 0 && (S_ISFIFO(ret_status->st_mode) || S_ISSOCK(ret_status->st_mode));
}

static bool open_pipe(struct passing *passing, int to) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return false;
    }
    *passing = (struct passing){.from = ends[0], .to = to, .into = ends[1]};
    return true;
}

static void close_all(struct apart *apart) {
    for (size_t i = 0; i < PIPES; i++) {
        if (apart->passings[i].from >= 0) {
            close(apart->passings[i].from);
            close(apart->passings[i].into);
        }
    }
}

/* If both streams lead to the same pipe, the child gets one pipe for both, which keeps the order of
 * its output. */
static bool open_pipes(struct apart *apart) {
    struct stat output, error;
    bool is_output = is_pipe(STDOUT_FILENO, &output), is_error = is_pipe(STDERR_FILENO, &error);
    bool is_one = is_output && is_error && output.st_dev == error.st_dev && output.st_ino == error.st_ino;
    bool is_good = (!is_output || open_pipe(&apart->passings[0], STDOUT_FILENO)) &&
                   (!is_error || is_one || open_pipe(&apart->passings[1], STDERR_FILENO));
    if (!is_good) {
        close_all(apart);
    }
    return is_good;
}

/* ---- in the child ---- */

static void begin_child(const struct apart *apart, pid_t parent) {
    int output = apart->passings[0].into, error = apart->passings[1].into;
    struct stat status, other;
    bool is_one = output >= 0 && error < 0 && is_pipe(STDERR_FILENO, &status) && is_pipe(STDOUT_FILENO, &other);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || (output >= 0 && dup2(output, STDOUT_FILENO) < 0) ||
        ((error >= 0 || is_one) && dup2(is_one ? output : error, STDERR_FILENO) < 0)) {
        _exit(EXIT_UNKNOWN);
    }
    for (size_t i = 0; i < PIPES; i++) {
        if (apart->passings[i].from >= 0) {
            close(apart->passings[i].from);
            close(apart->passings[i].into);
        }
    }
}

/* ---- in the parent ---- */

static void stop_passing(struct passing *passing) {
    close(passing->from);
    passing->from = -1;
}

/* If the reader is gone, SIGPIPE ends this process, as it would have ended the child. */
static void pass(struct passing *passing) {
    static char bytes[1 << 16];
    ssize_t got = read(passing->from, bytes, sizeof bytes);
    if (got > 0 ? !write_all(passing->to, (struct text){bytes, (size_t)got}) : got == 0 || errno != EINTR) {
        stop_passing(passing);
    }
}

bool apart_silence(const char *path, struct error *error) {
    return error_set(error, ERROR_SYSTEM,
                     "%s has not answered for %d seconds, so nothing more is waited for; is it on a network or another "
                     "file system that hangs?",
                     path, APART_PATIENCE / 1000);
}

void apart_say_silence(void) {
    struct error error;
    apart_silence(patience_path(), &error);
    log_error("%s", error.sentence);
}

static _Noreturn void give_up(const struct apart *apart) {
    kill(apart->child, SIGKILL);
    apart_say_silence();
    _exit(EXIT_UNKNOWN);
}

static bool is_over(pid_t child) {
    siginfo_t information = {0};
    return waitid(P_PID, (id_t)child, &information, WEXITED | WNOHANG | WNOWAIT) < 0 || information.si_pid == child;
}

/* Returns when the child has ended and all of its output is copied. */
static void look_on(struct apart *apart) {
    for (bool has_ended = false; !has_ended || apart->passings[0].from >= 0 || apart->passings[1].from >= 0;) {
        struct pollfd waiting[] = {{.fd = apart->passings[0].from, .events = POLLIN},
                                   {.fd = apart->passings[1].from, .events = POLLIN},
                                   {.fd = has_ended ? -1 : apart->process, .events = POLLIN}};
        int count = poll(waiting, sizeof waiting / sizeof *waiting, has_ended ? 0 : LOOK_MS);
        for (size_t i = 0; count > 0 && i < PIPES; i++) {
            if (waiting[i].revents) {
                pass(&apart->passings[i]);
            }
        }
        if (has_ended && count <= 0) {
            return;
        }
        has_ended = has_ended || is_over(apart->child);
        if (!has_ended && patience_silence() > APART_PATIENCE) {
            give_up(apart);
        }
    }
}

static int status_of(pid_t child) {
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
    }
    if (ended < 0) {
        return EXIT_UNKNOWN;
    }
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_UNKNOWN;
}

bool apart_watch(int *ret_status) {
    struct apart apart = {.passings = {{-1, -1, -1}, {-1, -1, -1}}, .process = -1};
    pid_t parent = getpid();
    if (!patience_share() || !open_pipes(&apart)) {
        return false;
    }
    apart.child = fork();
    if (apart.child == 0) {
        begin_child(&apart, parent);
        return false;
    }
    if (apart.child < 0) {
        close_all(&apart);
        return false;
    }
    for (size_t i = 0; i < PIPES; i++) {
        if (apart.passings[i].into >= 0) {
            close(apart.passings[i].into);
        }
    }
    apart.process = (int)syscall(SYS_pidfd_open, apart.child, 0);
    look_on(&apart);
    close(apart.process);
    *ret_status = status_of(apart.child);
    return true;
}

/* ---- in a process that has no parent to watch it ---- */

static pthread_t watcher;
static bool has_watcher;

/* Can be cancelled only while it waits, so that no message is cut off. */
static void *watch_self(void *context) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    while (patience_silence() <= APART_PATIENCE) {
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
        poll(NULL, 0, LOOK_MS);
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    }
    apart_say_silence();
    log_flush(LAST_WORDS_MS);
    _exit(EXIT_FAILURE);
    return context;
}

void apart_watch_self(void) {
    has_watcher = patience_share() && pthread_create(&watcher, NULL, watch_self, NULL) == 0;
}

void apart_watch_self_end(void) {
    if (has_watcher) {
        pthread_cancel(watcher);
        pthread_join(watcher, NULL);
        has_watcher = false;
    }
}
