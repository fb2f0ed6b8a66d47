/* Whether a process aborts at an assertion, in builds that have assertions: those without
 * NDEBUG. */
#ifndef MIGFS_UNIT_ABORT_H
#define MIGFS_UNIT_ABORT_H

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs the body in a child process, which must end by abort(). */
static inline void assert_aborts(void (*body)(void *context), void *context) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        body(context);
        _exit(EXIT_SUCCESS);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

#endif
