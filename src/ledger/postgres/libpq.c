/* Finds the functions by their names. Knows the library's name and nothing of what they do. */
#include "ledger/postgres/libpq.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define DEFINE(name) __typeof__(libpq_##name) libpq_##name;
LIBPQ_FUNCTIONS(DEFINE)

static const struct {
    const char *name;
    void *pointer; /* where the function's address belongs */
} functions[] = {
#define ROW(name) {#name, &libpq_##name},
    LIBPQ_FUNCTIONS(ROW)};

static bool find_all(void *library, struct error *error) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *address = dlsym(library, functions[i].name);
        if (!address) {
            return error_set(error, ERROR_USAGE,
                             "databases are read with libpq, and the " MIGFS_LIBPQ
                             " found here has no %s; install PostgreSQL's own (Debian: libpq5)",
                             functions[i].name);
        }
        memcpy(functions[i].pointer, &address, sizeof address);
    }
    return true;
}

/* RTLD_LOCAL: nothing else is to be bound to it and the libraries that come with it. It is never
 * closed, since some of those cannot be. */
bool libpq_load(struct error *error) {
    static bool is_loaded;
    void *library = is_loaded ? NULL : dlopen(MIGFS_LIBPQ, RTLD_NOW | RTLD_LOCAL);
    if (!is_loaded && !library) {
        return error_set(error, ERROR_USAGE,
                         "databases are read with libpq, which cannot be loaded: %s; install it (Debian: libpq5)",
                         dlerror());
    }
    is_loaded = is_loaded || find_all(library, error);
    return is_loaded;
}
