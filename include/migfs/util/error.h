/* An error is a code and one sentence for a person: what, where, what to do.
 *
 * Every function that can fail takes a `struct error *` as its last parameter, returns false or NULL, and leaves its
 * other outputs untouched. Callers on the way up may put what they were doing in front with error_wrap(). Nothing
 * below the top row prints or logs; it returns an error.
 *
 * No function here allocates; all may be called from any thread on an error of that thread's own. */
#ifndef MIGFS_UTIL_ERROR_H
#define MIGFS_UTIL_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE,    /* the command line or an option's value */
    ERROR_MEMORY,   /* an allocation failed; the old state stands */
    ERROR_SYSTEM,   /* a system call failed */
    ERROR_FORMAT,   /* bytes that are not what they should be */
    ERROR_DATABASE, /* a database cannot be reached or read */
    ERROR_REFUSED,  /* the view would refuse this file */
};

struct error {
    enum error_code code;
    char sentence[1024]; /* NUL-terminated, without a full stop or line break at its end */
};

/* Sets code and sentence. A sentence that is too long is cut. Returns false, so that `return error_set(…)` reads well. */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets ERROR_SYSTEM and the sentence followed by ": " and the text of errno as it was on entry. Returns false. */
bool error_set_errno(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets ERROR_SYSTEM and what errno as it was on entry says of a folder that cannot be used. Returns false. */
bool error_set_folder(struct error *error, const char *path);

/* Sets ERROR_MEMORY with its one sentence. Returns false. */
bool error_set_memory(struct error *error);

/* Puts "…: " in front of the sentence; the code stays. Returns false. */
bool error_wrap(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
