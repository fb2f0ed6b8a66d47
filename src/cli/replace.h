/* Atomically replaces one file of the source. Nothing else in this program writes there.
 * Single-threaded. */
#ifndef MIGFS_CLI_REPLACE_H
#define MIGFS_CLI_REPLACE_H

#include "migfs/folder/set.h"
#include "migfs/util/error.h"
#include "migfs/util/text.h"

enum replaced { REPLACED, REPLACE_REFUSED, REPLACE_FAILED };

/* Writes the bytes to `meta/NAME` in the source (absolute). A new file with the owner, mode and
 * access list of the old one is written beside it, synced and renamed; at any time, either the old
 * or the new file exists. `before` is the old file as it was read; NULL if there was none, and then
 * `meta` is created if missing. The replacement is refused if the file has changed since, checked
 * up to the moment of the exchange if the filesystem can exchange names, or if another process is
 * writing it. A link is followed if its target is within the source. */
enum replaced replace_in_meta(const char *source, const char *name, const struct disk_entry *before, struct text bytes,
                              struct error *error);

/* Removes files that killed runs have left in meta/, and beside the target if the journal is a
 * link. Errors are ignored. */
void replace_remove_left(const char *source, const struct disk_entry *journal);

#endif
