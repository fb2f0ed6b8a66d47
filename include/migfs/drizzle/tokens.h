/* The statements of a migration in a normal form, in which two spellings of one statement are the
 * same text: no comments, words in lower case, one blank between tokens. A lexer, not a parser: it
 * recognizes strings, quoted names, comments and dollar quotes, so that words in them are not taken
 * for statements. Rules: PostgreSQL's manual, "Lexical Structure". Pure; any thread. */
#ifndef MIGFS_DRIZZLE_TOKENS_H
#define MIGFS_DRIZZLE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/digest.h"
#include "migfs/util/text.h"

struct sql_statement {
    size_t line;       /* of its first token, from 1 */
    struct text text;  /* without `;`; truncated if it creates, alters and drops nothing */
    bool is_ambiguous; /* PostgreSQL may read other words than these */
};

struct sql_statements {
    struct digest digest; /* of the whole text, trimmed of white space */
    const struct sql_statement *statements;
    size_t count;
};

/* The statements between `;` outside of strings, comments, parentheses and BEGIN ATOMIC … END. */
void sql_statements_read(struct arena *arena, struct text text, struct sql_statements *ret_statements);

/* A copy that is wholly owned by the arena. */
struct sql_statements *sql_statements_copy(struct arena *arena, const struct sql_statements *statements);

#endif
