/* One line on standard error per call, written with one write so that lines of several threads do
 * not mix: by the caller, or by a thread that takes lines from a ring buffer. */
#include "migfs/util/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "migfs/util/text.h"

enum { LINE_SIZE = 2048, LINES = 32 };

static struct {
    pthread_mutex_t lock; /* held across no writing */
    pthread_cond_t added, written;
    bool has_thread, is_writing;
    char lines[LINES][LINE_SIZE]; /* `count` from `first` on, each with a line break and NUL */
    size_t first, count, lost;
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER, .added = PTHREAD_COND_INITIALIZER, .written = PTHREAD_COND_INITIALIZER};

static void write_line(const char *line) {
    ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written; /* there is nowhere to report the error */
}

/* ---- the thread ---- */

/* Under the lock. */
static void take(char ret_line[LINE_SIZE]) {
    memcpy(ret_line, ring.lines[ring.first], LINE_SIZE);
    ring.first = (ring.first + 1) % LINES;
    ring.count--;
}

static void *write_lines(void *context) {
    static char line[LINE_SIZE];
    (void)context;
    pthread_mutex_lock(&ring.lock);
    for (;;) {
        while (ring.count == 0) {
            pthread_cond_wait(&ring.added, &ring.lock);
        }
        take(line);
        ring.is_writing = true;
        pthread_mutex_unlock(&ring.lock);
        write_line(line);
        pthread_mutex_lock(&ring.lock);
        ring.is_writing = false;
        pthread_cond_broadcast(&ring.written);
    }
    return NULL;
}

void log_start_thread(void) {
    pthread_t thread;
    bool is_started = pthread_create(&thread, NULL, write_lines, NULL) == 0;
    if (is_started) {
        pthread_detach(thread);
        pthread_mutex_lock(&ring.lock);
        ring.has_thread = true;
        pthread_mutex_unlock(&ring.lock);
    }
}

void log_flush(int milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&ring.lock);
    while ((ring.count > 0 || ring.is_writing) && pthread_cond_timedwait(&ring.written, &ring.lock, &until) == 0) {
    }
    pthread_mutex_unlock(&ring.lock);
}

/* ---- lines ---- */

static void add(const char *line) {
    memcpy(ring.lines[(ring.first + ring.count) % LINES], line, strlen(line) + 1);
    ring.count++;
    pthread_cond_signal(&ring.added);
}

/* False when the caller has to write the line itself. */
static bool hand_over(const char *line) {
    pthread_mutex_lock(&ring.lock);
    bool has_thread = ring.has_thread;
    if (has_thread && ring.lost > 0 && ring.count + 1 < LINES) {
        char remark[64];
        snprintf(remark, sizeof remark, "migfs: %zu lines were lost here\n", ring.lost);
        add(remark);
        ring.lost = 0;
    }
    if (has_thread && ring.count < LINES && ring.lost == 0) {
        add(line);
    } else if (has_thread) {
        ring.lost++;
    }
    pthread_mutex_unlock(&ring.lock);
    return has_thread;
}

static void log_line(const char *prefix, const char *format, va_list arguments) {
    char line[LINE_SIZE];
    size_t used = (size_t)snprintf(line, sizeof line, "migfs: %s", prefix);
    vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    text_disarm(line); /* a path may contain anything, and terminals obey escapes */
    used = strlen(line);
    line[used] = '\n';
    line[used + 1] = '\0';
    if (!hand_over(line)) {
        write_line(line);
    }
}

void log_notice(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_line("", format, arguments);
    va_end(arguments);
}

void log_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_line("error: ", format, arguments);
    va_end(arguments);
}
