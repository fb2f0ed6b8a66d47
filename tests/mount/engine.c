/* The filesystem without migrations: mirrors a folder, read anew at each refresh, through the real tree, inodes, handlers, notifier and
 * session. Returns when it has mounted, like migfs.
 *
 *     engine [--every] [--delay=SECONDS] [-o OPTION] SOURCE MOUNTPOINT
 *
 * What the daemon says, and how it ended, goes to the file ENGINE_RECORD. It refreshes when asked by fsync or SIGUSR1, or all the time with --every. A file whose name begins with `refused` is refused, one of
 * 1 MiB or more stays there until it is read, a symbolic link is a link. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migfs/mount/session.h"
#include "migfs/tree/build.h"

enum { ON_DEMAND_SIZE = 1 << 20 };

struct engine {
    const char *source;
    bool is_eager;
    time_t delay; /* seconds that a refresh takes longer than it need */
    struct tree *tree;
    struct session *session;
    pthread_mutex_t lock; /* guards what is below */
    pthread_cond_t asked;
    uint64_t requests, done;
    bool is_ending;
};

/* ---- reading the folder ---- */

struct scan {
    struct arena *arena;
    const char *source;
    const struct tree *previous;
    struct tree *tree;
};

/* The large files of the last scan that found them: a file that has not changed is the same
 * content. */
static struct large {
    char *path;
    struct stat attributes;
    struct content *content;
} large[16];

static bool read_part(const char *path, char *bytes, size_t size, size_t offset) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool is_read = file >= 0 && pread(file, bytes, size, (off_t)offset) == (ssize_t)size;
    if (file >= 0) {
        close(file);
    }
    return is_read;
}

static bool read_large(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    return read_part(context, bytes, size, offset) || error_set_errno(error, "cannot read");
}

static const struct content_source SOURCE = {read_large, free};

/* The content for the version found now; `large` keeps it. */
static struct content *content_of_large(const char *path, const struct stat *attributes) {
    struct large *found = large;
    while (found->path && strcmp(found->path, path) != 0) {
        found++;
    }
    if (found->path && found->attributes.st_ino == attributes->st_ino &&
        found->attributes.st_size == attributes->st_size &&
        memcmp(&found->attributes.st_mtim, &attributes->st_mtim, sizeof(struct timespec)) == 0) {
        return found->content;
    }
    free(found->path);
    content_unref(found->content);
    found->path = strdup(path);
    found->attributes = *attributes;
    found->content = content_create_on_demand((size_t)attributes->st_size, &SOURCE, strdup(path));
    return found->content;
}

static void forget_large(void) {
    for (struct large *found = large; found->path; found++) {
        free(found->path);
        content_unref(found->content);
    }
}

static void scan_file(struct scan *scan, struct tree_builder *builder, struct tree_draft *draft, struct text name,
                      const char *path, const struct tree_attributes *attributes, const struct stat *found) {
    size_t size = (size_t)found->st_size;
    if (text_starts(name, "refused")) {
        tree_add_refused(builder, draft, name, attributes, size > 0 ? size : 1);
    } else if (size >= ON_DEMAND_SIZE) {
        tree_add_content(builder, draft, name, attributes, content_of_large(path, found));
    } else {
        char *bytes = arena_alloc(scan->arena, size);
        if (read_part(path, bytes, size, 0)) {
            tree_add_file(builder, draft, name, attributes, (struct text){bytes, size});
        }
    }
}

static void scan_directory(struct scan *scan, struct tree_builder *builder, struct tree_draft *draft,
                           const char *folder) {
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char path[PATH_MAX];
        struct stat attributes;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || lstat(path, &attributes) != 0) {
            continue;
        }
        struct text name = text_copy(scan->arena, text_of(entry->d_name));
        struct tree_attributes given = {.mode = attributes.st_mode & 07777,
                                        .uid = attributes.st_uid,
                                        .gid = attributes.st_gid,
                                        .mtime = attributes.st_mtim};
        if (S_ISDIR(attributes.st_mode)) {
            scan_directory(scan, builder, tree_add_directory(builder, draft, name, &given), path);
        } else if (S_ISLNK(attributes.st_mode)) {
            char *target = arena_alloc(scan->arena, PATH_MAX);
            ssize_t length = readlink(path, target, PATH_MAX);
            tree_add_link(builder, draft, name, &given, (struct text){target, length > 0 ? (size_t)length : 0});
        } else {
            scan_file(scan, builder, draft, name, path, &given, &attributes);
        }
    }
    if (directory) {
        closedir(directory);
    }
}

