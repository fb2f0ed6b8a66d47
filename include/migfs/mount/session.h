/* One mount, from its making to its end: the inodes, libfuse's session, the notifier, the threads that serve, and the signals. Knows
 * nothing of where trees come from. */
#ifndef MIGFS_MOUNT_SESSION_H
#define MIGFS_MOUNT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/tree/tree.h"
#include "migfs/util/error.h"

struct session;

struct session_options {
    const char *mountpoint; /* absolute path; must live as long as the session */
    const char *source;     /* shown in the table of mounts */
    const char *const
        *mount_options; /* as after -o, "allow_other" for example; those that every mount has need not be here */
    size_t mount_option_count;
    unsigned threads;  /* that serve requests; at least 1 */
    struct tree *tree; /* what is shown first; the session takes references of its own */

    /* Asks for a refresh that begins after the call, and returns its number: refresh_request(). Any thread. */
    uint64_t (*request_refresh)(void *context);
    void *context;
};

/* Makes everything but the mount, and takes over the signals that session_loop() waits for; so there is one session at a time. After
 * the last fork. Errors: a mount option that there is not; memory. */
struct session *session_create(const struct session_options *options, struct error *error);

/* Mounts; from then on the kernel's requests wait for session_serve(). A dead migfs at this place is cleared away, a live one is
 * an error, as is everything else that stands against it; each sentence says what to do. */
bool session_mount(struct session *session, struct error *error);

/* Starts to serve; when it returns, requests are answered. False, with nothing served, when a thread cannot be had: then session_destroy(). */
bool session_serve(struct session *session, struct error *error);

/* Goes on until the mount is gone, or SIGTERM, SIGINT or SIGHUP comes, to the process or to any thread that does not block it; SIGUSR1
 * asks for a refresh. Unmounts (lazily: those who still have files open see errors), answers all who wait for a sync with EIO, and ends its
 * threads. After session_serve(), once. Returns false only when serving failed. */
bool session_loop(struct session *session, struct error *error);

/* Refresh thread; not after session_destroy(). These are what a refresh_listener hands on. */
void session_publish(struct session *session, struct tree *tree);
void session_synced(struct session *session, uint64_t number);

void session_destroy(struct session *session); /* takes NULL; unmounts if need be */

#endif
