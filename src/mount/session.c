/* Ties the inodes, the notifier and libfuse together, and serves with a loop of its own: libfuse's
 * cannot be ended from another thread, and ending needs an order. First the mount is detached,
 * which waits for no reader and admits no new one. Then the slow readers and the notifier are
 * stopped while requests are still served, since the notifier may wait for locks that only replies
 * release. Then the serving threads end. The deadline abandons whatever does not end in time. */
#include "migfs/mount/session.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "migfs/util/clock.h"
#include "migfs/util/log.h"
#include "mount/ending.h"
#include "mount/fs.h"
#include "mount/inodes.h"
#include "mount/mountpoint.h"
#include "mount/notify.h"

/* Mount options that are always set. Not auto_unmount: after a crash an error is safer than a path
 * that is silently empty. */
static const char MOUNT_OPTIONS[] = "ro,nosuid,nodev,noexec,default_permissions,subtype=migfs";

/* Handled by us: libfuse 3 itself mounts over non-empty folders. */
static const char NONEMPTY[] = "nonempty";

/* What detaching needs: the mount table is closed before a root, a pipe and the two descriptors
 * that the child duplicates are opened. */
enum { RESERVE = 5, RESERVE_AT_MOUNT = 2 }; /* mounting opens the device and the mount table */

struct worker {
    struct session *session;
    pthread_t thread;
    struct pollfd device;   /* the /dev/fuse descriptor */
    struct fuse_buf buffer; /* allocated by libfuse, reused for each request */
    unsigned in_vain;       /* how often in a row lingering was useless */
    unsigned hurried;       /* requests until it may linger again */
};

struct session {
    struct session_options options;
    struct fs fs;
    struct fuse_session *fuse;
    struct notifier *notifier;
    int finished; /* eventfd: a worker has ended */
    bool is_mounted;
    struct mountpoint_mount mount;
    int reserve[RESERVE]; /* descriptors reserved for detaching */
    unsigned reserve_count;
    atomic_int failure; /* errno of a worker's failure, or 0 */
    struct worker *workers;
    unsigned worker_count;
};

/* ---- what libfuse says ---- */

/* While this thread creates or mounts a session, libfuse's last message is kept for the error
 * sentence. */
static _Thread_local char *said;
enum { SAID_SIZE = 512 };

static void hear(enum fuse_log_level level, const char *format, va_list arguments) {
    char line[SAID_SIZE];
    if (level > FUSE_LOG_WARNING) {
        return;
    }
    vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\n")] = '\0';
    if (said) {
        memcpy(said, line, sizeof line);
    } else {
        log_error("%s", line);
    }
}

/* ---- making ---- */

