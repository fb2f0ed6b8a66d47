/* One line on standard error a call, written at once so that lines of several threads do not mix. */
#include "migfs/util/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A path may hold anything, and a terminal obeys: U+0080 to U+009F, too, of which U+009B stands for ESC [. */
static void disarm(char *line) {
    for (; *line; line++) {
        bool is_beyond_ascii = line[0] == '\xc2' && (line[1] & '\xe0') == '\x80';
        if ((unsigned char)*line < ' ' || *line == '\x7f' || is_beyond_ascii) {
            *line = '?';
        }
        if (is_beyond_ascii) {
            *++line = '?';
        }
    }
}

static void log_line(const char *prefix, const char *format, va_list arguments) {
    char line[2048];
    size_t used = (size_t)snprintf(line, sizeof line, "migfs: %s", prefix);
    vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    disarm(line);
    used = strlen(line);
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
