/* Handlers instead of a signalfd, since a signalfd never receives a signal sent to a thread other
 * than the one that reads it. A handler runs in whichever thread the signal arrives and adds to an
 * eventfd. The session waits for that at first, and the deadline thread from ending_begin() on. */
#include "mount/ending.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t signals = -1;
static const eventfd_t REFRESH = 1, END = UINT64_C(1) << 32; /* what they add */
static int beginning = -1;                                   /* eventfd: 1 + the device, once the deadline runs */

static void signal_arrived(int number) {
    int saved = errno;
    eventfd_t value = number == SIGUSR1 ? REFRESH : END;
    ssize_t written = write(signals, &value, sizeof value);
    (void)written; /* fails only after 2^32 signals */
    errno = saved;
}

static void set_handlers(void) {
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    struct sigaction action = {.sa_handler = signal_arrived, .sa_flags = SA_RESTART};
    sigset_t handled;
    sigemptyset(&handled);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigaction(numbers[i], &action, NULL);
        sigaddset(&handled, numbers[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &handled, NULL); /* the parent process may have blocked them */
}

/* Returns at the deadline, or when END was added once more. */
static void wait_until_due(void) {
    struct pollfd more = {.fd = signals, .events = POLLIN};
    eventfd_t arrived = 0;
    while (arrived < END && poll(&more, 1, ENDING_MS) > 0) {
        eventfd_read(signals, &arrived);
    }
}

static void *deadline(void *context) {
    eventfd_t device;
    while (eventfd_read(beginning, &device) < 0) {
    }
    wait_until_due();
    close((int)(device - 1));
    _exit(EXIT_SUCCESS);
    return context;
}

static bool start_deadline(struct error *error) {
    pthread_t thread;
    errno = pthread_create(&thread, NULL, deadline, NULL);
    bool is_started = errno == 0 || error_set_errno(error, "cannot start a thread");
    if (is_started) {
        pthread_detach(thread);
    }
    return is_started;
}

bool ending_prepare(struct error *error) {
    signals = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    beginning = eventfd(0, EFD_CLOEXEC);
    if (signals < 0 || beginning < 0) {
        return error_set_errno(error, "cannot wait for signals");
    }
    set_handlers();
    return start_deadline(error);
}

int ending_descriptor(void) {
    return signals;
}

enum ending_wish ending_take(void) {
    eventfd_t arrived;
    if (eventfd_read(signals, &arrived) < 0) {
        return ENDING_NOTHING;
    }
    return arrived >= END ? ENDING_END : ENDING_REFRESH;
}

void ending_begin(int device) {
    eventfd_write(beginning, (eventfd_t)device + 1);
}
