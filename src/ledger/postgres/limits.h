/* What a session may have of the machine, and its end when nothing waits for it any more. Only in a session's process. */
#ifndef MIGFS_LEDGER_POSTGRES_LIMITS_H
#define MIGFS_LEDGER_POSTGRES_LIMITS_H

/* Memory; `control` is the socket whose other end is closed when nothing waits. */
void limits_set(int control);

/* From here on the closing of the other end ends the process at once, and so does more computing than any answer takes. */
void limits_begin(void);

/* From here on it does not. */
void limits_end(void);

#endif
