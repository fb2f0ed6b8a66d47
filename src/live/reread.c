/* A list of jobs and up to four threads, which end when nothing is left to read. What arrives too
 * late for a view is kept until a view has been made with all of it: otherwise a slow source could
 * deliver one file after another, and each view would lack another one. */
#include "live/reread.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "migfs/util/clock.h"
#include "migfs/util/content.h"
#include "migfs/util/record.h"

enum {
    THREADS = 4,
    PIECE = 1 << 20,          /* bytes: a file whose pieces arrive is slow, but not silent */
    PATIENCE = 1000,          /* milliseconds that the refresh thread waits, from one step to the next */
    KEPT_MAXIMUM = 256 << 20, /* bytes kept for the next view; one file may exceed it */
    ROUNDS = 100,             /* views in a row that may be made only because files were late */
};

enum state { WAITING, READING, READ, FAILED };

struct job {
    struct job *next;
    struct content *content;
    enum state state;
    int64_t last; /* time of the last answer, or else of the request */
    char *bytes;  /* READ: until they are passed to the content */
    struct error error;
    /* Of the refresh thread: */
    bool is_late;   /* it was not awaited to its end */
    bool is_missed; /* by a view */
    bool is_silent;
    bool is_noted; /* its end is */
    bool is_held;  /* the job has pinned the content */
};

struct reread {
    struct record record;
    struct content_reader reader;
    unsigned silence_ms;
    int arrived;          /* eventfd */
    pthread_mutex_t lock; /* guards the next five and the jobs; not held during a read */
    pthread_cond_t changed;
    struct job *first, **end; /* in the order of the requests */
    unsigned threads;
    bool is_stopped;
    int64_t last; /* time of the last answer to any thread */
    /* Of the refresh thread: */
    bool waits, is_making;
    int64_t patience; /* left, in milliseconds */
    unsigned rounds;
};

static bool is_over(const struct job *job) {
    return job->state == READ || job->state == FAILED;
}

static void free_job(struct job *job) {
    if (job->is_held) {
        content_unpin(job->content);
    }
    content_unref(job->content);
    free(job->bytes);
    free(job);
}

/* Takes the job at this place out of the list. */
static struct job *take_out(struct reread *reread, struct job **at) {
    struct job *job = *at;
    *at = job->next;
    reread->end = reread->end == &job->next ? at : reread->end;
    return job;
}

static struct job **place_of(struct reread *reread, const struct job *job) {
    struct job **at = &reread->first;
    while (*at != job) {
        at = &(*at)->next;
    }
    return at;
}

static void reread_unref(struct reread *reread) {
    if (!record_unref(&reread->record)) {
        return;
    }
    if (reread->arrived >= 0) {
        close(reread->arrived);
    }
    pthread_cond_destroy(&reread->changed);
    pthread_mutex_destroy(&reread->lock);
    free(reread);
}

/* ---- the threads ---- */

static struct job *next_waiting(const struct reread *reread) {
    struct job *job = reread->is_stopped ? NULL : reread->first;
    while (job && job->state != WAITING) {
        job = job->next;
    }
    return job;
}

/* Returns the bytes, or NULL with an error. */
static char *read_whole(struct reread *reread, struct job *job, struct error *error) {
    size_t size = content_size(job->content), length = 0;
    char *bytes = malloc(size > 0 ? size : 1);
    if (!bytes) {
        error_set_memory(error);
        return NULL;
    }
    for (size_t at = 0; at < size; at += length) {
        if (!content_read(job->content, bytes + at, PIECE, at, &length, error)) {
            free(bytes);
            return NULL;
        }
        pthread_mutex_lock(&reread->lock);
        job->last = reread->last = clock_ms();
        pthread_mutex_unlock(&reread->lock);
    }
    return bytes;
}

static void *reread_run(void *context) {
    struct reread *reread = context;
    struct job *job;
    pthread_mutex_lock(&reread->lock);
    while ((job = next_waiting(reread))) {
        struct error error = {0};
        job->state = READING;
        job->last = clock_ms();
        pthread_mutex_unlock(&reread->lock);
        char *bytes = read_whole(reread, job, &error);
        pthread_mutex_lock(&reread->lock);
        job->bytes = bytes;
        job->error = error;
        job->state = bytes ? READ : FAILED;
        reread->last = clock_ms();
        if (reread->is_stopped) {
            free_job(take_out(reread, place_of(reread, job)));
        } else {
            eventfd_write(reread->arrived, 1);
            pthread_cond_broadcast(&reread->changed);
        }
    }
    reread->threads--;
    pthread_mutex_unlock(&reread->lock);
    reread_unref(reread);
    return NULL;
}

