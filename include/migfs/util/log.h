/* Says things to the user of the program: on standard error, each line with the program's name in front. Only the top and
 * fuse rows use it. Any thread. */
#ifndef MIGFS_UTIL_LOG_H
#define MIGFS_UTIL_LOG_H

/* From here on a thread of its own writes the lines, and no caller waits for standard error, which may be a full pipe: lines for
 * which there is no room are lost, and counted in the next one. Without effect where no thread can be had. After the last fork. */
void log_start_thread(void);

/* Waits until everything is written, but not longer than that. */
void log_flush(int milliseconds);

void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
