/* A migration's SQL as statements and tokens, as PostgreSQL's own parser and scanner find them: PROTOCOL_TOKENS. For who needs the text
 * as it stands, which a parse tree has not. Any thread. */
#ifndef MIGFS_SCHEMA_TOKENS_H
#define MIGFS_SCHEMA_TOKENS_H

#include "migfs/schema/protocol.h"

enum token_kind {
    TOKEN_WORD,   /* a key word or a name without quotes */
    TOKEN_QUOTED, /* a name in double quotes */
    TOKEN_STRING, /* of any form, dollar quotes too */
    TOKEN_NUMBER,
    TOKEN_OTHER /* an operator, a bracket, a comma, … */
};

struct token {
    enum token_kind kind;
    uint32_t start, end; /* bytes in the SQL */
};

struct token_statement {
    uint32_t line;
    bool is_alone; /* no other statement stands in its piece of the file */
    const struct token *tokens;
    size_t count; /* 0: no statement but a comment outside of one */
    const struct token *body;
    size_t body_count; /* of what stands in a DO's dollar quotes */
    struct text comment;
};

struct tokens {
    struct text sql;
    const struct token_statement *statements;
    size_t count;
};

/* What the worker answered about this SQL; false where it is no such answer. Lives in the arena; `sql` stays the caller's. */
bool tokens_read(struct arena *arena, struct text sql, struct text answer, struct tokens *ret_tokens);

/* The kinds of its records. Each has one field, of pairs of 32-bit numbers: where a token starts and ends. */
enum tokens_record { TOKENS_STATEMENT = 1, TOKENS_BODY, TOKENS_COMMENT };
enum { TOKENS_IS_ALONE = 1 }; /* flag of a statement */

#endif
