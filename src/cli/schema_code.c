/* Follows brackets, and where statements begin at the top level. Rather a name or a reference too
 * many than one too few: a table is only said to have no part if nothing leads to one. */
#include "cli/schema_code.h"

#include "cli/schema_lex.h"

enum { MOST_NAMESPACES = 16 };

/* What the words of a statement at the top level are. */
enum statement {
    OTHER,  /* code outside of declarations */
    HEAD,   /* after `export` and the like: the next word tells */
    VALUE,  /* a declaration that may be part of tables */
    TYPE,   /* no code */
    IMPORT, /* names, up to the string behind `from` */
    LIST,   /* names: `export { … }` */
};

struct scan {
    struct text text;
    const struct schema_code_found *found;
    enum statement statement;
    bool is_naming, is_naming_one; /* the next words, or word, at the top level are names */
    bool is_new_line;              /* the token is the first on its line */
    char before;                   /* the last byte of code before the token; NUL: none */
    size_t before_at;
    struct text word;    /* the token before, if it is a word */
    struct text renamed; /* the name before `as` */
    size_t depth;        /* of brackets */
    /* the depth outside of a call that is open, plus one: of a table, of what has an object for its
     * name, of what makes values */
    size_t table, object, value;
    /* The columns of the table: the depth within their object, or 0; whether it has been looked for */
    size_t columns;
    bool has_columns, are_all, is_in_column;
    size_t brace;                 /* that opens it */
    struct text column, function; /* of the member that is open */
    size_t code;                  /* where its value begins */
    bool has_call, is_certain;
    struct text namespaces[MOST_NAMESPACES];
    size_t namespace_count;
    bool is_understood;
};

