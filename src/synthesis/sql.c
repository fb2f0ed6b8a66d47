/* Walks tokens, without knowledge of any statement. */
#include "synthesis/sql.h"

#include <string.h>
#include <strings.h>

struct text sql_token_text(const struct sql_reader *sql, size_t at) {
    return text_slice(sql->text, sql->tokens[at].start, sql->tokens[at].end);
}

struct text sql_lower(struct arena *arena, struct text text) {
    char *lower = arena_alloc(arena, text.length + 1);
    for (size_t i = 0; i < text.length; i++) {
        lower[i] = text.bytes[i];
        if (lower[i] >= 'A' && lower[i] <= 'Z') {
            lower[i] = (char)(lower[i] | 0x20);
        }
    }
    return (struct text){lower, text.length};
}

bool sql_at_end(const struct sql_reader *sql) {
    return sql->at >= sql->count;
}

static bool is_word_at(const struct sql_reader *sql, size_t at, struct text word) {
    if (at >= sql->count || sql->tokens[at].kind != TOKEN_WORD) {
        return false;
    }
    struct text token = sql_token_text(sql, at);
    return token.length == word.length && strncasecmp(token.bytes, word.bytes, word.length) == 0;
}

bool sql_is(const struct sql_reader *sql, const char *word) {
    return is_word_at(sql, sql->at, text_of(word));
}

static bool is_sign_at(const struct sql_reader *sql, size_t at, char sign) {
    return at < sql->count && sql->tokens[at].end - sql->tokens[at].start == 1 &&
           sql->text.bytes[sql->tokens[at].start] == sign;
}

bool sql_is_sign(const struct sql_reader *sql, char sign) {
    return is_sign_at(sql, sql->at, sign);
}

bool sql_take(struct sql_reader *sql, const char *words) {
    struct text rest = text_of(words);
    size_t at = sql->at;
    while (rest.length > 0) {
        size_t length = 0;
        while (length < rest.length && rest.bytes[length] != ' ') {
            length++;
        }
        if (!is_word_at(sql, at++, text_slice(rest, 0, length))) {
            return false;
        }
        rest = text_slice(rest, length < rest.length ? length + 1 : length, rest.length);
    }
    sql->at = at;
    return true;
}

bool sql_take_sign(struct sql_reader *sql, char sign) {
    bool is_there = sql_is_sign(sql, sign);
    sql->at += is_there;
    return is_there;
}

/* Replaces each doubled `quote` by one. */
static struct text undouble(struct arena *arena, struct text text, char quote) {
    if (!memchr(text.bytes, quote, text.length)) {
        return text;
    }
    struct buffer buffer = BUFFER(arena);
    for (size_t i = 0; i < text.length; i++) {
        buffer_add_char(&buffer, text.bytes[i]);
        i += text.bytes[i] == quote && i + 1 < text.length && text.bytes[i + 1] == quote;
    }
    return buffer_text(&buffer);
}

bool sql_take_name(struct sql_reader *sql, struct text *ret_name) {
    if (sql_at_end(sql)) {
        return false;
    }
    struct text token = sql_token_text(sql, sql->at);
    if (sql->tokens[sql->at].kind == TOKEN_WORD) {
        *ret_name = sql_lower(sql->arena, token);
    } else if (sql->tokens[sql->at].kind == TOKEN_QUOTED && token.bytes[0] == '"') {
        *ret_name = undouble(sql->arena, text_slice(token, 1, token.length - 1), '"');
    } else {
        return false;
    }
    *ret_name = text_copy(sql->arena, *ret_name);
    sql->at++;
    return true;
}

bool sql_take_qualified(struct sql_reader *sql, struct sql_name *ret_name) {
    *ret_name = (struct sql_name){TEXT(""), TEXT("")};
    if (!sql_take_name(sql, &ret_name->name)) {
        return false;
    }
    if (sql_take_sign(sql, '.')) {
        ret_name->schema = ret_name->name;
        return sql_take_name(sql, &ret_name->name);
    }
    return true;
}

bool sql_take_string(struct sql_reader *sql, struct text *ret_value) {
    if (sql_at_end(sql) || sql->tokens[sql->at].kind != TOKEN_STRING) {
        return false;
    }
    struct text token = sql_token_text(sql, sql->at);
    if (token.bytes[0] != '\'') {
        return false;
    }
    *ret_value = text_copy(sql->arena, undouble(sql->arena, text_slice(token, 1, token.length - 1), '\''));
    sql->at++;
    return true;
}

void sql_skip(struct sql_reader *sql) {
    size_t depth = 0;
    do {
        if (sql_is_sign(sql, '(') || sql_is_sign(sql, '[')) {
            depth++;
        } else if ((sql_is_sign(sql, ')') || sql_is_sign(sql, ']')) && depth > 0) {
            depth--;
        }
        sql->at += !sql_at_end(sql);
    } while (depth > 0 && !sql_at_end(sql));
}

void sql_skip_to(struct sql_reader *sql, char sign) {
    while (!sql_at_end(sql) && !sql_is_sign(sql, sign)) {
        sql_skip(sql);
    }
}

struct text sql_slice(const struct sql_reader *sql, size_t from, size_t to) {
    return from < to ? text_slice(sql->text, sql->tokens[from].start, sql->tokens[to - 1].end) : TEXT("");
}

bool sql_take_group(struct sql_reader *sql, struct sql_reader *ret_inner, struct text *ret_text) {
    if (!sql_is_sign(sql, '(')) {
        return false;
    }
    size_t from = sql->at;
    sql_skip(sql);
    if (sql->at < from + 2 || !is_sign_at(sql, sql->at - 1, ')')) {
        return false;
    }
    if (ret_inner) {
        *ret_inner = *sql;
        ret_inner->at = from + 1;
        ret_inner->count = sql->at - 1;
    }
    if (ret_text) {
        *ret_text = text_slice(sql->text, sql->tokens[from].end, sql->tokens[sql->at - 1].start);
    }
    return true;
}

bool sql_next_part(struct sql_reader *list, struct sql_reader *ret_part) {
    if (sql_at_end(list)) {
        return false;
    }
    *ret_part = *list;
    sql_skip_to(list, ',');
    ret_part->count = list->at;
    sql_take_sign(list, ',');
    return true;
}

bool sql_take_names(struct sql_reader *sql, struct text **ret_names, size_t *ret_count) {
    struct sql_reader inner, part;
    if (!sql_take_group(sql, &inner, NULL)) {
        return false;
    }
    struct text *names = NULL;
    size_t count = 0, capacity = 0;
    while (sql_next_part(&inner, &part)) {
        struct text name;
        if (!sql_take_name(&part, &name) || !sql_at_end(&part)) {
            return false;
        }
        names = arena_more(sql->arena, names, count, &capacity, sizeof *names);
        names[count++] = name;
    }
    *ret_names = names;
    *ret_count = count;
    return count > 0;
}
