/* Only what is literally there is understood: a call of a function, then methods that are known. */
#include "cli/schema_column.h"

#include "cli/schema_lex.h"

enum { MOST_ARRAYS = 4 };

struct argument {
    struct text code; /* between the parentheses of a call */
    bool is_given;
};

/* What is found in the value. */
struct said {
    struct text function, arguments;
    struct text arrays[MOST_ARRAYS]; /* the sizes: what stands between the parentheses */
    size_t array_count;
    struct argument value;  /* of .default() */
    const char *expression; /* of .defaultNow() and the like; else NULL */
    const char *identity;   /* "always" or "byDefault"; else NULL */
    struct text options;    /* of the identity */
    bool is_generated;
};

/* ---- places ---- */

static size_t skip(struct text code, size_t at) {
    for (size_t end;; at = end) {
        at = schema_lex_blanks(code, at);
        end = schema_lex_comment(code, at);
        if (end == at) {
            return at;
        }
    }
}

/* The place behind the bracket that closes the one here; the same place if none does. */
static size_t skip_group(struct text code, size_t at) {
    size_t depth = 0;
    for (size_t i = at, end; i < code.length; i = end) {
        char byte = code.bytes[i];
        end = schema_lex_comment(code, i);
        end = end > i ? end : schema_lex_literal(code, i);
        end = end > i ? end : i + 1;
        depth += byte == '(' || byte == '[' || byte == '{';
        if (byte == ')' || byte == ']' || byte == '}') {
            if (--depth == 0) {
                return end;
            }
        }
    }
    return at;
}

/* Takes `(…)`, with type arguments before it. */
static bool take_group(struct text code, size_t *at, struct text *ret_inner) {
    size_t open = schema_lex_types(code, skip(code, *at)), end;
    if (schema_lex_byte(code, open) != '(' || (end = skip_group(code, open)) == open) {
        return false;
    }
    *ret_inner = text_trim(text_slice(code, open + 1, end - 1));
    *at = end;
    return true;
}

static bool take_word(struct text code, size_t *at, struct text *ret_word) {
    size_t from = skip(code, *at), end = schema_lex_word(code, from);
    *ret_word = text_slice(code, from, end);
    *at = end;
    return end > from;
}

static bool take_sign(struct text code, size_t *at, char sign) {
    size_t from = skip(code, *at);
    if (schema_lex_byte(code, from) != sign) {
        return false;
    }
    *at = from + 1;
    return true;
}

/* ---- the value ---- */

/* Returns false for a method that may do anything. */
static bool take_method(struct said *said, struct text method, struct text inner) {
    static const char *const others[] = {"notNull",  "primaryKey", "unique",    "references", "$type",
                                         "$default", "$defaultFn", "$onUpdate", "$onUpdateFn"};
    if (text_is(method, "array")) {
        bool has_room = said->array_count < MOST_ARRAYS;
        said->arrays[has_room ? said->array_count++ : 0] = inner;
        return has_room;
    }
    if (text_is(method, "default")) {
        said->value = (struct argument){inner, true};
        said->expression = NULL;
        return true;
    }
    if (text_is(method, "defaultNow") || text_is(method, "defaultRandom")) {
        said->value.is_given = false;
        said->expression = text_is(method, "defaultNow") ? "now()" : "gen_random_uuid()";
        return true;
    }
    if (text_is(method, "generatedAlwaysAsIdentity") || text_is(method, "generatedByDefaultAsIdentity")) {
        said->identity = text_is(method, "generatedAlwaysAsIdentity") ? "always" : "byDefault";
        said->options = inner;
        return true;
    }
    said->is_generated = said->is_generated || text_is(method, "generatedAlwaysAs");
    bool is_known = text_is(method, "generatedAlwaysAs");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        is_known = is_known || text_is(method, others[i]);
    }
    return is_known;
}

static bool read_value(struct text code, struct said *said) {
    size_t at = 0;
    struct text word, inner;
    do { /* `pg.integer`: what counts is the last name */
        if (!take_word(code, &at, &said->function)) {
            return false;
        }
    } while (take_sign(code, &at, '.'));
    if (!take_group(code, &at, &said->arguments)) {
        return false;
    }
    while (take_sign(code, &at, '.')) {
        if (!take_word(code, &at, &word) || !take_group(code, &at, &inner) || !take_method(said, word, inner)) {
            return false;
        }
    }
    return skip(code, at) == code.length;
}

/* ---- options ---- */

static bool is_number(struct text code) {
    size_t at = text_starts(code, "-"), digits = 0, points = 0;
    for (; at < code.length; at++) {
        points += code.bytes[at] == '.';
        digits += code.bytes[at] >= '0' && code.bytes[at] <= '9';
    }
    return digits > 0 && points < 2 && digits + points + text_starts(code, "-") == code.length;
}

