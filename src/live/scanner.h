/* Scans the folder on a thread of its own, since its file system may hang: meanwhile the databases
 * are read and requests answered. */
#ifndef MIGFS_LIVE_SCANNER_H
#define MIGFS_LIVE_SCANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/live/inputs.h"
#include "migfs/util/error.h"

struct scanner;

/* NULL with an error when no thread can be started. The inputs must outlive it. */
struct scanner *scanner_start(const struct inputs *inputs, struct error *error);

/* Returns false when a thread that hangs is left behind: then the inputs, and what their hooks use,
 * must stay as they are. Takes NULL. */
bool scanner_stop(struct scanner *scanner);

/* Begins a scan. None may be under way. */
void scanner_begin(struct scanner *scanner);

/* Whether a scan is under way; for how many milliseconds it has been, and how many of these without
 * an answer of the file system. */
bool scanner_is_busy(const struct scanner *scanner);
int64_t scanner_age(const struct scanner *scanner);
int64_t scanner_silence(const struct scanner *scanner);

/* The descriptor to poll (readable: a scan is finished), and its result, as inputs_look() returns
 * it. */
int scanner_descriptor(const struct scanner *scanner);
struct looked *scanner_end(struct scanner *scanner, struct error *error);

#endif
