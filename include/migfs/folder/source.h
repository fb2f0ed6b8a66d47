/* The opened source folder, of which sets are made.
 *
 * It is opened once; everything below it is reached from that descriptor, never through a link that leads out
 * of it. Belongs to one thread at a time. */
#ifndef MIGFS_FOLDER_SOURCE_H
#define MIGFS_FOLDER_SOURCE_H

#include <stddef.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

struct disk_source; /* the opened source folder */

/* Opens the folder. Errors: it is missing, not a directory or may not be read; each a sentence that names it. */
struct disk_source *disk_open(const char *absolute_path, struct error *error);
void disk_close(struct disk_source *source); /* takes NULL; contents on demand keep what they need */

/* From now on this is called with each directory's path right before a scan lists it: who watches it from then on misses nothing. */
void disk_before_listing(struct disk_source *source, void (*about_to_list)(void *context, struct text path),
                         void *context);

/* How many files the scans of this source have read and hashed so far: what a refresh costs, counted. */
size_t disk_files_read(const struct disk_source *source);

/* How far the scan that runs, or ran last, has come with the files that it must read. Any thread, also during disk_scan(). */
struct disk_progress {
    size_t read, total;
};
struct disk_progress disk_progress(const struct disk_source *source);

#endif
