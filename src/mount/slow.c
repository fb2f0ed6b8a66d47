/* A queue and up to four threads. A job that is being read is listed with its thread, so that an
 * interrupt or the end can reply to it; the thread then finds that it was replied to, and drops the
 * bytes. */
#include "mount/slow.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { THREADS = 4 };

struct job {
    struct job *next;
    fuse_req_t request; /* NULL: answered */
    struct content *content;
    size_t size, offset;
};

struct slow {
    pthread_mutex_t lock; /* guards everything below; not held during calls to the kernel or reads */
    pthread_cond_t changed;
    struct job *first, **end; /* parked, the oldest first */
    struct job *at[THREADS];  /* being read; NULL: the thread is idle */
    pthread_t threads[THREADS];
    size_t thread_count, idle;
    bool is_stopping;
};

static void job_destroy(struct job *job) {
    content_unref(job->content);
    free(job);
}

/* ---- under the lock ---- */

static struct job *next_job(struct slow *slow) {
    struct job *job = slow->first;
    if (job) {
        slow->first = job->next;
        slow->end = slow->first ? slow->end : &slow->first;
        job->next = NULL;
    }
    return job;
}

static void park(struct slow *slow, struct job *job) {
    *slow->end = job;
    slow->end = &job->next;
    pthread_cond_signal(&slow->changed);
}

/* Takes the request from a job that is being read, if it is there. */
static bool take_from_threads(struct slow *slow, fuse_req_t request) {
    for (size_t i = 0; i < THREADS; i++) {
        if (slow->at[i] && slow->at[i]->request == request) {
            slow->at[i]->request = NULL;
            return true;
        }
    }
    return false;
}

/* Removes a job from the queue, if the request is its own. */
static struct job *take_parked(struct slow *slow, fuse_req_t request) {
    for (struct job **at = &slow->first; *at; at = &(*at)->next) {
        struct job *job = *at;
        if (job->request == request) {
            *at = job->next;
            slow->end = slow->end == &job->next ? at : slow->end;
            return job;
        }
    }
    return NULL;
}

/* ---- the threads ---- */

/* Takes the request out for the caller to reply to; NULL when it was replied to. */
static fuse_req_t finish(struct slow *slow, size_t number) {
    pthread_mutex_lock(&slow->lock);
    fuse_req_t request = slow->at[number]->request;
    slow->at[number] = NULL;
    pthread_mutex_unlock(&slow->lock);
    return request;
}

static void run(struct slow *slow, size_t number, struct job *job) {
    struct error error;
    size_t length = 0;
    char *bytes = malloc(job->size > 0 ? job->size : 1);
    bool is_read = bytes && content_read(job->content, bytes, job->size, job->offset, &length, &error);
    fuse_req_t request = finish(slow, number);
    if (request && is_read) {
        fuse_reply_buf(request, bytes, length);
    } else if (request) {
        fuse_reply_err(request, bytes ? EIO : ENOMEM);
    }
    free(bytes);
    job_destroy(job);
}

struct start {
    struct slow *slow;
    size_t number;
};

static void *serve(void *context) {
    struct start start = *(struct start *)context;
    struct slow *slow = start.slow;
    free(context);
    pthread_mutex_lock(&slow->lock);
    while (!slow->is_stopping) {
        struct job *job = next_job(slow);
        if (!job) {
            slow->idle++;
            pthread_cond_wait(&slow->changed, &slow->lock);
            slow->idle--;
            continue;
        }
        slow->at[start.number] = job;
        pthread_mutex_unlock(&slow->lock);
        run(slow, start.number, job);
        pthread_mutex_lock(&slow->lock);
    }
    pthread_mutex_unlock(&slow->lock);
    return NULL;
}

/* Under the lock. Starts another thread if all are busy. False when there is none at all. */
static bool has_thread(struct slow *slow) {
    struct start *start;
    if (slow->idle > 0 || slow->thread_count == THREADS || !(start = malloc(sizeof *start))) {
        return slow->thread_count > 0;
    }
    *start = (struct start){slow, slow->thread_count};
    bool is_started = pthread_create(&slow->threads[slow->thread_count], NULL, serve, start) == 0;
    if (is_started) {
        slow->thread_count++;
    } else {
        free(start);
    }
    return slow->thread_count > 0;
}

/* ---- from handlers ---- */

/* The reading process was interrupted. libfuse keeps the request alive during this call, even if it
 * has just been replied to. */
static void interrupted(fuse_req_t request, void *context) {
    struct slow *slow = context;
    pthread_mutex_lock(&slow->lock);
    struct job *parked = take_parked(slow, request);
    bool is_taken = parked || take_from_threads(slow, request);
    pthread_mutex_unlock(&slow->lock);
    if (is_taken) {
        fuse_reply_err(request, EINTR);
    }
    if (parked) {
        job_destroy(parked);
    }
}

void slow_read(struct slow *slow, fuse_req_t request, struct content *content, size_t size, size_t offset) {
    struct job *job = malloc(sizeof *job);
    if (!job) {
        fuse_reply_err(request, ENOMEM);
        return;
    }
    /* At most what is left: the requested size gets allocated. */
    size_t left = offset < content_size(content) ? content_size(content) - offset : 0;
    *job = (struct job){
        .request = request, .content = content_ref(content), .size = size < left ? size : left, .offset = offset};

    /* Once it is queued, any thread may reply to it. An interrupt before that finds no job; this
     * check sees it. */
    fuse_req_interrupt_func(request, interrupted, slow);
    int code = 0;
    pthread_mutex_lock(&slow->lock);
    if (slow->is_stopping) {
        code = EIO;
    } else if (fuse_req_interrupted(request)) {
        code = EINTR;
    } else if (!has_thread(slow)) {
        code = ENOMEM;
    } else {
        park(slow, job);
    }
    pthread_mutex_unlock(&slow->lock);
    if (code != 0) {
        fuse_reply_err(request, code);
        job_destroy(job);
    }
}

/* ---- beginning and end ---- */

struct slow *slow_create(struct error *error) {
    struct slow *slow = calloc(1, sizeof *slow);
    if (!slow) {
        error_set_memory(error);
        return NULL;
    }
    slow->end = &slow->first;
    pthread_mutex_init(&slow->lock, NULL);
    pthread_cond_init(&slow->changed, NULL);
    return slow;
}

void slow_stop(struct slow *slow) {
    fuse_req_t being_read[THREADS] = {NULL};
    pthread_mutex_lock(&slow->lock);
    slow->is_stopping = true;
    struct job *parked = slow->first;
    slow->first = NULL;
    slow->end = &slow->first;
    for (size_t i = 0; i < THREADS; i++) {
        if (slow->at[i]) {
            being_read[i] = slow->at[i]->request;
            slow->at[i]->request = NULL;
        }
    }
    pthread_cond_broadcast(&slow->changed);
    pthread_mutex_unlock(&slow->lock);
    for (size_t i = 0; i < THREADS; i++) {
        if (being_read[i]) {
            fuse_reply_err(being_read[i], EIO);
        }
    }
    while (parked) {
        struct job *job = parked;
        parked = job->next;
        fuse_reply_err(job->request, EIO);
        job_destroy(job);
    }
}

void slow_destroy(struct slow *slow) {
    if (!slow) {
        return;
    }
    slow_stop(slow);
    for (size_t i = 0; i < slow->thread_count; i++) {
        pthread_join(slow->threads[i], NULL);
    }
    pthread_cond_destroy(&slow->changed);
    pthread_mutex_destroy(&slow->lock);
    free(slow);
}
