/* Parses URLs, libpq's keywords and quoted SQL names as far as needed to find one parameter.
 * Unquoted names are not folded to lower case, since Drizzle quotes the names in its settings. */
#include "migfs/ledger/postgres/ledger_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/ledger/postgres/conninfo.h"
#include "migfs/util/text.h"

static const char parameter[] = "ledger";

void ledger_name_free(struct ledger_name *name) {
    free(name->schema);
    free(name->table);
    *name = (struct ledger_name){0};
}

/* ---- the name ---- */

/* Takes one part, up to its dot or the end. Returns NULL if it is not a valid name. */
static char *take_part(const char **at) {
    const char *from = *at;
    char *part = malloc(strlen(from) + 1), *end = part;
    bool is_quoted = *from == '"';
    for (from += is_quoted; part && *from && (is_quoted || (*from != '.' && *from != '"')); from++) {
        if (*from == '"' && *++from != '"') {
            is_quoted = false;
            break;
        }
        *end++ = *from;
    }
    if (!part || is_quoted || end == part || (*from && *from != '.')) {
        free(part);
        return NULL;
    }
    *end = '\0';
    *at = from;
    return part;
}

/* `TABLE` or `SCHEMA.TABLE`. */
static bool parse_name(const char *text, struct ledger_name *ret_name, struct error *error) {
    struct ledger_name name = {0};
    char *first = take_part(&text);
    if (first && *text == '.') {
        text++;
        name.schema = first;
        name.table = take_part(&text);
    } else {
        name.table = first;
    }
    if (!name.table || *text) {
        ledger_name_free(&name);
        return error_set(error, ERROR_USAGE,
                         "`ledger` is SCHEMA.TABLE or TABLE; a name with a dot in it goes in double quotes");
    }
    *ret_name = name;
    return true;
}

static bool set_name(const char *text, struct ledger_name *name, struct error *error) {
    if (name->table) {
        ledger_name_free(name);
        return error_set(error, ERROR_USAGE, "`ledger` is given twice");
    }
    return parse_name(text, name, error);
}

/* ---- in a URL ---- */

/* Decodes like URLSearchParams. Returns false if the result has a NUL, which no name may
 * contain. */
static bool decode(char *value) {
    char *end = value;
    for (; *value; value++) {
        char byte = *value;
        if (byte == '+') {
            byte = ' ';
        } else if (byte == '%' && isxdigit((unsigned char)value[1]) && isxdigit((unsigned char)value[2])) {
            byte = (char)(text_hex_digit(value[1]) * 16 + text_hex_digit(value[2]));
            value += 2;
        }
        if (byte == '\0') {
            return false;
        }
        *end++ = byte;
    }
    *end = '\0';
    return true;
}

/* Also accepts a `?ledger=…` that a script appended to a URL that already has parameters. */
static char *find_in_uri(char *uri) {
    size_t length = strlen(parameter), end = strcspn(uri, "#");
    for (char *at = uri + strcspn(uri, "?#"); at < uri + end; at++) {
        if ((*at == '?' || *at == '&') && strncmp(at + 1, parameter, length) == 0 && at[1 + length] == '=') {
            return at;
        }
    }
    return NULL;
}

static bool take_from_uri(char *uri, struct ledger_name *name, struct error *error) {
    for (char *at; (at = find_in_uri(uri));) {
        char *value = at + 1 + strlen(parameter) + 1, *rest = value + strcspn(value, "&#?");
        char *text = strndup(value, (size_t)(rest - value));
        if (!text) {
            return error_set_memory(error);
        }
        bool is_good = decode(text)
                           ? set_name(text, name, error)
                           : error_set(error, ERROR_USAGE, "`ledger` contains %%00, which no name may contain");
        bool is_first = at == uri + strcspn(uri, "?");
        free(text);
        if (!is_good) {
            return false;
        }
        /* The remaining parameters keep their `?`. */
        if (is_first && (*rest == '&' || *rest == '?')) {
            at++;
            rest++;
        }
        memmove(at, rest, strlen(rest) + 1);
    }
    return true;
}

/* ---- in keywords ---- */

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t\r\n\f\v");
}

/* Takes a value as libpq parses it, and copies it without quotes and backslashes. Returns NULL if a
 * quote is not closed. */
static const char *take_value(const char *at, char *ret_value) {
    bool is_quoted = *at == '\'';
    for (at += is_quoted; *at && (is_quoted ? *at != '\'' : !isspace((unsigned char)*at)); at++) {
        at += *at == '\\' && at[1];
        *ret_value++ = *at;
    }
    *ret_value = '\0';
    return !is_quoted ? at : *at ? at + 1 : NULL;
}

/* Anything but a keyword with a value is left to libpq, which reports the error. */
static bool take_from_keywords(char *keywords, struct ledger_name *name, struct error *error) {
    char *value = calloc(1, strlen(keywords) + 1);
    bool is_good = true;
    if (!value) {
        return error_set_memory(error);
    }
    for (char *at = keywords; is_good;) {
        const char *word = skip_blanks(at);
        size_t length = strcspn(word, "= \t\r\n\f\v");
        const char *equals = skip_blanks(word + length), *rest = NULL;
        if (length > 0 && *equals == '=') {
            rest = take_value(skip_blanks(equals + 1), value);
        }
        if (!rest) {
            break;
        }
        if (length == strlen(parameter) && strncmp(word, parameter, length) == 0) {
            is_good = set_name(value, name, error);
            memmove(at, rest, strlen(rest) + 1);
        } else {
            at = keywords + (rest - keywords);
        }
    }
    explicit_bzero(value, strlen(value));
    free(value);
    return is_good;
}

/* ---- both ---- */

bool ledger_name_begins(const char *value) {
    size_t length = strlen(parameter);
    const char *equals = skip_blanks(value + (strncmp(value, parameter, length) == 0 ? length : 0));
    if (equals == value || *equals != '=') {
        return false;
    }
    const char *named = skip_blanks(equals + 1);
    return !conninfo_is_uri(named) && *skip_blanks(named + strcspn(named, "= \t\r\n\f\v")) != '=';
}

bool ledger_name_take(char *conninfo, struct ledger_name *ret_name, struct error *error) {
    struct ledger_name name = {0};
    bool is_good =
        conninfo_is_uri(conninfo) ? take_from_uri(conninfo, &name, error) : take_from_keywords(conninfo, &name, error);
    if (!is_good) {
        ledger_name_free(&name);
        return false;
    }
    *ret_name = name;
    return true;
}

/* ---- for people ---- */

/* Writes a quoted part to `at`, which needs room for twice its length and two quotation marks.
 * Returns the end. */
static char *put_part(char *at, const char *part) {
    bool is_plain = !part[strcspn(part, ". \"'")];
    if (is_plain) {
        return stpcpy(at, part);
    }
    *at++ = '"';
    for (; *part; part++) {
        *at = '"';
        at += *part == '"';
        *at++ = *part;
    }
    return stpcpy(at, "\"");
}

char *ledger_name_text(const char *schema, const char *table) {
    size_t length = strlen(table) + (schema ? strlen(schema) : 0);
    char *text = malloc(2 * length + sizeof "\"\".\"\""), *at = text;
    if (text && schema) {
        at = put_part(at, schema);
        *at++ = '.';
    }
    if (text) {
        put_part(at, table);
    }
    return text;
}
