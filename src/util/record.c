/* The atomics of all reference counts. */
#include "migfs/util/record.h"

void record_init(struct record *record) {
    atomic_init(&record->holders, 1);
}

void record_ref(struct record *record) {
    atomic_fetch_add_explicit(&record->holders, 1, memory_order_relaxed);
}

/* The release makes this holder's accesses visible to the last one; the acquire makes the last one
 * see them. */
bool record_unref(struct record *record) {
    return atomic_fetch_sub_explicit(&record->holders, 1, memory_order_acq_rel) == 1;
}
