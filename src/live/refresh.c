/* One loop waits for everything that can change. A change of the folder is given a short time to
 * settle, since drizzle-kit writes the journal before the SQL file and `git checkout` touches many
 * files. A sync request is served at once. */
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
#include "live/reread.h"
#include "live/scanner.h"
#include "migfs/folder/watch.h"
#include "migfs/live/progress.h"
#include "migfs/synthesis/refusal.h"
#include "migfs/util/clock.h"
#include "migfs/util/log.h"

/* Milliseconds. */
enum {
    SETTLE = 25,       /* without a change before the folder is scanned */
    SETTLE_MOST = 100, /* a folder that keeps changing is scanned this often */
    EFFECTS = 50,      /* an edited file may be parsed before the view that would miss it */
    LOOK = 1000,       /* at least this long for parsing SQL */
    RETRY = 1000,      /* after a scan or a build that failed, and while there is no folder to watch */
    SILENCE = 5000,    /* where no time is given */
    SLOW = 1000,       /* databases that have answered do not wait longer than this for a scan */
};

struct refresh {
    struct refresh *behind; /* freed before this one */
    struct inputs *inputs;
    struct disk_watch *watch; /* NULL: none could be created, so the folder is scanned at intervals */
    struct follow *follow;    /* for what cannot be watched on the path; NULL before the start */
    struct scanner *scanner;  /* likewise, as is the next */
    struct reread *reread;
    unsigned scan_ms;    /* the interval of scans in that case, and of walks along the path */
    unsigned silence_ms; /* how long the folder's file system may take to answer */
    bool is_silent;      /* it was; the view says so */
    bool is_stood_in;    /* views are made from a copy of the last scan */
    struct tree *tree;
    bool is_dirty;  /* the inputs differ from those that `tree` was made from */
    bool asks_anew; /* the databases are to be read again, since the folder changed */

    int64_t first_event, last_event; /* first change of the folder since the last scan; -1: none */
    int64_t scan_at;                 /* of the next scan by interval; INT64_MAX: none */

    uint64_t syncing;        /* requests up to this number wait for `reader_request`; 0: none */
    uint64_t reader_request; /* 0: no database to wait for */
    bool sync_wants_scan;    /* no refresh has begun since they were made */
    bool sync_has_scanned;   /* one that has is over */
    bool sync_wants_reads;   /* the databases have not been requested to be read since */
    uint64_t synced;

    struct refresh_listener listener;
    pthread_t thread;
    bool has_thread;
    int wake; /* eventfd */
    _Atomic uint64_t requested;
    _Atomic bool must_stop;
};

/* What a thread that hangs in the folder still uses at the end of the process is not freed. */
static struct refresh *left_behind; /* the last of them */

/* ---- reading and building ---- */

/* Reading and building leave the heap fragmented. */
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

/* The watch is not read meanwhile: the scan uses its lists. */
static void begin_scan(struct refresh *refresh) {
    if (refresh->watch) {
        disk_watch_drain(refresh->watch);
    }
    refresh->first_event = refresh->last_event = -1;
    refresh->scan_at = INT64_MAX;
    refresh->sync_wants_scan = false;
    scanner_begin(refresh->scanner);
}

static void speak_again(struct refresh *refresh) {
    if (refresh->is_silent) {
        log_notice("the migrations folder answers again");
    }
    refresh->is_silent = refresh->is_stood_in = false;
    reread_set_waits(refresh->reread, true);
}

static void end_scan(struct refresh *refresh) {
    struct error error;
    bool is_changed = false;
    struct looked *looked = scanner_end(refresh->scanner, &error);
    bool is_read = looked && inputs_take(refresh->inputs, looked, &is_changed, &error);
    if (is_read) {
        speak_again(refresh);
    }
    plan_next_scan(refresh, is_read);
    refresh->is_dirty = refresh->is_dirty || is_changed;
    refresh->asks_anew = refresh->asks_anew || is_changed;
    refresh->sync_has_scanned = refresh->sync_has_scanned || (is_read && !refresh->sync_wants_scan);
    if (!is_read) {
        log_error("the folder could not be read again, so the view stays as it is: %s", error.sentence);
    }
    if (!refresh->is_dirty) {
        give_memory_back(); /* else after building */
    }
}

