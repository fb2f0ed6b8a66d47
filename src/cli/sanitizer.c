/* A sanitizer opens its log for its first report, which the seccomp filter of a root daemon
 * refuses. So the log is opened before. */
#include "cli/sanitizer.h"

#ifdef MIGFS_SANITIZED

#include <dlfcn.h>
#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int log_descriptor = -1;

/* Each library gets its own descriptor: when it parses its options, it closes the one it had. */
static void report_to_log(void (*set)(void *descriptor)) {
    int own = log_descriptor >= 0 ? fcntl(log_descriptor, F_DUPFD_CLOEXEC, 0) : -1;
    if (own >= 0) {
        set((void *)(intptr_t)own); /* NOLINT(performance-no-int-to-ptr): so it is declared */
    }
}

/* Called by the sanitizer before it reports undefined behaviour. gcc has a separate library for
 * that, with its own descriptor and its own function of the same name. It parses its options, one
 * of which is the descriptor, only at this point. */
void __ubsan_on_report(void); /* NOLINT(bugprone-reserved-identifier): its name */

void __ubsan_on_report(void) {
    void *library = dlopen("libubsan.so.1", RTLD_LAZY | RTLD_NOLOAD);
    void *symbol = library ? dlsym(library, "__sanitizer_set_report_fd") : NULL;
    void (*set)(void *descriptor);
    if (symbol) {
        memcpy(&set, &symbol, sizeof set);
        report_to_log(set);
    }
}

void sanitizer_open_log(void) {
    const char *path = getenv("MIGFS_SANITIZER_LOG");
    log_descriptor = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
    report_to_log(__sanitizer_set_report_fd);
}

#else

void sanitizer_open_log(void) {
}

#endif
