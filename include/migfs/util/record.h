/* A reference count, embedded in a record that never changes once it is made, so that any thread
 * may hold it. The record's own module frees it with the last reference. Any thread. */
#ifndef MIGFS_UTIL_RECORD_H
#define MIGFS_UTIL_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>

struct record {
    atomic_uint holders;
};

/* The creator holds the first reference. */
void record_init(struct record *record);

void record_ref(struct record *record);

/* True for the last holder, who frees the record: what the other holders did with it is visible by
 * then. */
bool record_unref(struct record *record);

#endif
