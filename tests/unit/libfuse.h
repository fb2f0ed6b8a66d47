/* libfuse's side of the mount for tests: what is answered and notified is written down, in the
 * order in which it is, one word each. A request is the address of a number, which stands for it.
 * These functions take the place of the library's. */
#ifndef LIBFUSE_H
#define LIBFUSE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mount/kernel.h"

static struct { char said[8192]; } kernel;
static pthread_mutex_t kernel_lock = PTHREAD_MUTEX_INITIALIZER;

static inline void kernel_say(const char *format, long long number, const char *text) {
    pthread_mutex_lock(&kernel_lock);
    size_t used = strlen(kernel.said);
    snprintf(kernel.said + used, sizeof kernel.said - used, format, number, text);
    pthread_mutex_unlock(&kernel_lock);
}

/* What was said since the last call; the caller's until the next one. */
static inline const char *kernel_said(void) {
    static char said[sizeof kernel.said];
    pthread_mutex_lock(&kernel_lock);
    memcpy(said, kernel.said, sizeof said);
    kernel.said[0] = '\0';
    pthread_mutex_unlock(&kernel_lock);
    return said;
}

static inline bool kernel_has_said(const char *word) {
    pthread_mutex_lock(&kernel_lock);
    bool has_said = strstr(kernel.said, word);
    pthread_mutex_unlock(&kernel_lock);
    return has_said;
}

/* Until another thread has said it. */
static inline void kernel_wait_for(const char *word) {
    while (!kernel_has_said(word)) {
        usleep(1000);
    }
}

static inline fuse_req_t kernel_request(const int *number) {
    return (fuse_req_t)(uintptr_t)number;
}

static inline int kernel_number(fuse_req_t request) {
    return *(const int *)(uintptr_t)request;
}

int fuse_reply_err(fuse_req_t request, int code) {
    kernel_say("answer%lld:%s ", kernel_number(request), code == 0 ? "0" : strerrorname_np(code));
    return 0;
}

void fuse_req_interrupt_func(fuse_req_t request, fuse_interrupt_func_t function, void *data) {
    (void)request;
    (void)function;
    (void)data;
}

int fuse_req_interrupted(fuse_req_t request) {
    (void)request;
    return 0;
}

int fuse_lowlevel_notify_inval_entry(struct fuse_session *session, fuse_ino_t parent, const char *name, size_t length) {
    (void)session;
    (void)length;
    kernel_say("forget%lld/%s ", (long long)parent, name);
    return 0;
}

int fuse_lowlevel_notify_inval_inode(struct fuse_session *session, fuse_ino_t inode, off_t offset, off_t length) {
    (void)session;
    (void)length;
    kernel_say("%lld%s ", (long long)inode, offset < 0 ? ":attributes" : ":all");
    return 0;
}

#endif
