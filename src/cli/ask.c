/* The child only probes the path; the caller reads it again. */
#include "cli/ask.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/apart.h"
#include "migfs/util/clock.h"
#include "migfs/util/patience.h"

enum { LOOK_MS = 20, NAMES = 256 /* enough for a probe */ };

/* Returns the file type, 0 if there is no file. Asks the server, since cached attributes may stay
 * valid after it has stopped answering. */
static mode_t ask_kind(int folder, const char *name, int flags) {
    struct statx status;
    return statx(folder, name, AT_STATX_FORCE_SYNC | flags, STATX_TYPE, &status) == 0 ? status.stx_mode & S_IFMT : 0;
}

static void ask_file(const char *path) {
    char byte;
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor >= 0 && read(descriptor, &byte, 1) >= 0) {
        close(descriptor);
    }
}

/* Opens no entry: a link may lead to another file system. */
static void ask_folder(const char *path) {
    DIR *directory = opendir(path);
    struct dirent *entry;
    for (int count = 0; directory && count < NAMES && (entry = readdir(directory)); count++) {
        ask_kind(dirfd(directory), entry->d_name, AT_SYMLINK_NOFOLLOW);
    }
    if (directory) {
        closedir(directory);
    }
}

/* Does not open pipes and devices: reading from them would consume their data. */
static void ask(const char *path) {
    mode_t kind = ask_kind(AT_FDCWD, path, 0);
    if (kind == S_IFREG) {
        ask_file(path);
    } else if (kind == S_IFDIR) {
        ask_folder(path);
    }
}

static bool has_ended(pid_t child, int process) {
    int64_t end = clock_ms() + APART_PATIENCE;
    while (waitpid(child, NULL, WNOHANG) == 0) {
        int64_t left = end - clock_ms();
        struct pollfd ended = {.fd = process, .events = POLLIN};
        if (left <= 0) {
            return false;
        }
        poll(&ended, 1, process >= 0 ? (int)left : LOOK_MS);
    }
    return true;
}

bool ask_first(const char *path, struct error *error) {
    pid_t parent = getpid(), child;
    if (patience_is_shared() || (child = fork()) < 0) {
        return true;
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent) {
            ask(path);
        }
        _exit(EXIT_SUCCESS);
    }
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    bool is_answered = has_ended(child, process);
    if (process >= 0) {
        close(process);
    }
    if (is_answered) {
        return true;
    }
    kill(child, SIGKILL);
    return apart_silence(path, error);
}
