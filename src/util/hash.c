#include "migfs/util/hash.h"

#include <string.h>
#include <sys/auxv.h>

#include "migfs/util/digest.h"

/* A digest of the bytes, since the C library guards the stack with the bytes themselves. */
struct hash_key hash_key(void) {
    enum { RANDOM = 16 };
    const char *bytes = (const char *)getauxval(AT_RANDOM); // NOLINT(performance-no-int-to-ptr)
    struct digest digest = digest_of((struct text){bytes ? bytes : "", bytes ? RANDOM : 0});
    struct hash_key key;
    _Static_assert(sizeof key == sizeof digest.bytes, "a key is a digest");
    memcpy(&key, digest.bytes, sizeof key);
    return key;
}

static inline uint64_t rotate(uint64_t word, unsigned bits) {
    return word << bits | word >> (64 - bits);
}

struct sip {
    uint64_t a, b, c, d;
};

static inline void mix(struct sip *sip) {
    sip->a += sip->b;
    sip->c += sip->d;
    sip->b = rotate(sip->b, 13) ^ sip->a;
    sip->d = rotate(sip->d, 16) ^ sip->c;
    sip->a = rotate(sip->a, 32);
    sip->c += sip->b;
    sip->a += sip->d;
    sip->b = rotate(sip->b, 17) ^ sip->c;
    sip->d = rotate(sip->d, 21) ^ sip->a;
    sip->c = rotate(sip->c, 32);
}

static inline void take(struct sip *sip, uint64_t word) {
    sip->d ^= word;
    mix(sip);
    sip->a ^= word;
}

uint32_t hash_text(const struct hash_key *key, struct text text) {
    struct sip sip = {key->words[0] ^ UINT64_C(0x736f6d6570736575), key->words[1] ^ UINT64_C(0x646f72616e646f6d),
                      key->words[0] ^ UINT64_C(0x6c7967656e657261), key->words[1] ^ UINT64_C(0x7465646279746573)};
    uint64_t word, last = (uint64_t)text.length << 56;
    size_t at = 0;
    for (; text.length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.bytes + at, sizeof word);
        take(&sip, word);
    }
    for (size_t i = at; i < text.length; i++) {
        last |= (uint64_t)(unsigned char)text.bytes[i] << 8 * (i - at);
    }
    take(&sip, last);
    sip.c ^= 0xff;
    mix(&sip);
    mix(&sip);
    mix(&sip);
    uint64_t hash = sip.a ^ sip.b ^ sip.c ^ sip.d;
    return (uint32_t)(hash ^ hash >> 32);
}
