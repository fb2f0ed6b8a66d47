/* Messages to the user of the program: on standard error, each line preceded by the program's name.
 * Only mount, live and cli use it. Any thread. */
#ifndef MIGFS_UTIL_LOG_H
#define MIGFS_UTIL_LOG_H

/* From here on a thread of its own writes the lines, so no caller waits for standard error, which
 * may be a full pipe: lines that do not fit the buffer are dropped, and the next line says how
 * many. No effect if no thread can be started. Call after the last fork. */
void log_start_thread(void);

/* Waits until everything is written, at most that long. */
void log_flush(int milliseconds);

void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
