#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "migfs/util/hash.h"

/* libcrypto's SipHash-1-3, folded. */
static uint32_t theirs(const struct hash_key *key, struct text text) {
    unsigned rounds[] = {1, 3};
    size_t size = 8;
    unsigned char bytes[8];
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &rounds[0]),
                                     OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &rounds[1]),
                                     OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size), OSSL_PARAM_END};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    assert_int_equal(EVP_MAC_init(context, (const unsigned char *)key->words, 16, parameters), 1);
    assert_int_equal(EVP_MAC_update(context, (const unsigned char *)text.bytes, text.length), 1);
    assert_int_equal(EVP_MAC_final(context, bytes, &size, sizeof bytes), 1);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    uint64_t hash;
    memcpy(&hash, bytes, sizeof hash);
    return (uint32_t)(hash ^ hash >> 32);
}

static void a_text_has_the_siphash_of_libcrypto(void **state) {
    struct hash_key key = hash_key();
    char bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 37 + 11);
    }
    for (size_t length = 0; length <= sizeof bytes; length++) {
        struct text text = {bytes, length};
        assert_int_equal(hash_text(&key, text), theirs(&key, text));
        key.words[length % 2] = key.words[length % 2] * 31 + 1;
    }
}

static void a_process_has_one_key_which_is_not_nothing(void **state) {
    struct hash_key key = hash_key(), again = hash_key();
    assert_memory_equal(&key, &again, sizeof key);
    assert_true(key.words[0] && key.words[1] && key.words[2] && key.words[3]);
}

/* Which pairs of numbers collide depends on the key: those of one key hardly do with another. */
static void numbers_collide_by_their_key(void **state) {
    struct hash_key key = hash_key(),
                    other = {{key.words[3] | 1, key.words[2] | 2, key.words[1] | 4, key.words[0] | 8}};
    size_t same = 0, with_both = 0;
    for (uint32_t i = 0; i < 400; i++) {
        for (uint32_t k = 0; k < i; k++) {
            uint32_t bits = 255;
            if (((hash_numbers(&key, 1, 2, i, i * k) ^ hash_numbers(&key, 1, 2, k, k)) & bits) == 0) {
                same++;
                with_both += ((hash_numbers(&other, 1, 2, i, i * k) ^ hash_numbers(&other, 1, 2, k, k)) & bits) == 0;
            }
        }
    }
    assert_in_range(same, 1, 4000); /* about one of 256, of 79,800 */
    assert_in_range(with_both, 0, same / 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_has_the_siphash_of_libcrypto),
        cmocka_unit_test(a_process_has_one_key_which_is_not_nothing),
        cmocka_unit_test(numbers_collide_by_their_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
