/* That this program, which is linked as migfs is, has no libpq until it asks for it, and gets the
 * library's own functions then. */
#include "ledger/postgres/libpq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <link.h>

static int count_libpq(struct dl_phdr_info *library, size_t size, void *context) {
    *(unsigned *)context += strstr(library->dlpi_name, "/" MIGFS_LIBPQ) != NULL;
    return 0;
}

static unsigned libpq_count(void) {
    unsigned count = 0;
    dl_iterate_phdr(count_libpq, &count);
    return count;
}

static void it_is_loaded_when_it_is_asked_for(void **state) {
    struct error error;
    assert_int_equal(libpq_count(), 0);
    assert_null(PQconninfoParse);
    assert_true(libpq_load(&error));
    assert_true(libpq_load(&error));
    assert_int_equal(libpq_count(), 1);
    PQconninfoOption *options = PQconninfoParse("host=h", NULL);
    assert_non_null(options);
    PQconninfoFree(options);
}

/* What libpq calls of its own is bound to it: no symbol of ours comes before, and none of libpq's
 * is there for others. */
static void every_function_is_the_library_s_own(void **state) {
    static const struct {
        const char *name;
        void *const *pointer;
    } functions[] = {
#define ROW(name) {#name, (void *const *)&libpq_##name},
        LIBPQ_FUNCTIONS(ROW)};
    void *library = dlopen(MIGFS_LIBPQ, RTLD_NOW | RTLD_NOLOAD);
    assert_non_null(library);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        Dl_info place;
        assert_non_null(*functions[i].pointer);
        assert_ptr_equal(*functions[i].pointer, dlsym(library, functions[i].name));
        assert_true(dladdr(*functions[i].pointer, &place) != 0 && strstr(place.dli_fname, "/" MIGFS_LIBPQ));
        assert_null(dlsym(RTLD_DEFAULT, functions[i].name));
    }
    dlclose(library);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_loaded_when_it_is_asked_for),
        cmocka_unit_test(every_function_is_the_library_s_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
