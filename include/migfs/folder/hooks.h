/* Callbacks for each directory before it is read, so that no later change in it is missed. */
#ifndef MIGFS_FOLDER_HOOKS_H
#define MIGFS_FOLDER_HOOKS_H

#include <stdbool.h>

/* The descriptors may be O_PATH and are valid during the call. Each member may be NULL. */
struct disk_hooks {
    void (*about_to_scan)(void *context);
    void (*about_to_pass)(void *context, int directory, const char *name); /* looks up `name` */
    void (*about_to_list)(void *context, int directory);                   /* the source, or a directory below it */
    void (*has_scanned)(void *context, bool is_whole);                     /* false: the previous scan remains valid */
    void *context;
};

#endif
