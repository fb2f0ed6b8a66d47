/* Reads one statement token by token. PostgreSQL's parser has accepted it, so only the tokens of
 * interest are checked. Keywords compare case-insensitively; names are returned unquoted, or in
 * lower case if they were not quoted. Any thread. */
#ifndef MIGFS_SYNTHESIS_SQL_H
#define MIGFS_SYNTHESIS_SQL_H

#include "migfs/schema/tokens.h"

struct sql_reader {
    struct arena *arena;
    struct text text; /* of the whole file */
    const struct token *tokens;
    size_t at, count;
};

struct sql_name {
    struct text schema; /* empty if not given */
    struct text name;
};

bool sql_at_end(const struct sql_reader *sql);
bool sql_is(const struct sql_reader *sql, const char *word); /* the next token is this keyword */
bool sql_is_sign(const struct sql_reader *sql, char sign);   /* `(`, `,`, … */
bool sql_take(struct sql_reader *sql, const char *words);    /* all, separated by blanks, or none */
bool sql_take_sign(struct sql_reader *sql, char sign);
bool sql_take_name(struct sql_reader *sql, struct text *ret_name);
bool sql_take_qualified(struct sql_reader *sql, struct sql_name *ret_name);
bool sql_take_string(struct sql_reader *sql, struct text *ret_value); /* '…', without quotes */
void sql_skip(struct sql_reader *sql);                                /* one token or group */

/* Skips up to the sign (outside of brackets) or the end. */
void sql_skip_to(struct sql_reader *sql, char sign);

/* The original text of the tokens from `from` to before `to`. */
struct text sql_slice(const struct sql_reader *sql, size_t from, size_t to);

/* Takes the bracketed group at this point. *ret_text is the text between the brackets, including
 * blanks. */
bool sql_take_group(struct sql_reader *sql, struct sql_reader *ret_inner, struct text *ret_text);

/* The next part of a comma-separated list; false at its end. */
bool sql_next_part(struct sql_reader *list, struct sql_reader *ret_part);

/* `("a", "b")` as an array of texts. */
bool sql_take_names(struct sql_reader *sql, struct text **ret_names, size_t *ret_count);

struct text sql_token_text(const struct sql_reader *sql, size_t at);
struct text sql_lower(struct arena *arena, struct text text);

#endif
