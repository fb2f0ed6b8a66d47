/* One byte through a pipe releases the parent; one datagram notifies systemd. */
#include "cli/background.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/apart.h"
#include "migfs/util/log.h"
#include "migfs/util/patience.h"

enum { LAST_WORDS_MS = 1000 /* for pending output to the terminal */, LOOK_MS = 100 };

static _Noreturn void wait_for_child(pid_t child, int from_child) {
    struct pollfd waiting = {.fd = from_child, .events = POLLIN};
    char ready;
    int status = 0;
    while (poll(&waiting, 1, LOOK_MS) == 0) {
        if (patience_silence() > APART_PATIENCE) {
            kill(child, SIGKILL);
            apart_say_silence();
            _exit(EXIT_FAILURE);
        }
    }
    if (read(from_child, &ready, 1) == 1) {
        _exit(EXIT_SUCCESS);
    }
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : EXIT_FAILURE);
}

bool background_fork(struct starter *starter, struct error *error) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return error_set_errno(error, "no pipe could be made");
    }
    patience_share(); /* if this fails, a file system that hangs blocks the parent, too */
    pid_t parent = getpid(), child = fork();
    if (child < 0) {
        return error_set_errno(error, "no process could be started");
    }
    if (child > 0) {
        close(ends[1]);
        wait_for_child(child, ends[0]);
    }
    close(ends[0]);
    setsid();
    /* If the parent is killed during startup, nothing else could end a blocked child. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(EXIT_FAILURE);
    }
    starter->pipe = ends[1];
    /* Opened now, since the seccomp filter forbids it later. */
    starter->null = open("/dev/null", O_RDWR | O_CLOEXEC);
    return true;
}

static void tell_systemd(void) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || !*path || strlen(path) >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0'; /* an abstract socket */
    }
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0) {
        sendto(descriptor, "READY=1", strlen("READY=1"), MSG_NOSIGNAL, (struct sockaddr *)&address, length);
        close(descriptor);
    }
}

void background_ready(struct starter *starter) {
    tell_systemd();
    if (starter->pipe < 0) {
        return;
    }
    /* A reader of our output would wait until we close it. */
    log_flush(LAST_WORDS_MS);
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO && starter->null >= 0; standard++) {
        dup2(starter->null, standard);
    }
    prctl(PR_SET_PDEATHSIG, 0);
    ssize_t written = write(starter->pipe, "", 1);
    (void)written; /* the parent may be gone */
    close(starter->pipe);
    close(starter->null);
    starter->pipe = starter->null = -1;
}
