/* Prints trees. cJSON's own printer is not used: it indents with tabs, breaks no lines in arrays,
 * and prints some doubles differently from JavaScript. */
#include "migfs/json/print.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Numbers ---- */

enum { MOST_DIGITS = 17 };

/* `count` digits and a decimal exponent: 0.d1d2d3… times ten to the power of `point`. */
struct decimal {
    char digits[MOST_DIGITS + 1];
    int count, point;
};

static void decimal_of(double number, int count, struct decimal *ret_decimal) {
    char text[40];
    snprintf(text, sizeof text, "%.*e", count - 1, number);
    ret_decimal->digits[0] = text[0];
    memcpy(ret_decimal->digits + 1, text + 2, (size_t)count - 1);
    ret_decimal->digits[count] = '\0';
    ret_decimal->count = count;
    ret_decimal->point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
}

static double decimal_value(const struct decimal *decimal) {
    char text[40];
    snprintf(text, sizeof text, "0.%se%d", decimal->digits, decimal->point);
    return strtod(text, NULL);
}

/* The next decimal with the same number of digits. */
static void decimal_next(struct decimal *decimal) {
    int at = decimal->count - 1;
    while (at >= 0 && decimal->digits[at] == '9') {
        decimal->digits[at--] = '0';
    }
    if (at >= 0) {
        decimal->digits[at]++;
        return;
    }
    decimal->digits[0] = '1';
    decimal->point++;
}

/* The shortest decimal that reads as the number, and the nearest of those. Below a power of two
 * doubles are closer together than above it, so the nearest decimal may read as the double below,
 * while the next decimal up reads as the number. */
static void decimal_shortest(double number, struct decimal *ret_decimal) {
    for (int count = 1; count <= MOST_DIGITS; count++) {
        decimal_of(number, count, ret_decimal);
        if (decimal_value(ret_decimal) == number) {
            return;
        }
        struct decimal next = *ret_decimal;
        decimal_next(&next);
        if (decimal_value(&next) == number) {
            *ret_decimal = next;
            return;
        }
    }
}

static void add_zeros(struct buffer *buffer, int count) {
    while (count-- > 0) {
        buffer_add_char(buffer, '0');
    }
}

/* As Number::toString in ECMAScript. */
static void add_decimal(struct buffer *buffer, const struct decimal *decimal) {
    struct text digits = {decimal->digits, (size_t)decimal->count};
    int point = decimal->point;
    if (point > 21 || point <= -6) {
        buffer_add(buffer, text_slice(digits, 0, 1));
        if (decimal->count > 1) {
            buffer_add_char(buffer, '.');
            buffer_add(buffer, text_slice(digits, 1, digits.length));
        }
        buffer_format(buffer, "e%+d", point - 1);
    } else if (point <= 0) {
        buffer_add_string(buffer, "0.");
        add_zeros(buffer, -point);
        buffer_add(buffer, digits);
    } else if (point >= decimal->count) {
        buffer_add(buffer, digits);
        add_zeros(buffer, point - decimal->count);
    } else {
        buffer_add(buffer, text_slice(digits, 0, (size_t)point));
        buffer_add_char(buffer, '.');
        buffer_add(buffer, text_slice(digits, (size_t)point, digits.length));
    }
}

void json_add_number(struct buffer *buffer, double number) {
    if (!isfinite(number)) {
        buffer_add_string(buffer, "null");
        return;
    }
    if (fabs(number) < 9007199254740992.0 && trunc(number) == number) {
        buffer_add_number(buffer, (int64_t)number);
        return;
    }
    struct decimal decimal;
    decimal_shortest(fabs(number), &decimal);
    if (number < 0) {
        buffer_add_char(buffer, '-');
    }
    add_decimal(buffer, &decimal);
}

/* ---- Strings ---- */

/* The extensions of UTF-8 described in json/tree.h. */
static bool is_nul(const char *bytes) {
    return bytes[0] == '\xc0' && bytes[1] == '\x80';
}

static bool is_lone_surrogate(const char *bytes) {
    return bytes[0] == '\xed' && (unsigned char)bytes[1] >= 0xa0;
}

/* Replaces each C0 80 by a NUL; a lone surrogate remains ill-formed. */
static struct text with_nuls(struct arena *arena, const char *string) {
    struct buffer text = BUFFER(arena);
    for (; *string; string += is_nul(string) ? 2 : 1) {
        buffer_add(&text, is_nul(string) ? TEXT("\0") : (struct text){string, 1});
    }
    return buffer_text(&text);
}

