/* One mount from creation to end: the inodes, libfuse's session, the notifier, the serving threads
 * and the signals. Does not know where trees come from. */
#ifndef MIGFS_MOUNT_SESSION_H
#define MIGFS_MOUNT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/tree/tree.h"
#include "migfs/util/error.h"

struct session;

struct session_options {
    const char *mountpoint;           /* absolute path; must live as long as the session */
    const char *source;               /* shown as the source in the mount table */
    const char *const *mount_options; /* as after -o, for example "allow_other" */
    size_t mount_option_count;
    unsigned threads;  /* threads that serve requests; at least 1 */
    struct tree *tree; /* the first tree to serve; the session takes its own references */

    /* Requests a refresh that begins after the call, and returns its number: refresh_request(). Any
     * thread. */
    uint64_t (*request_refresh)(void *context);
    void *context;
};

/* Creates everything except the mount, and installs the handlers of the signals that session_loop()
 * waits for, so only one session can exist at a time. Call after the last fork. Errors: an unknown
 * mount option; memory. */
struct session *session_create(const struct session_options *options, struct error *error);

/* Mounts; the kernel's requests then wait for session_serve(). A dead migfs at this path is
 * unmounted first; a live one is an error, and so is everything else that prevents mounting. Each
 * error sentence says what to do. */
bool session_mount(struct session *session, struct error *error);

/* Starts the serving threads; requests are answered when it returns. False when a thread could not
 * be started: call session_destroy() then. */
bool session_serve(struct session *session, struct error *error);

/* Runs until the view is unmounted, or SIGTERM, SIGINT or SIGHUP arrives at the process or at any
 * thread that does not block it; SIGUSR1 requests a refresh. Then unmounts (lazily: processes with
 * open files get errors), answers all pending syncs with EIO, and ends its threads. Once, after
 * session_serve(). Returns false only when serving failed. */
bool session_loop(struct session *session, struct error *error);

/* Called on the refresh thread, not after session_destroy(), with what a refresh_listener
 * receives. */
void session_publish(struct session *session, struct tree *tree);
void session_synced(struct session *session, uint64_t number);

void session_destroy(struct session *session); /* takes NULL; unmounts if still mounted */

#endif
