/* The count of those who hold a record that never changes once it is made, so that any thread may hold it. The record's own module
 * embeds one and frees the record with the last holder. Any thread. */
#ifndef MIGFS_UTIL_RECORD_H
#define MIGFS_UTIL_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>

struct record {
    atomic_uint holders;
};

/* The first holder is the maker. */
void record_init(struct record *record);

void record_ref(struct record *record);

/* True for the last holder, who frees it: all that the others did with it has happened by then. */
bool record_unref(struct record *record);

#endif