static void add_escaped_string(struct buffer *buffer, const char *string) {
    struct text text = text_of(string);
    if (text_is_plain(text)) { /* as most are, and all of our keys */
        buffer_add_plain(buffer, text);
    } else {
        buffer_add_json(buffer, strstr(string, "\xc0\x80") ? with_nuls(buffer->arena, string) : text);
    }
}

static size_t plain_length(const char *string) {
    size_t length = 0;
    while ((unsigned char)string[length] >= 0x20 && string[length] != '"' && string[length] != '\\' &&
           !is_nul(string + length) && !is_lone_surrogate(string + length)) {
        length++;
    }
    return length;
}

/* Adds the escape or bytes of the non-plain character at this point; returns its length. */
static size_t add_special(struct buffer *buffer, const char *string) {
    static const char characters[] = "\"\\\b\f\n\r\t", forms[] = "\"\\bfnrt";
    const unsigned char *bytes = (const unsigned char *)string;
    const char *found = strchr(characters, *string);
    if (found) {
        buffer_add_char(buffer, '\\');
        buffer_add_char(buffer, forms[found - characters]);
        return 1;
    }
    if (is_nul(string)) {
        buffer_add_string(buffer, "\\u0000");
        return 2;
    }
    if (is_lone_surrogate(string)) {
        buffer_format(buffer, "\\ud%x%02x", (bytes[1] & 0x3fU) >> 2, (bytes[1] & 3U) << 6 | (bytes[2] & 0x3fU));
        return 3;
    }
    buffer_format(buffer, "\\u%04x", bytes[0]);
    return 1;
}

static void add_script_string(struct buffer *buffer, const char *string) {
    buffer_add_char(buffer, '"');
    while (true) {
        size_t plain = plain_length(string);
        buffer_add(buffer, (struct text){string, plain});
        string += plain;
        if (*string == '\0') {
            break;
        }
        string += add_special(buffer, string);
    }
    buffer_add_char(buffer, '"');
}

/* ---- Our layout ---- */

/* Prints a value without elements: anything but arrays and objects. */
static void add_scalar(struct buffer *buffer, const cJSON *value, void (*add_string)(struct buffer *, const char *)) {
    switch (value->type & 0xff) {
    case cJSON_String:
        add_string(buffer, value->valuestring);
        break;
    case cJSON_Number:
        json_add_number(buffer, value->valuedouble);
        break;
    case cJSON_True:
        buffer_add_string(buffer, "true");
        break;
    case cJSON_False:
        buffer_add_string(buffer, "false");
        break;
    default:
        buffer_add_string(buffer, "null");
    }
}

static bool has_elements(const cJSON *value) {
    return cJSON_IsArray(value) || cJSON_IsObject(value);
}

static const char *const first[] = {"\n  ", "\n    "}, *const between[] = {",\n  ", ",\n    "},
                         *const last[] = {"\n", "\n  "};

struct lines {
    struct buffer buffer;
    struct arena *outer; /* the arena of the result */
};

static void add_lines(struct lines *lines, const cJSON *value, size_t depth);

/* Doubles the capacity of a large text that is nearly full, in an arena of its own: growing within
 * one arena would keep all the earlier copies. */
static void make_room(struct lines *lines) {
    enum { LARGE = 1 << 20 };
    struct buffer before = lines->buffer;
    if (before.length < LARGE || before.length < before.capacity - before.capacity / 4) {
        return;
    }
    struct arena *next = arena_within(lines->outer);
    lines->buffer = (struct buffer){.arena = next, .length = before.length, .capacity = 2 * before.capacity};
    lines->buffer.bytes = arena_alloc(next, lines->buffer.capacity);
    memcpy(lines->buffer.bytes, before.bytes, before.length);
    if (before.arena != lines->outer) {
        arena_destroy(before.arena);
    }
}

/* Prints an array of json_add_elements(), with one element per line. */
static void add_elements(struct lines *lines, const struct json_elements *elements) {
    struct arena *arena = json_used();
    buffer_add_char(&lines->buffer, '[');
    for (size_t i = 0; i < elements->count; i++) {
        struct arena *within = arena_within(arena);
        json_use(within);
        buffer_add_string(&lines->buffer, i == 0 ? first[1] : between[1]);
        add_lines(lines, elements->make(elements->context, within, i), 2);
        arena_destroy(within);
        json_use(arena);
        make_room(lines);
    }
    buffer_add_string(&lines->buffer, elements->count > 0 ? last[1] : "");
    buffer_add_char(&lines->buffer, ']');
}

