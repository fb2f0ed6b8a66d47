/* The notifier's thread, and the list of waiting requests. It knows two trees: the last one that
 * the kernel was completely notified of, and the last one published. A round notifies the kernel of
 * all differences between the two. Trees published meanwhile wait for the next round, so a slow
 * kernel makes rounds larger, not more frequent.
 *
 * Why nothing stays stale. A tree is published before its round begins; handlers answer from the
 * previous tree only for requests that were under way at that moment. A lookup of an unknown name,
 * and a listing, hold their directory's lock in the kernel until the reply is processed;
 * inval_entry takes the same lock, so it comes after them and drops what they brought. A lookup
 * that revalidates a known name holds no lock, but inval_entry has removed that name from the
 * dentry cache for good, whatever the reply does to it. Attributes are guarded by the kernel's own
 * version counter, which inval_inode increments. inval_entry does nothing for a name that is not in
 * the dentry cache, and then does not drop the listing, so inval_inode on the directory always
 * follows.
 *
 * Why nothing hangs. Handlers never wait. The refresh thread never waits. The notifier waits for
 * the lock of one directory at a time. That lock is held by requests for the directory, which
 * handlers answer at once, and by a reader while the kernel copies a listing into its memory. That
 * memory may be a file whose bytes never come: so notifications are only for readers who can be
 * trusted not to block themselves, and with allow_other (is_silent) none is sent at all. An fsync
 * on a file holds only that file's lock, which no notification takes.
 *
 * Why listings are dropped. The kernel would keep a listing forever, but each name that came with
 * it for a second only, and would then look up name after name. Without the listing it requests
 * that again: a few requests, whose replies renew all names. So a listing is dropped soon after it
 * was read, with most of the second left for a reader who began to use it just before. Only a
 * listing that was read to its end is dropped; otherwise the kernel could be left with a part that
 * it neither uses nor replaces. */
#include "mount/notify.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "migfs/tree/changes.h"
#include "migfs/util/clock.h"

enum {
    RETRY_MS = 1000, /* after memory ran out */
    LISTING_MS = 600,
    LISTINGS = 1024,
};

/* One who waits. */
struct waiting {
    struct waiting *next;
    fuse_req_t request;
    uint64_t number; /* of the refresh that satisfies it */
    uint64_t met_by; /* of the publication that satisfied it; 0: not yet */
};

/* Listings that the kernel keeps, oldest first, in a ring. */
struct listings {
    struct listing {
        uint64_t inode;
        int64_t due; /* when to drop it; milliseconds of the monotonic clock */
    } at[LISTINGS];
    size_t first, count;
};

struct notifier {
    struct notifier_options options;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows; not held while the kernel is called */
    pthread_cond_t changed;
    struct tree *published;
    uint64_t publication; /* counts them, from 1 */
    uint64_t synced;
    struct waiting *waiting;
    struct listings listings;
    bool has_news;    /* something was published, or a waiter satisfied, since the last round began */
    bool is_at_round; /* or in the pause after a round that ran out of memory */
    bool is_stopping;

    /* The thread's own: */
    struct tree *notified; /* the kernel has been notified of everything up to this publication */
};

/* ---- what always holds ---- */

#ifndef NDEBUG

static void check(const struct notifier *notifier) {
    const struct listings *listings = &notifier->listings;
    assert(notifier->published && notifier->publication > 0);
    assert(listings->count <= LISTINGS && listings->first < LISTINGS);
    assert(!notifier->options.is_silent || listings->count == 0); /* the kernel keeps none */
    for (size_t i = 1; i < listings->count; i++) {
        assert(listings->at[(listings->first + i - 1) % LISTINGS].due <=
               listings->at[(listings->first + i) % LISTINGS].due);
    }
    assert(!notifier->is_stopping || !notifier->waiting); /* each gets a reply */
    for (const struct waiting *waiting = notifier->waiting; waiting; waiting = waiting->next) {
        bool is_met = waiting->number <= notifier->synced;
        assert(waiting->request && waiting->number > 0);
        assert(is_met == (waiting->met_by > 0) && waiting->met_by <= notifier->publication);
        assert(!is_met || notifier->has_news ||
               notifier->is_at_round); /* satisfied waiters are answered by a round, which follows */
    }
}

#else

static void check(const struct notifier *notifier) {
    (void)notifier;
}

#endif

static void lock(struct notifier *notifier) {
    pthread_mutex_lock(&notifier->lock);
}

static void unlock(struct notifier *notifier) {
    check(notifier);
    pthread_mutex_unlock(&notifier->lock);
}

