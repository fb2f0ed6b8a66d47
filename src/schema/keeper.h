/* The keeper's and the worker's side of worker.h. */
#ifndef MIGFS_SCHEMA_KEEPER_H
#define MIGFS_SCHEMA_KEEPER_H

#include <stdint.h>

/* A worker gets this much processor time for a request, and a little for each MiB of it. Milliseconds. */
enum { KEEPER_TIME = 2000, KEEPER_TIME_PER_MIB = 2000 };

/* Workers at a time. */
enum { KEEPER_SEATS = 6 };

/* What we say to the keeper. The worker that had the seat before is killed; of a new one the socket comes back, with one byte. */
struct keeper_wish {
    uint8_t what, seat;
};
enum { KEEPER_NEW = 'n', KEEPER_END = 'e' };

/* Runs the keeper on `control`, in the child that was forked for it. `count` and `arguments` as main() has them. */
_Noreturn void keeper_run(int control, int count, char **arguments);

#endif
