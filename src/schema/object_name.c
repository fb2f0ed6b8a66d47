#include "migfs/schema/object_name.h"

#include <string.h>

/* The largest length up to `length` that ends at a character boundary. */
static size_t clip(struct text text, size_t length) {
    if (length >= text.length) {
        return text.length;
    }
    while (length > 0 && ((unsigned char)text.bytes[length] & 0xc0) == 0x80) {
        length--;
    }
    return length;
}

struct text object_name_of(char ret_bytes[OBJECT_NAME_MAXIMUM], struct text first, struct text middle,
                           struct text label) {
    size_t overhead = (middle.length > 0 ? 1 : 0) + (label.length > 0 ? label.length + 1 : 0), length = 0;
    size_t room = OBJECT_NAME_MAXIMUM - overhead, a = first.length, b = middle.length;
    while (a + b > room) {
        if (a > b) {
            a--;
        } else {
            b--;
        }
    }
    const struct text parts[] = {text_slice(first, 0, clip(first, a)), text_slice(middle, 0, clip(middle, b)), label};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (i > 0 && (i == 1 ? middle : label).length > 0) {
            ret_bytes[length++] = '_';
        }
        if (parts[i].length > 0) {
            memcpy(ret_bytes + length, parts[i].bytes, parts[i].length);
            length += parts[i].length;
        }
    }
    return (struct text){ret_bytes, length};
}

struct text object_name(struct arena *arena, struct text first, struct text middle, struct text label) {
    char bytes[OBJECT_NAME_MAXIMUM];
    return text_copy(arena, object_name_of(bytes, first, middle, label));
}
