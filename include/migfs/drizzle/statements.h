/* Properties of a migration's SQL text as the runner reads it: decoded from UTF-8 and split at
 * Drizzle's marker. Does not parse SQL. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_STATEMENTS_H
#define MIGFS_DRIZZLE_STATEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/digest.h"
#include "migfs/util/text.h"

struct sql {
    struct digest digest;      /* of the text decoded and re-encoded: the runner's `hash` */
    size_t statements;         /* non-blank pieces between `--> statement-breakpoint` marks */
    bool is_utf8;              /* false: the runner sends U+FFFD for invalid bytes */
    bool is_utf16;             /* a UTF-16 byte order mark, or every second byte NUL at the start */
    bool is_empty;             /* only blanks and comments */
    bool is_unwritten;         /* only blanks, or drizzle-kit's first line of a custom migration */
    bool has_conflict_markers; /* lines `<<<<<<< …`, `=======` and `>>>>>>> …` */
    bool has_nul;              /* PostgreSQL rejects such a text */
    bool has_byte_order_mark;  /* of UTF-8, which the runner sends along and PostgreSQL rejects */
};

/* The arena is used only for a text that is not well-formed UTF-8. */
void sql_examine(struct arena *arena, struct text text, struct sql *ret_sql);

/* The digests of the text with all line ends changed to LF, and to CRLF. */
void sql_line_end_digests(struct arena *arena, struct text text, struct digest *ret_lf, struct digest *ret_crlf);

#endif
