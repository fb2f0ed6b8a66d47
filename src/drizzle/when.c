/* JavaScript's conversions of a JSON value to a number. The grammar of numeric strings is a state
 * table. */
#include "drizzle/when.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/drizzle/stamp.h"
#include "migfs/util/blank.h"

/* ---- strings ---- */

/* StrDecimalLiteral without Infinity. */
enum grammar { START, SIGNED, POINT, WHOLE, WHOLE_POINT, FRACTION, EXPONENT, EXPONENT_SIGNED, POWER, WRONG };
enum symbol { DIGIT, SIGN, DOT, E, OTHER, SYMBOLS };

static const enum grammar next_state[WRONG][SYMBOLS] = {
    [START] = {[DIGIT] = WHOLE, [SIGN] = SIGNED, [DOT] = POINT, [E] = WRONG, [OTHER] = WRONG},
    [SIGNED] = {[DIGIT] = WHOLE, [SIGN] = WRONG, [DOT] = POINT, [E] = WRONG, [OTHER] = WRONG},
    [POINT] = {[DIGIT] = FRACTION, [SIGN] = WRONG, [DOT] = WRONG, [E] = WRONG, [OTHER] = WRONG},
    [WHOLE] = {[DIGIT] = WHOLE, [SIGN] = WRONG, [DOT] = WHOLE_POINT, [E] = EXPONENT, [OTHER] = WRONG},
    [WHOLE_POINT] = {[DIGIT] = FRACTION, [SIGN] = WRONG, [DOT] = WRONG, [E] = EXPONENT, [OTHER] = WRONG},
    [FRACTION] = {[DIGIT] = FRACTION, [SIGN] = WRONG, [DOT] = WRONG, [E] = EXPONENT, [OTHER] = WRONG},
    [EXPONENT] = {[DIGIT] = POWER, [SIGN] = EXPONENT_SIGNED, [DOT] = WRONG, [E] = WRONG, [OTHER] = WRONG},
    [EXPONENT_SIGNED] = {[DIGIT] = POWER, [SIGN] = WRONG, [DOT] = WRONG, [E] = WRONG, [OTHER] = WRONG},
    [POWER] = {[DIGIT] = POWER, [SIGN] = WRONG, [DOT] = WRONG, [E] = WRONG, [OTHER] = WRONG},
};

static const bool may_end[WRONG + 1] = {[WHOLE] = true, [WHOLE_POINT] = true, [FRACTION] = true, [POWER] = true};

static enum symbol symbol_of(char byte) {
    return byte >= '0' && byte <= '9'   ? DIGIT
           : byte == '+' || byte == '-' ? SIGN
           : byte == '.'                ? DOT
           : (byte | 0x20) == 'e'       ? E
                                        : OTHER;
}

static bool is_decimal(struct text text) {
    enum grammar state = START;
    for (size_t i = 0; i < text.length && state != WRONG; i++) {
        state = next_state[state][symbol_of(text.bytes[i])];
    }
    return may_end[state];
}

/* Literals with a prefix, which allow no sign. */
static const struct radix {
    char letter;
    unsigned bits; /* per digit */
} radixes[] = {{'x', 4}, {'o', 3}, {'b', 1}};

static unsigned digit_value(char byte) {
    if (byte >= '0' && byte <= '9') {
        return (unsigned)(byte - '0');
    }
    char letter = (char)(byte | 0x20);
    return letter >= 'a' && letter <= 'f' ? (unsigned)(letter - 'a') + 10 : 16;
}

/* Rounded to nearest, ties to even: keeps 60 bits, the last of which is set if any later bit is. */
static double number_of_digits(struct text digits, unsigned bits) {
    uint64_t kept = 0;
    int dropped = 0;
    for (size_t i = 0; i < digits.length; i++) {
        unsigned digit = digit_value(digits.bytes[i]);
        if (digit >= 1U << bits) {
            return NAN;
        }
        if (kept >> (60 - bits) == 0) {
            kept = kept << bits | digit;
        } else {
            kept |= digit > 0;
            dropped += dropped < 4096 ? (int)bits : 0;
        }
    }
    return digits.length > 0 ? ldexp((double)kept, dropped) : NAN;
}

