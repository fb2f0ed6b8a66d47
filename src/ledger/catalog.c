/* One block of memory: rows, then their bytes. */
#include "migfs/ledger/catalog.h"

#include <stdlib.h>

struct catalog *catalog_create(size_t count, size_t bytes, char **ret_bytes) {
    size_t rows = count * sizeof(struct catalog_row);
    struct catalog *catalog = calloc(1, sizeof *catalog + rows + bytes + 1);
    if (catalog) {
        record_init(&catalog->record);
        catalog->count = count;
        *ret_bytes = (char *)catalog + sizeof *catalog + rows;
    }
    return catalog;
}

struct catalog *catalog_ref(struct catalog *catalog) {
    record_ref(&catalog->record);
    return catalog;
}

void catalog_unref(struct catalog *catalog) {
    if (catalog && record_unref(&catalog->record)) {
        free(catalog);
    }
}

bool catalog_replace(struct catalog **held, struct catalog *read) {
    bool is_same = !read || (*held && (*held)->is_cut == read->is_cut && digest_equal(&(*held)->digest, &read->digest));
    catalog_unref(is_same ? read : *held);
    *held = is_same ? *held : read;
    return !is_same;
}
