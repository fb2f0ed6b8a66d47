/* Shows on a thread of its own how many files have been read, so that one sees when a file hangs.
 * Does not know what is read. */
#include "migfs/live/progress.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Milliseconds. */
enum { PATIENCE = 1000, EACH = 100 };

struct progress {
    const struct inputs *inputs;
    int ended; /* eventfd */
};

static void erase(int width) {
    if (width > 0) {
        dprintf(STDERR_FILENO, "\r%*s\r", width, "");
    }
}

static void *show(void *context) {
    const struct progress *progress = context;
    struct pollfd ended = {.fd = progress->ended, .events = POLLIN};
    size_t shown = SIZE_MAX;
    int width = 0;
    for (int wait = PATIENCE; poll(&ended, 1, wait) == 0; wait = EACH) {
        struct disk_progress folder = inputs_progress(progress->inputs);
        if (folder.read == folder.total) {
            erase(width);
            width = 0;
        } else if (folder.read != shown) {
            shown = folder.read;
            width = dprintf(STDERR_FILENO, "\rmigfs: reading the folder: %zu of %zu files", folder.read, folder.total);
        }
    }
    erase(width);
    return NULL;
}

bool progress_read_all(struct inputs *inputs, struct error *error) {
    struct progress progress = {.inputs = inputs, .ended = isatty(STDERR_FILENO) ? eventfd(0, EFD_CLOEXEC) : -1};
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* inherited: signals are handled elsewhere */
    bool is_shown = progress.ended >= 0 && pthread_create(&thread, NULL, show, &progress) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    bool is_read = inputs_read_all(inputs, error);
    if (is_shown) {
        eventfd_write(progress.ended, 1);
        pthread_join(thread, NULL);
    }
    if (progress.ended >= 0) {
        close(progress.ended);
    }
    return is_read;
}
