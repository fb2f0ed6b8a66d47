/* Reads files, several at a time. A file that changes while it is read is read again, so the result
 * is always one version. Large files are not kept but promised: they are read later, in parts, as
 * long as they are still that version. */
#include "folder/read.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "folder/acl.h"
#include "migfs/folder/set.h"
#include "migfs/util/patience.h"

enum { THREADS_MAXIMUM = 16, FILES_WORTH_A_THREAD = 32, ATTEMPTS = 5 };

static bool is_same_version(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The kernel's clock for file times advances only every 10 ms, and on some filesystems every 2 s. A
 * second change within one tick leaves ctime unchanged. This affects only how often a file is read,
 * never what is shown. */
static bool is_racy(const struct stat *stat) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t window = stat->st_ctim.tv_nsec == 0 ? INT64_C(2100000000) : INT64_C(20000000);
    int64_t seconds = (int64_t)now.tv_sec - stat->st_ctim.tv_sec;
    if (seconds < -3 || seconds > 3) {
        return false;
    }
    int64_t age = seconds * INT64_C(1000000000) + now.tv_nsec - stat->st_ctim.tv_nsec;
    return age < window && age > -window;
}

/* Returns the number of bytes before the end of file, or -1 with errno. If exactly the expected
 * number arrives although more was asked for, the file has ended. */
static ssize_t read_up_to(int descriptor, char *bytes, size_t size, size_t expected) {
    size_t length = 0;
    while (length < size && (length == 0 || length != expected)) {
        ssize_t got = read(descriptor, bytes + length, size - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -1 : (ssize_t)length;
        }
        length += (size_t)got;
        patience_step();
    }
    return (ssize_t)length;
}

/* ---- contents on demand ---- */

struct promise {
    struct disk_root *root;
    struct stat stat;
    bool is_link;
    char path[];
};

/* Opens the file and returns the descriptor if it is the promised version. */
static int promise_open(const struct promise *promise, struct error *error) {
    struct stat now;
    struct disk_outcome outcome;
    struct disk_name name = {-1, promise->path, promise->is_link};
    int looked_at = promise->is_link ? disk_root_follow(promise->root, promise->path, &now, &outcome)
                                     : disk_root_look(promise->root, -1, promise->path, &now, &outcome);
    if (looked_at < 0) {
        error_set(error, ERROR_SYSTEM, "the file can no longer be read");
        return -1;
    }
    int descriptor = -1;
    if (!is_same_version(&now, &promise->stat)) {
        error_set(error, ERROR_SYSTEM, "the file has changed since the folder was read");
    } else if ((descriptor = disk_root_open_looked_at(promise->root, looked_at, &name)) < 0) {
        error_set_errno(error, "the file cannot be opened");
    }
    close(looked_at);
    return descriptor;
}

static bool read_part(int descriptor, char *bytes, size_t size, size_t offset) {
    while (size > 0) {
        ssize_t got = pread(descriptor, bytes, size, (off_t)offset);
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            return false;
        }
        size_t length = got < 0 ? 0 : (size_t)got;
        bytes += length;
        offset += length;
        size -= length;
    }
    return true;
}

/* Checks the version before and after reading, so all parts are of that version, however many there
 * are and however late. */
static bool promise_read(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    struct promise *promise = context;
    struct stat after;
    patience_begin(promise->path);
    int descriptor = promise_open(promise, error);
    if (descriptor < 0) {
        patience_end();
        return false;
    }
    bool is_kept = read_part(descriptor, bytes, size, offset) && fstat(descriptor, &after) == 0 &&
                   is_same_version(&after, &promise->stat);
    close(descriptor);
    patience_end();
    return is_kept || error_set(error, ERROR_SYSTEM, "the file has changed since the folder was read");
}

static void promise_release(void *context) {
    struct promise *promise = context;
    disk_root_unref(promise->root);
    free(promise);
}

