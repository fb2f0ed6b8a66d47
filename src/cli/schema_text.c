/* Looks at words and what surrounds them; knows no grammar. */
#include "cli/schema_text.h"

#include "cli/schema_lex.h"

struct scan {
    struct text text;
    const struct schema_text_found *found;
    bool is_in_import; /* between `import` or `export {` and its `from` */
    size_t names;      /* where what is imported begins */
    enum schema_import kind;
};

/* ---- imports ---- */

static void find_import(struct scan *scan, struct text word, size_t end) {
    bool is_import = text_is(word, "import"), is_export = text_is(word, "export");
    size_t next = schema_lex_blanks(scan->text, end);
    struct text from;
    if (is_export || is_import) {
        size_t behind = schema_lex_word(scan->text, next);
        bool is_type = text_is(text_slice(scan->text, next, behind), "type");
        next = is_type ? schema_lex_blanks(scan->text, behind) : next;
        char sign = schema_lex_byte(scan->text, next);
        scan->is_in_import = is_import || sign == '{' || sign == '*';
        scan->kind = is_type ? SCHEMA_IMPORT_TYPE : is_import ? SCHEMA_IMPORT : SCHEMA_IMPORT_REEXPORT;
        scan->names = end;
    }
    bool is_call = (is_import || text_is(word, "require")) && schema_lex_byte(scan->text, next) == '(';
    bool is_before_source = is_import || is_call || (scan->is_in_import && text_is(word, "from"));
    size_t source = is_call ? schema_lex_blanks(scan->text, next + 1) : next;
    if (is_before_source && schema_lex_string(scan->text, source, &from, &end)) {
        struct text names = is_call ? TEXT("") : text_slice(scan->text, scan->names, source);
        scan->found->import(scan->found->context, from, is_call ? SCHEMA_IMPORT : scan->kind, names);
        scan->is_in_import = false;
    }
}

/* ---- pgTableCreator() ---- */

/* Takes a sign with the blanks around it. */
static bool take(struct text text, size_t *at, char sign) {
    size_t next = schema_lex_blanks(text, *at);
    if (schema_lex_byte(text, next) != sign) {
        return false;
    }
    *at = schema_lex_blanks(text, next + 1);
    return true;
}

static struct text take_word(struct text text, size_t *at) {
    size_t from = schema_lex_blanks(text, *at);
    *at = schema_lex_word(text, from);
    return text_slice(text, from, *at);
}

/* Reads `(name: string) =>`. */
static bool take_parameter(struct text text, size_t *at, struct text *ret_name) {
    bool is_bracketed = take(text, at, '(');
    *ret_name = take_word(text, at);
    if (is_bracketed && take(text, at, ':') && !text_is(take_word(text, at), "string")) {
        return false;
    }
    return ret_name->length > 0 && (!is_bracketed || take(text, at, ')')) && take(text, at, '=') && take(text, at, '>');
}

/* Reads `name`, or a template with one `${name}`, and the `)` behind it. */
static bool take_result(struct text text, size_t at, struct text name, struct schema_maker *ret_maker) {
    at = schema_lex_blanks(text, at);
    if (schema_lex_byte(text, at) != '`') {
        return text_equal(take_word(text, &at), name) && take(text, &at, ')');
    }
    size_t open = at + 1, close;
    size_t end = open, hole = 0;
    for (; end < text.length && text.bytes[end] != '`'; end++) {
        if (text.bytes[end] == '\\' || (text.bytes[end] == '$' && hole > 0)) {
            return false;
        }
        hole = text.bytes[end] == '$' ? end : hole;
    }
    close = hole + 1;
    if (hole == 0 || !take(text, &close, '{') || !text_equal(take_word(text, &close), name) ||
        schema_lex_byte(text, close = schema_lex_blanks(text, close)) != '}') {
        return false;
    }
    ret_maker->before = text_slice(text, open, hole);
    ret_maker->after = text_slice(text, close + 1, end);
    at = end + 1;
    take(text, &at, ',');
    return take(text, &at, ')');
}

/* The name in `name = word(` or `name = package.word(`. */
static struct text name_before(struct text text, size_t at) {
    size_t from = at;
    while (from > 0 && (schema_lex_is_of_word(text.bytes[from - 1]) || text.bytes[from - 1] == '.')) {
        from--;
    }
    while (from > 0 && schema_lex_is_blank(text.bytes[from - 1])) {
        from--;
    }
    if (from == 0 || text.bytes[from - 1] != '=') {
        return TEXT("");
    }
    from--;
    while (from > 0 && schema_lex_is_blank(text.bytes[from - 1])) {
        from--;
    }
    size_t end = from;
    while (from > 0 && schema_lex_is_of_word(text.bytes[from - 1])) {
        from--;
    }
    return text_slice(text, from, end);
}

static void find_maker(const struct scan *scan, struct text word, size_t end) {
    struct schema_maker maker = {TEXT(""), TEXT(""), TEXT(""), TEXT("")};
    struct text name, text = scan->text;
    size_t at = end;
    bool is_call = schema_lex_byte(text, schema_lex_blanks(text, end)) == '(';
    if (!text_ends(word, "TableCreator") || (scan->is_in_import && !is_call)) {
        return;
    }
    maker.name = name_before(text, end - word.length);
    bool is_read = maker.name.length > 0 && take(text, &at, '(') && take_parameter(text, &at, &name) &&
                   take_result(text, at, name, &maker);
    scan->found->maker(scan->found->context, is_read ? &maker : NULL);
}

void schema_text_scan(struct text text, const struct schema_text_found *found) {
    struct scan scan = {.text = text, .found = found};
    for (size_t at = 0, end; at < text.length; at = end) {
        end = schema_lex_word(text, at);
        if (end == at) {
            end++;
            continue;
        }
        struct text word = text_slice(text, at, end);
        char before = schema_lex_byte(text, at - 1);
        found->word(found->context, word, schema_lex_is_quote(before) && schema_lex_byte(text, end) == before);
        find_import(&scan, word, end);
        find_maker(&scan, word, end);
    }
}

bool schema_text_word(struct text *rest, struct text *ret_word) {
    size_t at = 0;
    while (at < rest->length && !schema_lex_is_of_word(rest->bytes[at])) {
        at++;
    }
    size_t end = schema_lex_word(*rest, at);
    *ret_word = text_slice(*rest, at, end);
    *rest = text_slice(*rest, end, rest->length);
    return end > at;
}

bool schema_text_imported(struct text *rest, struct text *ret_name, struct text *ret_other) {
    struct text ahead, word;
    *ret_other = TEXT("");
    if (!schema_text_word(rest, ret_name)) {
        return false;
    }
    ahead = *rest;
    if (schema_text_word(&ahead, &word) && text_is(word, "as") && schema_text_word(&ahead, ret_other)) {
        *rest = ahead;
    }
    return true;
}

bool schema_text_is_word(struct text name) {
    return name.length > 0 && schema_lex_word(name, 0) == name.length;
}