static bool is_one_of(struct text word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (text_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(word, ...)                                                                                           \
    is_one_of((word), (const char *const[]){__VA_ARGS__},                                                              \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* ---- parts ---- */

static const struct part_word {
    const char *word;
    enum schema_part part;
    bool is_function, is_method; /* of a package, or of a column */
} part_words[] = {
    {"primaryKey", SCHEMA_PART_KEY, true, true},
    {"unique", SCHEMA_PART_UNIQUE, true, true},
    {"references", SCHEMA_PART_REFERENCE, false, true},
    {"foreignKey", SCHEMA_PART_REFERENCE, true, false},
    {"index", SCHEMA_PART_INDEX, true, false},
    {"uniqueIndex", SCHEMA_PART_INDEX, true, false},
    {"notNull", SCHEMA_PART_NOT_NULL, false, true},
    {"primaryKey", SCHEMA_PART_NOT_NULL, false, true},
    {"serial", SCHEMA_PART_NOT_NULL, true, true},
    {"smallserial", SCHEMA_PART_NOT_NULL, true, true},
    {"bigserial", SCHEMA_PART_NOT_NULL, true, true},
    {"default", SCHEMA_PART_DEFAULT, false, true},
    {"defaultNow", SCHEMA_PART_DEFAULT, false, true},
    {"defaultRandom", SCHEMA_PART_DEFAULT, false, true},
    {"generatedAlwaysAsIdentity", SCHEMA_PART_NOT_NULL, false, true},
    {"generatedByDefaultAsIdentity", SCHEMA_PART_NOT_NULL, false, true},
};

unsigned schema_code_parts(struct text function) {
    unsigned parts = 0;
    for (size_t i = 0; i < sizeof part_words / sizeof *part_words; i++) {
        parts |= part_words[i].is_function && text_is(function, part_words[i].word) ? 1U << part_words[i].part : 0;
    }
    return parts;
}

/* Gets a plain string that is a whole argument. */
static bool take_plain(struct text text, size_t at, struct text *ret_string) {
    size_t end;
    if (!schema_lex_string(text, at, ret_string, &end)) {
        return false;
    }
    char behind = schema_lex_byte(text, schema_lex_blanks(text, end));
    return behind == ',' || behind == ')';
}

/* True if the word stands where it can be what makes the part, or be given another name for that.
 * `pg.index(` makes an index; `t.index` among other columns is one. */
static bool is_use(const struct scan *scan, const struct part_word *part, size_t end) {
    char behind = schema_lex_byte(scan->text, schema_lex_blanks(scan->text, end));
    size_t open = schema_lex_blanks(scan->text, end);
    struct text name;
    bool may_have_name = part->part == SCHEMA_PART_UNIQUE || part->part == SCHEMA_PART_INDEX;
    if (may_have_name && schema_lex_byte(scan->text, open) == '(' &&
        take_plain(scan->text, schema_lex_blanks(scan->text, open + 1), &name)) {
        return false; /* found by its name */
    }
    if (scan->before == '.') {
        return part->is_method || (behind != ',' && behind != ')' && behind != ']');
    }
    return part->is_function && behind != ':';
}

static void find_part(const struct scan *scan, struct text word, size_t end) {
    for (size_t i = 0; i < sizeof part_words / sizeof *part_words; i++) {
        if (text_is(word, part_words[i].word) && is_use(scan, &part_words[i], end)) {
            scan->found->part(scan->found->context, part_words[i].part);
        }
    }
}

/* ---- calls ---- */

bool schema_code_is_maker(struct text word) {
    return text_ends(word, "Table") || text_is(word, "table") || text_is(word, "pgEnum");
}

static void find_call(struct scan *scan, struct text word, size_t end) {
    const struct schema_code_found *found = scan->found;
    bool is_maker = found->is_maker(found->context, word);
    size_t open = schema_lex_blanks(scan->text, end);
    open = is_maker ? schema_lex_types(scan->text, open) : open;
    size_t first = schema_lex_blanks(scan->text, open + 1);
    struct text name;
    if (schema_lex_byte(scan->text, open) != '(') {
        return;
    }
    bool is_plain = take_plain(scan->text, first, &name);
    if (is_maker && !is_plain) {
        found->composed(found->context, SCHEMA_COMPOSED_TABLE);
    } else if (is_maker && scan->table == 0) {
        found->table(found->context, word, name);
        scan->table = scan->depth + 1;
        scan->has_columns = false;
    } else if (IS_ONE_OF(word, "index", "uniqueIndex", "unique", "check")) {
        if (!is_plain && schema_lex_byte(scan->text, first) != ')') {
            found->composed(found->context, SCHEMA_COMPOSED_PART);
        }
    } else if (IS_ONE_OF(word, "primaryKey", "foreignKey") && scan->object == 0) {
        scan->object = scan->depth + 1;
    } else if (scan->before == '.' && scan->value == 0 && (word.bytes[0] == '$' || text_is(word, "default"))) {
        scan->value = scan->depth + 1;
    }
}

/* The name of a key is the member `name` of an object; it may be left out. */
static void find_member(const struct scan *scan, struct text word, size_t end) {
    size_t colon = schema_lex_blanks(scan->text, end), behind;
    struct text name;
    if (scan->object > 0 && text_is(word, "name") && schema_lex_byte(scan->text, colon) == ':' &&
        !schema_lex_string(scan->text, schema_lex_blanks(scan->text, colon + 1), &name, &behind)) {
        scan->found->composed(scan->found->context, SCHEMA_COMPOSED_PART);
    }
}

/* ---- columns ---- */

static bool is_at_member(const struct scan *scan) {
    return scan->columns > 0 && scan->depth == scan->columns && (scan->before == '{' || scan->before == ',');
}

/* The brace behind `(…) => (`; the same place if there is none. */
static size_t skip_arrow(struct text text, size_t at) {
    enum { MOST = 128 };
    size_t arrow, open;
    if (!text_find(text_slice(text, at, at + MOST), "=>", &arrow)) {
        return at;
    }
    open = schema_lex_blanks(text, at + arrow + 2);
    size_t brace = schema_lex_blanks(text, open + 1);
    return schema_lex_byte(text, open) == '(' && schema_lex_byte(text, brace) == '{' ? brace : at;
}

/* Looks for the object that is the second argument of a table, or what a function there returns: at
 * the first token behind the comma. */
static void find_columns(struct scan *scan, size_t at) {
    if (scan->table > 0 && !scan->has_columns && scan->depth == scan->table && scan->before == ',') {
        bool is_object = scan->text.bytes[at] == '{';
        scan->has_columns = true;
        scan->brace = is_object ? at : skip_arrow(scan->text, at);
        scan->are_all = is_object || scan->brace > at;
        if (!scan->are_all) {
            scan->found->columns_end(scan->found->context, false);
        }
    }
    if (scan->table > 0 && scan->are_all && at == scan->brace) {
        scan->columns = scan->depth + 1;
    }
}

/* Begins a member with its key, `key: function(…)`; any other member is not understood. */
static void begin_column(struct scan *scan, struct text word, size_t end) {
    if (!is_at_member(scan)) {
        return;
    }
    size_t colon = schema_lex_blanks(scan->text, end);
    if (schema_lex_byte(scan->text, colon) != ':') {
        scan->are_all = false;
        return;
    }
    scan->is_in_column = true;
    scan->code = colon + 1;
    scan->column = word;
    scan->function = TEXT("");
    scan->has_call = scan->is_certain = false;
    scan->found->column(scan->found->context);
}

/* The first call of a member is that of the column's type. One of what it returns follows at once. */
static void find_column_name(struct scan *scan, size_t open) {
    bool is_again = scan->has_call && scan->before == ')';
    struct text name;
    if (!scan->is_in_column || scan->depth != scan->columns || (scan->has_call && !is_again)) {
        return;
    }
    size_t first = schema_lex_blanks(scan->text, open + 1);
    scan->function = scan->has_call ? scan->function : scan->word;
    scan->has_call = true;
    if (take_plain(scan->text, first, &name)) {
        scan->column = name;
        scan->function = TEXT(""); /* whichever it is */
        scan->is_certain = true;
    } else {
        char byte = schema_lex_byte(scan->text, first);
        scan->is_certain = byte == ')' || byte == '{';
    }
}

static void end_column(struct scan *scan) {
    if (scan->is_in_column) {
        scan->is_in_column = false;
        struct text code = text_slice(scan->text, scan->code, scan->before_at + 1);
        scan->found->column_end(scan->found->context, scan->column, scan->function, code, scan->is_certain);
    }
}

static void end_columns(struct scan *scan) {
    end_column(scan);
    scan->columns = 0;
    scan->found->columns_end(scan->found->context, scan->are_all);
}

/* ---- references ---- */

static bool is_namespace(const struct scan *scan, struct text word) {
    for (size_t i = 0; i < scan->namespace_count; i++) {
        if (text_equal(scan->namespaces[i], word)) {
            return true;
        }
    }
    return false;
}

/* A member of an object is no reference, but of a namespace; nor is the key of a member. */
static bool is_reference(const struct scan *scan, size_t end) {
    bool is_spread = scan->before == '.' && scan->before_at > 0 && scan->text.bytes[scan->before_at - 1] == '.';
    bool is_key = (scan->before == '{' || scan->before == ',') &&
                  schema_lex_byte(scan->text, schema_lex_blanks(scan->text, end)) == ':';
    return scan->value == 0 && !is_key && (scan->before != '.' || is_spread || is_namespace(scan, scan->word));
}

/* ---- statements ---- */

static void begin(struct scan *scan, enum statement statement) {
    scan->statement = statement;
    scan->is_naming = scan->is_naming_one = false;
    scan->renamed = TEXT("");
    scan->found->declaration(scan->found->context);
}

/* True if a statement can begin at this token. */
static bool is_at_start(const struct scan *scan) {
    bool is_continued = scan->before && strchr("=.,(:?&|<>+-*/!~^%[", scan->before);
    return scan->depth == 0 && (scan->before == '\0' || strchr(";}", scan->before) || scan->is_new_line) &&
           !is_continued;
}

/* Takes the words before the names. Returns false if the word is none of them. */
static bool take_head(struct scan *scan, struct text word) {
    bool is_start = is_at_start(scan);
    if (scan->depth > 0 || (!is_start && scan->statement != HEAD)) {
        return false;
    }
    if (IS_ONE_OF(word, "export", "declare", "abstract", "async")) {
        begin(scan, HEAD);
    } else if (is_start && text_is(word, "import")) {
        begin(scan, IMPORT);
    } else if (IS_ONE_OF(word, "const", "let", "var")) {
        begin(scan, VALUE);
        scan->is_naming = true;
    } else if (IS_ONE_OF(word, "function", "class", "enum", "namespace")) {
        bool is_default = text_is(scan->word, "default");
        begin(scan, VALUE);
        scan->is_naming_one = true;
        if (is_default) {
            scan->found->name(scan->found->context, TEXT("default"));
        }
    } else if (IS_ONE_OF(word, "type", "interface")) {
        begin(scan, TYPE);
    } else if (scan->statement == HEAD && text_is(word, "default")) {
        begin(scan, HEAD);
        scan->found->name(scan->found->context, word);
    } else if (scan->statement == HEAD) {
        scan->statement = VALUE;
        return false;
    } else {
        return false;
    }
    return true;
}

/* Takes a name of an import or an export. */
static void take_listed(struct scan *scan, struct text word) {
    const struct schema_code_found *found = scan->found;
    if (scan->statement == IMPORT && scan->depth == 0 && text_is(scan->word, "import")) {
        if (text_is(word, "type")) {
            scan->statement = TYPE;
        } else {
            found->alias(found->context, word, TEXT("default"));
        }
    } else if (text_is(word, "as")) {
        scan->renamed = scan->before == '*' ? TEXT("*") : scan->word;
    } else if (text_is(scan->renamed, "*")) {
        scan->is_understood = scan->is_understood && scan->namespace_count < MOST_NAMESPACES;
        if (scan->is_understood) {
            scan->namespaces[scan->namespace_count++] = word;
        }
        scan->renamed = TEXT("");
    } else if (scan->renamed.length > 0) {
        found->alias(found->context, word, scan->renamed);
        scan->renamed = TEXT("");
    }
}

static void take_word(struct scan *scan, struct text word, size_t end) {
    const struct schema_code_found *found = scan->found;
    if (take_head(scan, word)) {
        return;
    }
    if (scan->statement == IMPORT || scan->statement == LIST) {
        take_listed(scan, word);
        return;
    }
    if (scan->statement == TYPE) {
        return;
    }
    /* What CommonJS exports has no name that can be followed. */
    bool is_export =
        scan->before != '.' && IS_ONE_OF(word, "exports", "module") && schema_lex_byte(scan->text, end) == '.';
    scan->is_understood = scan->is_understood && !is_export;
    if (scan->is_naming || scan->is_naming_one) {
        found->name(found->context, word);
        scan->is_naming_one = false;
    }
    found->mention(found->context, word);
    begin_column(scan, word, end);
    find_part(scan, word, end);
    find_member(scan, word, end);
    if (is_reference(scan, end)) {
        /* Of a namespace that is passed on, any member may be used. */
        bool is_whole = is_namespace(scan, word) && schema_lex_byte(scan->text, end) != '.';
        scan->is_understood = scan->is_understood && !is_whole;
        found->reference(found->context, word);
    }
    find_call(scan, word, end);
}

static void take_closing(struct scan *scan) {
    scan->is_understood = scan->is_understood && scan->depth > 0;
    if (scan->columns > 0 && scan->depth == scan->columns) {
        end_columns(scan);
    }
    scan->depth -= scan->depth > 0;
    scan->object = scan->object == scan->depth + 1 ? 0 : scan->object;
    scan->value = scan->value == scan->depth + 1 ? 0 : scan->value;
    if (scan->table == scan->depth + 1) {
        scan->table = 0;
        scan->found->table_end(scan->found->context);
    }
    if (scan->statement == LIST && scan->depth == 0) {
        begin(scan, OTHER);
    }
}

static void take_sign(struct scan *scan, size_t at) {
    char byte = scan->text.bytes[at], next = schema_lex_byte(scan->text, at + 1);
    bool is_outside = scan->depth == 0;
    /* A spread, a key in brackets. */
    scan->are_all = scan->are_all && !(is_at_member(scan) && (byte == '.' || byte == '['));
    if (byte == '(') {
        find_column_name(scan, at);
    } else if (byte == ',' && scan->depth == scan->columns) {
        end_column(scan);
    }
    if (scan->statement == HEAD && (byte == '{' || byte == '*')) {
        scan->statement = text_is(scan->word, "default") ? VALUE : LIST;
    } else if (scan->statement == HEAD) {
        scan->statement = VALUE;
    }
    if (byte == '(' || byte == '[' || byte == '{') {
        scan->depth++;
    } else if (byte == ')' || byte == ']' || byte == '}') {
        take_closing(scan);
    } else if (is_outside && byte == ';') {
        begin(scan, OTHER);
    } else if (is_outside && byte == '=' && next != '>') {
        scan->is_naming = false;
    } else if (is_outside && byte == ',' && scan->statement == VALUE) {
        scan->is_naming = true; /* of `const a = 1, b = 2` */
    }
}

/* True if a `/` here divides nothing. */
static bool is_before_expression(const struct scan *scan) {
    return scan->before == '\0' || strchr("(,=:[!&|?{};+-*%<>~^", scan->before) || text_is(scan->word, "return");
}

/* The end of the literal that begins here; the same place if there is none. */
static size_t skip_literal(struct scan *scan, size_t at) {
    size_t end = schema_lex_literal(scan->text, at), behind;
    struct text string;
    scan->is_understood = scan->is_understood && (end > at || !schema_lex_is_quote(scan->text.bytes[at]));
    if (schema_lex_string(scan->text, at, &string, &behind) && end == behind) {
        scan->found->mention(scan->found->context, string);
    }
    if (end == at && is_before_expression(scan)) {
        end = schema_lex_expression(scan->text, at);
    }
    if (end > at && scan->depth == 0 && (scan->statement == IMPORT || scan->statement == LIST)) {
        begin(scan, OTHER);
    }
    return end;
}

bool schema_code_scan(struct text text, const struct schema_code_found *found) {
    struct scan scan = {.text = text, .found = found, .is_understood = true, .word = TEXT(""), .renamed = TEXT("")};
    found->declaration(found->context);
    for (size_t at = 0, end; at < text.length; at = end) {
        scan.is_new_line = scan.is_new_line || text.bytes[at] == '\n';
        end = schema_lex_comment(text, at);
        if (end > at || schema_lex_is_blank(text.bytes[at])) {
            scan.is_new_line = scan.is_new_line || (end > at && text.bytes[end - 1] == '\n');
            end = end > at ? end : at + 1;
            continue;
        }
        find_columns(&scan, at);
        scan.are_all = scan.are_all && !(is_at_member(&scan) && schema_lex_is_quote(text.bytes[at]));
        end = schema_lex_word(text, at);
        struct text word = text_slice(text, at, end);
        if (end > at) {
            take_word(&scan, word, end);
        } else if ((end = skip_literal(&scan, at)) == at) {
            take_sign(&scan, at);
            end = at + 1;
        }
        scan.word = word.length > 0 || text.bytes[at] != '.' ? word : scan.word;
        scan.before = text.bytes[end - 1];
        scan.before_at = end - 1;
        scan.is_new_line = false;
    }
    return scan.is_understood && scan.depth == 0;
}
