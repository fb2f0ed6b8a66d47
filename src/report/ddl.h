/* What a statement makes, drops or renames, and whether a transaction can hold it, as far as its words tell. Takes statements as
 * sql_statements_read() gives them. Pure; any thread. */
#ifndef MIGFS_REPORT_DDL_H
#define MIGFS_REPORT_DDL_H

#include <stdbool.h>

#include "migfs/util/text.h"

enum ddl_kind {
    DDL_NONE,  /* what may be done twice, or is no DDL */
    DDL_MAKES, /* a second time it fails, unless the object has gone in between */
    DDL_DROPS, /* likewise, unless it has come back */
    DDL_MOVES, /* renames it, or puts it into another schema */
};

struct ddl {
    enum ddl_kind kind;
    bool is_guarded;    /* IF NOT EXISTS, IF EXISTS, OR REPLACE */
    struct text name;   /* of the object, without its schema; of a value of an enum the literal */
    struct text owner;  /* the table or type that it is a part of, likewise, or empty */
    struct text to;     /* DDL_MOVES: the new name, or empty */
    bool is_enum_value; /* ALTER TYPE … ADD VALUE */
};

struct ddl ddl_read(struct text statement);

/* What of it PostgreSQL refuses inside a transaction, or what would end the transaction: "CREATE INDEX CONCURRENTLY"; NULL: nothing. */
const char *ddl_forbidden(struct text statement);

/* True for what would end the transaction: COMMIT and the like. */
bool ddl_ends(struct text statement);

/* True when the word stands in the statement as a token, or as the last part of a name. */
bool ddl_mentions(struct text statement, struct text word);

#endif
