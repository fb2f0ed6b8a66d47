/* Memory in pages of the processor. */
#ifndef MIGFS_UTIL_PAGES_H
#define MIGFS_UTIL_PAGES_H

#include <stddef.h>

/* Asks the kernel for pages of 2 MiB for those that lie within a block of which most will be written:
 * one page fault instead of 512, and fewer misses of what is looked up in it. A wish: nothing fails.
 * Any thread. */
void pages_prefer_huge(void *bytes, size_t size);

#endif