/* Under the lock. Returns false if there is none, and none can be started. */
static bool has_thread(struct reread *reread) {
    pthread_t thread;
    if (reread->threads < THREADS) {
        record_ref(&reread->record);
        if (pthread_create(&thread, NULL, reread_run, reread) == 0) {
            pthread_detach(thread);
            reread->threads++;
        } else {
            record_unref(&reread->record); /* not the last reference: the refresh thread has one */
        }
    }
    return reread->threads > 0;
}

/* ---- for the refresh thread ---- */

static struct job *job_of(const struct reread *reread, const struct content *content) {
    struct job *job = reread->first;
    while (job && job->content != content) {
        job = job->next;
    }
    return job;
}

static struct job *begin_job(struct reread *reread, struct content *content) {
    struct job *job = calloc(1, sizeof *job);
    if (!job || !has_thread(reread)) {
        free(job);
        return NULL;
    }
    job->content = content_ref(content);
    job->last = clock_ms();
    *reread->end = job;
    reread->end = &job->next;
    return job;
}

/* While one file is late, others are not waited for, since they may be on the same file system. */
static bool is_any_late(const struct reread *reread) {
    const struct job *job = reread->first;
    while (job && (is_over(job) || !job->is_late)) {
        job = job->next;
    }
    return job;
}

static void wait_for(struct reread *reread, const struct job *job) {
    int64_t begun = clock_ms(), until = begun + (is_any_late(reread) ? 0 : reread->patience);
    struct timespec time = {.tv_sec = (time_t)(until / 1000), .tv_nsec = (long)(until % 1000) * 1000000};
    int code = 0;
    while (!is_over(job) && code != ETIMEDOUT) {
        code = pthread_cond_timedwait(&reread->changed, &reread->lock, &time);
    }
    int64_t waited = clock_ms() - begun;
    reread->patience -= waited < reread->patience ? waited : reread->patience;
}

/* Passes the bytes of a job that is over to the content, pinned for the caller. */
static bool take(struct reread *reread, struct job *job, struct error *error) {
    bool is_read = job->state == READ;
    if (!is_read) {
        *error = job->error;
    } else {
        content_hold(job->content, job->bytes); /* from the second time on it is held already */
        job->bytes = NULL;
    }
    if (!job->is_missed) {
        free_job(take_out(reread, place_of(reread, job)));
    } else if (is_read && !job->is_held) {
        content_hold(job->content, NULL);
        job->is_held = true;
    }
    return is_read;
}

/* Where no thread can be started, this one reads and waits by itself. */
static bool hold_by_itself(struct reread *reread, struct content *content, struct error *error) {
    struct text text;
    content_set_reader(NULL);
    bool is_held = content_pin(content, &text, error);
    content_set_reader(&reread->reader);
    return is_held;
}

static bool hold(void *context, struct content *content, struct error *error) {
    struct reread *reread = context;
    pthread_mutex_lock(&reread->lock);
    struct job *job = job_of(reread, content);
    job = job || !reread->waits ? job : begin_job(reread, content);
    if (job) {
        wait_for(reread, job);
    }
    bool is_held = false, is_by_itself = !job && reread->waits;
    if (!job) {
        error_set(error, ERROR_LATE, "the file cannot be read now");
    } else if (is_over(job)) {
        is_held = take(reread, job, error);
    } else {
        job->is_late = true;
        job->is_missed = job->is_missed || reread->is_making;
        error_set(error, ERROR_LATE, "the file is being read");
    }
    pthread_mutex_unlock(&reread->lock);
    return is_by_itself ? hold_by_itself(reread, content, error) : is_held;
}

void reread_use(struct reread *reread) {
    content_set_reader(&reread->reader);
}

void reread_set_waits(struct reread *reread, bool waits) {
    reread->waits = waits;
}

/* A read that waits for a thread is silent only if those that the threads do are, too. */
static int64_t silence_of(const struct reread *reread, const struct job *job) {
    bool is_behind = job->state == WAITING && reread->last > job->last;
    return clock_ms() - (is_behind ? reread->last : job->last);
}

