/* What a migration's SQL text is, as the runner reads it: decoded from UTF-8 and split at Drizzle's marker. It does not
 * parse SQL. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_STATEMENTS_H
#define MIGFS_DRIZZLE_STATEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/digest.h"
#include "migfs/util/text.h"

struct sql {
    struct digest digest;      /* of the text decoded and encoded again: what the runner writes into `hash` */
    size_t statements;         /* pieces between `--> statement-breakpoint` marks that hold more than blanks */
    bool is_utf8;              /* false: the runner sends U+FFFD in place of what is not */
    bool is_utf16;             /* a UTF-16 byte order mark, or a NUL in every second byte at the start */
    bool is_empty;             /* nothing but blanks, or comments and blanks */
    bool is_unwritten;         /* nothing but blanks, or the line with which drizzle-kit begins a custom migration */
    bool has_conflict_markers; /* a line that begins with `<<<<<<< `, one that is `=======`, one with `>>>>>>> ` */
    bool has_nul;              /* PostgreSQL refuses such a text */
};

/* Memory is used from the arena only for a text that is not well-formed UTF-8. */
void sql_examine(struct arena *arena, struct text text, struct sql *ret_sql);

/* The digests of the same text with every line end LF, and with every line end CRLF. */
void sql_line_end_digests(struct arena *arena, struct text text, struct digest *ret_lf, struct digest *ret_crlf);

#endif
