/* The insides of the opened source, for who scans it. */
#ifndef FOLDER_SOURCE_H
#define FOLDER_SOURCE_H

#include <stdatomic.h>
#include <stddef.h>

#include "folder/root.h"
#include "migfs/folder/source.h"

struct disk_source {
    char *path;
    struct disk_root *root;
    void (*about_to_list)(void *context, struct text path); /* or NULL */
    void *context;
    size_t files_read;
    atomic_size_t asked, answered; /* by the scan that runs: its files to read */
};

#endif
