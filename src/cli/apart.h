/* A command in a process of its own. Where its source never answers the kernel may hold that process in the source, and neither a signal nor
 * the end of all its work would end it: who started the command, and who reads what it prints, would wait with it. So this
 * process has nothing to do with the source: it looks on, passes on what is printed, and can go at any time. Top row. */
#ifndef MIGFS_CLI_APART_H
#define MIGFS_CLI_APART_H

#include <stdbool.h>

/* How long a file system may be without an answer, in milliseconds. */
enum { APART_PATIENCE = 10000 };

/* Forks. False in the new process, which is to run the command and to end, and where there can be none. True in this one, when the other
 * has ended; *ret_status is then its exit status. Ends this process where a signal has ended the other, by the same, and with
 * status 2 and a sentence where the source did not answer for so long. Before there are threads. */
bool apart_watch(int *ret_status);

/* That sentence, of what patience_path() says. */
void apart_say_silence(void);

#endif
