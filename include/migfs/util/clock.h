/* The clock for all waits: monotonic, and unrelated to the time of day. Any thread. */
#ifndef MIGFS_UTIL_CLOCK_H
#define MIGFS_UTIL_CLOCK_H

#include <stdint.h>

/* Of CLOCK_MONOTONIC. */
int64_t clock_ms(void); /* milliseconds */
int64_t clock_ns(void); /* nanoseconds */

#endif
