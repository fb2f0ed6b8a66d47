/* The keeper's and the worker's side of worker.h. */
#ifndef MIGFS_SCHEMA_KEEPER_H
#define MIGFS_SCHEMA_KEEPER_H

/* A worker gets this much processor time for a request, and a little for each MiB of it. Milliseconds. */
enum { KEEPER_TIME = 2000, KEEPER_TIME_PER_MIB = 2000 };

/* What we say to the keeper, one byte each, and what comes back with it: the socket of a new worker. The worker before is killed. */
enum { KEEPER_NEW = 'n' };

/* Runs the keeper on `control`, in the child that was forked for it. `count` and `arguments` as main() has them. */
_Noreturn void keeper_run(int control, int count, char **arguments);

#endif