/* `depth`: nesting so far; only the two outermost levels are spread over lines. */
static void add_lines(struct lines *lines, const cJSON *value, size_t depth) {
    struct buffer *buffer = &lines->buffer;
    if (cJSON_IsRaw(value)) {
        add_elements(lines, (const struct json_elements *)(const void *)value->valuestring);
        return;
    }
    if (!has_elements(value)) {
        add_scalar(buffer, value, add_escaped_string);
        return;
    }
    bool is_object = cJSON_IsObject(value);
    bool is_spread = depth == 0 || (depth == 1 && !is_object && value->child);
    buffer_add_char(buffer, is_object ? '{' : '[');
    for (const cJSON *item = value->child; item; item = item->next) {
        if (is_spread) {
            buffer_add_string(buffer, item == value->child ? first[depth] : between[depth]);
            make_room(lines);
        } else if (item != value->child) {
            buffer_add_string(buffer, ", ");
        }
        if (is_object) {
            add_escaped_string(buffer, item->string);
            buffer_add_string(buffer, ": ");
        }
        add_lines(lines, item, is_spread ? depth + 1 : 2);
    }
    if (is_spread) {
        buffer_add_string(buffer, last[depth]);
    }
    buffer_add_char(buffer, is_object ? '}' : ']');
}

struct text json_print_lines(struct arena *arena, const struct cJSON *tree) {
    struct lines lines = {.buffer = BUFFER(arena), .outer = arena};
    add_lines(&lines, tree, 0);
    buffer_add_char(&lines.buffer, '\n');
    return buffer_text(&lines.buffer);
}

/* ---- JavaScript's layout ---- */

/* True for keys that are array indices: 0 to 2^32 - 2 in canonical form. JavaScript lists them
 * first. */
static bool is_index(const char *key, uint64_t *ret_index) {
    int64_t index;
    if (key[0] < '0' || key[0] > '9' || (key[0] == '0' && key[1] != '\0') || !text_to_int64(text_of(key), &index) ||
        index > INT64_C(4294967294)) {
        return false;
    }
    *ret_index = (uint64_t)index;
    return true;
}

struct indexed {
    const cJSON *item;
    uint64_t index;
};

static int compare_indices(const void *a, const void *b) {
    const struct indexed *left = a, *right = b;
    return (left->index > right->index) - (left->index < right->index);
}

static void break_line(struct buffer *buffer, size_t depth) {
    buffer_add_char(buffer, '\n');
    while (depth-- > 0) {
        buffer_add_string(buffer, "  ");
    }
}

static void add_script(struct buffer *buffer, const cJSON *value, size_t depth);

static void add_script_member(struct buffer *buffer, const cJSON *item, size_t depth) {
    add_script_string(buffer, item->string);
    buffer_add_string(buffer, ": ");
    add_script(buffer, item, depth);
}

/* Adds the members whose keys are indices; returns their number. */
static size_t add_script_indices(struct buffer *buffer, const cJSON *object, size_t depth) {
    struct indexed *found = NULL;
    size_t count = 0, capacity = 0;
    uint64_t index;
    for (const cJSON *item = object->child; item; item = item->next) {
        if (is_index(item->string, &index)) {
            found = arena_more(buffer->arena, found, count, &capacity, sizeof *found);
            found[count++] = (struct indexed){item, index};
        }
    }
    if (count > 0) {
        qsort(found, count, sizeof *found, compare_indices);
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_add_char(buffer, ',');
        }
        break_line(buffer, depth);
        add_script_member(buffer, found[i].item, depth);
    }
    return count;
}

static void add_script(struct buffer *buffer, const cJSON *value, size_t depth) {
    if (!has_elements(value)) {
        add_scalar(buffer, value, add_script_string);
        return;
    }
    bool is_object = cJSON_IsObject(value);
    size_t count = 0;
    uint64_t index;
    buffer_add_char(buffer, is_object ? '{' : '[');
    if (is_object) {
        count = add_script_indices(buffer, value, depth + 1);
    }
    for (const cJSON *item = value->child; item; item = item->next) {
        if (is_object && is_index(item->string, &index)) {
            continue;
        }
        if (count++ > 0) {
            buffer_add_char(buffer, ',');
        }
        break_line(buffer, depth + 1);
        if (is_object) {
            add_script_member(buffer, item, depth + 1);
        } else {
            add_script(buffer, item, depth + 1);
        }
    }
    if (count > 0) {
        break_line(buffer, depth);
    }
    buffer_add_char(buffer, is_object ? '}' : ']');
}

struct text json_stringify(struct arena *arena, const struct cJSON *tree) {
    struct buffer buffer = BUFFER(arena);
    add_script(&buffer, tree, 0);
    return buffer_text(&buffer);
}
