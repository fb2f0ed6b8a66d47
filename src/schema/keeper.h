/* The keeper's and the worker's side of worker.h. */
#ifndef MIGFS_SCHEMA_KEEPER_H
#define MIGFS_SCHEMA_KEEPER_H

#include <stdint.h>

/* Processor time of a worker for each request, and in addition for each MiB of it. Milliseconds. */
enum { KEEPER_TIME = 2000, KEEPER_TIME_PER_MIB = 2000 };

/* Maximum number of workers at a time. */
enum { KEEPER_SEATS = 6 };

/* A request to the keeper. The worker in the seat is killed; for a new one the keeper answers with
 * one byte and the worker's socket. */
struct keeper_wish {
    uint8_t what, seat;
};
enum { KEEPER_NEW = 'n', KEEPER_END = 'e' };

/* Runs the keeper on `control`, in the child process forked for it. `count` and `arguments` as in
 * main(). */
_Noreturn void keeper_run(int control, int count, char **arguments);

#endif
