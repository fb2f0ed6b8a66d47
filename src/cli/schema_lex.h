/* The smallest parts of TypeScript: words, strings, comments. Each function takes a place in the text
 * and returns the place behind what stands there, or the same place if it is something else. */
#ifndef MIGFS_CLI_SCHEMA_LEX_H
#define MIGFS_CLI_SCHEMA_LEX_H

#include "migfs/util/text.h"

char schema_lex_byte(struct text text, size_t at); /* NUL outside of the text */
bool schema_lex_is_of_word(char byte);
bool schema_lex_is_quote(char byte);
bool schema_lex_is_blank(char byte);

size_t schema_lex_blanks(struct text text, size_t at);
size_t schema_lex_word(struct text text, size_t at);
size_t schema_lex_comment(struct text text, size_t at);

/* A string or a template, with all that a template holds. A quote that no string follows on its line
 * is something else. */
size_t schema_lex_literal(struct text text, size_t at);

/* A regular expression. The caller knows that no value precedes it. */
size_t schema_lex_expression(struct text text, size_t at);

/* Type arguments, `<…>`, and the blanks behind them. */
size_t schema_lex_types(struct text text, size_t at);

/* Gets the string that begins here. Returns false if there is none, or if it is composed. */
bool schema_lex_string(struct text text, size_t at, struct text *ret_string, size_t *ret_end);

#endif
