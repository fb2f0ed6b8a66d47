/* One loop waits for everything that can change. A change of the folder is given a short time to settle, since drizzle-kit writes the
 * journal before the SQL file and `git checkout` touches many files; a request to be up to date is not. */
#include "migfs/live/refresh.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "live/follow.h"
#include "migfs/folder/watch.h"
#include "migfs/live/progress.h"
#include "migfs/synthesis/refusal.h"
#include "migfs/util/clock.h"
#include "migfs/util/log.h"

/* Milliseconds. */
enum {
    SETTLE = 25,       /* of silence before the folder is scanned */
    SETTLE_MOST = 100, /* a folder that never falls silent is scanned this often */
    EFFECTS = 50, /* a file that was edited is read before the view, which need not say first that it is being read */
    LOOK = 1000,  /* at what reads SQL, at least */
    RETRY = 1000, /* after a scan or a build that failed, and while there is no folder to watch */
};

struct refresh {
    struct inputs *inputs;
    struct disk_watch *watch; /* NULL: none could be had, so the folder is scanned by the clock */
    struct follow *follow;    /* since not everything on the way to the folder can be watched; NULL before the start */
    unsigned scan_ms;         /* how often, then, and how often the way is walked */
    struct tree *tree;
    bool is_dirty; /* what was read differs from what `tree` was made from */

    int64_t first_event, last_event; /* of the folder since the last scan; -1: none */
    int64_t scan_at;                 /* by the clock; INT64_MAX: not */

    uint64_t syncing;        /* the requests up to this one wait for `reader_request`; 0: none */
    uint64_t reader_request; /* 0: no database to wait for */
    bool sync_has_scanned;   /* the folder was scanned since they came */
    uint64_t synced;

    struct refresh_listener listener;
    pthread_t thread;
    bool has_thread;
    int wake; /* eventfd */
    _Atomic uint64_t requested;
    _Atomic bool must_stop;
};

/* ---- reading and building ---- */

