/* Drizzle v1 sorts folders by localeCompare() and reads a date from the first fourteen characters
 * of each name. Both follow JavaScript's rules and are reimplemented here; tests/v1 compares them
 * with node. */
#include "migfs/drizzle/names_v1.h"

#include <time.h>

#include "migfs/drizzle/stamp.h"
#include "migfs/json/text.h"

/* Primary order of the root collation (CLDR) for printable ASCII; upper and lower case are
 * equal. */
static const char primary_order[] = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

/* For U+00C0 to U+017F: the ASCII letter without its accent, and the accent as a letter that sorts
 * in the order of accents (acute, grave, breve, circumflex, caron, ring, diaeresis, double acute,
 * tilde, dot, cedilla, ogonek, macron). */
enum { ACCENTED_FIRST = 0xC0, ACCENTED_END = 0x180 };
static const char accented_letters[] =
    "AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.yAaAaAaCcCcCcCcDd..EeEeEeEeEeGgGg"
    "GgGgHh..IiIiIiIiI...JjKk.LlLlLl....NnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz.";
static const char accents[] =
    "badigf.kbadgbadg.ibadig..badga..badigf.kbadgbadg.ibadig..badga.gmmccllaaddjjeeee..mmccjjlleeddcc"
    "jjkkdd..iimmccllj...ddkk.aakkee....aakkee...mmcchh..aakkeeaaddkkeekkee..iimmccffhhllddddgaajjee.";

/* A character's weight on each level; 0 on all three if the collation ignores it. */
struct weights {
    uint32_t primary;
    char accent;
    bool is_capital;
};

static struct weights weights_of(uint32_t character) {
    struct weights weights = {0};
    if (character >= ACCENTED_FIRST && character < ACCENTED_END &&
        accented_letters[character - ACCENTED_FIRST] != '.') {
        weights.accent = accents[character - ACCENTED_FIRST];
        character = (unsigned char)accented_letters[character - ACCENTED_FIRST];
    }
    if (character >= 'A' && character <= 'Z') {
        weights.is_capital = true;
        character += 'a' - 'A';
    }
    if (character >= '\t' && character <= '\r') {
        weights.primary = character - '\t' + 1; /* white space sorts first, in this order */
    } else if (character < ' ' || character == 0x7F) {
        return weights;
    } else if (character < 0x7F) {
        const char *at = primary_order;
        while ((unsigned char)*at != character) {
            at++;
        }
        weights.primary = (uint32_t)('\r' - '\t' + 2 + (at - primary_order));
    } else {
        weights.primary = (uint32_t)sizeof(primary_order) + character;
    }
    return weights;
}

/* The weights of the next character that is not ignored; false at the end. */
static bool next_weights(struct text *rest, struct weights *ret_weights) {
    while (rest->length > 0) {
        *ret_weights = weights_of(text_character(rest));
        if (ret_weights->primary != 0) {
            return true;
        }
    }
    return false;
}

int names_v1_compare(struct text a, struct text b) {
    int accent = 0, capital = 0;
    struct weights left, right;
    for (;;) {
        bool has_left = next_weights(&a, &left), has_right = next_weights(&b, &right);
        if (!has_left || !has_right) {
            return has_left != has_right ? has_left - has_right : accent != 0 ? accent : capital;
        }
        if (left.primary != right.primary) {
            return left.primary < right.primary ? -1 : 1;
        }
        if (accent == 0) {
            accent = (left.accent > right.accent) - (left.accent < right.accent);
        }
        if (capital == 0) {
            capital = left.is_capital - right.is_capital;
        }
    }
}

/* Writes the first units of a text as UTF-16 and returns how many there are. */
static size_t first_units(struct text text, uint16_t *units, size_t limit) {
    size_t count = 0;
    while (text.length > 0 && count < limit) {
        uint32_t character = text_character(&text);
        if (character >= 0x10000) {
            units[count++] = (uint16_t)(0xD800 + ((character - 0x10000) >> 10));
            if (count < limit) {
                units[count++] = (uint16_t)(0xDC00 + ((character - 0x10000) & 0x3FF));
            }
        } else {
            units[count++] = (uint16_t)character;
        }
    }
    return count;
}

/* ECMAScript's WhiteSpace and LineTerminator, which parseInt skips. */
static bool is_space(uint16_t unit) {
    return (unit >= '\t' && unit <= '\r') || unit == ' ' || unit == 0xA0 || unit == 0x1680 ||
           (unit >= 0x2000 && unit <= 0x200A) || unit == 0x2028 || unit == 0x2029 || unit == 0x202F || unit == 0x205F ||
           unit == 0x3000 || unit == 0xFEFF;
}