/* ---- those who wait; under the lock but for answer() ---- */

/* Removes the waiters that this publication or an earlier one satisfied from the list. */
static struct waiting *take(struct notifier *notifier, uint64_t publication) {
    struct waiting *taken = NULL;
    for (struct waiting **at = &notifier->waiting; *at;) {
        struct waiting *waiting = *at;
        if (waiting->met_by != 0 && waiting->met_by <= publication) {
            *at = waiting->next;
            waiting->next = taken;
            taken = waiting;
        } else {
            at = &waiting->next;
        }
    }
    return taken;
}

static void wake(struct notifier *notifier) {
    notifier->has_news = true;
    pthread_cond_signal(&notifier->changed);
}

/* Without the lock: this calls the kernel. */
static void answer(struct waiting *list, int code) {
    while (list) {
        struct waiting *next = list->next;
        fuse_reply_err(list->request, code);
        free(list);
        list = next;
    }
}

/* ---- a round, on the notifier's thread ---- */

struct round {
    struct notifier *notifier;
    struct arena *arena;
    const struct tree *target;
};

/* Invalidates what changed in one directory. The kernel may not know the directory or a name at
 * all; that is no error. */
static void notify_directory(struct fuse_session *session, const struct changed_directory *changed) {
    for (size_t i = 0; i < changed->count; i++) {
        struct text name = changed->names[i];
        fuse_lowlevel_notify_inval_entry(session, changed->inode, name.bytes, name.length);
    }
    fuse_lowlevel_notify_inval_inode(session, changed->inode, 0, 0);
}

/* In the arena. */
static void notify_changes(void *context) {
    const struct round *round = context;
    const struct notifier *notifier = round->notifier;
    const struct changes *changes = changes_between(round->arena, notifier->notified, round->target);
    for (size_t i = 0; i < changes->count; i++) {
        notify_directory(notifier->options.session, &changes->directories[i]);
    }
}

/* Returns false when memory has run out: the next round then covers all of this one. */
static bool tell_kernel(struct notifier *notifier, const struct tree *target) {
    struct round round = {.notifier = notifier, .arena = arena_create(), .target = target};
    bool is_done = round.arena && arena_run(round.arena, notify_changes, &round);
    arena_destroy(round.arena);
    return is_done;
}

/* Returns false when memory has run out. */
static bool run_round(struct notifier *notifier) {
    lock(notifier);
    notifier->has_news = false;
    struct tree *target = tree_ref(notifier->published);
    uint64_t publication = notifier->publication;
    unlock(notifier);

    if (!notifier->options.is_silent && !tell_kernel(notifier, target)) {
        tree_unref(target);
        return false;
    }
    tree_unref(notifier->notified);
    notifier->notified = target;
    lock(notifier);
    struct waiting *met = take(notifier, publication);
    unlock(notifier);
    answer(met, 0);
    return true;
}

/* ---- listings, under the lock ---- */

/* If the ring is full, the names will be looked up one by one. */
static void add_listing(struct listings *listings, uint64_t inode) {
    if (listings->count < LISTINGS) {
        size_t end = (listings->first + listings->count) % LISTINGS;
        listings->at[end] = (struct listing){.inode = inode, .due = clock_ms() + LISTING_MS};
        listings->count++;
    }
}

/* The inode of a listing that is due, removed from the ring; 0: none. */
static uint64_t take_due(struct listings *listings) {
    const struct listing *oldest = &listings->at[listings->first];
    if (listings->count == 0 || oldest->due > clock_ms()) {
        return 0;
    }
    listings->first = (listings->first + 1) % LISTINGS;
    listings->count--;
    return oldest->inode;
}

/* ---- the thread ---- */

/* Under the lock. Returns early when something happens. */
static void wait_until(struct notifier *notifier, int64_t due) {
    struct timespec until = {.tv_sec = due / 1000, .tv_nsec = due % 1000 * 1000000};
    pthread_cond_timedwait(&notifier->changed, &notifier->lock, &until);
}

static void wait_for_work(struct notifier *notifier) {
    const struct listings *listings = &notifier->listings;
    if (listings->count > 0) {
        wait_until(notifier, listings->at[listings->first].due);
    } else {
        pthread_cond_wait(&notifier->changed, &notifier->lock);
    }
}