/* strtod() uses the locale's decimal point; the program never leaves the C locale. */
static double number_of_decimal(struct text text) {
    char buffer[512];
    if (text.length < sizeof buffer) {
        memcpy(buffer, text.bytes, text.length);
        buffer[text.length] = '\0';
        return strtod(buffer, NULL);
    }
    char *copy = strndup(text.bytes, text.length);
    double number = copy ? strtod(copy, NULL) : NAN;
    free(copy);
    return number;
}

double when_string_number(struct text characters) {
    struct text text = blank_trim(characters);
    if (text.length == 0) {
        return 0;
    }
    for (size_t i = 0; i < sizeof radixes / sizeof *radixes; i++) {
        if (text.length > 1 && text.bytes[0] == '0' && (text.bytes[1] | 0x20) == radixes[i].letter) {
            return number_of_digits(text_slice(text, 2, text.length), radixes[i].bits);
        }
    }
    bool is_signed = text.bytes[0] == '+' || text.bytes[0] == '-';
    if (text_is(text_slice(text, is_signed, text.length), "Infinity")) {
        return text.bytes[0] == '-' ? -INFINITY : INFINITY;
    }
    return is_decimal(text) ? number_of_decimal(text) : NAN;
}

/* ---- values ---- */

/* In JavaScript, and in the query that records it, an array of one is equal to its element. */
static struct text without_brackets(struct text value) {
    enum { DEEPEST = 8 }; /* each level costs a pass over everything in it */
    for (int depth = 0; depth < DEEPEST && value.length > 0 && json_type(value) == JSON_ARRAY; depth++) {
        struct json_walk walk = {.rest = value};
        struct text key, first, second;
        if (!json_next(&walk, &key, &first) || json_next(&walk, &key, &second)) {
            break;
        }
        value = first;
    }
    return value;
}

double when_number(struct arena *arena, struct text when) {
    struct text value = without_brackets(when);
    if (value.length == 0) {
        return NAN;
    }
    switch (json_type(value)) {
    case JSON_NUMBER:
        return json_number(value);
    case JSON_STRING:
        return when_string_number(json_string(arena, value));
    case JSON_ARRAY: /* empty or several elements: "" or "1,2" */
        return json_next(&(struct json_walk){.rest = value}, &(struct text){0}, &(struct text){0}) ? NAN : 0;
    case JSON_NULL:
        return 0;
    case JSON_TRUE:
    case JSON_FALSE: /* as words, if in an array */
        return value.bytes != when.bytes ? NAN : json_type(value) == JSON_TRUE ? 1.0 : 0.0;
    case JSON_OBJECT:
    default:
        return NAN;
    }
}

bool when_can_be_recorded(struct arena *arena, struct text when) {
    struct text value = without_brackets(when);
    if (value.length == 0) {
        return false;
    }
    if (json_type(value) == JSON_STRING) {
        return text_to_int64(text_trim(json_string(arena, value)), &(int64_t){0}) ||
               when_is_stamp(arena, value, &(int64_t){0});
    }
    double number = json_type(value) == JSON_NUMBER ? json_number(value) : NAN;
    return json_type(value) == JSON_NULL || (trunc(number) == number && fabs(number) < 0x1p63);
}

static bool is_whole(struct arena *arena, struct text value, int64_t *ret_number) {
    if (json_type(value) == JSON_STRING) {
        struct text digits = text_trim(json_string(arena, value));
        bool is_positive = text_starts(digits, "+");
        digits = text_slice(digits, is_positive, digits.length);
        return !(is_positive && text_starts(digits, "-")) && text_to_int64(digits, ret_number);
    }
    double number = json_type(value) == JSON_NUMBER ? json_number(value) : NAN;
    bool is_exact = trunc(number) == number && fabs(number) < (double)STAMP_LIMIT;
    *ret_number = is_exact ? (int64_t)number : 0;
    return is_exact;
}

bool when_is_stamp(struct arena *arena, struct text value, int64_t *ret_stamp) {
    int64_t stamp;
    if (value.length == 0 || !is_whole(arena, value, &stamp) || stamp <= -STAMP_LIMIT || stamp >= STAMP_LIMIT) {
        return false;
    }
    *ret_stamp = stamp;
    return true;
}
