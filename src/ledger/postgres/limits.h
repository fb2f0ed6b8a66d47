/* Limits memory and CPU time of a session's process, and ends it when nothing waits for it any
 * more. */
#ifndef MIGFS_LEDGER_POSTGRES_LIMITS_H
#define MIGFS_LEDGER_POSTGRES_LIMITS_H

/* Sets the memory limit; `control` is the socket whose other end is closed when nothing waits. */
void limits_set(int control);

/* From now on the process exits as soon as the other end is closed, or when it uses more CPU time
 * than any answer needs. */
void limits_begin(void);

/* Ends that mode. */
void limits_end(void);

#endif
