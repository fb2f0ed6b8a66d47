/* Reads one statement token by token: it is known to be right, since PostgreSQL's parser has taken it, so only what is asked for is looked
 * at. Key words compare in any case; names have their quotes gone, or are in lower case. Any thread. */
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
    struct text schema; /* empty where none is written */
    struct text name;
};

bool sql_at_end(const struct sql_reader *sql);
bool sql_is(const struct sql_reader *sql, const char *word); /* a key word stands here */
bool sql_is_sign(const struct sql_reader *sql, char sign);   /* `(`, `,`, … */
bool sql_take(struct sql_reader *sql, const char *words);    /* all of them, separated by blanks, or none */
bool sql_take_sign(struct sql_reader *sql, char sign);
bool sql_take_name(struct sql_reader *sql, struct text *ret_name);
bool sql_take_qualified(struct sql_reader *sql, struct sql_name *ret_name);
bool sql_take_string(struct sql_reader *sql, struct text *ret_value); /* '…' with its quotes gone */
void sql_skip(struct sql_reader *sql); /* one token, or all from a bracket to the one that closes it */

/* Passes everything to the sign (outside of brackets) or the end. */
void sql_skip_to(struct sql_reader *sql, char sign);

/* The text from token `from` to the one before `to`, as it stands. */
struct text sql_slice(const struct sql_reader *sql, size_t from, size_t to);

/* The tokens within the brackets that open here, which are passed; *ret_text is what stands between them, blanks included. */
bool sql_take_group(struct sql_reader *sql, struct sql_reader *ret_inner, struct text *ret_text);

/* The next part of a list that commas separate; false at its end. */
bool sql_next_part(struct sql_reader *list, struct sql_reader *ret_part);

/* `("a", "b")` as an array of texts. */
bool sql_take_names(struct sql_reader *sql, struct text **ret_names, size_t *ret_count);

struct text sql_token_text(const struct sql_reader *sql, size_t at);
struct text sql_lower(struct arena *arena, struct text text);

#endif
