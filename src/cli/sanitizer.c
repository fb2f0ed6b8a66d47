/* A sanitizer opens its log when it has something to report, which the filter of a daemon of root refuses. So the file is opened before. */
#include "cli/sanitizer.h"

#ifdef MIGFS_SANITIZED

#include <dlfcn.h>
#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int log_descriptor = -1;

/* Each gets a descriptor of its own: a library that reads its options closes the one it had. */
static void report_to_log(void (*set)(void *descriptor)) {
    int own = log_descriptor >= 0 ? fcntl(log_descriptor, F_DUPFD_CLOEXEC, 0) : -1;
    if (own >= 0) {
        set((void *)(intptr_t)own); /* NOLINT(performance-no-int-to-ptr): so it is declared */
    }
}

/* Called by the library for undefined behaviour before it prints a report. gcc's is a library of its own, with a descriptor of its own behind a
 * function of the same name, and reads its options, of which one is the descriptor, no earlier than now. */
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
