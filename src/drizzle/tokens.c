/* Splits SQL into tokens and joins them again, with one text per statement. */
#include "migfs/drizzle/tokens.h"

#include <string.h>

/* Limit for a statement that creates and drops nothing: enough to find the strings in most of
 * them. */
enum { LONGEST_OTHER = 16384 };

struct lexer {
    struct arena *arena;
    struct text text;
    size_t at, line;
    char *start, *end; /* the statement so far, in the room for all of them */
    size_t first_line;
    size_t depth;          /* of nested parentheses */
    size_t atomic_depth;   /* of BEGIN ATOMIC and CASE inside it, until their END */
    bool is_after_begin;   /* the last word was BEGIN */
    bool is_glued;         /* the next token follows or precedes a dot */
    bool is_after_escapes; /* the last token was a string with escapes */
    bool is_ambiguous;     /* see struct sql_statement */
    struct sql_statement *statements;
    size_t count, capacity;
};

static char peek(const struct lexer *lexer, size_t ahead) {
    if (lexer->at + ahead < lexer->text.length) {
        return lexer->text.bytes[lexer->at + ahead];
    }
    return '\0';
}

static bool is_between(char byte, char first, char last) {
    return (unsigned char)(byte - first) <= last - first;
}

static bool is_word_start(char byte) {
    return is_between((char)(byte | 0x20), 'a', 'z') || byte == '_' || (unsigned char)byte >= 0x80;
}

static bool is_digit(char byte) {
    return is_between(byte, '0', '9');
}

static bool is_upper(char byte) {
    return is_between(byte, 'A', 'Z');
}

/* A set of bytes, a bit for each: there are millions to look at. */
static bool is_in(const uint64_t set[4], char byte) {
    return set[(unsigned char)byte / 64] >> ((unsigned char)byte % 64) & 1;
}

/* Letters, digits, `_`, `$` and all that is not ASCII. */
static bool is_word(char byte) {
    static const uint64_t words[] = {0x03ff001000000000, 0x07fffffe87fffffe, UINT64_MAX, UINT64_MAX};
    return is_in(words, byte);
}

/* The same without capitals and `$`: what a name means the same of without its quotes. */
static bool is_plain(char byte) {
    static const uint64_t plain[] = {0x03ff000000000000, 0x07fffffe80000000, UINT64_MAX, UINT64_MAX};
    return is_in(plain, byte);
}

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Advances by `length` bytes, none of which ends a line, and returns them. */
static struct text take_within_line(struct lexer *lexer, size_t length) {
    struct text taken = text_slice(lexer->text, lexer->at, lexer->at + length);
    lexer->at += taken.length;
    return taken;
}

/* Advances by `length` bytes and returns them. */
static struct text take(struct lexer *lexer, size_t length) {
    struct text taken = text_slice(lexer->text, lexer->at, lexer->at + length);
    for (size_t i = 0; i < taken.length; i++) {
        lexer->line += taken.bytes[i] == '\n';
    }
    lexer->at += taken.length;
    return taken;
}

/* ---- what is passed over ---- */

static size_t block_comment_length(const struct lexer *lexer) {
    size_t depth = 0, length = 0;
    do {
        if (peek(lexer, length) == '/' && peek(lexer, length + 1) == '*') {
            depth++;
            length += 2;
        } else if (peek(lexer, length) == '*' && peek(lexer, length + 1) == '/') {
            depth--;
            length += 2;
        } else {
            length++;
        }
    } while (depth > 0 && lexer->at + length < lexer->text.length);
    return length;
}

/* Skips blanks or a comment; false if the next byte begins a token. */
static bool pass_over(struct lexer *lexer) {
    size_t first = lexer->at;
    for (; lexer->at < lexer->text.length && is_space(lexer->text.bytes[lexer->at]); lexer->at++) {
        lexer->line += lexer->text.bytes[lexer->at] == '\n';
    }
    if (lexer->at > first) {
        return true;
    }
    if (peek(lexer, 0) == '-' && peek(lexer, 1) == '-') {
        const char *from = lexer->text.bytes + lexer->at;
        const char *end = memchr(from, '\n', lexer->text.length - lexer->at);
        take_within_line(lexer, end ? (size_t)(end - from) : lexer->text.length - lexer->at);
    } else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
        take(lexer, block_comment_length(lexer));
    } else {
        return false;
    }
    return true;
}

/* ---- tokens ---- */

