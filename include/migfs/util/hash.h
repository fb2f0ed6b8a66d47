/* Hashes for tables in memory. What is hashed comes from files that anyone may have written, so
 * hash_text() and hash_numbers() take a key that differs in each process: many names or facts that
 * collide cannot be made on purpose. hash_byte() has no key, since what it makes is sorted, where a
 * collision only costs time.
 *
 * Pure, but for the key. Any thread. */
#ifndef MIGFS_UTIL_HASH_H
#define MIGFS_UTIL_HASH_H

#include <stdint.h>

#include "migfs/util/text.h"

struct hash_key {
    uint64_t words[4];
};

/* The key of this process, from the random bytes that the kernel gives to each. */
struct hash_key hash_key(void);

/* SipHash-1-3 with the first two words of the key, folded to 32 bits. */
uint32_t hash_text(const struct hash_key *key, struct text text);

/* Of four numbers: their multilinear hash, whose upper half is universal. */
static inline uint32_t hash_numbers(const struct hash_key *key, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return (uint32_t)((key->words[0] * a + key->words[1] * b + key->words[2] * c + key->words[3] * d) >> 32);
}

/* FNV-1a of 64 bits, byte by byte. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t hash_byte(uint64_t hash, unsigned char byte) {
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

#endif
