/* FNV-1a of 64 bits, where a collision, which can be made on purpose, only costs time. Pure; any
 * thread. */
#ifndef MIGFS_UTIL_HASH_H
#define MIGFS_UTIL_HASH_H

#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)
#define HASH_FACTOR UINT64_C(0x100000001b3)

static inline uint64_t hash_byte(uint64_t hash, unsigned char byte) {
    return (hash ^ byte) * HASH_FACTOR;
}

#endif
