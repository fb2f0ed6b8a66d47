/* Sets up the process, parses the command line and runs its command. */
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/apart.h"
#include "cli/check.h"
#include "cli/command_line.h"
#include "cli/completion.h"
#include "cli/explain.h"
#include "cli/fix.h"
#include "cli/help.h"
#include "cli/mount.h"
#include "cli/option_table.h"
#include "cli/print.h"
#include "cli/status.h"
#include "migfs/ledger/postgres/driver.h"
#include "migfs/schema/worker.h"
#include "migfs/util/log.h"

enum { EXIT_USAGE = 2 };

/* A view is built in large blocks that are freed soon. By default, glibc raises its mmap threshold
 * after that, keeps such blocks on the heap, where they are never returned, and has a heap for each
 * thread besides. */
static void keep_memory_small(void) {
#ifdef __GLIBC__
    enum { MAPPED_FROM = 1 << 17 };
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* If one of these is closed, the next file opened would get its number, even the connection to the
 * kernel's side of the mount. */
static void hold_standard_descriptors(void) {
    int descriptor;
    do {
        descriptor = open("/dev/null", O_RDWR);
    } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0) {
        close(descriptor);
    }
}

/* The default limit is made for select(); a connection to each of a thousand databases needs
 * more. */
static void allow_descriptors(void) {
    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
}

/* A parent process may pass on an ignored SIGCHLD. The kernel then keeps no exit status of our
 * children. */
static void keep_exit_statuses(void) {
    signal(SIGCHLD, SIG_DFL);
}

/* Writing beyond the limit on the size of files, such as a log, fails as on a full disk. */
static void survive_limits(void) {
    signal(SIGXFSZ, SIG_IGN);
}

/* Each one returns the exit status. */
static int (*const command_runs[COMMAND_COUNT])(struct options *options) = {
    [COMMAND_MOUNT] = mount_run, [COMMAND_CHECK] = check_run,          [COMMAND_STATUS] = status_run,
    [COMMAND_FIX] = fix_run,     [COMMAND_PRINT] = print_run,          [COMMAND_EXPLAIN] = explain_run,
    [COMMAND_HELP] = help_run,   [COMMAND_VERSION] = help_run_version, [COMMAND_COMPLETION] = completion_run,
};

int main(int argc, char **argv) {
    static struct options options; /* a thousand databases do not fit on the stack */
    struct error error;
    /* A core dump would contain the passwords. With a limit of 0 the kernel writes no file but
     * still pipes the dump to a collector if one is configured; with 1 it does neither. */
    struct rlimit no_core = {1, 1};
    setrlimit(RLIMIT_CORE, &no_core);
    allow_descriptors();
    hold_standard_descriptors();
    keep_memory_small();
    keep_exit_statuses();
    survive_limits();
    /* Before it could inherit a password. */
    struct worker_keeper *keeper = command_line_reads(argc, argv) ? worker_start(argc, argv) : NULL;
    ledger_postgres_take_options();
    int status = EXIT_USAGE;
    if (command_line_parse(&options, argc, argv, &error)) {
        options.keeper = keeper;
        if (!command_table[options.command].is_apart || !apart_watch(&status)) {
            status = command_runs[options.command](&options);
        }
    } else {
        log_error("%s", error.sentence);
    }
    option_finish(&options);
    worker_stop(keeper);
    return status;
}
