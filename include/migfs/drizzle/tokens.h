/* The statements of a migration in a form in which two spellings of one statement are the same text: comments gone, words in lower
 * case, one blank between tokens. A lexer, not a parser: it knows strings, quoted names, comments and dollar quotes, so that words in
 * them are not taken for statements. Rules: PostgreSQL's manual, "Lexical Structure". Pure; any thread. */
#ifndef MIGFS_DRIZZLE_TOKENS_H
#define MIGFS_DRIZZLE_TOKENS_H

#include <stddef.h>

#include "migfs/util/digest.h"
#include "migfs/util/text.h"

struct sql_statement {
    size_t line;      /* of its first token, from 1 */
    struct text text; /* without the `;`; a statement that makes, changes or drops nothing may be cut */
};

struct sql_statements {
    struct digest digest; /* of the whole text without white space at its ends */
    const struct sql_statement *statements;
    size_t count;
};

/* The statements between `;` outside of strings, comments, parentheses and BEGIN ATOMIC … END. */
void sql_statements_read(struct arena *arena, struct text text, struct sql_statements *ret_statements);

/* A copy of them that the arena owns alone. */
struct sql_statements *sql_statements_copy(struct arena *arena, const struct sql_statements *statements);

#endif
