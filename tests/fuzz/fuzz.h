/* What the fuzzers share: a property that does not hold ends the process, which is how libFuzzer
 * learns of it. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "migfs/util/text.h"

#define HOLDS(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text for people: one line of well-formed UTF-8 without control characters. */
static inline void holds_one_safe_line(struct text text) {
    HOLDS(text_is_utf8(text));
    for (size_t i = 0; i < text.length; i++) {
        HOLDS((unsigned char)text.bytes[i] >= 0x20 && text.bytes[i] != 0x7f);
    }
}

static inline void holds_safe_lines(struct text text) {
    struct text line;
    while (text_line(&text, &line)) {
        holds_one_safe_line(line);
    }
}

#endif
