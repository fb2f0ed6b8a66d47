/* Turns what JavaScript's PostgreSQL clients accept as a connection string into keywords that libpq knows. Pure text: it
 * does not include libpq. Everything made here may hold a password; the owner wipes it by conninfo_wipe(). */
#ifndef MIGFS_LEDGER_POSTGRES_CONNINFO_H
#define MIGFS_LEDGER_POSTGRES_CONNINFO_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

enum { CONNINFO_MAXIMUM = 40 };

struct conninfo {
    char *keywords[CONNINFO_MAXIMUM + 1]; /* NULL-terminated, malloc'ed */
    char *values[CONNINFO_MAXIMUM + 1];
    size_t count;
    char *options;     /* what the parameter `options` holds, left out as well; or NULL */
    char *search_path; /* what a parameter of this name holds, which postgres.js passes on; or NULL */
    char dropped[512]; /* names of the parameters left out, separated by ", "; names only, never values */
};

/* True for every keyword that libpq knows, in this version or a newer one: what stands before `=` in `host=…`. */
bool conninfo_is_keyword(const char *word);

/* True when the string is a URI (postgres:// or postgresql://) rather than keywords. */
bool conninfo_is_uri(const char *string);

/* Parses a URI as node-postgres and postgres.js do: `@` in a password, bad percent signs, `sslmode=no-verify`, `ssl=true`, parameters of
 * other libraries (dropped). The error repeats nothing of the string. */
bool conninfo_parse_uri(const char *uri, struct conninfo *ret_conninfo, struct error *error);

void conninfo_wipe(struct conninfo *conninfo);

#endif
