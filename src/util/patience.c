/* State in one page that processes share. */
#include "migfs/util/patience.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "migfs/util/clock.h"

static struct shared {
    atomic_int depth;
    _Atomic int64_t last; /* time of the last answer, by the clock that all processes share */
    char path[2048];
} own, *shared;

bool patience_share(void) {
    if (!shared) {
        void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        shared = page == MAP_FAILED ? NULL : page;
    }
    return shared;
}

bool patience_is_shared(void) {
    return shared && shared != &own;
}

void patience_own(void) {
    shared = &own; /* the other process still reads the page */
}

void patience_begin(const char *path) {
    if (shared) {
        atomic_store(&shared->last, clock_ms());
        if (shared != &own) {
            snprintf(shared->path, sizeof shared->path, "%s", path);
        }
        atomic_fetch_add(&shared->depth, 1);
    }
}

void patience_end(void) {
    if (shared) {
        atomic_store(&shared->last, clock_ms());
        atomic_fetch_sub(&shared->depth, 1);
    }
}

void patience_step(void) {
    if (shared) {
        atomic_store_explicit(&shared->last, clock_ms(), memory_order_relaxed);
    }
}

int64_t patience_silence(void) {
    return shared && atomic_load(&shared->depth) > 0 ? clock_ms() - atomic_load(&shared->last) : 0;
}

const char *patience_path(void) {
    return shared ? shared->path : "";
}
