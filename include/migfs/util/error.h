/* An error is a code and one sentence for a person: what, where, what to do.
 *
 * Every function that can fail takes a `struct error *` as its last parameter, returns false or
 * NULL, and leaves its other outputs untouched. Callers on the way up may prepend what they were
 * doing with error_wrap(). Only the top layers print or log; everything below returns an error.
 *
 * No function here allocates; all may be called from any thread on that thread's own errors. */
#ifndef MIGFS_UTIL_ERROR_H
#define MIGFS_UTIL_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE,    /* the command line or the value of an option */
    ERROR_MEMORY,   /* an allocation failed; the old state is kept */
    ERROR_SYSTEM,   /* a system call failed */
    ERROR_FORMAT,   /* malformed input */
    ERROR_DATABASE, /* a database cannot be reached or read */
    ERROR_LATE,     /* not finished yet; may succeed later */
};

struct error {
    enum error_code code;
    char sentence[1024]; /* NUL-terminated, without a full stop or line break at the end */
};

/* Sets code and sentence; a sentence that is too long is truncated. Returns false, so that `return
 * error_set(…)` reads well. */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets ERROR_SYSTEM and the sentence followed by ": " and strerror(errno), with errno as on entry.
 * Returns false. */
bool error_set_errno(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets ERROR_SYSTEM and a sentence on a folder that cannot be used, from errno as on entry. Returns
 * false. */
bool error_set_folder(struct error *error, const char *path);

/* Sets ERROR_MEMORY and its one sentence. Returns false. */
bool error_set_memory(struct error *error);

/* Prepends "…: " to the sentence; the code stays. Returns false. */
bool error_wrap(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