/* While a scan is under way, and takes so long that nothing waits for it any more. */
static void look_at_scan(struct refresh *refresh) {
    bool is_silent = refresh->is_silent || scanner_silence(refresh->scanner) >= refresh->silence_ms;
    bool is_new = is_silent != refresh->is_silent;
    if (!is_new && (refresh->is_stood_in || scanner_age(refresh->scanner) < SLOW)) {
        return;
    }
    if (!inputs_stand_in(refresh->inputs, is_silent ? (refresh->silence_ms + 999) / 1000 : 0)) {
        return; /* out of memory; retried soon */
    }
    refresh->is_stood_in = true;
    if (is_new) {
        refresh->is_silent = refresh->is_dirty = true;
        reread_set_waits(refresh->reread, false);
        log_error("the migrations folder does not answer, so what is shown of it is as it was before");
    }
}

static bool may_build(const struct refresh *refresh) {
    return refresh->is_dirty && (!scanner_is_busy(refresh->scanner) || refresh->is_stood_in);
}

static void build(struct refresh *refresh) {
    struct error error;
    reread_begin(refresh->reread);
    struct tree *tree = inputs_tree(refresh->inputs, refresh->tree, NULL, NULL, &error);
    reread_end(refresh->reread);
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
    refresh->syncing = refresh->requested; /* before anything is read */
    refresh->sync_has_scanned = false;
    refresh->sync_wants_scan = refresh->sync_wants_reads = true;
    if (!scanner_is_busy(refresh->scanner)) {
        begin_scan(refresh);
    }
}

/* If the scan finds a change, the databases are read for both at once. */
static bool sync_may_read(const struct refresh *refresh) {
    return refresh->sync_wants_reads && (refresh->sync_has_scanned || refresh->is_stood_in);
}

/* What a changed folder refers to may exist by now. Its SQL has been given time to be parsed, so
 * that large databases are asked at once for the names that are new. A sync waits for these, too. */
static void request_databases(struct refresh *refresh) {
    struct ledger_reader *reader = inputs_reader(refresh->inputs);
    bool is_for_sync = sync_may_read(refresh), is_needed = reader && (refresh->asks_anew || is_for_sync);
    uint64_t request = is_needed ? ledger_reader_request(reader) : 0;
    refresh->asks_anew = false;
    if (is_for_sync) {
        refresh->sync_wants_reads = false;
        refresh->reader_request = request;
    }
    uint64_t named = inputs_request_names(refresh->inputs);
    if (named > refresh->reader_request) {
        refresh->reader_request = named;
        is_needed = true;
    }
    if (is_needed && ledger_reader_step(reader)) {
        refresh->is_dirty = true;
    }
}

