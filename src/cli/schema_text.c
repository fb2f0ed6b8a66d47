/* Looks at words and what surrounds them; knows no grammar. */
#include "cli/schema_text.h"

#include <ctype.h>
#include <string.h>

struct scan {
    struct text text;
    const struct schema_text_found *found;
    bool is_in_import; /* between `import` or `export {` and its `from` */
    enum schema_import kind;
};

static bool is_of_word(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (unsigned char)byte >= 0x80;
}

static bool is_quote(char byte) {
    return byte == '\'' || byte == '"' || byte == '`';
}

/* The byte at this place; NUL outside of the text. */
static char byte_at(const struct scan *scan, size_t at) {
    if (at >= scan->text.length) {
        return '\0';
    }
    return scan->text.bytes[at];
}

static size_t skip_blanks(const struct scan *scan, size_t at) {
    while (at < scan->text.length && strchr(" \t\r\n", scan->text.bytes[at])) {
        at++;
    }
    return at;
}

static size_t end_of_word(const struct scan *scan, size_t at) {
    while (at < scan->text.length && is_of_word(scan->text.bytes[at])) {
        at++;
    }
    return at;
}

/* Gets the string that begins here, and the position after it. Returns false if there is none, or if
 * it is composed. */
static bool take_string(const struct scan *scan, size_t at, struct text *ret_string, size_t *ret_end) {
    char quote = byte_at(scan, at);
    size_t end = at + 1;
    if (!is_quote(quote)) {
        return false;
    }
    while (end < scan->text.length && scan->text.bytes[end] != quote) {
        if (strchr("\\\n$", scan->text.bytes[end])) {
            return false;
        }
        end++;
    }
    *ret_string = text_slice(scan->text, at + 1, end);
    *ret_end = end + 1;
    return end < scan->text.length;
}

/* ---- composed names ---- */

/* True for pgTable, .table and the like, whose first argument is a name. */
static bool is_maker(struct text word) {
    return text_ends(word, "Table") || text_is(word, "table") || text_is(word, "pgEnum");
}

/* True for what makes a part of a table; its name may be left out. */
static bool is_maker_of_part(struct text word) {
    return text_is(word, "index") || text_is(word, "uniqueIndex") || text_is(word, "unique");
}

/* True if the arguments that begin here begin with a plain string. */
static bool has_plain_name(const struct scan *scan, size_t at) {
    struct text name;
    size_t end;
    if (!take_string(scan, at, &name, &end)) {
        return false;
    }
    char behind = byte_at(scan, skip_blanks(scan, end));
    return behind == ',' || behind == ')';
}

static void find_composed(const struct scan *scan, struct text word, size_t end) {
    size_t open = skip_blanks(scan, end), first = skip_blanks(scan, open + 1);
    bool is_call = byte_at(scan, open) == '(' && !has_plain_name(scan, first);
    if (text_ends(word, "TableCreator") || (is_call && is_maker(word))) {
        scan->found->composed(scan->found->context, SCHEMA_COMPOSED_TABLE);
    } else if (is_call && is_maker_of_part(word) && byte_at(scan, first) != ')') {
        scan->found->composed(scan->found->context, SCHEMA_COMPOSED_PART);
    }
}

/* ---- imports ---- */

static void find_import(struct scan *scan, struct text word, size_t end) {
    bool is_import = text_is(word, "import"), is_export = text_is(word, "export");
    size_t next = skip_blanks(scan, end);
    struct text from;
    if (is_export || is_import) {
        size_t behind = end_of_word(scan, next);
        bool is_type = text_is(text_slice(scan->text, next, behind), "type");
        next = is_type ? skip_blanks(scan, behind) : next;
        scan->is_in_import = is_import || byte_at(scan, next) == '{' || byte_at(scan, next) == '*';
        scan->kind = is_type ? SCHEMA_IMPORT_TYPE : is_import ? SCHEMA_IMPORT : SCHEMA_IMPORT_REEXPORT;
    }
    bool is_call = (is_import || text_is(word, "require")) && byte_at(scan, next) == '(';
    bool is_before_source = is_import || is_call || (scan->is_in_import && text_is(word, "from"));
    if (is_before_source && take_string(scan, is_call ? skip_blanks(scan, next + 1) : next, &from, &end)) {
        scan->found->import(scan->found->context, from, is_call ? SCHEMA_IMPORT : scan->kind);
        scan->is_in_import = false;
    }
}

void schema_text_scan(struct text text, const struct schema_text_found *found) {
    struct scan scan = {.text = text, .found = found};
    for (size_t at = 0, end; at < text.length; at = end) {
        end = end_of_word(&scan, at);
        if (end == at) {
            end++;
            continue;
        }
        struct text word = text_slice(text, at, end);
        char before = byte_at(&scan, at - 1);
        found->word(found->context, word, is_quote(before) && byte_at(&scan, end) == before);
        find_import(&scan, word, end);
        find_composed(&scan, word, end);
    }
}

bool schema_text_is_word(struct text name) {
    const struct scan scan = {.text = name};
    return name.length > 0 && end_of_word(&scan, 0) == name.length;
}
