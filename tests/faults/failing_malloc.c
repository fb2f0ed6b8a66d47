/* Put before the real allocator by LD_PRELOAD; fails as a file that it shares with the test says.
 * Knows nothing of who asks for memory. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* In the file, little-endian as the machine has it; the test writes, and reads what came of it. */
struct plan {
    _Atomic int64_t until_failure; /* allocations before the first that fails; below 0: none fails */
    _Atomic int64_t failures;      /* how many fail from there on */
    _Atomic int64_t failed;        /* so many have failed */
};

static struct plan none = {.until_failure = -1};
static struct plan *plan = &none;

__attribute__((constructor)) static void find_plan(void) {
    const char *path = getenv("MIGFS_TEST_PLAN");
    int descriptor = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        void *mapped = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        plan = mapped == MAP_FAILED ? &none : mapped;
        close(descriptor);
    }
}

static int fails(void) {
    if (atomic_load(&plan->until_failure) < 0 || atomic_fetch_sub(&plan->until_failure, 1) > 0) {
        return 0;
    }
    if (atomic_fetch_sub(&plan->failures, 1) <= 0) {
        return 0;
    }
    atomic_store(&plan->until_failure, 0);
    atomic_fetch_add(&plan->failed, 1);
    errno = ENOMEM;
    return 1;
}

/* The C library's own, which dlsym() would need memory to find. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size) {
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    return fails() ? NULL : __libc_realloc(block, size);
}