/* parseInt(units, 10); false for NaN. At most four units, so it always fits. */
static bool parse_int(const uint16_t *units, size_t count, int64_t *ret_number) {
    size_t at = 0;
    while (at < count && is_space(units[at])) {
        at++;
    }
    bool is_negative = at < count && units[at] == '-';
    if (at < count && (units[at] == '-' || units[at] == '+')) {
        at++;
    }
    size_t first = at;
    int64_t number = 0;
    for (; at < count && units[at] >= '0' && units[at] <= '9'; at++) {
        number = number * 10 + (units[at] - '0');
    }
    *ret_number = is_negative ? -number : number;
    return at > first;
}

/* Days from the epoch to the first of a month (0 to 11, or beyond, which carries into the year). */
static int64_t days_to_month(int64_t year, int64_t month) {
    struct tm tm = {.tm_year = (int)(year - 1900), .tm_mon = (int)month, .tm_mday = 1};
    return (int64_t)timegm(&tm) / 86400;
}

bool names_v1_date(struct text name, int64_t *ret_milliseconds) {
    enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };
    static const size_t from[PARTS + 1] = {0, 4, 6, 8, 10, 12, 14};
    uint16_t units[14];
    size_t count = first_units(name, units, 14);
    int64_t part[PARTS];
    for (size_t i = 0; i < PARTS; i++) {
        size_t begin = from[i] < count ? from[i] : count, end = from[i + 1] < count ? from[i + 1] : count;
        if (!parse_int(units + begin, end - begin, &part[i])) {
            return false;
        }
    }
    /* Date.UTC takes years of two digits as years of the twentieth century. */
    if (part[YEAR] >= 0 && part[YEAR] <= 99) {
        part[YEAR] += 1900;
    }
    int64_t days = days_to_month(part[YEAR], part[MONTH] - 1) + part[DAY] - 1;
    *ret_milliseconds = (((days * 24 + part[HOUR]) * 60 + part[MINUTE]) * 60 + part[SECOND]) * 1000;
    return true;
}

int64_t names_v1_second(int64_t created_at) {
    return created_at / 1000 * 1000;
}

static int compare_units(struct text a, struct text b) {
    while (a.length > 0 && b.length > 0) {
        uint32_t left = text_character(&a), right = text_character(&b);
        if (left != right) {
            /* A surrogate pair begins below U+E000. */
            bool is_left_pair = left >= 0x10000, is_right_pair = right >= 0x10000;
            if (is_left_pair != is_right_pair && (is_left_pair ? right : left) >= 0xE000) {
                return is_left_pair ? -1 : 1;
            }
            return left < right ? -1 : 1;
        }
    }
    return (a.length > 0) - (b.length > 0);
}

bool names_v1_sorts_after(struct text name, struct text parent) {
    return compare_units(name, parent) > 0 && names_v1_compare(name, parent) > 0;
}

int64_t names_v1_when(const struct journal_value *when) {
    struct text value = json_value(when->text);
    if (value.length == 0 || json_type(value) == JSON_NULL || json_type(value) == JSON_FALSE) {
        return 0;
    }
    if (json_type(value) != JSON_NUMBER) {
        return NAMES_V1_NO_DATE;
    }
    double number = when->is_valid ? (double)when->number : json_number(value);
    return number > -NAMES_V1_DATE_LIMIT - 1.0 && number < NAMES_V1_DATE_LIMIT + 1.0 ? (int64_t)number
                                                                                     : NAMES_V1_NO_DATE;
}

struct text names_v1_folder(struct arena *arena, int64_t when, struct text tag) {
    if (when == 0) {
        return TEXT("");
    }
    size_t underscore;
    struct text rest = text_find(tag, "_", &underscore) ? text_slice(tag, underscore + 1, tag.length) : TEXT("");
    struct buffer buffer = BUFFER(arena);
    time_t seconds = (time_t)stamp_second(when);
    struct tm tm;
    if (when < -NAMES_V1_DATE_LIMIT || when > NAMES_V1_DATE_LIMIT || gmtime_r(&seconds, &tm) == NULL) {
        buffer_add_string(&buffer, "NaNNaNNaNNaNNaNNaN_");
    } else {
        buffer_format(&buffer, "%d%02d%02d%02d%02d%02d_", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                      tm.tm_min, tm.tm_sec);
    }
    buffer_add(&buffer, rest);
    return buffer_text(&buffer);
}
