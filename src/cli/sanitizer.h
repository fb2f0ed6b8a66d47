/* Where sanitizers report once files can no longer be created. Has an effect only in sanitizer
 * builds. */
#ifndef MIGFS_CLI_SANITIZER_H
#define MIGFS_CLI_SANITIZER_H

/* Opens the file named by $MIGFS_SANITIZER_LOG for appending and makes the sanitizers of this
 * process report to it; child processes are not affected. Does nothing without that variable. Call
 * before installing the seccomp filter. */
void sanitizer_open_log(void);

#endif