/* The end of the member of an object that begins here. */
static size_t skip_member(struct text code, size_t at) {
    for (size_t end; at < code.length && code.bytes[at] != ','; at = end) {
        char byte = code.bytes[at];
        bool is_open = byte == '(' || byte == '[' || byte == '{';
        end = is_open ? skip_group(code, at) : schema_lex_comment(code, at);
        end = end > at ? end : schema_lex_literal(code, at);
        end = end > at ? end : at + 1;
    }
    return at;
}

/* Gets an option of the object that is the last argument; *ret_value is empty if it is not given.
 * Returns false where that is not certain. */
static bool find_option(struct text arguments, const char *name, struct text *ret_value) {
    struct text string;
    size_t at = 0, end;
    *ret_value = TEXT("");
    if (schema_lex_string(arguments, 0, &string, &end)) {
        at = skip(arguments, end);
        if (at < arguments.length && !take_sign(arguments, &at, ',')) {
            return false;
        }
    }
    at = skip(arguments, at);
    if (at == arguments.length) {
        return true;
    }
    end = arguments.bytes[at] == '{' ? skip_group(arguments, at) : at;
    if (end == at) {
        return false;
    }
    size_t behind = skip(arguments, end);
    struct text object = text_slice(arguments, at + 1, end - 1);
    take_sign(arguments, &behind, ',');
    if (skip(arguments, behind) != arguments.length) {
        return false;
    }
    for (at = skip(object, 0); at < object.length; at = skip(object, at)) {
        struct text key;
        if (!take_word(object, &at, &key) || !take_sign(object, &at, ':')) {
            return false; /* a spread, or a name alone */
        }
        end = skip_member(object, at);
        if (text_is(key, name)) {
            *ret_value = text_trim(text_slice(object, at, end));
        }
        at = end + (end < object.length);
    }
    return true;
}

/* Gets an option that is a number, if it is given. */
static bool find_number(struct text arguments, const char *name, struct text *ret_number) {
    return find_option(arguments, name, ret_number) && (ret_number->length == 0 || is_number(*ret_number));
}

/* ---- types ---- */

/* What drizzle's functions make: the type, and the options that are its arguments. */
static const struct type {
    const char *function, *type, *first, *second;
    bool has_zone, is_given; /* with a time zone if the option says so; only with its first option */
} types[] = {
    {"bigint", "bigint", NULL, NULL, false, false},
    {"bigserial", "bigserial", NULL, NULL, false, false},
    {"bit", "bit", "dimensions", NULL, false, true},
    {"boolean", "boolean", NULL, NULL, false, false},
    {"char", "char", "length", NULL, false, false},
    {"cidr", "cidr", NULL, NULL, false, false},
    {"date", "date", NULL, NULL, false, false},
    {"decimal", "numeric", "precision", "scale", false, false},
    {"doublePrecision", "double precision", NULL, NULL, false, false},
    {"halfvec", "halfvec", "dimensions", NULL, false, true},
    {"inet", "inet", NULL, NULL, false, false},
    {"integer", "integer", NULL, NULL, false, false},
    {"json", "json", NULL, NULL, false, false},
    {"jsonb", "jsonb", NULL, NULL, false, false},
    {"line", "line", NULL, NULL, false, false},
    {"macaddr", "macaddr", NULL, NULL, false, false},
    {"macaddr8", "macaddr8", NULL, NULL, false, false},
    {"numeric", "numeric", "precision", "scale", false, false},
    {"point", "point", NULL, NULL, false, false},
    {"real", "real", NULL, NULL, false, false},
    {"serial", "serial", NULL, NULL, false, false},
    {"smallint", "smallint", NULL, NULL, false, false},
    {"smallserial", "smallserial", NULL, NULL, false, false},
    {"sparsevec", "sparsevec", "dimensions", NULL, false, true},
    {"text", "text", NULL, NULL, false, false},
    {"time", "time", "precision", NULL, true, false},
    {"timestamp", "timestamp", "precision", NULL, true, false},
    {"uuid", "uuid", NULL, NULL, false, false},
    {"varchar", "varchar", "length", NULL, false, false},
    {"vector", "vector", "dimensions", NULL, false, true},
};

/* Takes what is written from the type, whose blanks do not count. */
static bool take_text(struct text *type, struct text written) {
    for (size_t i = 0; i < written.length; i++) {
        while (text_starts(*type, " ")) {
            *type = text_slice(*type, 1, type->length);
        }
        if (schema_lex_is_blank(written.bytes[i])) {
            continue;
        }
        if (schema_lex_byte(*type, 0) != written.bytes[i]) {
            return false;
        }
        *type = text_slice(*type, 1, type->length);
    }
    return true;
}

static bool take_arguments(struct text *type, struct text first, struct text second) {
    return first.length == 0 || (take_text(type, TEXT("(")) && take_text(type, first) &&
                                 (second.length == 0 || (take_text(type, TEXT(",")) && take_text(type, second))) &&
                                 take_text(type, TEXT(")")));
}

