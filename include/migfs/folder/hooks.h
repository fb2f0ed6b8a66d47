/* Who wants to know of each directory before it is looked into, so as to miss nothing that changes in it afterwards. */
#ifndef MIGFS_FOLDER_HOOKS_H
#define MIGFS_FOLDER_HOOKS_H

#include <stdbool.h>

/* The descriptors may be O_PATH, and are good during the call. Each member may be NULL. */
struct disk_hooks {
    void (*about_to_scan)(void *context);
    void (*about_to_pass)(void *context, int directory, const char *name); /* on the way: a name is looked up in it */
    void (*about_to_list)(void *context, int directory);                   /* the source, or a directory below it */
    void (*has_scanned)(void *context, bool is_whole);                     /* false: the scan before goes on standing */
    void *context;
};

#endif
