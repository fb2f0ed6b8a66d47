/* SHA-256, the only hash that Drizzle's ledger uses. No function allocates or fails; any thread. */
#ifndef MIGFS_UTIL_DIGEST_H
#define MIGFS_UTIL_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/text.h"

struct digest {
    uint8_t bytes[32];
};

enum { DIGEST_HEX_LENGTH = 64 };

struct digest digest_of(struct text text);
struct digest digest_of_parts(const struct text *parts, size_t count); /* as of one text */
bool digest_equal(const struct digest *a, const struct digest *b);
int digest_compare(const struct digest *a, const struct digest *b);

/* Lower-case hexadecimal and a NUL. */
void digest_to_hex(const struct digest *digest, char ret_hex[DIGEST_HEX_LENGTH + 1]);

/* True when the text is 64 hexadecimal digits, in either case. */
bool digest_from_hex(struct text text, struct digest *ret_digest);

#endif
