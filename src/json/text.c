/* JSON as JSON.parse accepts it, checked once and then walked in place. Neither part recurses: a
 * level of nesting costs one bit, and no stack. */
#include "migfs/json/text.h"

#include <stdlib.h>
#include <string.h>

struct check {
    struct arena *arena;
    struct text text;
    size_t at;
    unsigned char *is_object; /* one bit for each open bracket */
    size_t depth, capacity;   /* capacity in bytes */
    const char *reason;
};

static size_t skip_blanks(struct text text, size_t at) {
    while (at < text.length &&
           (text.bytes[at] == ' ' || text.bytes[at] == '\t' || text.bytes[at] == '\n' || text.bytes[at] == '\r')) {
        at++;
    }
    return at;
}

static char peek(const struct check *check) {
    return (char)(check->at < check->text.length ? check->text.bytes[check->at] : '\0');
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool fail(struct check *check, const char *reason) {
    check->reason = check->at >= check->text.length ? "it ends too early" : reason;
    return false;
}

static bool push(struct check *check, bool is_object) {
    check->is_object = arena_more(check->arena, check->is_object, check->depth / 8, &check->capacity, 1);
    unsigned char bit = (unsigned char)(1U << (check->depth % 8));
    unsigned char *byte = &check->is_object[check->depth / 8];
    *byte = (unsigned char)(is_object ? *byte | bit : *byte & ~bit);
    check->depth++;
    check->at++;
    return true;
}

static bool in_object(const struct check *check) {
    size_t level = check->depth - 1;
    return (check->is_object[level / 8] >> (level % 8) & 1) != 0;
}

static bool check_escape(struct check *check) {
    check->at++;
    char byte = peek(check);
    if (byte == '\0' || !strchr("\"\\/bfnrtu", byte)) {
        return fail(check, "a backslash before a character that has no such form");
    }
    check->at++;
    for (int i = 0; byte == 'u' && i < 4; i++, check->at++) {
        if (text_hex_digit(peek(check)) < 0) {
            return fail(check, "\\u without four hexadecimal digits");
        }
    }
    return true;
}

static bool check_string(struct check *check) {
    for (check->at++; check->at < check->text.length;) {
        unsigned char byte = (unsigned char)check->text.bytes[check->at];
        if (byte == '"') {
            check->at++;
            return true;
        }
        if (byte < 0x20) {
            return fail(check, "a line break or control character inside a string");
        }
        if (byte == '\\') {
            if (!check_escape(check)) {
                return false;
            }
        } else {
            check->at++;
        }
    }
    return fail(check, "");
}

static bool check_digits(struct check *check) {
    if (!is_digit(peek(check))) {
        return fail(check, "a number without a digit where one must stand");
    }
    while (is_digit(peek(check))) {
        check->at++;
    }
    return true;
}

static bool check_number(struct check *check) {
    if (peek(check) == '-') {
        check->at++;
    }
    if (peek(check) == '0') {
        check->at++;
        if (is_digit(peek(check))) {
            return fail(check, "a number that begins with 0");
        }
    } else if (!check_digits(check)) {
        return false;
    }
    if (peek(check) == '.') {
        check->at++;
        if (!check_digits(check)) {
            return false;
        }
    }
    if (peek(check) == 'e' || peek(check) == 'E') {
        check->at++;
        if (peek(check) == '+' || peek(check) == '-') {
            check->at++;
        }
        return check_digits(check);
    }
    return true;
}

static bool check_literal(struct check *check, const char *literal) {
    for (; *literal; literal++, check->at++) {
        if (peek(check) != *literal) {
            return fail(check, "a word that is none of true, false and null");
        }
    }
    return true;
}

static const char *fault_for(struct text text, size_t at) {
    unsigned char byte = (unsigned char)text.bytes[at];
    if (at == 0 && text_starts(text, "\xef\xbb\xbf")) {
        return "it begins with a byte order mark";
    }
    if (at == 0 && (byte == 0xff || byte == 0xfe)) {
        return "it is UTF-16, not UTF-8";
    }
    if (byte == '}' || byte == ']') {
        return "a comma before the closing bracket";
    }
    return byte == '\'' ? "single quotes where double quotes must stand" : "no value begins with this character";
}

/* What may follow. */
enum expected { EXPECT_VALUE, EXPECT_KEY, EXPECT_NEXT };

static bool check_value(struct check *check, enum expected *ret_next) {
    *ret_next = EXPECT_NEXT;
    char byte = peek(check);
    switch (byte) {
    case '{':
    case '[':
        push(check, byte == '{');
        check->at = skip_blanks(check->text, check->at);
        if (peek(check) != (byte == '{' ? '}' : ']')) {
            *ret_next = byte == '{' ? EXPECT_KEY : EXPECT_VALUE;
        }
        return true;
    case '"':
        return check_string(check);
    case 't':
        return check_literal(check, "true");
    case 'f':
        return check_literal(check, "false");
    case 'n':
        return check_literal(check, "null");
    default:
        if (byte == '-' || is_digit(byte)) {
            return check_number(check);
        }
        return fail(check, check->at < check->text.length ? fault_for(check->text, check->at) : "");
    }
}

static bool check_key(struct check *check, enum expected *ret_next) {
    if (peek(check) != '"') {
        return fail(check,
                    peek(check) == '}' ? "a comma before the closing bracket" : "a key that is not in double quotes");
    }
    if (!check_string(check)) {
        return false;
    }
    check->at = skip_blanks(check->text, check->at);
    if (peek(check) != ':') {
        return fail(check, "a key without a colon after it");
    }
    check->at++;
    *ret_next = EXPECT_VALUE;
    return true;
}

/* After a value: a comma, or the closing bracket. */
static bool check_next(struct check *check, enum expected *ret_next) {
    char byte = peek(check);
    bool is_object = in_object(check);
    if (byte == ',') {
        check->at++;
        *ret_next = is_object ? EXPECT_KEY : EXPECT_VALUE;
        return true;
    }
    if (byte == (is_object ? '}' : ']')) {
        check->at++;
        check->depth--;
        *ret_next = EXPECT_NEXT;
        return true;
    }
    if (byte == '}' || byte == ']') {
        return fail(check, "a closing bracket of the wrong kind");
    }
    return fail(check, byte == '{' || byte == '"' ? "a comma is missing before this"
                                                  : "neither a comma nor a closing bracket");
}

static bool check_all(struct check *check) {
    enum expected expected = EXPECT_VALUE;
    do {
        check->at = skip_blanks(check->text, check->at);
        bool is_good = expected == EXPECT_VALUE ? check_value(check, &expected)
                       : expected == EXPECT_KEY ? check_key(check, &expected)
                                                : check_next(check, &expected);
        if (!is_good) {
            return false;
        }
    } while (check->depth > 0 || expected != EXPECT_NEXT);
    check->at = skip_blanks(check->text, check->at);
    if (check->at < check->text.length) {
        return fail(check, "something stands after the end");
    }
    return true;
}

struct json_fault json_fault_at(struct text text, size_t offset, const char *reason) {
    struct json_fault fault = {.offset = offset, .line = 1, .column = 1, .reason = reason};
    for (size_t i = 0; i < offset && i < text.length; i++) {
        fault.column++;
        if (text.bytes[i] == '\n') {
            fault.line++;
            fault.column = 1;
        }
    }
    return fault;
}

bool json_check(struct arena *arena, struct text text, struct json_fault *ret_fault) {
    struct check check = {.arena = arena, .text = text};
    if (check_all(&check)) {
        return true;
    }
    *ret_fault = json_fault_at(text, check.at, check.reason);
    return false;
}

struct text json_value(struct text text) {
    return text_trim(text);
}

enum json_type json_type(struct text value) {
    value = json_value(value);
    switch (value.bytes[0]) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_NUMBER;
    }
}