static void *notifier_run(void *context) {
    struct notifier *notifier = context;
    uint64_t listing;
    lock(notifier);
    while (!notifier->is_stopping) {
        if (notifier->has_news) {
            notifier->is_at_round = true;
            unlock(notifier);
            bool has_memory = run_round(notifier);
            lock(notifier);
            if (!has_memory && !notifier->is_stopping) {
                wait_until(notifier, clock_ms() + RETRY_MS);
                notifier->has_news = true;
            }
            notifier->is_at_round = false;
        } else if ((listing = take_due(&notifier->listings)) != 0) {
            unlock(notifier);
            fuse_lowlevel_notify_inval_inode(notifier->options.session, listing, 0, 0);
            lock(notifier);
        } else {
            wait_for_work(notifier);
        }
    }
    unlock(notifier);
    return NULL;
}

/* ---- from the refresh thread ---- */

void notifier_published(struct notifier *notifier, struct tree *tree) {
    tree_ref(tree);
    lock(notifier);
    struct tree *old = notifier->published;
    notifier->published = tree;
    notifier->publication++;
    wake(notifier);
    unlock(notifier);
    tree_unref(old);
}

void notifier_synced(struct notifier *notifier, uint64_t number) {
    lock(notifier);
    notifier->synced = number;
    for (struct waiting *waiting = notifier->waiting; waiting; waiting = waiting->next) {
        if (waiting->met_by == 0 && waiting->number <= number) {
            waiting->met_by = notifier->publication;
            wake(notifier);
        }
    }
    unlock(notifier);
}

/* ---- from handlers ---- */

void notifier_listed(struct notifier *notifier, uint64_t directory) {
    lock(notifier);
    bool is_first = notifier->listings.count == 0;
    add_listing(&notifier->listings, directory);
    if (is_first) {
        pthread_cond_signal(&notifier->changed);
    }
    unlock(notifier);
}

/* The waiting process was interrupted. libfuse keeps the request alive during this call, even if it
 * has just been replied to. */
static void interrupted(fuse_req_t request, void *context) {
    struct notifier *notifier = context;
    struct waiting *found = NULL;
    lock(notifier);
    for (struct waiting **at = &notifier->waiting; *at; at = &(*at)->next) {
        if ((*at)->request == request) {
            found = *at;
            *at = found->next;
            found->next = NULL;
            break;
        }
    }
    unlock(notifier);
    answer(found, EINTR);
}

void notifier_sync(struct notifier *notifier, fuse_req_t request) {
    struct waiting *waiting = malloc(sizeof *waiting);
    if (!waiting) {
        fuse_reply_err(request, ENOMEM);
        return;
    }
    uint64_t number = notifier->options.request_refresh(notifier->options.context);
    *waiting = (struct waiting){.request = request, .number = number};

    /* Once it is on the list, any thread may reply to it. An interrupt before that finds no waiter;
     * this check sees it. */
    fuse_req_interrupt_func(request, interrupted, notifier);
    int code = 0;
    struct waiting *done = waiting;
    lock(notifier);
    if (notifier->is_stopping) {
        code = EIO;
    } else if (fuse_req_interrupted(request)) {
        code = EINTR;
    } else {
        waiting->next = notifier->waiting;
        notifier->waiting = waiting;
        if (number <= notifier->synced) {
            waiting->met_by = notifier->publication;
            wake(notifier);
        }
        done = NULL;
    }
    unlock(notifier);
    answer(done, code);
}

/* ---- beginning and end ---- */

struct notifier *notifier_create(const struct notifier_options *options, struct error *error) {
    struct notifier *notifier = calloc(1, sizeof *notifier);
    if (!notifier) {
        error_set_memory(error);
        return NULL;
    }
    notifier->options = *options;
    notifier->published = tree_ref(options->tree);
    notifier->notified = tree_ref(options->tree);
    notifier->publication = 1;
    pthread_mutex_init(&notifier->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&notifier->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    errno = pthread_create(&notifier->thread, NULL, notifier_run, notifier);
    if (errno != 0) {
        error_set_errno(error, "cannot start a thread");
        notifier->is_stopping = true;
        notifier_destroy(notifier);
        return NULL;
    }
    return notifier;
}

void notifier_stop(struct notifier *notifier) {
    lock(notifier);
    notifier->is_stopping = true;
    struct waiting *all = notifier->waiting;
    notifier->waiting = NULL;
    pthread_cond_signal(&notifier->changed);
    unlock(notifier);
    answer(all, EIO);
    pthread_join(notifier->thread, NULL);
}

void notifier_destroy(struct notifier *notifier) {
    if (!notifier) {
        return;
    }
    if (!notifier->is_stopping) {
        notifier_stop(notifier);
    }
    tree_unref(notifier->published);
    tree_unref(notifier->notified);
    pthread_cond_destroy(&notifier->changed);
    pthread_mutex_destroy(&notifier->lock);
    free(notifier);
}
