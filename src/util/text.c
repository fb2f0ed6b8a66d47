/* Slices, growing buffers, and the escaping of all foreign text before it is printed. */
#include "migfs/util/text.h"

#include <stdio.h>
#include <string.h>

/* A byte repeated eight times, and the upper bit of eight bytes. */
#define ALL_BYTES UINT64_C(0x0101010101010101)
#define UPPER_BITS UINT64_C(0x8080808080808080)

int text_compare(struct text a, struct text b) {
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common == 0 ? 0 : memcmp(a.bytes, b.bytes, common);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

int text_compare_elements(const void *a, const void *b) {
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

bool text_ends(struct text text, const char *suffix) {
    size_t length = strlen(suffix);
    return text.length >= length && memcmp(text.bytes + text.length - length, suffix, length) == 0;
}

bool text_find(struct text text, const char *needle, size_t *ret_at) {
    const char *found = memmem(text.bytes, text.length, needle, strlen(needle));
    if (!found) {
        return false;
    }
    *ret_at = (size_t)(found - text.bytes);
    return true;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct text text_trim(struct text text) {
    while (text.length > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.bytes[text.length - 1])) {
        text.length--;
    }
    return text;
}

bool text_line(struct text *rest, struct text *ret_line) {
    if (rest->length == 0) {
        return false;
    }
    const char *end = memchr(rest->bytes, '\n', rest->length);
    size_t length = end ? (size_t)(end - rest->bytes) : rest->length;
    *ret_line = (struct text){rest->bytes, length};
    if (length > 0 && rest->bytes[length - 1] == '\r') {
        ret_line->length--;
    }
    *rest = text_slice(*rest, length + 1, rest->length);
    return true;
}

struct text text_copy(struct arena *arena, struct text text) {
    char *bytes = arena_alloc(arena, text.length + 1);
    if (text.length > 0) {
        memcpy(bytes, text.bytes, text.length);
    }
    return (struct text){bytes, text.length};
}

struct text text_format_list(struct arena *arena, const char *format, va_list arguments) {
    char short_one[256]; /* as most are; only longer ones are formatted twice */
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(short_one, sizeof short_one, format, arguments);
    char *bytes = arena_alloc(arena, (size_t)length + 1);
    if ((size_t)length < sizeof short_one) {
        memcpy(bytes, short_one, (size_t)length);
    } else {
        vsnprintf(bytes, (size_t)length + 1, format, again);
    }
    va_end(again);
    return (struct text){bytes, (size_t)length};
}

struct text text_format(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    struct text text = text_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

bool text_to_int64(struct text text, int64_t *ret_value) {
    bool is_negative = text.length > 0 && text.bytes[0] == '-';
    size_t at = is_negative ? 1 : 0;
    if (at == text.length) {
        return false;
    }
    int64_t value = 0; /* filled from the end */
    for (; at < text.length; at++) {
        char digit = text.bytes[at];
        if (digit < '0' || digit > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit - '0', &value)) {
            return false;
        }
    }
    if (!is_negative && __builtin_sub_overflow(0, value, &value)) {
        return false;
    }
    *ret_value = value;
    return true;
}

/* The length of the well-formed sequence at the start; or 0, with the length of its maximal
 * ill-formed part in *ret_bad: the bytes that a decoder replaces with one U+FFFD (Unicode, table
 * 3-7; WHATWG Encoding, UTF-8 decoder). */
static size_t utf8_sequence(const unsigned char *bytes, size_t left, uint32_t *ret_character, size_t *ret_bad) {
    unsigned char first = bytes[0];
    if (first < 0x80) {
        *ret_character = first;
        return 1;
    }
    size_t length;
    unsigned char lowest = 0x80, highest = 0xbf; /* of the second byte */
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
        *ret_character = first & 0x1fU;
    } else if (first >= 0xe0 && first <= 0xef) {
        length = 3;
        *ret_character = first & 0x0fU;
        lowest = first == 0xe0 ? 0xa0 : 0x80;
        highest = first == 0xed ? 0x9f : 0xbf;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        *ret_character = first & 0x07U;
        lowest = first == 0xf0 ? 0x90 : 0x80;
        highest = first == 0xf4 ? 0x8f : 0xbf;
    } else {
        *ret_bad = 1;
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (i == left || bytes[i] < lowest || bytes[i] > highest) {
            *ret_bad = i;
            return 0;
        }
        *ret_character = *ret_character << 6 | (bytes[i] & 0x3fU);
        lowest = 0x80;
        highest = 0xbf;
    }
    return length;
}

/* Eight bytes at a time, of which none may have its upper bit set here. */
static inline uint64_t has_zero(uint64_t word) {
    return (word - ALL_BYTES) & ~word;
}

static inline uint64_t has_special(uint64_t word) {
    return word | ((word - ' ' * ALL_BYTES) & ~word) | has_zero(word ^ '"' * ALL_BYTES) |
           has_zero(word ^ '\\' * ALL_BYTES) | has_zero(word ^ 0x7f * ALL_BYTES);
}

/* What is found in any of them; the last eight may have been looked at before. */
static inline uint64_t find_in_words(struct text text, uint64_t (*find)(uint64_t word)) {
    uint64_t found = 0, word = 0;
    for (size_t at = 0; at + sizeof word <= text.length; at += sizeof word) {
        memcpy(&word, text.bytes + at, sizeof word);
        found |= find(word);
    }
    if (text.length >= sizeof word) {
        memcpy(&word, text.bytes + text.length - sizeof word, sizeof word);
        return (found | find(word)) & UPPER_BITS;
    }
    for (size_t i = 0; i < text.length; i++) {
        found |= find('x' * ALL_BYTES ^ 'x' ^ (unsigned char)text.bytes[i]);
    }
    return found & UPPER_BITS;
}

static inline uint64_t itself(uint64_t word) {
    return word;
}

bool text_is_plain(struct text text) {
    return find_in_words(text, has_special) == 0;
}

/* The position of the first ill-formed byte, or the length. */
static size_t utf8_good_length(struct text text) {
    if (find_in_words(text, itself) == 0) {
        return text.length; /* ASCII, as nearly everything is */
    }
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    size_t at = 0;
    while (at < text.length) {
        uint64_t word;
        if (text.length - at >= sizeof word) { /* SQL is nearly always ASCII */
            memcpy(&word, bytes + at, sizeof word);
            if ((word & UPPER_BITS) == 0) {
                at += sizeof word;
                continue;
            }
        }
        uint32_t character;
        size_t bad, length = utf8_sequence(bytes + at, text.length - at, &character, &bad);
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return at;
}

uint32_t text_character(struct text *rest) {
    uint32_t character = 0;
    size_t bad = 0;
    size_t length = utf8_sequence((const unsigned char *)rest->bytes, rest->length, &character, &bad);
    *rest = text_slice(*rest, length > 0 ? length : bad, rest->length);
    return length > 0 ? character : 0xFFFD;
}

bool text_is_utf8(struct text text) {
    return utf8_good_length(text) == text.length;
}

struct text text_repair_utf8(struct arena *arena, struct text text) {
    size_t good = utf8_good_length(text);
    if (good == text.length) {
        return text;
    }
    struct buffer buffer = BUFFER(arena);
    while (good < text.length) {
        uint32_t character;
        size_t bad = 1;
        utf8_sequence((const unsigned char *)text.bytes + good, text.length - good, &character, &bad);
        buffer_add(&buffer, text_slice(text, 0, good));
        buffer_add(&buffer, TEXT("\xef\xbf\xbd"));
        text = text_slice(text, good + bad, text.length);
        good = utf8_good_length(text);
    }
    buffer_add(&buffer, text);
    return buffer_text(&buffer);
}

static void buffer_reserve(struct buffer *buffer, size_t more) {
    size_t needed = buffer->length + more + 1; /* and the NUL */
    if (needed <= buffer->capacity) {
        return;
    }
    size_t capacity = buffer->capacity * 2 > 32 ? buffer->capacity * 2 : 32;
    capacity = capacity > needed ? capacity : needed;
    buffer->bytes = arena_grow(buffer->arena, buffer->bytes, buffer->length, capacity, 1);
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, struct text text) {
    buffer_reserve(buffer, text.length);
    if (text.length > 0) {
        memcpy(buffer->bytes + buffer->length, text.bytes, text.length);
    }
    buffer->length += text.length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_add_string(struct buffer *buffer, const char *string) {
    buffer_add(buffer, text_of(string));
}

void buffer_add_char(struct buffer *buffer, char byte) {
    buffer_reserve(buffer, 1);
    buffer->bytes[buffer->length++] = byte;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t room = buffer->capacity - buffer->length; /* most texts fit, and are formatted once */
    int length = vsnprintf(room > 0 ? buffer->bytes + buffer->length : NULL, room, format, arguments);
    va_end(arguments);
    if ((size_t)length >= room) {
        buffer_reserve(buffer, (size_t)length);
        vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    buffer->length += (size_t)length;
}

void buffer_add_number(struct buffer *buffer, int64_t number) {
    char digits[21];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    buffer_add(buffer, (struct text){digits + at, sizeof digits - at});
}

/* Characters that are invisible, or change how the text beside them is displayed. */
static bool is_deceptive(uint32_t character) {
    return character < 0x20 || (character >= 0x7f && character <= 0x9f) || character == 0xad || character == 0x061c ||
           (character >= 0x200b && character <= 0x200f) || (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
           (character >= 0xe0000 && character <= 0xe0fff);
}

void text_disarm(char *string) {
    size_t left = strlen(string), length;
    for (; left > 0; string += length, left -= length) {
        uint32_t character;
        size_t bad = 1;
        length = utf8_sequence((const unsigned char *)string, left, &character, &bad);
        if (length == 0) {
            length = bad;
        } else if (is_deceptive(character)) {
            memset(string, '?', length);
        }
    }
}

static void buffer_add_character_escaped(struct buffer *buffer, uint32_t character) {
    switch (character) {
    case '\n':
        buffer_add_string(buffer, "\\n");
        break;
    case '\r':
        buffer_add_string(buffer, "\\r");
        break;
    case '\t':
        buffer_add_string(buffer, "\\t");
        break;
    default:
        buffer_format(buffer, character < 0x80 ? "\\x%02x" : "\\u{%x}", character);
    }
}

/* How many bytes from here are printed as they are: most texts are names without anything to
 * escape. */
static size_t plain_length(struct text text) {
    size_t length = 0;
    while (length < text.length && text.bytes[length] >= ' ' && text.bytes[length] < 0x7f &&
           text.bytes[length] != '\\') {
        length++;
    }
    return length;
}

void buffer_add_escaped(struct buffer *buffer, struct text text) {
    for (size_t at = 0; at < text.length;) {
        size_t plain = plain_length(text_slice(text, at, text.length));
        if (plain > 0) {
            buffer_add(buffer, text_slice(text, at, at + plain));
            at += plain;
            continue;
        }
        uint32_t character;
        size_t bad = 1;
        size_t length = utf8_sequence((const unsigned char *)text.bytes + at, text.length - at, &character, &bad);
        if (length == 0) {
            for (size_t i = 0; i < bad; i++) {
                buffer_format(buffer, "\\x%02x", (unsigned char)text.bytes[at + i]);
            }
            at += bad;
            continue;
        }
        if (character == '\\') {
            buffer_add_string(buffer, "\\\\");
        } else if (is_deceptive(character)) {
            buffer_add_character_escaped(buffer, character);
        } else {
            buffer_add(buffer, text_slice(text, at, at + length));
        }
        at += length;
    }
}

static void buffer_add_character_json(struct buffer *buffer, uint32_t character) {
    if (character == '"' || character == '\\') {
        buffer_format(buffer, "\\%c", (char)character);
    } else if (character == '\n') {
        buffer_add_string(buffer, "\\n");
    } else if (character < 0x10000) {
        buffer_format(buffer, "\\u%04x", character);
    } else {
        buffer_format(buffer, "\\u%04x\\u%04x", 0xd7c0 + (character >> 10), 0xdc00 + (character & 0x3ff));
    }
}

void buffer_add_plain(struct buffer *buffer, struct text text) {
    buffer_reserve(buffer, text.length + 2);
    char *to = buffer->bytes + buffer->length;
    *to++ = '"';
    if (text.length > 0) {
        memcpy(to, text.bytes, text.length);
    }
    to[text.length] = '"';
    to[text.length + 1] = '\0';
    buffer->length += text.length + 2;
}

void buffer_add_json(struct buffer *buffer, struct text text) {
    if (text_is_plain(text)) { /* as most are */
        buffer_add_plain(buffer, text);
        return;
    }
    text = text_repair_utf8(buffer->arena, text);
    buffer_add_char(buffer, '"');
    size_t plain = 0; /* nothing has been appended from here on */
    for (size_t at = 0, length; at < text.length; at += length) {
        uint32_t character;
        length = utf8_sequence((const unsigned char *)text.bytes + at, text.length - at, &character, &(size_t){0});
        if (character == '"' || character == '\\' || is_deceptive(character)) {
            buffer_add(buffer, text_slice(text, plain, at));
            buffer_add_character_json(buffer, character);
            plain = at + length;
        }
    }
    buffer_add(buffer, text_slice(text, plain, text.length));
    buffer_add_char(buffer, '"');
}

struct text buffer_text(const struct buffer *buffer) {
    return buffer->bytes ? (struct text){buffer->bytes, buffer->length} : TEXT("");
}

struct text text_escaped(struct arena *arena, struct text text) {
    struct buffer buffer = BUFFER(arena);
    buffer_reserve(&buffer, text.length); /* sufficient for most: there are many short texts */
    buffer_add_escaped(&buffer, text);
    return buffer_text(&buffer);
}

int text_hex_digit(char byte) {
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
