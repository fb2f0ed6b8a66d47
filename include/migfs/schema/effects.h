/* What one migration's SQL does to the catalogs: the effects of its statements, in the order in
 * which PostgreSQL executes them. The effects are the worker's answer to PROTOCOL_EFFECTS
 * (protocol.h), checked once and read in place. Names are as in the SQL, truncated to 63 bytes; a
 * schema is empty where the SQL names none. fold.h combines the effects of several migrations.
 *
 * Immutable once decoded; lives in the arena given. Any thread. */
#ifndef MIGFS_SCHEMA_EFFECTS_H
#define MIGFS_SCHEMA_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/schema/protocol.h"

/* The fields of each kind. `schema table` and `schema name` are two fields. */
enum effect_kind {
    EFFECT_STATEMENT = 1, /* words: starts the effects of a statement */
    /* Its effects, up to EFFECT_END_TRY, are undone by the first object that already exists. */
    EFFECT_TRY,
    EFFECT_END_TRY,
    /* same, forbidden, number of constants, constants …, names …: the text of the next statement.
     * `same` is equal for statements that differ only in spelling; `forbidden` is the part that
     * cannot run in a transaction, or empty; the constants are strings, the names those of
     * relations and types. EFFECT_MAYBE: the two lists are incomplete. EFFECT_INNER: a statement that
     * the DO block before it always executes. */
    EFFECT_SOURCE,
    /* why, kinds: the effects are known only by running it; first letters of the kinds of fact that
     * it may change */
    EFFECT_OPAQUE,
    EFFECT_PATH,     /* schema of the unqualified names that follow; empty: unknown */
    EFFECT_SCHEMA,   /* name */
    EFFECT_RELATION, /* schema name relkind */
    /* schema table column, schema type, generated (t, f); an array type ends with [] */
    EFFECT_COLUMN,
    /* schema table column, schema name, identity (t, f): the column's own sequence; an empty name is
     * chosen by PostgreSQL */
    EFFECT_SEQUENCE,
    EFFECT_OWNED_BY, /* schema sequence, schema table column; empty: none */
    /* schema table, name, type, referenced schema table, number of columns, columns …, referenced
     * columns … */
    EFFECT_CONSTRAINT,
    EFFECT_USING_INDEX, /* schema table, name, type, index */
    /* schema table, name, number of name parts, name parts …, columns it depends on … */
    EFFECT_INDEX,
    EFFECT_TYPE,             /* schema name typtype */
    EFFECT_VALUE,            /* schema type label */
    EFFECT_VALUE_RENAMED,    /* schema type label label */
    EFFECT_POLICY,           /* schema table name, reads other relations (t, f) */
    EFFECT_TRIGGER,          /* schema table name f */
    EFFECT_EXTENSION,        /* name */
    EFFECT_FUNCTION,         /* schema name, argument types */
    EFFECT_NOT_NULL,         /* schema table column, t or f */
    EFFECT_DEFAULT,          /* schema table column, t, f or - (not judged) */
    EFFECT_BASE_TYPE,        /* schema table column, schema type */
    EFFECT_ROW_SECURITY,     /* schema table, t or f */
    EFFECT_IDENTITY_DROPPED, /* schema table column */
    EFFECT_ALTER,            /* schema name: must exist */
    /* class, schema name, table of a policy or trigger, argument types of a function */
    EFFECT_DROP,
    EFFECT_DROP_COLUMN,     /* schema table column */
    EFFECT_DROP_CONSTRAINT, /* schema table name */
    /* class, schema name, new name, table of a column, constraint, policy or trigger */
    EFFECT_RENAME,
    EFFECT_SET_SCHEMA, /* class, schema name, new schema */
    EFFECT_USES,       /* schema view, schema relation; schema table, schema type of OF */
    EFFECT_INHERITS,   /* schema table, schema parent */
    EFFECT_LEAVES,     /* schema table, schema parent: no longer inherits */
    EFFECT_KIND_END
};

enum effect_flags {
    EFFECT_GUARDED = 1, /* IF [NOT] EXISTS or equivalent */
    EFFECT_CASCADE = 2,
    EFFECT_MAYBE = 4, /* under a condition that is not evaluated */
    EFFECT_REPLACE = 8,
    EFFECT_NEW = 16, /* part of a CREATE TABLE */
    EFFECT_INNER = 32,
};

struct effect {
    enum effect_kind kind;
    unsigned flags;
    uint32_t line;
    size_t count;
    const struct text *fields;
};

enum effects_status {
    EFFECTS_KNOWN,
    EFFECTS_REFUSED,   /* the parser rejects the text; see `reason` */
    EFFECTS_FAILED,    /* the worker died on it, or it cannot be sent */
    EFFECTS_NOT_BUILT, /* no parser in this migfs */
    EFFECTS_PENDING,   /* being read */
};

struct effects {
    enum effects_status status;
    /* EFFECTS_REFUSED: one sentence, not escaped; EFFECTS_FAILED: why, or empty if the worker died;
     * EFFECTS_KNOWN: why it is opaque, or empty */
    struct text reason;
    uint32_t line; /* of the reason */
    bool is_opaque;
    bool is_guarded;     /* every effect is guarded */
    struct text records; /* all effects, for effects_next() */
    size_t count;
};

/* A file with more effects is not folded: EFFECTS_FAILED. */
enum { EFFECTS_MAXIMUM = 200000 };

/* Decodes a worker's answer. Returns false if it is malformed. `answer` must outlive the result. */
bool effects_decode(struct arena *arena, struct text answer, struct effects *ret_effects);

/* Iterates over the effects, using the arena for one effect at a time, since those of a whole
 * folder would take too much memory. A copy of the reader can look ahead. */
struct protocol_reader effects_begin(struct arena *arena, const struct effects *effects);
/* Returns false at the end. The effect's fields are valid until the next call. */
bool effects_next(struct protocol_reader *reader, struct effect *ret_effect);

#endif