/* Reading and building leave holes between what stays. */
static void give_memory_back(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static void plan_next_scan(struct refresh *refresh, bool is_read) {
    bool is_watched = refresh->watch && disk_watch_is_whole(refresh->watch);
    bool is_reached = !disk_unreachable(inputs_disk(refresh->inputs));
    int64_t wait = !is_read || !is_reached ? RETRY : is_watched ? -1 : (int64_t)refresh->scan_ms;
    refresh->scan_at = wait < 0 ? INT64_MAX : clock_ms() + wait;
}

static void scan(struct refresh *refresh) {
    struct error error;
    bool is_changed = false;
    refresh->first_event = refresh->last_event = -1;
    bool is_read = inputs_scan(refresh->inputs, &is_changed, &error);
    plan_next_scan(refresh, is_read);
    refresh->is_dirty = refresh->is_dirty || is_changed;
    if (is_changed && inputs_reader(refresh->inputs)) {
        ledger_reader_request(inputs_reader(refresh->inputs)); /* what a new file speaks of may have come to be since */
    }
    refresh->sync_has_scanned = refresh->sync_has_scanned || is_read;
    if (!is_read) {
        log_error("the folder could not be read again, so the view stays as it is: %s", error.sentence);
    }
    if (!refresh->is_dirty) {
        give_memory_back(); /* else after building */
    }
}

static void build(struct refresh *refresh) {
    struct error error;
    struct tree *tree = inputs_tree(refresh->inputs, refresh->tree, NULL, NULL, &error);
    if (!tree) {
        int64_t again = clock_ms() + RETRY; /* still dirty */
        refresh->scan_at = refresh->scan_at < again ? refresh->scan_at : again;
        log_error("the view could not be rebuilt, so it stays as it is: %s", error.sentence);
        return;
    }
    refresh->is_dirty = false;
    bool is_new = tree != refresh->tree;
    tree_unref(refresh->tree);
    refresh->tree = tree;
    if (is_new) {
        refresh->listener.published(refresh->listener.context, tree);
    }
    give_memory_back();
}

/* ---- requests ---- */

static void begin_sync(struct refresh *refresh) {
    struct ledger_reader *reader = inputs_reader(refresh->inputs);
    refresh->syncing = refresh->requested; /* before anything is read */
    refresh->sync_has_scanned = false;
    refresh->reader_request = reader ? ledger_reader_request(reader) : 0;
    if (refresh->watch) {
        disk_watch_drain(refresh->watch);
    }
    scan(refresh);
    if (reader && ledger_reader_step(reader)) {
        refresh->is_dirty = true;
    }
}

static bool sync_is_read(const struct refresh *refresh) {
    const struct ledger_reader *reader = inputs_reader(refresh->inputs);
    return refresh->syncing > 0 && refresh->sync_has_scanned &&
           (!reader || ledger_reader_has_read(reader, refresh->reader_request));
}

static void end_sync(struct refresh *refresh) {
    refresh->synced = refresh->syncing;
    refresh->syncing = 0;
    refresh->listener.synced(refresh->listener.context, refresh->synced);
}

uint64_t refresh_request(struct refresh *refresh) {
    uint64_t number = atomic_fetch_add(&refresh->requested, 1) + 1;
    eventfd_write(refresh->wake, 1);
    return number;
}

/* ---- the loop ---- */

static int wait_ms(const struct refresh *refresh) {
    int64_t until = refresh->scan_at;
    if (!inputs_has_effects(refresh->inputs)) {
        int64_t look = clock_ms() + LOOK;
        until = look < until ? look : until;
    }
    if (refresh->first_event >= 0) {
        int64_t settled = refresh->last_event + SETTLE, latest = refresh->first_event + SETTLE_MOST;
        settled = settled < latest ? settled : latest;
        until = settled < until ? settled : until;
    }
    const struct ledger_reader *reader = inputs_reader(refresh->inputs);
    int reader_wait = reader ? ledger_reader_wait_ms(reader) : -1;
    if (until == INT64_MAX) {
        return reader_wait;
    }
    int64_t left = until - clock_ms();
    int wait = left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
    return reader_wait >= 0 && reader_wait < wait ? reader_wait : wait;
}

static bool is_time_to_scan(const struct refresh *refresh) {
    int64_t now = clock_ms();
    bool is_settled =
        refresh->first_event >= 0 && (now >= refresh->last_event + SETTLE || now >= refresh->first_event + SETTLE_MOST);
    return is_settled || now >= refresh->scan_at;
}

static void wait_for_something(struct refresh *refresh) {
    struct ledger_reader *reader = inputs_reader(refresh->inputs);
    enum { OURS = 3 };
    struct pollfd waiting[OURS + INPUTS_AWAITED] = {
        {.fd = refresh->wake, .events = POLLIN},
        {.fd = refresh->watch ? disk_watch_descriptor(refresh->watch) : -1, .events = POLLIN},
        {.fd = refresh->follow ? follow_descriptor(refresh->follow) : -1, .events = POLLIN},
    };
    inputs_awaited(refresh->inputs, waiting + OURS);
    if (poll(waiting, sizeof waiting / sizeof *waiting, wait_ms(refresh)) < 0) {
        return; /* EINTR; what else it could be passes, too */
    }
    eventfd_t ignored;
    if (waiting[0].revents) {
        eventfd_read(refresh->wake, &ignored);
    }
    bool is_event = waiting[1].revents && disk_watch_drain(refresh->watch);
    if (waiting[2].revents) {
        follow_clear(refresh->follow);
        is_event = true;
    }
    if (is_event) {
        refresh->last_event = clock_ms();
        refresh->first_event = refresh->first_event < 0 ? refresh->last_event : refresh->first_event;
    }
    if (reader && ledger_reader_step(reader)) {
        refresh->is_dirty = true;
    }
}

static void *refresh_loop(void *context) {
    struct refresh *refresh = context;
    while (!refresh->must_stop) {
        wait_for_something(refresh);
        if (refresh->syncing == 0 && refresh->requested > refresh->synced) {
            begin_sync(refresh);
        } else if (is_time_to_scan(refresh)) {
            scan(refresh);
        }
        if (inputs_read_effects(refresh->inputs, refresh->is_dirty ? EFFECTS : 0)) {
            refresh->is_dirty = true;
        }
        bool is_synced = sync_is_read(refresh) && inputs_has_effects(refresh->inputs);
        if (refresh->is_dirty) {
            build(refresh);
        }
        if (is_synced && !refresh->is_dirty) {
            end_sync(refresh);
            /* Requests that came meanwhile wait for the next round. */
            if (refresh->requested > refresh->synced) {
                eventfd_write(refresh->wake, 1);
            }
        }
    }
    return NULL;
}

/* ---- beginning and end ---- */

static void say_notice(void *context, const char *sentence) {
    (void)context;
    log_notice("%s", sentence);
}

/* What could not be read at all is said to the user who starts us; the rest stands in `problems`. */
static void say_unreadable(void *context, struct arena *arena, const struct view *view) {
    static const enum problem_kind said[] = {PROBLEM_SOURCE_MISSING, PROBLEM_JOURNAL_MISSING,
                                             PROBLEM_JOURNAL_UNREADABLE, PROBLEM_BAD_RULE, PROBLEM_DATABASE_UNREADABLE};
    (void)context;
    for (size_t i = 0; i < view->problems->count; i++) {
        const struct problem *problem = &view->problems->problems[i];
        for (size_t kind = 0; kind < sizeof said / sizeof *said; kind++) {
            if (problem->code == &problem_codes[said[kind]]) {
                struct buffer buffer = BUFFER(arena);
                problem_print(&buffer, problem);
                log_notice("%s", buffer_text(&buffer).bytes);
            }
        }
    }
    if (view->synthesis->refusal != REFUSAL_NONE) {
        struct text reason = synthesis_refusal(arena, view->join, view->synthesis);
        log_notice("_journal.json is refused: %.*s", TEXT_ARGS(reason));
    }
}

/* What changes from here on is told by the watch, even while nothing waits for it yet. */
static void read_first(struct refresh *refresh, struct error *error) {
    if (progress_read_all(refresh->inputs, error)) {
        plan_next_scan(refresh, true);
        refresh->tree = inputs_tree(refresh->inputs, NULL, say_unreadable, NULL, error);
        give_memory_back();
    }
}

struct refresh *refresh_create(const struct inputs_options *options, struct error *error) {
    struct refresh *refresh = calloc(1, sizeof *refresh);
    if (!refresh) {
        error_set_memory(error);
        return NULL;
    }
    struct error no_watch;
    refresh->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    refresh->first_event = refresh->last_event = -1;
    refresh->scan_ms = options->reader.poll_ms > 0 ? options->reader.poll_ms : RETRY;
    refresh->inputs = inputs_create(options, say_notice, NULL, error);
    refresh->watch = refresh->inputs ? disk_watch_create(&no_watch) : NULL;
    if (refresh->inputs && !refresh->watch) {
        log_notice("changes of the folder are looked for every %u ms only: %s", refresh->scan_ms, no_watch.sentence);
    }
    if (refresh->wake < 0) {
        error_set_errno(error, "no eventfd could be had");
    } else if (refresh->inputs) {
        if (refresh->watch) {
            struct disk_hooks hooks = disk_watch_hooks(refresh->watch);
            inputs_set_hooks(refresh->inputs, &hooks);
        }
        read_first(refresh, error);
    }
    if (!refresh->tree) {
        refresh_destroy(refresh);
        return NULL;
    }
    return refresh;
}

void refresh_stop(struct refresh *refresh) {
    if (refresh->has_thread) {
        refresh->must_stop = true;
        eventfd_write(refresh->wake, 1);
        pthread_join(refresh->thread, NULL);
        refresh->has_thread = false;
    }
}

void refresh_destroy(struct refresh *refresh) {
    if (!refresh) {
        return;
    }
    refresh_stop(refresh);
    follow_stop(refresh->follow);
    tree_unref(refresh->tree);
    disk_watch_destroy(refresh->watch);
    inputs_destroy(refresh->inputs);
    if (refresh->wake >= 0) {
        close(refresh->wake);
    }
    free(refresh);
}

struct tree *refresh_tree(struct refresh *refresh) {
    return tree_ref(refresh->tree);
}

bool refresh_start(struct refresh *refresh, const struct refresh_listener *listener, struct error *error) {
    refresh->listener = *listener;
    struct disk_follower *follower = inputs_follower(refresh->inputs, error);
    refresh->follow = follower ? follow_start(follower, refresh->scan_ms, error) : NULL;
    if (!refresh->follow) {
        return false;
    }
    errno = pthread_create(&refresh->thread, NULL, refresh_loop, refresh);
    if (errno != 0) {
        return error_set_errno(error, "no thread could be had");
    }
    refresh->has_thread = true;
    return true;
}
