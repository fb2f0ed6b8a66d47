/* Goes into the background, reads, mounts and serves. The parent process is released once the first
 * view is mounted. */
#include "cli/mount.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/apart.h"
#include "cli/ask.h"
#include "cli/background.h"
#include "cli/folders.h"
#include "cli/options.h"
#include "cli/privileges.h"
#include "migfs/ledger/postgres/driver.h"
#include "migfs/live/refresh.h"
#include "migfs/mount/session.h"
#include "migfs/util/log.h"
#include "migfs/util/patience.h"

enum { SERVING_THREADS = 4, EXIT_USAGE = 2, LAST_WORDS_MS = 500 };

/* ---- paths ---- */

static bool is_within(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0' || length == 1);
}

/* Resolves the links of a path. A dead mount cannot be resolved; then only its parent folder is. */
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

/* The source path keeps its links, so that each read follows them. */
static bool check_paths(struct options *options, struct error *error) {
    char *source = realpath(options->source, NULL);
    resolve(&options->mountpoint);
    bool is_within_source = is_within(options->mountpoint, source ? source : options->source);
    free(source);
    return !is_within_source ||
           error_set(
               error, ERROR_USAGE,
               "the mount point %s lies within the source %s, and the view would contain itself; mount it elsewhere",
               options->mountpoint, options->source);
}

static bool is_shared(const struct options *options) {
    for (size_t i = 0; i < options->mount_option_count; i++) {
        if (strcmp(options->mount_options[i], "allow_other") == 0) {
            return true;
        }
    }
    return false;
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
                   refresh_start(refresh, &listener, error) && session_serve(session, error);
    if (is_good) {
        if (options->is_foreground) {
            log_notice("the view of %s is mounted on %s", options->source, options->mountpoint);
        }
        background_ready(starter);
        is_good = session_loop(session, error);
    }
    refresh_stop(refresh); /* while `session` still exists */
    session_destroy(session);
    return is_good;
}

static int mount_folder(struct options *options, void *context) {
    struct starter *starter = context;
    struct error error;
    struct refresh *refresh = NULL;
    bool is_good = check_paths(options, &error);
    struct inputs_options inputs = options_inputs(options);
    inputs.is_shared = is_shared(options);
    is_good = is_good && (chdir("/") == 0 || error_set_errno(&error, "cannot go to /"));
    is_good = is_good && privileges_reduce(&error);
    is_good = is_good && (inputs.database_count == 0 || ledger_postgres_prepare(privileges_confine, &error));
    signal(SIGPIPE, SIG_IGN); /* the reader of the log may exit */
    log_start_thread();
    if (options->is_foreground) {
        apart_watch_self();
    }
    is_good = is_good && (refresh = refresh_create(&inputs, &error)) != NULL;
    apart_watch_self_end();
    patience_own(); /* no process has to watch: the mount answers even if the source hangs */
    is_good = is_good && serve(options, refresh, starter, &error);
    refresh_destroy(refresh);
    if (!is_good) {
        log_error("%s", error.sentence);
    }
    log_flush(LAST_WORDS_MS);
    return is_good ? EXIT_SUCCESS : error.code == ERROR_USAGE ? EXIT_USAGE : EXIT_FAILURE;
}

/* Needed in the foreground, where no other process watches. */
static bool ask_all(const struct options *options, struct error *error) {
    bool is_answered = ask_first(".", error) && (!options->config || ask_first(options->config, error));
    for (size_t i = 0; is_answered && i < options->source_count; i++) {
        is_answered = ask_first(options->sources[i], error);
    }
    return is_answered && (!options->rules_file || ask_first(options->rules_file, error));
}

/* Goes into the background before it accesses the source, which may hang. */
int mount_run(struct options *options) {
    struct starter starter = {.pipe = -1, .null = -1};
    struct error error;
    if (options->is_foreground ? !ask_all(options, &error) : !background_fork(&starter, &error)) {
        log_error("%s", error.sentence);
        return EXIT_FAILURE;
    }
    return folders_run(options, FOLDERS_ONE, mount_folder, &starter);
}
