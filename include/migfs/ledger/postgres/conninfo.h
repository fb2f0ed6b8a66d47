/* Converts connection strings that JavaScript's PostgreSQL clients accept to keywords for libpq.
 * Works on text only and does not use libpq. The results may contain a password; their owner calls
 * conninfo_wipe(). */
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
    char *options;     /* value of the parameter `options`, which is left out; or NULL */
    char *search_path; /* value of the parameter `search_path`, which postgres.js passes on; or NULL */
    char dropped[512]; /* names of the ignored parameters, separated by ", "; never their values */
};

/* Returns whether the word is a keyword of this or a newer libpq, as before `=` in `host=…`. */
bool conninfo_is_keyword(const char *word);

/* Returns whether the string is a URI (postgres:// or postgresql://) rather than keywords. */
bool conninfo_is_uri(const char *string);

/* Parses a URI as node-postgres and postgres.js do: it accepts `@` in a password, invalid percent
 * signs, `sslmode=no-verify` and `ssl=true`, and ignores parameters of other libraries. The error
 * repeats no part of the string. */
bool conninfo_parse_uri(const char *uri, struct conninfo *ret_conninfo, struct error *error);

void conninfo_wipe(struct conninfo *conninfo);

#endif
