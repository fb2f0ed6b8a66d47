/* A catalog is one block of memory: the rows, then their bytes. */
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

unsigned catalog_seconds(size_t databases) {
    enum { SECONDS = 30, AT_ONCE = 50 };
    return SECONDS * (unsigned)(databases <= AT_ONCE ? 1 : (databases + AT_ONCE - 1) / AT_ONCE);
}

void catalog_unref(struct catalog *catalog) {
    if (catalog && record_unref(&catalog->record)) {
        catalog_names_unref(catalog->names);
        free(catalog);
    }
}

static bool is_same_extent(const struct catalog *a, const struct catalog *b) {
    return a->is_cut == b->is_cut && a->is_partial == b->is_partial && a->names == b->names;
}

bool catalog_replace(struct catalog **held, struct catalog *read) {
    bool is_same = !read || (*held && is_same_extent(*held, read) && digest_equal(&(*held)->digest, &read->digest));
    catalog_unref(is_same ? read : *held);
    *held = is_same ? *held : read;
    return !is_same;
}
