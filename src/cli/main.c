/* Ties it together: parses, goes into the background, reads, mounts, serves. Whoever started it is let go once the first view stands. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/background.h"
#include "cli/check.h"
#include "cli/options.h"
#include "cli/privileges.h"
#include "migfs/live/refresh.h"
#include "migfs/mount/session.h"
#include "migfs/util/log.h"

enum { SERVING_THREADS = 4, EXIT_USAGE = 2 };

/* ---- paths ---- */

static bool is_within(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0' || length == 1);
}

/* Resolves the links of a path where it can be resolved. A dead mount cannot, so then only the folder it is in is. */
static void resolve(char **path) {
    char *resolved = realpath(*path, NULL);
    if (!resolved && errno == ENOTCONN) {
        char *slash = strrchr(*path, '/'), *folder;
        *slash = '\0';
        folder = realpath(**path ? *path : "/", NULL);
        if (folder && asprintf(&resolved, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, slash + 1) < 0) {
            resolved = NULL;
        }
        *slash = '/';
        free(folder);
    }
    if (resolved) {
        free(*path);
        *path = resolved;
    }
}

static bool check_paths(struct options *options, struct error *error) {
    resolve(&options->source);
    resolve(&options->mountpoint);
    options->inputs.source = options->source;
    for (size_t i = 0; i < options->mount_option_count; i++) {
        options->inputs.is_shared = options->inputs.is_shared || strcmp(options->mount_options[i], "allow_other") == 0;
    }
    if (is_within(options->mountpoint, options->source)) {
        return error_set(
            error, ERROR_USAGE,
            "the mount point %s lies within the source %s, and the view would contain itself; mount it elsewhere",
            options->mountpoint, options->source);
    }
    return true;
}

/* ---- serving ---- */

static uint64_t request_refresh(void *context) {
    return refresh_request(context);
}

static void published(void *context, struct tree *tree) {
    session_publish(context, tree);
}

static void synced(void *context, uint64_t request) {
    session_synced(context, request);
}

static bool serve(const struct options *options, struct refresh *refresh, struct starter *starter,
                  struct error *error) {
    struct tree *tree = refresh_tree(refresh);
    struct session_options session_options = {.mountpoint = options->mountpoint,
                                              .source = options->source,
                                              .mount_options = options->mount_options,
                                              .mount_option_count = options->mount_option_count,
                                              .threads = SERVING_THREADS,
                                              .tree = tree,
                                              .request_refresh = request_refresh,
                                              .context = refresh};
    struct session *session = session_create(&session_options, error);
    tree_unref(tree);
    struct refresh_listener listener = {.published = published, .synced = synced, .context = session};
    bool is_good = session && session_mount(session, error) && privileges_confine(error) &&
                   refresh_start(refresh, &listener, error);
    if (is_good) {
        if (options->is_foreground) {
            log_notice("the view of %s is mounted on %s", options->source, options->mountpoint);
        }
        background_ready(starter);
        is_good = session_loop(session, error);
    }
    refresh_stop(refresh); /* before what it tells is gone */
    session_destroy(session);
    return is_good;
}

static int mount_run(struct options *options) {
    struct error error;
    struct starter starter = {.pipe = -1};
    struct refresh *refresh = NULL;
    bool is_good = check_paths(options, &error);
    is_good = is_good && (options->is_foreground || background_fork(&starter, &error));
    is_good = is_good && (chdir("/") == 0 || error_set_errno(&error, "cannot go to /"));
    is_good = is_good && privileges_reduce(&error);
    is_good = is_good && (refresh = refresh_create(&options->inputs, &error)) != NULL;
    is_good = is_good && serve(options, refresh, &starter, &error);
    refresh_destroy(refresh);
    if (!is_good) {
        log_error("%s", error.sentence);
    }
    return is_good ? EXIT_SUCCESS : error.code == ERROR_USAGE ? EXIT_USAGE : EXIT_FAILURE;
}

static int run(struct options *options) {
    switch (options->command) {
    case COMMAND_HELP:
        options_print_help(stdout);
        return EXIT_SUCCESS;
    case COMMAND_VERSION:
        puts("migfs " MIGFS_VERSION);
        return EXIT_SUCCESS;
    case COMMAND_CHECK:
        return check_run(options);
    case COMMAND_PRINT:
        return print_run(options);
    case COMMAND_MOUNT:
    default:
        return mount_run(options);
    }
}

/* libpq would send them when it connects, which a pooler in transaction mode refuses. */
static void ignore_options_of_sessions(void) {
    if (getenv("PGOPTIONS")) {
        unsetenv("PGOPTIONS");
        log_notice(
            "PGOPTIONS is not heeded: it does not get through a pooler, and nothing it could set is of use here");
    }
}

/* A view is made in large blocks that are given back at once. Left to itself the C library learns from that to keep such blocks among the
 * small ones, where they are never given back, and has a heap for each thread besides. */
static void keep_memory_small(void) {
#ifdef __GLIBC__
    enum { MAPPED_FROM = 1 << 17 };
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* Whoever closed these would have what is opened next taken for them, the kernel's end of the mount even. */
static void hold_standard_descriptors(void) {
    int descriptor;
    do {
        descriptor = open("/dev/null", O_RDWR);
    } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0) {
        close(descriptor);
    }
}

/* The usual limit is for programs that call select(); a connection to each of a thousand databases is more. */
static void allow_descriptors(void) {
    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
}

int main(int argc, char **argv) {
    static struct options options; /* a thousand databases are too many for the stack */
    struct error error;
    /* A core dump would hold the passwords. The limit 1 and not 0: the kernel heeds 0 for files alone, and still pipes the dump to a
     * collector where there is one. */
    struct rlimit no_core = {1, 1};
    setrlimit(RLIMIT_CORE, &no_core);
    allow_descriptors();
    hold_standard_descriptors();
    keep_memory_small();
    ignore_options_of_sessions();
    int status = EXIT_USAGE;
    if (options_parse(&options, argc, argv, &error)) {
        status = run(&options);
    } else {
        log_error("%s", error.sentence);
    }
    options_finish(&options);
    return status;
}
