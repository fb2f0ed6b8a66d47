/* One list; the tests of its users compare it with node's (tests/json). */
#include "migfs/util/blank.h"

#include <string.h>

static const char *const blanks[] = {
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89",
    "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
    "\xef\xbb\xbf",
};

size_t blank_at_start(struct text text) {
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (text_starts(text, blanks[i])) {
            return strlen(blanks[i]);
        }
    }
    return 0;
}

size_t blank_at_end(struct text text) {
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (text_ends(text, blanks[i])) {
            return strlen(blanks[i]);
        }
    }
    return 0;
}

struct text blank_trim(struct text text) {
    size_t blank;
    while ((blank = blank_at_start(text)) > 0) {
        text = text_slice(text, blank, text.length);
    }
    while ((blank = blank_at_end(text)) > 0) {
        text = text_slice(text, 0, text.length - blank);
    }
    return text;
}