static struct content *promise_content(struct disk_root *root, const struct disk_reading *reading) {
    static const struct content_source source = {promise_read, promise_release};
    size_t length = strlen(reading->path) + 1;
    struct promise *promise = malloc(sizeof *promise + length);
    if (!promise) {
        return NULL;
    }
    promise->root = disk_root_ref(root);
    promise->stat = reading->stat;
    promise->is_link = reading->is_link;
    memcpy(promise->path, reading->path, length);
    struct content *content = content_create_on_demand((size_t)reading->stat.st_size, &source, promise);
    if (!content) {
        promise_release(promise);
    }
    return content;
}

/* ---- one file ---- */

struct examination {
    struct arena *arena;
    struct text text;
    struct disk_reading *reading;
    bool is_held;
};

static bool takes_ends(struct text first, struct text last, struct disk_reading *reading) {
    return text_ends(text_trim(last), "}") && snapshot_head_of_piece(first, &reading->snapshot);
}

static void examine(void *context) {
    struct examination *examination = context;
    struct disk_reading *reading = examination->reading;
    struct text text = examination->text;
    if (reading->is_sql) {
        sql_examine(examination->arena, text, &reading->sql);
        /* Rows are matched by these, so they must not depend on a file that may hang by then. */
        if (!examination->is_held) {
            sql_line_end_digests(examination->arena, text, &reading->line_ends.lf, &reading->line_ends.crlf);
        }
    } else if (text.length <= SNAPSHOT_WHOLE ||
               !takes_ends(text_slice(text, 0, SNAPSHOT_PIECE),
                           text_slice(text, text.length - SNAPSHOT_PIECE, text.length), reading)) {
        snapshot_head_of_file(examination->arena, examination->text, &reading->snapshot);
    }
}

static bool examine_in_arena(struct disk_reading *reading, struct text text, bool is_held) {
    struct examination examination = {arena_create(), text, reading, is_held};
    bool is_done = examination.arena && arena_run(examination.arena, examine, &examination);
    arena_destroy(examination.arena);
    return is_done;
}

/* Stores the result. False when memory has run out. */
static bool take(struct disk_root *root, struct disk_reading *reading, struct content *read, bool keep) {
    struct text text = content_text(read);
    struct content *before = reading->before;
    if ((reading->is_sql || reading->is_snapshot) && !examine_in_arena(reading, text, keep)) {
        return false;
    }
    bool is_before = keep && before && content_is_held(before) && text_equal(content_text(before), text);
    reading->content = keep ? content_ref(is_before ? before : read) : promise_content(root, reading);
    return reading->content;
}

static struct disk_outcome refused(const char *reason) {
    return (struct disk_outcome){OUTCOME_REFUSED, reason, 0};
}

static const struct disk_outcome reached = {OUTCOME_REACHED, NULL, 0}, out_of_memory = {OUTCOME_TROUBLE, NULL, ENOMEM};

/* For a long snapshot that is not held: true if the head was found at its two ends. */
static bool has_short_head(struct disk_reading *reading, int descriptor) {
    char first[SNAPSHOT_PIECE], last[SNAPSHOT_PIECE];
    off_t size = reading->stat.st_size;
    return size > SNAPSHOT_WHOLE && pread(descriptor, first, sizeof first, 0) == (ssize_t)sizeof first &&
           pread(descriptor, last, sizeof last, size - (off_t)sizeof last) == (ssize_t)sizeof last &&
           takes_ends((struct text){first, sizeof first}, (struct text){last, sizeof last}, reading);
}

/* Reads the version that `stat` describes; sets *ret_is_torn if it changed meanwhile. */
static struct disk_outcome read_opened(struct disk_root *root, struct disk_reading *reading, int descriptor,
                                       bool *ret_is_torn) {
    off_t size = reading->stat.st_size;
    if (reading->too_large && size > reading->maximum) {
        return refused(reading->too_large);
    }
    bool keep = reading->may_hold && size <= DISK_HELD_EACH;
    if (!keep && !reading->is_sql &&
        (!reading->is_snapshot || has_short_head(reading, descriptor) || size > DISK_SQL_MAXIMUM)) {
        reading->content = promise_content(root, reading);
        return reading->content ? reached : out_of_memory;
    }
    char *bytes;
    struct content *read = content_create_blank((size_t)size, &bytes);
    if (!read) {
        return out_of_memory;
    }
    struct disk_outcome outcome = reached;
    struct stat after;
    /* One byte more than expected shows that the file has grown. */
    ssize_t length = read_up_to(descriptor, bytes, (size_t)size + 1, (size_t)size);
    if (length < 0 || fstat(descriptor, &after) < 0) {
        outcome = disk_outcome_of_errno(errno);
    } else {
        reading->was_read = true;
        *ret_is_torn = length != size || !is_same_version(&reading->stat, &after);
        if (!*ret_is_torn && !take(root, reading, read, keep)) {
            outcome = out_of_memory;
        }
    }
    content_unref(read);
    return outcome;
}

