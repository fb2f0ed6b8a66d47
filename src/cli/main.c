/* Prepares the process, parses the command line and runs the command that it names. */
#include <fcntl.h>
#include <malloc.h>
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
#include "migfs/schema/worker.h"
#include "migfs/util/log.h"

enum { EXIT_USAGE = 2 };

/* libpq would send them when it connects, which a pooler in transaction mode refuses. */
static void ignore_options_of_sessions(void) {
    if (getenv("PGOPTIONS")) {
        unsetenv("PGOPTIONS");
        log_notice(
            "PGOPTIONS is not heeded: it does not get through a pooler, and nothing it could set is of use here");
    }
}

/* A view is made in large blocks that are given back at once. Left to itself the C library learns from that to keep such blocks among the
 * small ones, where they are never given back, and has a heap for each thread besides. */
static void keep_memory_small(void) {
#ifdef __GLIBC__
    enum { MAPPED_FROM = 1 << 17 };
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* Were these closed, we would have what is opened next taken for them, the kernel's end of the mount even. */
static void hold_standard_descriptors(void) {
    int descriptor;
    do {
        descriptor = open("/dev/null", O_RDWR);
    } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0) {
        close(descriptor);
    }
}

/* The usual limit is for programs that call select(); a connection to each of a thousand databases is more. */
static void allow_descriptors(void) {
    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
}

/* Each returns the exit status. */
static int (*const command_runs[COMMAND_COUNT])(struct options *options) = {
    [COMMAND_MOUNT] = mount_run, [COMMAND_CHECK] = check_run,          [COMMAND_STATUS] = status_run,
    [COMMAND_FIX] = fix_run,     [COMMAND_PRINT] = print_run,          [COMMAND_EXPLAIN] = explain_run,
    [COMMAND_HELP] = help_run,   [COMMAND_VERSION] = help_run_version, [COMMAND_COMPLETION] = completion_run,
};

int main(int argc, char **argv) {
    static struct options options; /* a thousand databases are too many for the stack */
    struct error error;
    /* A core dump would hold the passwords. The limit 1 and not 0: the kernel heeds 0 for files alone, and still pipes the dump to a
     * collector where there is one. */
    struct rlimit no_core = {1, 1};
    setrlimit(RLIMIT_CORE, &no_core);
    allow_descriptors();
    hold_standard_descriptors();
    keep_memory_small();
    struct worker_keeper *keeper = worker_start(argc, argv); /* before anything is known that it should not know */
    ignore_options_of_sessions();
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