/* Length up to the closing quote; a doubled quote is part of the text. */
static size_t quoted_length(const struct lexer *lexer, char quote, bool has_escapes) {
    const char *bytes = lexer->text.bytes + lexer->at;
    size_t left = lexer->text.length - lexer->at;
    for (size_t length = 1; length < left; length++) {
        bool is_quote = bytes[length] == quote;
        if (is_quote && (length + 1 == left || bytes[length + 1] != quote)) {
            return length + 1;
        }
        length += is_quote || (has_escapes && bytes[length] == '\\');
    }
    return left;
}

/* `$tag$ … $tag$`; 0 if it is not one. */
static size_t dollar_length(const struct lexer *lexer) {
    size_t tag = 1;
    while (is_word(peek(lexer, tag)) && peek(lexer, tag) != '$') {
        tag++;
    }
    if (peek(lexer, tag) != '$' || is_digit(peek(lexer, 1))) {
        return 0;
    }
    tag++;
    struct text mark = text_slice(lexer->text, lexer->at, lexer->at + tag);
    for (size_t length = tag; lexer->at + length + tag <= lexer->text.length; length++) {
        if (memcmp(lexer->text.bytes + lexer->at + length, mark.bytes, tag) == 0) {
            return length + tag;
        }
    }
    return lexer->text.length - lexer->at;
}

static void begin_token(struct lexer *lexer) {
    if (lexer->end == lexer->start) {
        lexer->first_line = lexer->line;
    } else if (!lexer->is_glued) {
        *lexer->end++ = ' ';
    }
    lexer->is_glued = lexer->is_after_escapes = false;
}

static void add_token(struct lexer *lexer, struct text token) {
    begin_token(lexer);
    memcpy(lexer->end, token.bytes, token.length);
    lexer->end += token.length;
}

/* True for the start of a string or name with Unicode escapes, and for a number that PostgreSQL
 * ends before a dollar sign. */
static bool is_read_otherwise(const struct lexer *lexer, struct text word) {
    char quote = peek(lexer, word.length + 1);
    bool has_escapes = text_is(word, "u") && peek(lexer, 1) == '&' && (quote == '\'' || quote == '"');
    return has_escapes || (!is_word_start(word.bytes[0]) && memchr(word.bytes, '$', word.length));
}

/* Copies a word in lower case, unless it is longer than any name can be. */
static struct text copy_word(const struct lexer *lexer, char *to) {
    enum { LONGEST_LOWERED = 64 };
    const char *bytes = lexer->text.bytes + lexer->at;
    size_t left = lexer->text.length - lexer->at, length = 0;
    for (; length < left && is_word(bytes[length]); length++) {
        to[length] = (char)(bytes[length] | (is_upper(bytes[length]) ? 'a' - 'A' : 0));
    }
    if (length > LONGEST_LOWERED) {
        memcpy(to, bytes, length);
    }
    return (struct text){to, length};
}

static void add_word(struct lexer *lexer) {
    begin_token(lexer);
    struct text word = copy_word(lexer, lexer->end);
    bool is_escape_string = text_is(word, "e") && peek(lexer, word.length) == '\'';
    lexer->is_ambiguous = lexer->is_ambiguous || is_read_otherwise(lexer, word);
    if (lexer->atomic_depth > 0 && text_is(word, "end")) {
        lexer->atomic_depth--;
    } else if ((lexer->atomic_depth > 0 && text_is(word, "case")) ||
               (lexer->is_after_begin && text_is(word, "atomic"))) {
        lexer->atomic_depth++;
    }
    lexer->is_after_begin = text_is(word, "begin");
    lexer->end += word.length;
    take_within_line(lexer, word.length);
    if (is_escape_string) {
        lexer->is_glued = true;
        add_token(lexer, take(lexer, quoted_length(lexer, '\'', true)));
        lexer->is_after_escapes = true;
    }
}

/* Returns whether the word can stand beside a name in CREATE, ALTER and DROP. A name like that keeps
 * its quotes, so that it is not taken for the word. */
static bool is_word_of_command(struct text name) {
    static const char *const words[] = {"attribute", "check",   "column", "concurrently", "constraint",
                                        "exclude",   "foreign", "if",     "on",           "only",
                                        "table",     "to",      "unique", "value",        NULL};
    for (size_t i = 0; words[i]; i++) {
        if (text_is(name, words[i])) {
            return true;
        }
    }
    return false;
}