/* Looks only in the directory in which the file was listed, not in another one that has replaced
 * it. A link is followed anywhere within the folder. */
static int look(struct disk_reach *reach, struct disk_reading *reading, struct disk_name *ret_name,
                struct disk_outcome *ret_outcome) {
    if (reading->is_link) {
        *ret_name = (struct disk_name){-1, reading->path, true};
        return disk_root_follow(reach->root, reading->path, &reading->stat, ret_outcome);
    }
    int directory = disk_reach(reach, reading->in, ret_outcome);
    *ret_name = (struct disk_name){directory, reading->name, false};
    return directory < 0 ? -1 : disk_root_look(reach->root, directory, reading->name, &reading->stat, ret_outcome);
}

static struct disk_outcome read_once(struct disk_root *root, struct disk_reach *reach, struct disk_reading *reading,
                                     bool *ret_is_torn) {
    struct disk_outcome outcome;
    struct disk_name name;
    int looked_at = look(reach, reading, &name, &outcome);
    if (looked_at < 0) {
        return outcome;
    }
    reading->is_racy = is_racy(&reading->stat);
    int descriptor = disk_root_open_looked_at(root, looked_at, &name);
    outcome = disk_outcome_of_errno(errno);
    close(looked_at);
    if (descriptor < 0) {
        return outcome.error == ENOSYS ? refused("cannot be read on such an old system without /proc") : outcome;
    }
    reading->granted = reading->leaves_list ? reading->stat.st_mode & 07700
                                            : disk_acl_narrow(descriptor, reading->stat.st_mode & 07777);
    outcome = read_opened(root, reading, descriptor, ret_is_torn);
    close(descriptor);
    return outcome;
}

static void read_one(struct disk_root *root, struct disk_reach *reach, struct disk_reading *reading) {
    bool is_torn = true;
    for (int attempt = 0; is_torn && attempt < ATTEMPTS; attempt++) {
        is_torn = false;
        reading->outcome = read_once(root, reach, reading, &is_torn);
    }
    if (is_torn) {
        reading->outcome = refused("keeps changing while it is read");
    }
}

/* ---- many files ---- */

struct crew {
    struct disk_root *root;
    struct disk_reading *readings;
    size_t count;
    atomic_size_t next, *answered;
};

static void *crew_work(void *context) {
    struct crew *crew = context;
    struct disk_reach reach = {.root = crew->root};
    for (size_t i; (i = atomic_fetch_add_explicit(&crew->next, 1, memory_order_relaxed)) < crew->count;) {
        read_one(crew->root, &reach, &crew->readings[i]);
        atomic_fetch_add_explicit(crew->answered, 1, memory_order_relaxed);
        patience_step();
    }
    disk_reach_finish(&reach);
    return NULL;
}

void disk_read_all(struct disk_root *root, struct disk_reading *readings, size_t count, unsigned threads,
                   atomic_size_t *answered) {
    struct crew crew = {.root = root, .readings = readings, .count = count, .answered = answered};
    pthread_t helpers[THREADS_MAXIMUM];
    size_t helping = 0;
    while (helping + 1 < threads && helping < THREADS_MAXIMUM && (helping + 1) * FILES_WORTH_A_THREAD < count &&
           pthread_create(&helpers[helping], NULL, crew_work, &crew) == 0) {
        helping++;
    }
    crew_work(&crew);
    while (helping > 0) {
        pthread_join(helpers[--helping], NULL);
    }
}
