/* Reads contents on demand for the refresh thread, on threads of its own, since their file system
 * may hang. The refresh thread waits a short time for them and then goes on without; it is woken
 * when they arrive. */
#ifndef LIVE_REREAD_H
#define LIVE_REREAD_H

#include <stdbool.h>

#include "migfs/util/error.h"

struct reread;

/* A file that is late counts as silent (content_silence()) after `silence_ms` without an answer.
 * NULL with an error when it cannot be had. */
struct reread *reread_start(unsigned silence_ms, struct error *error);

/* Leaves reads that hang behind. Takes NULL. */
void reread_stop(struct reread *reread);

/* From here on, the calling thread reads contents on demand in this way. The functions below belong
 * to that thread. */
void reread_use(struct reread *reread);

/* With false, no further read is begun: the whole source is known to hang. */
void reread_set_waits(struct reread *reread, bool waits);

/* A view is made between the two. */
void reread_begin(struct reread *reread);
void reread_end(struct reread *reread);

/* The descriptor to poll, and for how many milliseconds (-1: no limit), until reread_step() has
 * something to do. */
int reread_descriptor(const struct reread *reread);
int reread_wait_ms(struct reread *reread);

/* Notes which files have arrived, and which have fallen silent; from here on the thread may wait
 * for a short time again. Returns true if a view should be made again because of them. */
bool reread_step(struct reread *reread);

/* Whether the last view lacks a file that is not silent, and so may still arrive. */
bool reread_is_awaited(struct reread *reread);

#endif
