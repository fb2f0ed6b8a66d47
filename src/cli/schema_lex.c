#include "cli/schema_lex.h"

#include <ctype.h>
#include <string.h>

/* Templates within templates; more of them are taken for something else. */
enum { DEEPEST = 8, MOST_OF_TYPES = 4096 };

char schema_lex_byte(struct text text, size_t at) {
    if (at >= text.length) {
        return '\0';
    }
    return text.bytes[at];
}

bool schema_lex_is_of_word(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (unsigned char)byte >= 0x80;
}

bool schema_lex_is_quote(char byte) {
    return byte == '\'' || byte == '"' || byte == '`';
}

bool schema_lex_is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

size_t schema_lex_blanks(struct text text, size_t at) {
    while (schema_lex_is_blank(schema_lex_byte(text, at))) {
        at++;
    }
    return at;
}

size_t schema_lex_word(struct text text, size_t at) {
    while (schema_lex_is_of_word(schema_lex_byte(text, at))) {
        at++;
    }
    return at;
}

size_t schema_lex_comment(struct text text, size_t at) {
    bool is_line = schema_lex_byte(text, at + 1) == '/';
    if (schema_lex_byte(text, at) != '/' || (!is_line && schema_lex_byte(text, at + 1) != '*')) {
        return at;
    }
    size_t length;
    struct text rest = text_slice(text, at + 2, text.length);
    return text_find(rest, is_line ? "\n" : "*/", &length) ? at + 2 + length + (is_line ? 1 : 2) : text.length;
}

static size_t skip_line_string(struct text text, size_t at) {
    char quote = text.bytes[at];
    for (size_t end = at + 1; end < text.length && text.bytes[end] != '\n'; end++) {
        if (text.bytes[end] == quote) {
            return end + 1;
        }
        end += text.bytes[end] == '\\';
    }
    return at;
}

/* Templates and the braces of their code are counted in one pass, without recursion. */
static size_t skip_template(struct text text, size_t at) {
    size_t braces[DEEPEST], depth = 0; /* of the code in each template that is open; 0: in its text */
    braces[0] = 0;
    for (size_t end = at + 1; end < text.length; end++) {
        char byte = text.bytes[end];
        size_t behind;
        if (braces[depth] == 0) {
            if (byte == '\\') {
                end++;
            } else if (byte == '$' && schema_lex_byte(text, end + 1) == '{') {
                braces[depth] = 1;
                end++;
            } else if (byte == '`' && depth-- == 0) {
                return end + 1;
            }
        } else if (byte == '`') {
            if (++depth == DEEPEST) {
                return at;
            }
            braces[depth] = 0;
        } else if (byte == '{' || byte == '}') {
            braces[depth] += byte == '{' ? 1 : (size_t)-1;
        } else if (schema_lex_is_quote(byte) && (behind = skip_line_string(text, end)) > end) {
            end = behind - 1;
        }
    }
    return at;
}

size_t schema_lex_literal(struct text text, size_t at) {
    char quote = schema_lex_byte(text, at);
    return quote == '`' ? skip_template(text, at) : schema_lex_is_quote(quote) ? skip_line_string(text, at) : at;
}

size_t schema_lex_expression(struct text text, size_t at) {
    bool is_in_class = false;
    if (schema_lex_byte(text, at) != '/') {
        return at;
    }
    for (size_t end = at + 1; end < text.length && text.bytes[end] != '\n'; end++) {
        char byte = text.bytes[end];
        if (byte == '/' && !is_in_class) {
            return end + 1;
        }
        is_in_class = byte == '[' || (is_in_class && byte != ']');
        end += byte == '\\';
    }
    return at;
}

size_t schema_lex_types(struct text text, size_t at) {
    size_t end = at, depth = 0;
    if (schema_lex_byte(text, at) != '<') {
        return at;
    }
    text = text_slice(text, 0, at + MOST_OF_TYPES);
    for (; end < text.length; end++) {
        size_t behind = schema_lex_literal(text, end);
        char byte = text.bytes[end];
        if (byte == ';') {
            return at;
        }
        depth += byte == '<';
        depth -= byte == '>' && text.bytes[end - 1] != '=';
        if (depth == 0) {
            return schema_lex_blanks(text, end + 1);
        }
        end = behind > end ? behind - 1 : end;
    }
    return at;
}

bool schema_lex_string(struct text text, size_t at, struct text *ret_string, size_t *ret_end) {
    char quote = schema_lex_byte(text, at);
    size_t end = at + 1;
    if (!schema_lex_is_quote(quote)) {
        return false;
    }
    while (end < text.length && text.bytes[end] != quote) {
        if (strchr("\\\n$", text.bytes[end])) {
            return false;
        }
        end++;
    }
    *ret_string = text_slice(text, at + 1, end);
    *ret_end = end + 1;
    return end < text.length;
}
