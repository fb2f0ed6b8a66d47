/* The source folder, named by a path that is walked again before each scan: so a link that is flipped on the way is followed, and so is a
 * folder that is replaced. What is below the folder is reached from its descriptor, never through a link that leads out of it. Belongs to
 * one thread at a time. */
#ifndef MIGFS_FOLDER_SOURCE_H
#define MIGFS_FOLDER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/folder/follower.h"
#include "migfs/folder/hooks.h"
#include "migfs/util/error.h"

struct disk_source;

/* Opens the folder. Errors: it is missing, not a directory or may not be read; each a sentence that names it. */
struct disk_source *disk_open(const char *absolute_path, struct error *error);
void disk_close(struct disk_source *source); /* takes NULL; contents on demand keep what they need */

/* To be called by each scan from now on. */
void disk_set_hooks(struct disk_source *source, const struct disk_hooks *hooks);

/* A follower of this source, in the place of the one before: made on the thread that scans. It may outlive the source. One reference for the
 * caller; NULL when memory has run out. */
struct disk_follower *disk_source_follower(struct disk_source *source, struct error *error);

/* How many files the scans of this source have read and hashed so far: what a refresh costs, counted. */
size_t disk_files_read(const struct disk_source *source);

/* How far the scan that runs, or ran last, has come with the files that it must read. Any thread, also during disk_scan(). */
struct disk_progress {
    size_t read, total;
};
struct disk_progress disk_progress(const struct disk_source *source);

#endif
