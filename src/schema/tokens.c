/* Decodes the worker's answer, and rejects any offset outside the SQL. */
#include "migfs/schema/tokens.h"

#include <string.h>

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || (byte & 0x80) != 0;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Decided by the first character; for E'…', U&"…" and the like by the last. */
static enum token_kind kind_of(struct text token) {
    char first = token.bytes[0], last = token.bytes[token.length - 1];
    if (first == '\'' || last == '\'' || (first == '$' && last == '$')) {
        return TOKEN_STRING;
    }
    if (last == '"') {
        return TOKEN_QUOTED;
    }
    if (is_letter(first)) {
        return TOKEN_WORD;
    }
    return is_digit(first) || (first == '.' && token.length > 1 && is_digit(token.bytes[1])) ? TOKEN_NUMBER
                                                                                             : TOKEN_OTHER;
}

static bool read_tokens(struct arena *arena, struct text sql, struct text field, const struct token **ret_tokens,
                        size_t *ret_count) {
    size_t count = field.length / (2 * sizeof(uint32_t));
    struct token *tokens = arena_array(arena, struct token, count);
    uint32_t before = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t pair[2];
        memcpy(pair, field.bytes + i * sizeof pair, sizeof pair);
        if (pair[0] < before || pair[1] <= pair[0] || pair[1] > sql.length) {
            return false;
        }
        before = pair[1];
        tokens[i] = (struct token){kind_of(text_slice(sql, pair[0], pair[1])), pair[0], pair[1]};
    }
    *ret_tokens = tokens;
    *ret_count = count;
    return true;
}

/* Adds the index to the statement before it. */
static bool read_index(struct arena *arena, const struct protocol_record *record, struct token_statement *statement) {
    struct token_index index = {.count = record->count - 1U};
    if (record->count == 0 || record->fields[0].length != sizeof index.on || !statement || statement->count == 0) {
        return false;
    }
    memcpy(&index.on, record->fields[0].bytes, sizeof index.on);
    struct text *parts = arena_array(arena, struct text, index.count);
    for (size_t i = 0; i < index.count; i++) {
        parts[i] = text_copy(arena, record->fields[i + 1]);
    }
    index.parts = parts;
    size_t count = statement->index_count++;
    statement->indexes = arena_more(arena, statement->indexes, count, &statement->index_capacity, sizeof index);
    statement->indexes[count] = index;
    return true;
}

bool tokens_read(struct arena *arena, struct text sql, struct text answer, struct tokens *ret_tokens) {
    struct token_statement *statements = NULL;
    size_t count = 0, capacity = 0;
    struct protocol_reader reader = protocol_read(arena, answer);
    struct protocol_record record;
    while (protocol_next(&reader, &record)) {
        const struct token *tokens;
        size_t token_count;
        if (record.kind == TOKENS_INDEX) {
            if (!read_index(arena, &record, count > 0 ? &statements[count - 1] : NULL)) {
                return false;
            }
            continue;
        }
        if (record.count != 1 || !read_tokens(arena, sql, record.fields[0], &tokens, &token_count) ||
            token_count == 0) {
            return false;
        }
        if (record.kind == TOKENS_BODY) {
            if (count == 0 || statements[count - 1].count == 0) {
                return false;
            }
            statements[count - 1].body = tokens;
            statements[count - 1].body_count = token_count;
            continue;
        }
        statements = arena_more(arena, statements, count, &capacity, sizeof *statements);
        struct token_statement *it = &statements[count++];
        it->line = record.line;
        it->is_alone = (record.flags & TOKENS_IS_ALONE) != 0;
        if (record.kind == TOKENS_STATEMENT) {
            it->tokens = tokens;
            it->count = token_count;
        } else if (record.kind == TOKENS_COMMENT) {
            it->comment = text_slice(sql, tokens[0].start, tokens[token_count - 1].end);
        } else {
            return false;
        }
    }
    *ret_tokens = (struct tokens){sql, statements, count};
    return reader.rest.length == 0;
}
