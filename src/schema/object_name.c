#include "migfs/schema/object_name.h"

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

struct text object_name(struct arena *arena, struct text first, struct text middle, struct text label) {
    size_t overhead = (middle.length > 0 ? 1 : 0) + (label.length > 0 ? label.length + 1 : 0);
    size_t room = OBJECT_NAME_MAXIMUM - overhead, a = first.length, b = middle.length;
    while (a + b > room) {
        if (a > b) {
            a--;
        } else {
            b--;
        }
    }
    struct buffer buffer = BUFFER(arena);
    buffer_add(&buffer, text_slice(first, 0, clip(first, a)));
    if (middle.length > 0) {
        buffer_add_char(&buffer, '_');
        buffer_add(&buffer, text_slice(middle, 0, clip(middle, b)));
    }
    if (label.length > 0) {
        buffer_add_char(&buffer, '_');
        buffer_add(&buffer, label);
    }
    return buffer_text(&buffer);
}