static bool has_option(const struct session_options *options, const char *name) {
    for (size_t i = 0; i < options->mount_option_count; i++) {
        if (strcmp(options->mount_options[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_options(struct fuse_args *arguments, const struct session_options *options) {
    char *name = NULL;
    char *escaped = NULL;
    bool has_memory = asprintf(&name, "fsname=%s", options->source) >= 0 &&
                      fuse_opt_add_opt_escaped(&escaped, name) == 0 && fuse_opt_add_arg(arguments, "migfs") == 0 &&
                      fuse_opt_add_arg(arguments, "-o") == 0 && fuse_opt_add_arg(arguments, MOUNT_OPTIONS) == 0 &&
                      fuse_opt_add_arg(arguments, "-o") == 0 && fuse_opt_add_arg(arguments, escaped) == 0;
    for (size_t i = 0; has_memory && i < options->mount_option_count; i++) {
        const char *option = options->mount_options[i];
        has_memory = strcmp(option, NONEMPTY) == 0 ||
                     (fuse_opt_add_arg(arguments, "-o") == 0 && fuse_opt_add_arg(arguments, option) == 0);
    }
    free(name);
    free(escaped);
    return has_memory;
}

/* libfuse repeats unknown options whole. Only the names are shown here: a value may be a
 * password. */
static bool set_unknown_option(const struct session_options *options, struct error *error) {
    char names[SAID_SIZE] = "";
    for (size_t i = 0; i < options->mount_option_count; i++) {
        const char *option = options->mount_options[i];
        size_t used = strlen(names), length = strspn(option, "abcdefghijklmnopqrstuvwxyz_");
        bool is_name = option[length] == '\0' || option[length] == '=';
        snprintf(names + used, sizeof names - used, "%s%.*s", used > 0 ? ", " : "", is_name ? (int)length : 11,
                 is_name ? option : "an odd name");
    }
    return error_set(error, ERROR_USAGE, "unknown option: neither migfs nor FUSE knows all of these behind -o: %s",
                     names);
}

static bool create_fuse(struct session *session, struct error *error) {
    struct fuse_args arguments = FUSE_ARGS_INIT(0, NULL);
    char heard[SAID_SIZE] = "";
    said = heard;
    fuse_set_log_func(hear);
    if (add_options(&arguments, &session->options)) {
        session->fuse = fuse_session_new(&arguments, &fs_operations, sizeof fs_operations, &session->fs);
    }
    fuse_opt_free_args(&arguments);
    said = NULL;
    if (!session->fuse) {
        return *heard ? set_unknown_option(&session->options, error) : error_set_memory(error);
    }
    return true;
}

static void sync_later(void *context, fuse_req_t request) {
    struct session *session = context;
    notifier_sync(session->notifier, request);
}

static void listed(void *context, uint64_t directory) {
    struct session *session = context;
    notifier_listed(session->notifier, directory);
}

static bool set_up(struct session *session, struct error *error) {
    const struct session_options *options = &session->options;
    session->workers = calloc(options->threads, sizeof *session->workers);
    if (!session->workers) {
        return error_set_memory(error);
    }
    session->fs.inodes = inodes_create(options->tree, error);
    session->fs.slow = session->fs.inodes ? slow_create(error) : NULL;
    if (!session->fs.slow || !ending_prepare(error)) {
        return false;
    }
    session->finished = eventfd(0, EFD_CLOEXEC);
    if (session->finished < 0) {
        return error_set_errno(error, "cannot wait for threads");
    }
    if (!create_fuse(session, error)) {
        return false;
    }
    const struct notifier_options notifier_options = {.session = session->fuse,
                                                      .tree = options->tree,
                                                      .is_silent = session->fs.is_shared,
                                                      .request_refresh = options->request_refresh,
                                                      .context = options->context};
    session->notifier = notifier_create(&notifier_options, error);
    return session->notifier != NULL;
}

struct session *session_create(const struct session_options *options, struct error *error) {
    struct session *session = calloc(1, sizeof *session);
    if (!session) {
        error_set_memory(error);
        return NULL;
    }
    session->options = *options;
    session->fs.is_shared = has_option(options, "allow_other");
    session->fs.sync = sync_later;
    session->fs.listed = listed;
    session->fs.context = session;
    session->finished = -1;
    if (!set_up(session, error)) {
        session_destroy(session);
        return NULL;
    }
    return session;
}

/* ---- mounting ---- */

static void release_reserve(struct session *session) {
    while (session->reserve_count > 0) {
        close(session->reserve[--session->reserve_count]);
    }
}

/* Taken before there is a mount: without spare descriptors it could not be unmounted. */
static bool take_reserve(struct session *session, struct error *error) {
    int at_mount[RESERVE_AT_MOUNT];
    unsigned count = 0;
    while (session->reserve_count < RESERVE &&
           (session->reserve[session->reserve_count] = fcntl(session->finished, F_DUPFD_CLOEXEC, 0)) >= 0) {
        session->reserve_count++;
    }
    while (count < RESERVE_AT_MOUNT && (at_mount[count] = fcntl(session->finished, F_DUPFD_CLOEXEC, 0)) >= 0) {
        count++;
    }
    bool has_all = session->reserve_count == RESERVE && count == RESERVE_AT_MOUNT;
    if (!has_all) {
        error_set_errno(error, "%s: cannot mount here", session->options.mountpoint);
    }
    while (count > 0) {
        close(at_mount[--count]);
    }
    return has_all;
}

static void detach(struct session *session) {
    release_reserve(session);
    mountpoint_detach(&session->mount, fuse_session_fd(session->fuse));
}

static bool mount_locked(struct session *session, struct error *error) {
    const char *mountpoint = session->options.mountpoint;
    const struct mountpoint_wishes wishes = {.allows_others = session->fs.is_shared,
                                             .allows_nonempty = has_option(&session->options, NONEMPTY)};
    if (!mountpoint_prepare(mountpoint, &wishes, error) || !take_reserve(session, error)) {
        return false;
    }
    char heard[SAID_SIZE] = "";
    said = heard;
    session->is_mounted = fuse_session_mount(session->fuse, mountpoint) == 0;
    said = NULL;
    if (!session->is_mounted) {
        return mountpoint_refusal(mountpoint, heard, error);
    }
    mountpoint_find(mountpoint, &session->mount);
    return true;
}

bool session_mount(struct session *session, struct error *error) {
    int lock = mountpoint_lock(session->options.mountpoint);
    bool is_mounted = mount_locked(session, error);
    if (lock >= 0) {
        close(lock);
    }
    return is_mounted;
}

/* While the mount exists, libfuse would unmount whatever is at the path by now. A mount that lives
 * on for open files only needs the device closed, which fuse_session_destroy() does. */
static void unmount(struct session *session) {
    if (!session->is_mounted) {
        return;
    }
    detach(session);
    if (mountpoint_has_gone(fuse_session_fd(session->fuse))) {
        fuse_session_unmount(session->fuse);
    }
    session->is_mounted = false;
}

/* ---- serving ---- */

/* A reader that reads file after file sends its next request at once, and waking a sleeping worker
 * takes several times as long as the reply. So a worker polls briefly for another request before it
 * sleeps, unless that was useless lately: then readers are not that fast, or the processors are
 * busy. */
enum { SETTLE_SECONDS = 1 };

enum { LINGER_NS = 50000, IN_VAIN_MOST = 3, HURRIED = 64 };

static void linger(struct worker *worker) {
    if (worker->hurried > 0) {
        worker->hurried--;
        return;
    }
    int64_t end = clock_ns() + LINGER_NS;
    while (poll(&worker->device, 1, 0) == 0) {
        if (clock_ns() >= end) {
            if (++worker->in_vain == IN_VAIN_MOST) {
                worker->in_vain = 0;
                worker->hurried = HURRIED;
            }
            return;
        }
        sched_yield();
    }
    worker->in_vain = 0;
}

/* A worker is ended by cancellation, which is enabled only while it waits for a request: no wake-up
 * is lost, and no request is left half done. No pointers to locals here: the address sanitizer
 * would not notice the frame's end. */
static void *serve(void *context) {
    struct worker *worker = context;
    struct session *session = worker->session;
    while (!fuse_session_exited(session->fuse)) {
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
        int size = fuse_session_receive_buf(session->fuse, &worker->buffer);
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
        if (size > 0) {
            fuse_session_process_buf(session->fuse, &worker->buffer);
            linger(worker);
        } else if (size != -EINTR && size != -EAGAIN) {
            atomic_store(&session->failure, -size); /* 0: the mount is gone */
            break;
        }
    }
    eventfd_write(session->finished, 1);
    return NULL;
}

static bool start_workers(struct session *session, struct error *error) {
    while (session->worker_count < session->options.threads) {
        struct worker *worker = &session->workers[session->worker_count];
        worker->session = session;
        worker->device = (struct pollfd){.fd = fuse_session_fd(session->fuse), .events = POLLIN};
        errno = pthread_create(&worker->thread, NULL, serve, worker);
        if (errno != 0) {
            return error_set_errno(error, "cannot start a thread");
        }
        session->worker_count++;
    }
    return true;
}

/* The kernel sends fsync on a directory under that directory's lock, until it learns once that
 * there is no handler. A reader could block that lock, so the kernel learns it before there are
 * readers. */
static void *ask_fsyncdir(void *context) {
    char *path = context;
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct statfs type;
    if (root >= 0 && fstatfs(root, &type) == 0 && type.f_type == FUSE_SUPER_MAGIC) {
        fsync(root);
    }
    if (root >= 0) {
        close(root);
    }
    free(path);
    return NULL;
}

/* In a thread that can be abandoned, since the path may lead through a file system that hangs. The
 * mount cannot be unmounted while the thread has the root open. */
static void settle_fsyncdir(const struct session *session) {
    pthread_t thread;
    struct timespec until;
    char *path = strdup(session->options.mountpoint);
    if (!path || pthread_create(&thread, NULL, ask_fsyncdir, path) != 0) {
        free(path);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SETTLE_SECONDS;
    if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
        pthread_detach(thread);
    }
}

/* Returns when the session has to end. */
static void wait_for_end(struct session *session) {
    struct pollfd sources[] = {{.fd = ending_descriptor(), .events = POLLIN},
                               {.fd = session->finished, .events = POLLIN}};
    for (;;) {
        if (poll(sources, 2, -1) < 0) {
            continue;
        }
        enum ending_wish wish = ending_take();
        if (sources[1].revents || wish == ENDING_END) {
            return;
        }
        if (wish == ENDING_REFRESH) {
            session->options.request_refresh(session->options.context);
        }
    }
}

static void stop_workers(struct session *session) {
    for (unsigned i = 0; i < session->worker_count; i++) {
        pthread_cancel(session->workers[i].thread);
        pthread_join(session->workers[i].thread, NULL);
        free(session->workers[i].buffer.mem);
    }
    session->worker_count = 0;
}

bool session_serve(struct session *session, struct error *error) {
    if (!start_workers(session, error)) {
        return false;
    }
    settle_fsyncdir(session);
    return true;
}

bool session_loop(struct session *session, struct error *error) {
    wait_for_end(session);
    ending_begin(fuse_session_fd(session->fuse));
    detach(session);
    slow_stop(session->fs.slow);
    notifier_stop(session->notifier);
    stop_workers(session);
    unmount(session);
    if (atomic_load(&session->failure) != 0) {
        errno = atomic_load(&session->failure);
        return error_set_errno(error, "%s: cannot read the kernel's requests", session->options.mountpoint);
    }
    return true;
}

/* ---- what is shown ---- */

void session_publish(struct session *session, struct tree *tree) {
    inodes_publish(session->fs.inodes, tree);
    notifier_published(session->notifier, tree);
}

void session_synced(struct session *session, uint64_t number) {
    notifier_synced(session->notifier, number);
}

void session_destroy(struct session *session) {
    if (!session) {
        return;
    }
    notifier_destroy(session->notifier);
    slow_destroy(session->fs.slow);
    stop_workers(session);
    unmount(session);
    release_reserve(session);
    if (session->fuse) {
        fuse_session_destroy(session->fuse);
    }
    inodes_destroy(session->fs.inodes);
    if (session->finished >= 0) {
        close(session->finished);
    }
    free(session->workers);
    free(session);
}