static void scan_all(void *context) {
    struct scan *scan = context;
    struct stat root;
    struct timespec now;
    struct error error;
    clock_gettime(CLOCK_REALTIME, &now);
    stat(scan->source, &root);
    struct tree_attributes given = {
        .mode = root.st_mode & 07777, .uid = root.st_uid, .gid = root.st_gid, .mtime = root.st_mtim};
    struct tree_builder *builder = tree_builder_create(scan->arena, scan->previous, now, &given);
    scan_directory(scan, builder, tree_builder_root(builder), scan->source);
    scan->tree = tree_finish(builder, &error);
}

static struct tree *scan_tree(const char *source, const struct tree *previous) {
    struct scan scan = {.arena = arena_create(), .source = source, .previous = previous};
    if (!arena_run(scan.arena, scan_all, &scan) || !scan.tree) {
        abort();
    }
    arena_destroy(scan.arena);
    return scan.tree;
}

/* ---- refreshing ---- */

static uint64_t request_refresh(void *context) {
    struct engine *engine = context;
    pthread_mutex_lock(&engine->lock);
    uint64_t number = ++engine->requests;
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->lock);
    return number;
}

/* Under the lock: for as long as a refresh is to take, or until the end. */
static void wait_for_end(struct engine *engine) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += engine->delay;
    while (engine->delay > 0 && !engine->is_ending &&
           pthread_cond_timedwait(&engine->asked, &engine->lock, &until) != ETIMEDOUT) {
    }
}

static void *refresh(void *context) {
    struct engine *engine = context;
    pthread_mutex_lock(&engine->lock);
    while (!engine->is_ending) {
        if (!engine->is_eager && engine->requests == engine->done) {
            pthread_cond_wait(&engine->asked, &engine->lock);
            continue;
        }
        uint64_t number = engine->requests;
        wait_for_end(engine);
        pthread_mutex_unlock(&engine->lock);
        struct tree *tree = scan_tree(engine->source, engine->tree);
        if (tree != engine->tree) {
            session_publish(engine->session, tree);
        }
        tree_unref(engine->tree);
        engine->tree = tree;
        session_synced(engine->session, number);
        pthread_mutex_lock(&engine->lock);
        engine->done = number;
    }
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}

/* ---- running ---- */

static int fail(const struct error *error) {
    fprintf(stderr, "engine: %s\n", error->sentence);
    return 2;
}

/* Lets go of what whoever started us may be reading, and keeps a record instead, if asked for. */
static void become_daemon(int ready) {
    const char *record = getenv("ENGINE_RECORD");
    if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
        !freopen(record ? record : "/dev/null", "w", stderr) || write(ready, "", 1) != 1) {
        abort();
    }
    close(ready);
}

static int run(struct engine *engine, struct session_options *options, int ready) {
    struct error error;
    pthread_t refresher;
    engine->tree = scan_tree(engine->source, NULL);
    options->tree = engine->tree;
    engine->session = session_create(options, &error);
    if (!engine->session) {
        tree_unref(engine->tree);
        return fail(&error);
    }
    if (!session_mount(engine->session, &error)) {
        session_destroy(engine->session);
        tree_unref(engine->tree);
        return fail(&error);
    }
    if (!session_serve(engine->session, &error)) {
        abort();
    }
    pthread_create(&refresher, NULL, refresh, engine);
    become_daemon(ready);
    bool ended_well = session_loop(engine->session, &error);
    pthread_mutex_lock(&engine->lock);
    engine->is_ending = true;
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->lock);
    pthread_join(refresher, NULL);
    session_destroy(engine->session);
    tree_unref(engine->tree);
    return ended_well ? 0 : fail(&error);
}

int main(int count, char **arguments) {
    static struct engine engine = {.lock = PTHREAD_MUTEX_INITIALIZER, .asked = PTHREAD_COND_INITIALIZER};
    const char *mount_options[8];
    struct session_options options = {
        .threads = 4, .request_refresh = request_refresh, .context = &engine, .mount_options = mount_options};
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--every") == 0) {
            engine.is_eager = true;
        } else if (strncmp(arguments[i], "--delay=", 8) == 0) {
            engine.delay = atoi(arguments[i] + 8);
        } else if (strcmp(arguments[i], "-o") == 0) {
            mount_options[options.mount_option_count++] = arguments[++i];
        } else if (!engine.source) {
            engine.source = realpath(arguments[i], NULL);
            options.source = engine.source;
        } else {
            options.mountpoint = arguments[i];
        }
    }
    int ready[2];
    char byte;
    if (!engine.source || !options.mountpoint || pipe(ready) != 0) {
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        close(ready[0]);
        int status = run(&engine, &options, ready[1]);
        forget_large();
        free((void *)engine.source);
        fprintf(stderr, "ended with %d\n", status);
        return status;
    }
    close(ready[1]);
    free((void *)engine.source);
    if (read(ready[0], &byte, 1) != 1) {
        return 2;
    }
    printf("%d\n", (int)child);
    return 0;
}
