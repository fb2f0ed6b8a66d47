/* One line on standard error a call, written at once so that lines of several threads do not mix. */
#include "migfs/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void log_line(const char *prefix, const char *format, va_list arguments) {
    char line[2048];
    size_t used = (size_t)snprintf(line, sizeof line, "migfs: %s", prefix);
    vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    used = strlen(line);
    for (size_t i = 0; i < used; i++) { /* a path may hold anything, and a terminal obeys */
        bool is_control = (unsigned char)line[i] < ' ' || line[i] == '\x7f';
        line[i] = (char)(is_control ? '?' : line[i]);
    }
    line[used++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written; /* there is nobody left to tell */
}

void log_notice(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_line("", format, arguments);
    va_end(arguments);
}

void log_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_line("error: ", format, arguments);
    va_end(arguments);
}