static enum snapshots_declared compare_arrays(const struct said *said, struct text type) {
    bool is_same = true;
    for (size_t i = 0; i < said->array_count; i++) {
        if (said->arrays[i].length > 0 && !is_number(said->arrays[i])) {
            return SNAPSHOTS_UNSURE;
        }
        is_same =
            is_same && take_text(&type, TEXT("[")) && take_text(&type, said->arrays[i]) && take_text(&type, TEXT("]"));
    }
    return is_same && text_trim(type).length == 0 ? SNAPSHOTS_DECLARED : SNAPSHOTS_ABSENT;
}

static enum snapshots_declared compare_type(const struct said *said, const struct type *of, struct text type) {
    struct text first = TEXT(""), second = TEXT(""), zone = TEXT("");
    if ((of->first && !find_number(said->arguments, of->first, &first)) ||
        (of->second && !find_number(said->arguments, of->second, &second)) ||
        (of->has_zone && !find_option(said->arguments, "withTimezone", &zone)) ||
        (zone.length > 0 && !text_is(zone, "true") && !text_is(zone, "false")) || (of->is_given && first.length == 0)) {
        return SNAPSHOTS_UNSURE;
    }
    bool is_same = take_text(&type, text_of(of->type)) && take_arguments(&type, first, second) &&
                   (!text_is(zone, "true") || take_text(&type, TEXT("with time zone")));
    return is_same ? compare_arrays(said, type) : SNAPSHOTS_ABSENT;
}

static enum snapshots_declared says_type(const struct said *said, const struct schema_column_functions *functions,
                                         struct text type) {
    struct text name;
    bool is_enum;
    if (!functions->find(functions->context, said->function, &name, &is_enum)) {
        return SNAPSHOTS_UNSURE;
    }
    if (is_enum) {
        return take_text(&type, name) ? compare_arrays(said, type) : SNAPSHOTS_ABSENT;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_is(name, types[i].function)) {
            return compare_type(said, &types[i], type);
        }
    }
    return SNAPSHOTS_UNSURE;
}

/* ---- defaults ---- */

/* True if the text is that of a string in SQL: between quotes, those in it doubled. */
static bool is_string_of(struct text sql, struct text string) {
    size_t at = 1;
    if (!text_starts(sql, "'")) {
        return false;
    }
    for (size_t i = 0; i < string.length; i++) {
        at += string.bytes[i] == '\'' && schema_lex_byte(sql, at) == '\'';
        if (schema_lex_byte(sql, at++) != string.bytes[i]) {
            return false;
        }
    }
    return at + 1 == sql.length && sql.bytes[at] == '\'';
}

/* A literal, or SQL without anything composed. */
static enum snapshots_declared says_default(const struct said *said, struct text sql) {
    struct text code = said->value.code, string;
    size_t end;
    bool is_same;
    if (said->expression) {
        is_same = text_is(sql, said->expression);
    } else if (!said->value.is_given) {
        is_same = sql.length == 0;
    } else if (is_number(code)) {
        is_same = text_equal(sql, code) || is_string_of(sql, code);
    } else if (text_is(code, "true") || text_is(code, "false")) {
        is_same = text_equal(sql, code);
    } else if (schema_lex_string(code, 0, &string, &end) && end == code.length) {
        is_same = is_string_of(sql, string);
    } else if (text_starts(code, "sql`") && schema_lex_string(code, 3, &string, &end) && end == code.length) {
        is_same = text_equal(text_trim(string), sql);
    } else {
        return SNAPSHOTS_UNSURE;
    }
    return is_same ? SNAPSHOTS_DECLARED : SNAPSHOTS_ABSENT;
}

static enum snapshots_declared says_identity(const struct said *said, struct text type) {
    bool has_options = text_ends(type, "+");
    type = text_slice(type, 0, type.length - has_options);
    if (!said->identity) {
        return type.length == 0 ? SNAPSHOTS_DECLARED : SNAPSHOTS_ABSENT;
    }
    return !text_is(type, said->identity) ? SNAPSHOTS_ABSENT
           : said->options.length > 0     ? SNAPSHOTS_UNSURE
           : has_options                  ? SNAPSHOTS_ABSENT
                                          : SNAPSHOTS_DECLARED;
}

enum snapshots_declared schema_column_says(struct text code, const struct schema_column_functions *functions,
                                           enum snapshots_named kind, struct text text) {
    struct said said = {.function = TEXT("")};
    if (!read_value(code, &said)) {
        return SNAPSHOTS_UNSURE;
    }
    switch (kind) {
    case SNAPSHOTS_OF_TYPE:
        return says_type(&said, functions, text);
    case SNAPSHOTS_OF_DEFAULT:
        return says_default(&said, text);
    case SNAPSHOTS_OF_IDENTITY:
        return says_identity(&said, text);
    case SNAPSHOTS_OF_GENERATED:
        return said.is_generated == (text.length > 0) ? SNAPSHOTS_DECLARED : SNAPSHOTS_ABSENT;
    default:
        return SNAPSHOTS_UNSURE;
    }
}
