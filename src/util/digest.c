/* SHA-256 from libcrypto. The one-shot functions of its newer interface allocate and look up the
 * algorithm on each call; the older ones used here work on the stack and cannot fail. */
#define OPENSSL_API_COMPAT 0x10100000L
#include "migfs/util/digest.h"

#include <openssl/sha.h>
#include <string.h>

struct digest digest_of_parts(const struct text *parts, size_t count) {
    struct digest digest;
    SHA256_CTX context;
    SHA256_Init(&context);
    for (size_t i = 0; i < count; i++) {
        SHA256_Update(&context, parts[i].bytes, parts[i].length);
    }
    SHA256_Final(digest.bytes, &context);
    return digest;
}

struct digest digest_of(struct text text) {
    return digest_of_parts(&text, 1);
}

int digest_compare(const struct digest *a, const struct digest *b) {
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool digest_equal(const struct digest *a, const struct digest *b) {
    return digest_compare(a, b) == 0;
}

void digest_to_hex(const struct digest *digest, char ret_hex[DIGEST_HEX_LENGTH + 1]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof digest->bytes; i++) {
        ret_hex[2 * i] = digits[digest->bytes[i] >> 4];
        ret_hex[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    ret_hex[DIGEST_HEX_LENGTH] = '\0';
}

bool digest_from_hex(struct text text, struct digest *ret_digest) {
    struct digest digest;
    if (text.length != DIGEST_HEX_LENGTH) {
        return false;
    }
    for (size_t i = 0; i < sizeof digest.bytes; i++) {
        int high = text_hex_digit(text.bytes[2 * i]), low = text_hex_digit(text.bytes[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        digest.bytes[i] = (uint8_t)(high << 4 | low);
    }
    *ret_digest = digest;
    return true;
}
