/* Splits a migration as the runner does and has each piece parsed. */
#include "schema/parse.h"

#include <pg_query.h>
#include <stdlib.h>
#include <string.h>

static const char breakpoint[] = "--> statement-breakpoint";

/* The line of the text that a place in it is on, from 1. */
static uint32_t line_of(const char *sql, const char *place) {
    uint32_t line = 1;
    for (const char *end = memchr(sql, '\n', (size_t)(place - sql)); end;
         end = memchr(end + 1, '\n', (size_t)(place - end - 1))) {
        line++;
    }
    return line;
}

static bool parse_piece(const char *sql, const char *piece, struct protocol_writer *writer) {
    PgQueryParseResult result = pg_query_parse(piece);
    bool is_right = result.error == NULL;
    if (!is_right) {
        const char *at = piece + (result.error->cursorpos > 0 ? result.error->cursorpos - 1 : 0);
        at = at > piece + strlen(piece) ? piece : at;
        protocol_begin(writer, 0, 0, line_of(sql, at));
        protocol_field(writer, text_of(result.error->message));
    }
    pg_query_free_parse_result(result);
    return is_right;
}

void parse_effects(const char *sql, size_t length, struct protocol_writer *writer, uint32_t *ret_status) {
    char *copy = malloc(length + 1);
    if (!copy) {
        writer->has_failed = true;
        return;
    }
    memcpy(copy, sql, length + 1);
    for (char *piece = copy; piece;) {
        char *end = strstr(piece, breakpoint);
        if (end) {
            *end = '\0';
        }
        if (!parse_piece(copy, piece, writer)) {
            *ret_status = PROTOCOL_REFUSED;
            break;
        }
        piece = end ? end + strlen(breakpoint) : NULL;
    }
    free(copy);
}
