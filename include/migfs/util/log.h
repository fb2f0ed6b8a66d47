/* Says things to whoever runs the program: on standard error, each line with the program's name in front. Only the top and
 * fuse rows use it. Any thread. */
#ifndef MIGFS_UTIL_LOG_H
#define MIGFS_UTIL_LOG_H

void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
