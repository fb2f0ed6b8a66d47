/* What a statement creates, drops or renames, and whether it can run in a transaction, as far as
 * its words show. Takes statements as sql_statements_read() returns them. Pure; any thread. */
#ifndef MIGFS_REPORT_DDL_H
#define MIGFS_REPORT_DDL_H

#include <stdbool.h>

#include "migfs/util/text.h"

enum ddl_kind {
    DDL_NONE,  /* can run twice, or is not DDL */
    DDL_MAKES, /* fails the second time, unless the object was dropped in between */
    DDL_DROPS, /* fails the second time, unless the object was created again */
    DDL_MOVES, /* renames it, or moves it to another schema */
};

struct ddl {
    enum ddl_kind kind;
    bool is_guarded;    /* IF NOT EXISTS, IF EXISTS, OR REPLACE */
    struct text name;   /* of the object, without its schema; for an enum value, the literal */
    struct text owner;  /* the table or type it belongs to, without its schema, or empty */
    struct text to;     /* DDL_MOVES: the new name, or empty */
    bool is_enum_value; /* ALTER TYPE … ADD VALUE */
};

struct ddl ddl_read(struct text statement);

/* The command that PostgreSQL refuses inside a transaction or that would end the transaction, like
 * "CREATE INDEX CONCURRENTLY"; NULL: none. */
const char *ddl_forbidden(struct text statement);

/* Returns whether the statement would end the transaction, like COMMIT. */
bool ddl_ends(struct text statement);

/* Returns whether PostgreSQL's parser may find a command in the statement that ddl_forbidden()
 * lists; always true if ddl_forbidden() finds one. */
bool ddl_may_be_forbidden(struct text statement);

/* Returns whether the word occurs in the statement as a token, or as the last part of a name. */
bool ddl_mentions(struct text statement, struct text word);

#endif
