/* The npm package is a single regular expression, applied repeatedly to find variables:
 *
 * /(?:^|^)\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/mg
 *
 * The first way to match counts; the functions below try the alternatives in that order. */
#include "cli/dotenv.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/util/blank.h"

static bool is_quote(char byte) {
    return byte == '\'' || byte == '"' || byte == '`';
}

static bool is_of_name(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '.' || byte == '-';
}

/* ---- places in the text ---- */

static struct text from(const struct dotenv *dotenv, size_t at) {
    return (struct text){dotenv->text + at, dotenv->length - at};
}

static size_t skip_blanks(const struct dotenv *dotenv, size_t at) {
    size_t length;
    while ((length = blank_at_start(from(dotenv, at))) > 0) {
        at += length;
    }
    return at;
}

/* In JavaScript, U+2028 and U+2029 also end lines. */
static bool is_line_end(const struct dotenv *dotenv, size_t at) {
    struct text rest = from(dotenv, at);
    return rest.length == 0 || rest.bytes[0] == '\n' || text_starts(rest, "\xe2\x80\xa8") ||
           text_starts(rest, "\xe2\x80\xa9");
}

static bool is_line_start(const struct dotenv *dotenv, size_t at) {
    struct text before = {dotenv->text, at};
    return at == 0 || before.bytes[at - 1] == '\n' || text_ends(before, "\xe2\x80\xa8") ||
           text_ends(before, "\xe2\x80\xa9");
}

/* Matches `\s*(?:#.*)?$` from here and gets the end of the match. */
static bool match_end(const struct dotenv *dotenv, size_t at, size_t *ret_end) {
    size_t behind = skip_blanks(dotenv, at);
    if (behind < dotenv->length && dotenv->text[behind] == '#') {
        for (at = behind; !is_line_end(dotenv, at);) {
            at++;
        }
        *ret_end = at;
        return true;
    }
    for (size_t i = behind + 1; i-- > at;) {
        if (is_line_end(dotenv, i)) {
            *ret_end = i;
            return true;
        }
    }
    return false;
}

/* ---- values ---- */

/* A quote after a backslash ends the value only if no other quote does; then it is the last such
 * quote. */
static bool match_quoted(const struct dotenv *dotenv, size_t start, size_t *ret_end, size_t *ret_match) {
    const char *text = dotenv->text;
    size_t end = start + 1;
    while (end < dotenv->length && (text[end] != text[start] || text[end - 1] == '\\')) {
        end++;
    }
    for (; end > start; end--) {
        if (end < dotenv->length && text[end] == text[start] && match_end(dotenv, end + 1, ret_match)) {
            *ret_end = end + 1;
            return true;
        }
    }
    return false;
}

/* Matches the value from `start`, which follows the equals sign or the blank after the colon. Also
 * gets the end of the whole match. */
static struct text match_value(const struct dotenv *dotenv, size_t start, size_t *ret_match) {
    size_t quoted = skip_blanks(dotenv, start), end = start;
    if (quoted < dotenv->length && is_quote(dotenv->text[quoted]) && match_quoted(dotenv, quoted, &end, ret_match)) {
        return (struct text){dotenv->text + quoted, end - quoted};
    }
    end = start;
    while (end < dotenv->length && dotenv->text[end] != '#' && dotenv->text[end] != '\n') {
        end++;
    }
    match_end(dotenv, end, ret_match); /* always matches: a comment or the end of the line follows */
    return blank_trim((struct text){dotenv->text + start, end - start});
}

/* Replaces each two-byte `sequence` with `byte`. */
static void replace(char *value, const char *sequence, char byte) {
    char *into = value;
    while (*value) {
        bool is_here = strncmp(value, sequence, 2) == 0;
        if (is_here) {
            *into++ = byte;
        } else {
            *into++ = *value;
        }
        value += is_here ? 2 : 1;
    }
    *into = '\0';
}

/* Returns the closing quote, which is the last one at the end of a line. 0: none. */
static size_t pair_of(const struct dotenv *value, size_t start) {
    for (size_t i = value->length; i-- > start + 1;) {
        if (value->text[i] == value->text[start] && is_line_end(value, i + 1)) {
            return i;
        }
    }
    return 0;
}

/* Removes the quotes around the value, or around lines if the value has several quoted lines:
 * `/^(['"`])([\s\S]*)\1$/mg`. */