/* The last view lacks it, and it may still arrive. */
static bool is_awaited(const struct job *job) {
    return job->is_missed && !job->is_noted && !job->is_silent;
}

static bool is_any_awaited(const struct reread *reread) {
    const struct job *job = reread->first;
    while (job && !is_awaited(job)) {
        job = job->next;
    }
    return job;
}

bool reread_is_awaited(struct reread *reread) {
    pthread_mutex_lock(&reread->lock);
    bool is_any = is_any_awaited(reread);
    pthread_mutex_unlock(&reread->lock);
    return is_any;
}

void reread_begin(struct reread *reread) {
    reread->is_making = true;
}

void reread_end(struct reread *reread) {
    size_t kept = 0;
    reread->is_making = false;
    pthread_mutex_lock(&reread->lock);
    for (const struct job *job = reread->first; job; job = job->next) {
        kept += job->state == READ ? content_size(job->content) : 0;
    }
    bool is_whole = !is_any_awaited(reread), gives_up = reread->rounds > ROUNDS;
    reread->rounds = is_whole ? 0 : reread->rounds;
    for (struct job **at = &reread->first; *at;) {
        struct job *job = *at;
        job->is_missed = job->is_missed && !gives_up;
        if (job->is_noted && (is_whole || gives_up || !job->is_missed || kept >= KEPT_MAXIMUM)) {
            free_job(take_out(reread, at));
        } else {
            at = &job->next;
        }
    }
    pthread_mutex_unlock(&reread->lock);
}

int reread_descriptor(const struct reread *reread) {
    return reread->arrived;
}

int reread_wait_ms(struct reread *reread) {
    int64_t least = INT32_MAX;
    pthread_mutex_lock(&reread->lock);
    for (const struct job *job = reread->first; job; job = job->next) {
        if (!is_over(job) && !job->is_silent) {
            int64_t left = reread->silence_ms - silence_of(reread, job);
            least = left < least ? left : least;
        }
    }
    pthread_mutex_unlock(&reread->lock);
    return least == INT32_MAX ? -1 : least < 0 ? 0 : (int)least;
}

static bool note_end(struct job *job) {
    bool is_needed = job->is_missed || job->is_silent;
    if (job->is_silent) {
        content_set_silence(job->content, 0);
    }
    job->is_silent = false;
    job->is_noted = true;
    return is_needed;
}

bool reread_step(struct reread *reread) {
    eventfd_t count;
    bool is_needed = false;
    eventfd_read(reread->arrived, &count);
    reread->patience = PATIENCE;
    pthread_mutex_lock(&reread->lock);
    for (struct job *job = reread->first; job; job = job->next) {
        if (is_over(job) && !job->is_noted) {
            is_needed = note_end(job) || is_needed;
        } else if (!is_over(job) && !job->is_silent && silence_of(reread, job) >= reread->silence_ms) {
            content_set_silence(job->content, (reread->silence_ms + 999) / 1000);
            job->is_silent = is_needed = true;
        }
    }
    pthread_mutex_unlock(&reread->lock);
    reread->rounds += is_needed;
    return is_needed;
}

/* ---- beginning and end ---- */

static void init_condition(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* that of clock_ms() */
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct reread *reread_start(unsigned silence_ms, struct error *error) {
    struct reread *reread = calloc(1, sizeof *reread);
    if (!reread) {
        error_set_memory(error);
        return NULL;
    }
    record_init(&reread->record);
    pthread_mutex_init(&reread->lock, NULL);
    init_condition(&reread->changed);
    reread->reader = (struct content_reader){hold, reread};
    reread->silence_ms = silence_ms;
    reread->end = &reread->first;
    reread->waits = true;
    reread->patience = PATIENCE;
    reread->arrived = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (reread->arrived < 0) {
        error_set_errno(error, "no eventfd could be had");
        reread_unref(reread);
        return NULL;
    }
    return reread;
}

void reread_stop(struct reread *reread) {
    if (!reread) {
        return;
    }
    pthread_mutex_lock(&reread->lock);
    reread->is_stopped = true;
    for (struct job **at = &reread->first; *at;) {
        if ((*at)->state == READING) {
            at = &(*at)->next; /* its thread frees it */
        } else {
            free_job(take_out(reread, at));
        }
    }
    pthread_mutex_unlock(&reread->lock);
    reread_unref(reread);
}