static bool sync_is_read(const struct refresh *refresh) {
    const struct ledger_reader *reader = inputs_reader(refresh->inputs);
    return refresh->syncing > 0 && !refresh->sync_wants_reads && (refresh->sync_has_scanned || refresh->is_silent) &&
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

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* The time of the next work on the folder. */
static int64_t folder_due(const struct refresh *refresh) {
    int64_t now = clock_ms();
    if (scanner_is_busy(refresh->scanner)) {
        int64_t silent = now + refresh->silence_ms - scanner_silence(refresh->scanner);
        int64_t slow = now + SLOW - scanner_age(refresh->scanner);
        return refresh->is_silent ? INT64_MAX : refresh->is_stood_in ? silent : earlier(silent, slow);
    }
    if (refresh->first_event < 0) {
        return refresh->scan_at;
    }
    return earlier(refresh->scan_at, earlier(refresh->last_event + SETTLE, refresh->first_event + SETTLE_MOST));
}

static int wait_ms(const struct refresh *refresh) {
    int64_t until = folder_due(refresh);
    if (!inputs_has_effects(refresh->inputs) && !refresh->is_silent) {
        until = earlier(until, clock_ms() + LOOK);
    }
    int reread_wait = reread_wait_ms(refresh->reread);
    if (reread_wait >= 0) {
        until = earlier(until, clock_ms() + reread_wait);
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
    bool is_awaited = refresh->syncing > 0 && refresh->sync_wants_scan;
    return !scanner_is_busy(refresh->scanner) && (is_awaited || clock_ms() >= folder_due(refresh));
}

/* False when a signal arrived. If the limit on descriptors was lowered since, poll() refuses more
 * than that at once; then each descriptor is polled by itself, at intervals. */
static bool wait_for(struct pollfd *waiting, nfds_t count, int wait) {
    enum { LOOK_MS = 20 };
    if (poll(waiting, count, wait) >= 0) {
        return true;
    }
    if (errno == EINTR) {
        return false;
    }
    poll(NULL, 0, wait >= 0 && wait < LOOK_MS ? wait : LOOK_MS);
    for (nfds_t i = 0; i < count; i++) {
        if (poll(&waiting[i], 1, 0) < 0) {
            waiting[i].revents = 0;
        }
    }
    return true;
}

static void wait_for_something(struct refresh *refresh) {
    struct ledger_reader *reader = inputs_reader(refresh->inputs);
    enum { OURS = 5 };
    bool is_busy = scanner_is_busy(refresh->scanner);
    struct pollfd waiting[OURS + INPUTS_AWAITED] = {
        {.fd = refresh->wake, .events = POLLIN},
        {.fd = refresh->watch && !is_busy ? disk_watch_descriptor(refresh->watch) : -1, .events = POLLIN},
        {.fd = refresh->follow && !is_busy ? follow_descriptor(refresh->follow) : -1, .events = POLLIN},
        {.fd = scanner_descriptor(refresh->scanner), .events = POLLIN},
        {.fd = reread_descriptor(refresh->reread), .events = POLLIN},
    };
    inputs_awaited(refresh->inputs, !refresh->is_silent, waiting + OURS);
    if (!wait_for(waiting, sizeof waiting / sizeof *waiting, wait_ms(refresh))) {
        return;
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
    if (waiting[3].revents) {
        end_scan(refresh);
    }
    if (reader && ledger_reader_step(reader)) {
        refresh->is_dirty = true;
    }
}

static void *refresh_loop(void *context) {
    struct refresh *refresh = context;
    reread_use(refresh->reread);
    while (!refresh->must_stop) {
        wait_for_something(refresh);
        if (reread_step(refresh->reread)) {
            refresh->is_dirty = true;
        }
        if (refresh->syncing == 0 && refresh->requested > refresh->synced) {
            begin_sync(refresh);
        } else if (is_time_to_scan(refresh)) {
            begin_scan(refresh);
        }
        if (scanner_is_busy(refresh->scanner)) {
            look_at_scan(refresh);
        }
        if (!refresh->is_silent && inputs_read_effects(refresh->inputs, may_build(refresh) ? EFFECTS : 0)) {
            refresh->is_dirty = true;
        }
        request_databases(refresh);
        bool is_synced = sync_is_read(refresh) && (refresh->is_silent || inputs_has_effects(refresh->inputs));
        if (may_build(refresh)) {
            build(refresh);
        }
        if (is_synced && !refresh->is_dirty && !reread_is_awaited(refresh->reread)) {
            end_sync(refresh);
            /* Requests made from here on wait for the next round. */
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

/* What could not be read at all is reported to the user who starts the daemon; everything else is
 * in `problems`. */
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

/* The watch reports changes from here on, even before anything waits for it. */
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
    refresh->silence_ms = options->reader.timeout_ms > 0 ? options->reader.timeout_ms : SILENCE;
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
    reread_stop(refresh->reread);
    tree_unref(refresh->tree);
    if (!scanner_stop(refresh->scanner)) {
        refresh->behind = left_behind;
        left_behind = refresh;
        return;
    }
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
    refresh->reread = refresh->follow ? reread_start(refresh->silence_ms, error) : NULL;
    refresh->scanner = refresh->reread ? scanner_start(refresh->inputs, error) : NULL;
    if (!refresh->scanner) {
        return false;
    }
    errno = pthread_create(&refresh->thread, NULL, refresh_loop, refresh);
    if (errno != 0) {
        return error_set_errno(error, "no thread could be had");
    }
    refresh->has_thread = true;
    return true;
}
