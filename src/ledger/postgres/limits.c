/* libpq cannot be interrupted while it computes a password hash, but its process can be killed: the
 * kernel sends SIGIO when the other end of the socket is closed. */
#include "ledger/postgres/limits.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MEMORY = 32 << 20, SECONDS = 5 };

static volatile sig_atomic_t control_socket, is_asking;

/* SIGIO also comes when the other end has read data. */
static void socket_changed(int number) {
    struct pollfd end = {.fd = control_socket, .events = 0};
    (void)number;
    if (is_asking && poll(&end, 1, 0) > 0) {
        _exit(0);
    }
}

/* The sixth number in /proc/self/statm, in pages; 0 if there is no /proc. */
static unsigned long used_pages(void) {
    char line[256] = "", *at = line;
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file) {
        size_t length = fread(line, 1, sizeof(line) - 1, file);
        line[length] = '\0';
        for (int i = 0; i < 6; i++) {
            pages = strtoul(at, &at, 10);
        }
        fclose(file);
    }
    return pages;
}

/* The limit is relative to current use, since pages inherited by fork() count, too. Sanitizers
 * would exceed it with their shadow memory. */
static void limit_memory(void) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    unsigned long used = used_pages();
    rlim_t most = (rlim_t)used * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)MEMORY * (used == 0 ? 4 : 1);
    const struct rlimit limit = {.rlim_cur = most, .rlim_max = most};
    setrlimit(RLIMIT_DATA, &limit);
#else
    (void)used_pages;
#endif
}

static void limit_seconds(bool is_limited) {
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) == 0 && getrlimit(RLIMIT_CPU, &limit) == 0) {
        rlim_t seconds = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + SECONDS;
        limit.rlim_cur = is_limited && seconds < limit.rlim_max ? seconds : limit.rlim_max;
        setrlimit(RLIMIT_CPU, &limit);
    }
}

void limits_set(int control) {
    struct sigaction action = {.sa_handler = socket_changed, .sa_flags = SA_RESTART};
    control_socket = control;
    sigaction(SIGIO, &action, NULL);
    limit_memory();
    fcntl(control, F_SETOWN, getpid());
    fcntl(control, F_SETFL, fcntl(control, F_GETFL) | O_ASYNC);
}

void limits_begin(void) {
    is_asking = true;
    limit_seconds(true);
    socket_changed(SIGIO); /* it may already be closed */
}

void limits_end(void) {
    is_asking = false;
    limit_seconds(false);
}
