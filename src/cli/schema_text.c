/* Looks at words and what surrounds them; knows no grammar. */
#include "cli/schema_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

struct scan {
    struct text text;
    const struct schema_text_found *found;
    bool is_in_import; /* between `import` or `export {` and its `from` */
    size_t names;      /* where what is imported begins */
    size_t table_end;  /* of the last declaration of a table */
    size_t object_end; /* of the last call with an object for its name */
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

/* The position after the comment that begins here, or `at`. */
static size_t skip_comment(const struct scan *scan, size_t at) {
    bool is_line = byte_at(scan, at + 1) == '/';
    if (byte_at(scan, at) != '/' || (!is_line && byte_at(scan, at + 1) != '*')) {
        return at;
    }
    size_t length;
    struct text rest = text_slice(scan->text, at + 2, scan->text.length);
    return text_find(rest, is_line ? "\n" : "*/", &length) ? at + 2 + length + (is_line ? 1 : 2) : scan->text.length;
}

/* The position after the string that begins here, which may be composed. */
static size_t skip_string(const struct scan *scan, size_t at) {
    char quote = scan->text.bytes[at++];
    while (at < scan->text.length && scan->text.bytes[at] != quote) {
        at += scan->text.bytes[at] == '\\' ? 2 : 1;
    }
    return at + 1;
}

/* The parenthesis that closes the one at `open`, or the end of the text. */
static size_t find_closing(const struct scan *scan, size_t open) {
    size_t at = open;
    int64_t depth = 0;
    while (at < scan->text.length) {
        char byte = scan->text.bytes[at];
        size_t behind = skip_comment(scan, at);
        depth += (byte == '(') - (byte == ')');
        if (depth == 0) {
            return at;
        }
        at = behind > at ? behind : is_quote(byte) ? skip_string(scan, at) : at + 1;
    }
    return scan->text.length;
}

/* ---- composed names ---- */

/* True for pgTable, .table and the like, whose first argument is a name. */
static bool is_maker(struct text word) {
    return text_ends(word, "Table") || text_is(word, "table") || text_is(word, "pgEnum");
}

/* True for what makes a part of a table; its name may be left out. */
static bool is_maker_of_part(struct text word) {
    return text_is(word, "index") || text_is(word, "uniqueIndex") || text_is(word, "unique") || text_is(word, "check");
}

/* True for those whose name is the member `name` of an object; it may be left out. */
static bool is_maker_by_object(struct text word) {
    return text_is(word, "primaryKey") || text_is(word, "foreignKey");
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

/* True if the arguments between these places have a member `name` that is no plain string. */
static bool has_composed_member(const struct scan *scan, size_t at, size_t close) {
    size_t end;
    for (; at < close; at = end) {
        end = end_of_word(scan, at);
        size_t colon = skip_blanks(scan, end), behind;
        struct text name;
        if (text_is(text_slice(scan->text, at, end), "name") && byte_at(scan, colon) == ':' &&
            !take_string(scan, skip_blanks(scan, colon + 1), &name, &behind)) {
            return true;
        }
        end = end > at ? end : at + 1;
    }
    return false;
}

/* Calls within calls of the same kind are passed over: looking for the end of each would be
 * quadratic. */
static void find_declared(struct scan *scan, struct text word, size_t end) {
    size_t open = skip_blanks(scan, end), first = skip_blanks(scan, open + 1);
    bool is_call = byte_at(scan, open) == '(', is_plain = is_call && has_plain_name(scan, first);
    if (text_ends(word, "TableCreator") || (is_call && !is_plain && is_maker(word))) {
        scan->found->composed(scan->found->context, SCHEMA_COMPOSED_TABLE);
    } else if (is_call && !is_plain && is_maker_of_part(word) && byte_at(scan, first) != ')') {
        scan->found->composed(scan->found->context, SCHEMA_COMPOSED_PART);
    } else if (is_call && is_maker_by_object(word) && open >= scan->object_end) {
        scan->object_end = find_closing(scan, open);
        if (has_composed_member(scan, first, scan->object_end)) {
            scan->found->composed(scan->found->context, SCHEMA_COMPOSED_PART);
        }
    } else if (is_plain && is_maker(word) && open >= scan->table_end) {
        struct text name = TEXT("");
        take_string(scan, first, &name, &end);
        scan->table_end = find_closing(scan, open);
        scan->found->table(scan->found->context, name, text_slice(scan->text, first, scan->table_end));
    }
}

/* ---- parts ---- */

static const struct part_word {
    const char *word;
    enum schema_part part;
    bool is_function, is_method; /* of a package, or of a column */
} part_words[] = {
    {"primaryKey", SCHEMA_PART_KEY, true, true},        {"unique", SCHEMA_PART_UNIQUE, true, true},
    {"references", SCHEMA_PART_REFERENCE, false, true}, {"foreignKey", SCHEMA_PART_REFERENCE, true, false},
    {"index", SCHEMA_PART_INDEX, true, false},          {"uniqueIndex", SCHEMA_PART_INDEX, true, false},
};

/* True if this place is among the names of an import. */
static bool is_among_imported(const struct scan *scan, size_t at) {
    bool is_so = scan->is_in_import;
    for (size_t i = scan->names; i < at && is_so; i++) {
        is_so = is_of_word(scan->text.bytes[i]) || strchr(" \t\r\n,{}*", scan->text.bytes[i]);
    }
    return is_so;
}

/* True if the word stands where it can be what makes the part, or be given another name for that.
 * `pg.index(` makes an index; `t.index` among other columns is one. */
static bool is_use(const struct scan *scan, const struct part_word *part, size_t at, size_t end) {
    size_t next = skip_blanks(scan, end);
    char before = byte_at(scan, at - 1), behind = byte_at(scan, next);
    bool is_renamed = text_is(text_slice(scan->text, next, end_of_word(scan, next)), "as");
    if (before == '.') {
        return part->is_method || (behind != ',' && behind != ')' && behind != ']');
    }
    return part->is_function && behind != ':' && before != '/' && !is_quote(before) &&
           (is_renamed || !is_among_imported(scan, at));
}

static void find_part(const struct scan *scan, struct text word, size_t end) {
    for (size_t i = 0; i < sizeof part_words / sizeof *part_words; i++) {
        if (text_is(word, part_words[i].word) && is_use(scan, &part_words[i], end - word.length, end)) {
            scan->found->part(scan->found->context, part_words[i].part, word);
        }
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
        scan->names = end;
    }
    bool is_call = (is_import || text_is(word, "require")) && byte_at(scan, next) == '(';
    bool is_before_source = is_import || is_call || (scan->is_in_import && text_is(word, "from"));
    size_t source = is_call ? skip_blanks(scan, next + 1) : next;
    if (is_before_source && take_string(scan, source, &from, &end)) {
        struct text names = is_call ? TEXT("") : text_slice(scan->text, scan->names, source);
        scan->found->import(scan->found->context, from, is_call ? SCHEMA_IMPORT : scan->kind, names);
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
        find_part(&scan, word, end);
        find_declared(&scan, word, end);
    }
}

bool schema_text_word(struct text *rest, struct text *ret_word) {
    const struct scan scan = {.text = *rest};
    size_t at = 0;
    while (at < rest->length && !is_of_word(rest->bytes[at])) {
        at++;
    }
    size_t end = end_of_word(&scan, at);
    *ret_word = text_slice(*rest, at, end);
    *rest = text_slice(*rest, end, rest->length);
    return end > at;
}

bool schema_text_is_word(struct text name) {
    const struct scan scan = {.text = name};
    return name.length > 0 && end_of_word(&scan, 0) == name.length;
}
