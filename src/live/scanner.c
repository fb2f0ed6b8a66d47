/* The thread and its starter share one allocation; the last to leave frees it. */
#include "live/scanner.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "live/look.h"
#include "migfs/util/clock.h"
#include "migfs/util/patience.h"
#include "migfs/util/record.h"

/* Milliseconds granted to a scan that does not hang to end. */
enum { PATIENCE = 200 };

struct scanner {
    struct record record;
    const struct inputs *inputs;
    int over;             /* eventfd: a look is */
    pthread_mutex_t lock; /* guards the next five; not held during a scan */
    pthread_cond_t changed;
    bool is_wanted, must_stop, has_ended;
    struct looked *looked; /* of the finished scan, or NULL with: */
    struct error error;
    bool is_busy; /* used by the starter only, as is the next */
    int64_t begun_at;
};

static void scanner_unref(struct scanner *scanner) {
    if (!record_unref(&scanner->record)) {
        return;
    }
    if (scanner->over >= 0) {
        close(scanner->over);
    }
    pthread_cond_destroy(&scanner->changed);
    pthread_mutex_destroy(&scanner->lock);
    look_destroy(scanner->looked);
    free(scanner);
}

/* ---- the thread ---- */

static void *scanner_run(void *context) {
    struct scanner *scanner = context;
    pthread_mutex_lock(&scanner->lock);
    while (!scanner->must_stop) {
        if (!scanner->is_wanted) {
            pthread_cond_wait(&scanner->changed, &scanner->lock);
            continue;
        }
        struct error error;
        pthread_mutex_unlock(&scanner->lock);
        struct looked *looked = inputs_look(scanner->inputs, &error);
        pthread_mutex_lock(&scanner->lock);
        scanner->is_wanted = false;
        scanner->looked = looked;
        if (!looked) {
            scanner->error = error;
        }
        eventfd_write(scanner->over, 1);
    }
    scanner->has_ended = true;
    pthread_cond_broadcast(&scanner->changed);
    pthread_mutex_unlock(&scanner->lock);
    scanner_unref(scanner);
    return NULL;
}

static bool start_thread(struct scanner *scanner, struct error *error) {
    pthread_t thread;
    record_ref(&scanner->record);
    errno = pthread_create(&thread, NULL, scanner_run, scanner);
    if (errno != 0) {
        record_unref(&scanner->record); /* not the last reference: the caller has one */
        return error_set_errno(error, "no thread could be had");
    }
    pthread_detach(thread);
    return true;
}

struct scanner *scanner_start(const struct inputs *inputs, struct error *error) {
    struct scanner *scanner = calloc(1, sizeof *scanner);
    if (!scanner) {
        error_set_memory(error);
        return NULL;
    }
    record_init(&scanner->record);
    pthread_mutex_init(&scanner->lock, NULL);
    pthread_cond_init(&scanner->changed, NULL);
    scanner->inputs = inputs;
    scanner->over = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (scanner->over < 0) {
        error_set_errno(error, "no eventfd could be had");
    }
    if (scanner->over < 0 || !start_thread(scanner, error)) {
        scanner_unref(scanner);
        return NULL;
    }
    return scanner;
}

bool scanner_stop(struct scanner *scanner) {
    if (!scanner) {
        return true;
    }
    struct timespec until;
    int code = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PATIENCE * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&scanner->lock);
    scanner->must_stop = true;
    pthread_cond_broadcast(&scanner->changed);
    while (!scanner->has_ended && code != ETIMEDOUT) {
        code = pthread_cond_timedwait(&scanner->changed, &scanner->lock, &until);
    }
    bool has_ended = scanner->has_ended;
    pthread_mutex_unlock(&scanner->lock);
    scanner_unref(scanner);
    return has_ended;
}

/* ---- for the starter ---- */

void scanner_begin(struct scanner *scanner) {
    scanner->is_busy = true;
    scanner->begun_at = clock_ms();
    pthread_mutex_lock(&scanner->lock);
    scanner->is_wanted = true;
    pthread_cond_broadcast(&scanner->changed);
    pthread_mutex_unlock(&scanner->lock);
}

bool scanner_is_busy(const struct scanner *scanner) {
    return scanner->is_busy;
}

int64_t scanner_age(const struct scanner *scanner) {
    return clock_ms() - scanner->begun_at;
}

/* Time that others spent waiting before this scan does not count. */
int64_t scanner_silence(const struct scanner *scanner) {
    int64_t silence = patience_silence(), age = scanner_age(scanner);
    return silence < age ? silence : age;
}

int scanner_descriptor(const struct scanner *scanner) {
    return scanner->over;
}

struct looked *scanner_end(struct scanner *scanner, struct error *error) {
    eventfd_t count;
    eventfd_read(scanner->over, &count);
    pthread_mutex_lock(&scanner->lock);
    struct looked *looked = scanner->looked;
    scanner->looked = NULL;
    if (!looked) {
        *error = scanner->error;
    }
    pthread_mutex_unlock(&scanner->lock);
    scanner->is_busy = false;
    return looked;
}