static size_t string_end(struct text text, size_t at) {
    for (at++; text.bytes[at] != '"'; at++) {
        if (text.bytes[at] == '\\') {
            at++;
        }
    }
    return at + 1;
}

/* The end of the value that starts at `at`. */
static size_t value_end(struct text text, size_t at) {
    size_t depth = 0;
    do {
        char byte = text.bytes[at];
        if (byte == '"') {
            at = string_end(text, at);
            continue;
        }
        if (byte == '{' || byte == '[') {
            depth++;
        } else if (byte == '}' || byte == ']') {
            depth--;
        } else if (depth == 0) { /* a number or a literal: up to what can follow one */
            while (at < text.length && !strchr(",]} \t\r\n", text.bytes[at])) {
                at++;
            }
            return at;
        }
        at++;
    } while (depth > 0);
    return at;
}

bool json_next(struct json_walk *walk, struct text *ret_key, struct text *ret_value) {
    struct text rest = walk->rest;
    size_t at = skip_blanks(rest, 0);
    if (!walk->is_entered) {
        walk->is_entered = true;
        rest = text_slice(rest, at, rest.length);
        at = skip_blanks(rest, 1);
    } else if (rest.length > 0 && rest.bytes[at] == ',') {
        at = skip_blanks(rest, at + 1);
    }
    if (at >= rest.length || rest.bytes[at] == '}' || rest.bytes[at] == ']') {
        return false;
    }
    size_t start = at, end = value_end(rest, at), after = skip_blanks(rest, end);
    *ret_key = TEXT("");
    if (after < rest.length && rest.bytes[after] == ':') {
        *ret_key = text_slice(rest, start, end);
        start = skip_blanks(rest, after + 1);
        end = value_end(rest, start);
    }
    *ret_value = text_slice(rest, start, end);
    walk->rest = text_slice(rest, end, rest.length);
    return true;
}

