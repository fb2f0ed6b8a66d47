/* Replaces one file of the source by another, atomically. The only writing that the program does. Top row; one thread. */
#ifndef MIGFS_CLI_REPLACE_H
#define MIGFS_CLI_REPLACE_H

#include "migfs/folder/set.h"
#include "migfs/util/error.h"
#include "migfs/util/text.h"

enum replaced { REPLACED, REPLACE_REFUSED, REPLACE_FAILED };

/* Writes the bytes to `meta/NAME` below the source (absolute): a new file beside it, synced, with the owner, mode and access list of the
 * old one, takes its name; whatever happens, the old file or the new one is there. `before` is the old one as it was read, NULL where
 * there was none (then `meta` is made where it is not there): refused when it is no longer so, up to the moment in which the new one takes
 * its place (on a filesystem that can exchange names), or when another process is writing it.
 * A link is followed when it leads to a file within the source. */
enum replaced replace_in_meta(const char *source, const char *name, const struct disk_entry *before, struct text bytes,
                              struct error *error);

/* Removes what runs that were killed have left in meta/, and where a link leads that is the journal. Says nothing where it cannot. */
void replace_remove_left(const char *source, const struct disk_entry *journal);

#endif
