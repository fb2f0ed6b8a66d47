#include "util/pages.h"

#include <stdint.h>
#include <sys/mman.h>

void pages_prefer_huge(void *bytes, size_t size) {
    const uintptr_t page = 1 << 21, at = (uintptr_t)bytes;
    uintptr_t from = (at + page - 1) / page * page, to = (at + size) / page * page;
    if (from < to) {
        madvise((char *)bytes + (from - at), to - from, MADV_HUGEPAGE);
    }
}
