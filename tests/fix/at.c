/* Stops a program at one of the system calls by which `migfs fix` writes.
 *
 *     fix-at N PROGRAM ARGUMENT…              ends it there, as a lost power supply would
 *     fix-at -c COMMAND N PROGRAM ARGUMENT…   has a shell do COMMAND there, and lets it go on
 *
 * Counted from 1 are the calls of that thread of its processes which first names a file ending in .migfs-new, from this on. The status is the
 * program's: 137 where that process was ended; 100 where it made no Nth call. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NEVER = 100,
    UNUSABLE = 99,
    AT_SYSCALL = SIGTRAP | 0x80,
    AT_OPEN = SIGTRAP | PTRACE_EVENT_SECCOMP << 8,
    PAGE = 4096
};

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(UNUSABLE);
}

/* Whether the call, an openat(), opens a file that is written beside another. */
static bool is_first(pid_t child, uint64_t path_at) {
    char path[4096] = "";
    /* It may end at the end of a page, behind which there may be nothing. */
    for (size_t at = 0; at < sizeof path - 1;) {
        size_t length = PAGE - (path_at + at) % PAGE;
        struct iovec to = {path + at, length < sizeof path - 1 - at ? length : sizeof path - 1 - at};
        struct iovec from = {(void *)(uintptr_t)(path_at + at), to.iov_len}; // NOLINT: an address in the other process
        ssize_t copied = process_vm_readv(child, &to, 1, &from, 1, 0);
        if (copied <= 0 || memchr(path + at, '\0', (size_t)copied) != NULL) {
            break;
        }
        at += (size_t)copied;
    }
    size_t length = strlen(path);
    return length > strlen(".migfs-new") && strcmp(path + length - strlen(".migfs-new"), ".migfs-new") == 0;
}

/* Has the calls of openat() stop this process and those that it starts, and no others: before the file is named no other is of interest, and
 * each stop costs two changes of process. */
static bool stop_at_opens(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ||
           (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

/* All that has the filter must be traced: to whom is not, openat() fails. */
enum {
    OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
              PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL,
};

static pid_t start(char **command) {
    pid_t child = fork();
    int status;
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        if (command[0] != NULL && stop_at_opens()) {
            execvp(command[0], command);
        }
        _exit(UNUSABLE);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || ptrace(PTRACE_SETOPTIONS, child, NULL, OPTIONS) < 0) {
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
        if (ptrace(child == writer ? PTRACE_SYSCALL : PTRACE_CONT, child, NULL, signal) < 0 && errno != ESRCH) {
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
        struct __ptrace_syscall_info call;
        bool is_open = status >> 8 == AT_OPEN && writer == 0;
        if ((!is_open && WSTOPSIG(status) != AT_SYSCALL) ||
            ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof call, &call) < 0) {
            continue;
        }
        if (is_open && is_first(child, call.seccomp.args[1])) {
            writer = child;
        } else if (call.op != PTRACE_SYSCALL_INFO_ENTRY) {
            continue;
        }
        if (++count == wanted) {
            if (!meanwhile) {
                kill(child, SIGKILL);
            } else if (system(meanwhile) != 0) { // NOLINT: the tests' own command
                fprintf(stderr, "%s failed\n", meanwhile);
            }
        }
    }
}