static char *unquoted(struct text value) {
    char *copy = calloc(value.length + 1, 1);
    const struct dotenv it = {.text = (char *)value.bytes, .length = value.length};
    size_t used = 0, pair;
    for (size_t i = 0; copy && i < value.length; i++) {
        if (is_quote(value.bytes[i]) && is_line_start(&it, i) && (pair = pair_of(&it, i)) > 0) {
            memcpy(copy + used, value.bytes + i + 1, pair - i - 1);
            used += pair - i - 1;
            i = pair;
        } else {
            copy[used++] = value.bytes[i];
        }
    }
    if (copy) {
        copy[used] = '\0';
    }
    if (copy && value.length > 0 && value.bytes[0] == '"') {
        replace(copy, "\\n", '\n');
        replace(copy, "\\r", '\r');
    }
    return copy;
}

/* ---- variables ---- */

/* Matches a name at `at`, after an optional `(?:export\s+)?`, and gets the earliest start of its
 * value. */
static bool match_name(const struct dotenv *dotenv, size_t at, struct text *ret_name, size_t *ret_value) {
    size_t end = at;
    while (end < dotenv->length && is_of_name(dotenv->text[end])) {
        end++;
    }
    *ret_name = (struct text){dotenv->text + at, end - at};
    size_t behind = skip_blanks(dotenv, end);
    if (end > at && behind < dotenv->length && dotenv->text[behind] == '=') {
        *ret_value = behind + 1;
        return true;
    }
    size_t blank = end < dotenv->length && dotenv->text[end] == ':' ? blank_at_start(from(dotenv, end + 1)) : 0;
    *ret_value = end + 1 + blank;
    return end > at && blank > 0;
}

/* `at` is the first character after the blanks. */
static bool match_variable(const struct dotenv *dotenv, size_t at, struct text *ret_name, size_t *ret_value) {
    if (text_starts(from(dotenv, at), "export")) {
        size_t behind = skip_blanks(dotenv, at + strlen("export"));
        if (behind > at + strlen("export") && match_name(dotenv, behind, ret_name, ret_value)) {
            return true;
        }
    }
    return match_name(dotenv, at, ret_name, ret_value);
}

bool dotenv_begin(struct dotenv *dotenv, struct text file) {
    *dotenv = (struct dotenv){.text = malloc(file.length + 1)};
    for (size_t i = 0; dotenv->text && i < file.length; i++) {
        bool is_return = file.bytes[i] == '\r';
        dotenv->text[dotenv->length] = file.bytes[i];
        if (is_return) {
            dotenv->text[dotenv->length] = '\n';
        }
        dotenv->length++;
        i += is_return && i + 1 < file.length && file.bytes[i + 1] == '\n';
    }
    if (dotenv->text) {
        dotenv->text[dotenv->length] = '\0';
    }
    return dotenv->text != NULL;
}

bool dotenv_next(struct dotenv *dotenv, struct text *ret_name, char **ret_value) {
    size_t value = 0, end = dotenv->length;
    bool is_found = false;
    while (!is_found && dotenv->at < dotenv->length) {
        size_t at = is_line_start(dotenv, dotenv->at) ? skip_blanks(dotenv, dotenv->at) : SIZE_MAX;
        is_found = at != SIZE_MAX && match_variable(dotenv, at, ret_name, &value);
        dotenv->at = at == SIZE_MAX ? dotenv->at + 1 : at + 1; /* no match begins within a line */
    }
    if (!is_found) {
        return false;
    }
    *ret_value = unquoted(match_value(dotenv, value, &end));
    dotenv->at = end;
    return *ret_value != NULL;
}

void dotenv_end(struct dotenv *dotenv) {
    if (dotenv->text) {
        explicit_bzero(dotenv->text, dotenv->length);
    }
    free(dotenv->text);
    *dotenv = (struct dotenv){0};
}

char *dotenv_find(struct text file, const char *name) {
    struct dotenv dotenv;
    struct text it;
    char *value, *found = NULL;
    for (bool is_good = dotenv_begin(&dotenv, file); is_good && dotenv_next(&dotenv, &it, &value);) {
        char *other = value;
        if (text_is(it, name)) {
            other = found;
            found = value;
        }
        if (other) {
            explicit_bzero(other, strlen(other));
        }
        free(other);
    }
    dotenv_end(&dotenv);
    return found;
}