/* Removes the quotes of a name that means the same without them. */
static void add_quoted_name(struct lexer *lexer) {
    size_t length = 1;
    while (is_plain(peek(lexer, length))) {
        length++;
    }
    struct text inner = text_slice(lexer->text, lexer->at + 1, lexer->at + length);
    bool is_whole = peek(lexer, length) == '"' && peek(lexer, length + 1) != '"' && inner.length > 0;
    if (is_whole && !is_digit(inner.bytes[0]) && !(lexer->depth == 0 && is_word_of_command(inner))) {
        add_token(lexer, inner);
        take_within_line(lexer, length + 1);
    } else {
        add_token(lexer, take(lexer, quoted_length(lexer, '"', false)));
    }
}

static bool says_what_to_make(struct text statement) {
    return text_starts(statement, "create ") || text_starts(statement, "alter ") || text_starts(statement, "drop ");
}

static void end_statement(struct lexer *lexer) {
    if (lexer->end > lexer->start) {
        lexer->statements =
            arena_more(lexer->arena, lexer->statements, lexer->count, &lexer->capacity, sizeof *lexer->statements);
        struct text text = {lexer->start, (size_t)(lexer->end - lexer->start)};
        text = says_what_to_make(text) ? text : text_slice(text, 0, LONGEST_OTHER);
        lexer->statements[lexer->count++] = (struct sql_statement){lexer->first_line, text, lexer->is_ambiguous};
        *lexer->end++ = '\0';
    }
    lexer->start = lexer->end;
    lexer->depth = lexer->atomic_depth = 0;
    lexer->is_glued = lexer->is_after_begin = lexer->is_after_escapes = lexer->is_ambiguous = false;
}

static void add_mark(struct lexer *lexer) {
    char mark = peek(lexer, 0);
    if (mark == ';' && lexer->depth == 0 && lexer->atomic_depth == 0) {
        take(lexer, 1);
        end_statement(lexer);
        return;
    }
    lexer->depth += mark == '(';
    lexer->depth -= mark == ')' && lexer->depth > 0;
    lexer->is_glued = lexer->is_glued || mark == '.';
    add_token(lexer, take_within_line(lexer, 1));
    lexer->is_glued = mark == '.';
}

void sql_statements_read(struct arena *arena, struct text text, struct sql_statements *ret_statements) {
    text = text_starts(text, "\xef\xbb\xbf") ? text_slice(text, 3, text.length) : text;
    /* Each byte becomes one, with a space before it or a NUL behind it. */
    char *room = arena_alloc(arena, 2 * text.length + 1);
    struct lexer lexer = {.arena = arena, .text = text, .line = 1, .start = room, .end = room};
    while (lexer.at < text.length) {
        char byte = peek(&lexer, 0);
        size_t dollar = byte == '$' ? dollar_length(&lexer) : 0;
        if (pass_over(&lexer)) {
            continue;
        }
        if (is_word_start(byte) || is_digit(byte)) {
            add_word(&lexer);
        } else if (byte == '"') {
            add_quoted_name(&lexer);
        } else if (byte == '\'') {
            /* PostgreSQL may take it for the rest of the string before it, with escapes. */
            lexer.is_ambiguous = lexer.is_ambiguous || lexer.is_after_escapes;
            struct text string = text_slice(text, lexer.at, lexer.at + quoted_length(&lexer, '\'', false));
            add_token(&lexer, string);
            take(&lexer, string.length);
        } else if (dollar > 0) {
            struct text string = text_slice(text, lexer.at, lexer.at + dollar);
            add_token(&lexer, string);
            take(&lexer, string.length);
        } else {
            add_mark(&lexer);
        }
    }
    end_statement(&lexer);
    *ret_statements = (struct sql_statements){
        .digest = digest_of(text_trim(text)), .statements = lexer.statements, .count = lexer.count};
}

struct sql_statements *sql_statements_copy(struct arena *arena, const struct sql_statements *statements) {
    struct sql_statements *copy = arena_new(arena, struct sql_statements);
    struct sql_statement *list = arena_array(arena, struct sql_statement, statements->count);
    for (size_t i = 0; i < statements->count; i++) {
        list[i] = statements->statements[i];
        list[i].text = text_copy(arena, list[i].text);
    }
    *copy = (struct sql_statements){.digest = statements->digest, .statements = list, .count = statements->count};
    return copy;
}
