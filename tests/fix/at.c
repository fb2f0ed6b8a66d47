/* Stops a program at one of the system calls by which `migfs fix` writes.
 *
 *     fix-at N PROGRAM ARGUMENT…              ends it there, as a lost power supply would
 *     fix-at -c COMMAND N PROGRAM ARGUMENT…   has a shell do COMMAND there, and lets it go on
 *
 * Counted from 1 are the calls of the first thread of that of its processes which names a file ending in .migfs-new, from this on. The status is
 * the program's: 137 where that process was ended; 100 where it made no Nth call. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NEVER = 100, UNUSABLE = 99, AT_SYSCALL = SIGTRAP | 0x80 };

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(UNUSABLE);
}

/* Whether the call opens a file that is written beside another. */
static bool is_first(pid_t child, const struct __ptrace_syscall_info *call) {
    char path[4096] = "";
    if (call->entry.nr != SYS_openat) {
        return false;
    }
    /* It may end at the end of a page. */
    for (size_t at = 0; at < sizeof path - 1; at++) {
        struct iovec to = {path + at, 1};
        struct iovec from = {(void *)(uintptr_t)(call->entry.args[1] + at),
                             1}; // NOLINT: an address in the other process
        if (process_vm_readv(child, &to, 1, &from, 1, 0) != 1 || path[at] == '\0') {
            break;
        }
    }
    size_t length = strlen(path);
    return length > strlen(".migfs-new") && strcmp(path + length - strlen(".migfs-new"), ".migfs-new") == 0;
}

static pid_t start(char **command) {
    pid_t child = fork();
    int status;
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        execvp(command[0], command);
        _exit(UNUSABLE);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 ||
        ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL) < 0) {
        give_up("ptrace");
    }
    return child;
}

static int end_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv) {
    const char *meanwhile = argc > 2 && strcmp(argv[1], "-c") == 0 ? argv[2] : NULL;
    char **rest = argv + (meanwhile ? 3 : 1);
    if (argc - (rest - argv) < 2) {
        fprintf(stderr, "usage: fix-at [-c COMMAND] N PROGRAM ARGUMENT…\n");
        return UNUSABLE;
    }
    long wanted = strtol(rest[0], NULL, 10), count = 0;
    pid_t first = start(rest + 1), writer = 0, child = first;
    int status, signal = 0;
    for (;;) {
        struct __ptrace_syscall_info call;
        if (ptrace(PTRACE_SYSCALL, child, NULL, signal) < 0 && errno != ESRCH) {
            give_up("ptrace");
        }
        do {
            child = waitpid(-1, &status, __WALL);
        } while (child > 0 && child != first && !WIFSTOPPED(status));
        if (child < 0) {
            give_up("waitpid");
        }
        if (!WIFSTOPPED(status)) {
            return count < wanted ? NEVER : end_of(status);
        }
        bool is_own = WSTOPSIG(status) == AT_SYSCALL || WSTOPSIG(status) == SIGTRAP || WSTOPSIG(status) == SIGSTOP;
        signal = is_own ? 0 : WSTOPSIG(status);
        if (WSTOPSIG(status) != AT_SYSCALL || ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof call, &call) < 0 ||
            call.op != PTRACE_SYSCALL_INFO_ENTRY) {
            continue;
        }
        writer = writer == 0 && is_first(child, &call) ? child : writer;
        if (child == writer && ++count == wanted) {
            if (!meanwhile) {
                kill(child, SIGKILL);
            } else if (system(meanwhile) != 0) { // NOLINT: the tests' own command
                fprintf(stderr, "%s failed\n", meanwhile);
            }
        }
    }
}
