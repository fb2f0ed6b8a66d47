/* How errors are passed: a code and one sentence, extended on the way up. Does not know who shows
 * them. */
#include "migfs/util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, enum error_code code, const char *format, ...) {
    va_list arguments;
    error->code = code;
    va_start(arguments, format);
    vsnprintf(error->sentence, sizeof error->sentence, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, const char *format, ...) {
    int saved = errno;
    char text[128];
    va_list arguments;
    error->code = ERROR_SYSTEM;
    va_start(arguments, format);
    vsnprintf(error->sentence, sizeof error->sentence, format, arguments);
    va_end(arguments);
    size_t used = strlen(error->sentence);
    snprintf(error->sentence + used, sizeof error->sentence - used, ": %s", strerror_r(saved, text, sizeof text));
    return false;
}

bool error_set_folder(struct error *error, const char *path) {
    switch (errno) {
    case ENOENT:
        return error_set(error, ERROR_SYSTEM, "the folder %s does not exist", path);
    case ENOTDIR:
        return error_set(error, ERROR_SYSTEM, "%s is not a folder", path);
    default:
        return error_set_errno(error, "the folder %s cannot be read", path);
    }
}

bool error_set_memory(struct error *error) {
    return error_set(error, ERROR_MEMORY, "out of memory");
}

bool error_wrap(struct error *error, const char *format, ...) {
    char inner[sizeof error->sentence];
    memcpy(inner, error->sentence, sizeof inner);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->sentence, sizeof error->sentence, format, arguments);
    va_end(arguments);
    size_t used = strlen(error->sentence);
    snprintf(error->sentence + used, sizeof error->sentence - used, ": %s", inner);
    return false;
}
