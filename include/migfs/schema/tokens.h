/* A migration's SQL as statements and tokens, as PostgreSQL's own parser and scanner find them:
 * PROTOCOL_TOKENS. For callers that need the literal text, which a parse tree does not have. Any
 * thread. */
#ifndef MIGFS_SCHEMA_TOKENS_H
#define MIGFS_SCHEMA_TOKENS_H

#include "migfs/schema/protocol.h"

enum token_kind {
    TOKEN_WORD,   /* a keyword or an unquoted name */
    TOKEN_QUOTED, /* a name in double quotes */
    TOKEN_STRING, /* in any form, including dollar-quoted */
    TOKEN_NUMBER,
    TOKEN_OTHER /* operator, bracket, comma, … */
};

struct token {
    enum token_kind kind;
    uint32_t start, end; /* bytes in the SQL */
};

/* CREATE INDEX without a name, or several of them in a DO. */
struct token_index {
    uint32_t on;              /* where its ON begins */
    const struct text *parts; /* of the name that PostgreSQL chooses: columns, and names for expressions */
    size_t count;
};

struct token_statement {
    uint32_t line;
    bool is_alone; /* the only statement between two breakpoints */
    const struct token *tokens;
    size_t count; /* 0: no statement, only a comment outside of one */
    const struct token *body;
    size_t body_count; /* tokens inside a DO's dollar quotes */
    struct text comment;
    struct token_index *indexes;
    size_t index_count, index_capacity;
};

struct tokens {
    struct text sql;
    const struct token_statement *statements;
    size_t count;
};

/* Decodes the worker's answer about this SQL; false if it is malformed. Lives in the arena; `sql`
 * must outlive it. */
bool tokens_read(struct arena *arena, struct text sql, struct text answer, struct tokens *ret_tokens);

/* The kinds of its records. Each has one field of pairs of 32-bit numbers: start and end of a token;
 * but that of an index without a name a 32-bit number, the place of its ON, and then the parts. */
enum tokens_record { TOKENS_STATEMENT = 1, TOKENS_BODY, TOKENS_COMMENT, TOKENS_INDEX };
enum { TOKENS_IS_ALONE = 1 }; /* flag of a statement */

#endif
