/* Where the reports of sanitizers go once no file can be made. Does something in builds with a sanitizer only. */
#ifndef MIGFS_CLI_SANITIZER_H
#define MIGFS_CLI_SANITIZER_H

/* Opens the file that $MIGFS_SANITIZER_LOG names, to add to, and has the sanitizers report there from now on, in this process and not in those
 * it forks. Nothing happens without that variable. Before the filter of system calls. */
void sanitizer_open_log(void);

#endif