static uint32_t code_unit(struct text text, size_t at) {
    uint32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        unit = unit << 4 | (uint32_t)text_hex_digit(text.bytes[at + i]);
    }
    return unit;
}

static void add_character(struct buffer *buffer, uint32_t character) {
    if (character >= 0xd800 && character <= 0xdfff) {
        character = 0xfffd;
    }
    if (character < 0x80) {
        buffer_add_char(buffer, (char)character);
    } else if (character < 0x800) {
        buffer_add_char(buffer, (char)(0xc0 | character >> 6));
        buffer_add_char(buffer, (char)(0x80 | (character & 0x3f)));
    } else {
        if (character < 0x10000) {
            buffer_add_char(buffer, (char)(0xe0 | character >> 12));
        } else {
            buffer_add_char(buffer, (char)(0xf0 | character >> 18));
            buffer_add_char(buffer, (char)(0x80 | (character >> 12 & 0x3f)));
        }
        buffer_add_char(buffer, (char)(0x80 | (character >> 6 & 0x3f)));
        buffer_add_char(buffer, (char)(0x80 | (character & 0x3f)));
    }
}

/* Adds the escaped character whose backslash is at `at`; returns the offset after it. */
static size_t add_escape(struct buffer *buffer, struct text text, size_t at) {
    static const char forms[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
    const char *form = strchr(forms, text.bytes[at + 1]);
    if (form) {
        buffer_add_char(buffer, characters[form - forms]);
        return at + 2;
    }
    uint32_t character = code_unit(text, at + 2);
    at += 6;
    bool is_high = character >= 0xd800 && character <= 0xdbff;
    if (is_high && text.length - at >= 6 && text.bytes[at] == '\\' && text.bytes[at + 1] == 'u') {
        uint32_t low = code_unit(text, at + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        }
    }
    add_character(buffer, character);
    return at;
}

struct text json_string(struct arena *arena, struct text value) {
    value = json_value(value);
    struct text inside = text_repair_utf8(arena, text_slice(value, 1, value.length - 1));
    if (!memchr(inside.bytes, '\\', inside.length)) {
        return inside;
    }
    struct buffer buffer = BUFFER(arena);
    for (size_t at = 0; at < inside.length;) {
        const char *backslash = memchr(inside.bytes + at, '\\', inside.length - at);
        size_t plain = backslash ? (size_t)(backslash - inside.bytes) : inside.length;
        buffer_add(&buffer, text_slice(inside, at, plain));
        at = plain < inside.length ? add_escape(&buffer, inside, plain) : plain;
    }
    return buffer_text(&buffer);
}

double json_number(struct text value) {
    return strtod(json_value(value).bytes, NULL);
}
