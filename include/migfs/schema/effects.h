/* What one migration's SQL does to the catalogs: the effects of its statements, in the order in which PostgreSQL carries them out. They
 * are the records by which the worker answers PROTOCOL_EFFECTS (protocol.h), checked once and read where they are. Names stand as the SQL has
 * them, cut to 63 bytes; a schema is empty where the SQL gives none. What the effects of several migrations come to is fold.h's business.
 *
 * Immutable once decoded; lives in the arena given. Any thread. */
#ifndef MIGFS_SCHEMA_EFFECTS_H
#define MIGFS_SCHEMA_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/schema/protocol.h"

/* The fields of each. `schema table` and `schema name` are two fields. */
enum effect_kind {
    EFFECT_STATEMENT = 1, /* words: what follows, to the next of these, is one statement's */
    EFFECT_TRY,           /* what follows, to EFFECT_END_TRY, is undone by the first object that is there already */
    EFFECT_END_TRY,
    EFFECT_SOURCE, /* same, forbidden, number of constants, constants …, names …: of the statement that follows, as it stands in the file.
                      `same`: equal for statements that differ in spelling alone; `forbidden`: what of it no transaction holds, or empty;
                      its string constants, and the relations and types that it names. EFFECT_MAYBE: not all of them */
    EFFECT_OPAQUE, /* why, kinds: only running it would show what it does; letters of the kinds of fact it may change */
    EFFECT_PATH,   /* schema: unqualified names are in it from here on; empty: in an unknown one */
    EFFECT_SCHEMA, /* name */
    EFFECT_RELATION, /* schema name relkind */
    EFFECT_COLUMN,   /* schema table column, type's schema, type; an array's type ends with [] */
    EFFECT_SEQUENCE, /* schema table column, schema name, identity (t, f): the column's own; name empty: chosen by PostgreSQL */
    EFFECT_OWNED_BY, /* schema name, schema table column: of a sequence; empty: none */
    EFFECT_CONSTRAINT, /* schema table, name, type, schema table referred to, number of columns, columns …, columns referred to … */
    EFFECT_USING_INDEX,      /* schema table, name, type, index */
    EFFECT_INDEX,            /* schema table, name, number of parts of the name, parts …, columns it depends on … */
    EFFECT_TYPE,             /* schema name typtype */
    EFFECT_VALUE,            /* schema type label */
    EFFECT_VALUE_RENAMED,    /* schema type label label */
    EFFECT_POLICY,           /* schema table name */
    EFFECT_TRIGGER,          /* schema table name */
    EFFECT_EXTENSION,        /* name */
    EFFECT_FUNCTION,         /* schema name, argument types */
    EFFECT_NOT_NULL,         /* schema table column, t or f */
    EFFECT_DEFAULT,          /* schema table column, t, f, or - where it is not judged */
    EFFECT_BASE_TYPE,        /* schema table column, type's schema, type */
    EFFECT_ROW_SECURITY,     /* schema table, t or f */
    EFFECT_IDENTITY_DROPPED, /* schema table column */
    EFFECT_ALTER,            /* schema name: it has to be there */
    EFFECT_DROP,             /* class, schema name, table of a policy or trigger, argument types of a function */
    EFFECT_DROP_COLUMN,      /* schema table column */
    EFFECT_DROP_CONSTRAINT,  /* schema table name */
    EFFECT_RENAME,           /* class, schema name, new name, table of a column, constraint, policy or trigger */
    EFFECT_SET_SCHEMA,       /* class, schema name, new schema */
    EFFECT_USES,             /* schema view, schema relation */
    EFFECT_INHERITS,         /* schema table, schema parent */
    EFFECT_KIND_END
};

enum effect_flags {
    EFFECT_GUARDED = 1, /* IF [NOT] EXISTS, or what comes to the same */
    EFFECT_CASCADE = 2,
    EFFECT_MAYBE = 4, /* under a condition that cannot be judged */
    EFFECT_REPLACE = 8,
    EFFECT_NEW = 16, /* part of a CREATE TABLE */
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
    EFFECTS_REFUSED,   /* the parser does not take the text: `reason` */
    EFFECTS_FAILED,    /* the worker died of it, or it was not to be asked */
    EFFECTS_NOT_BUILT, /* no parser in this migfs */
    EFFECTS_PENDING,   /* being read */
};

struct effects {
    enum effects_status status;
    struct text reason; /* EFFECTS_REFUSED: one sentence, not escaped; EFFECTS_KNOWN: why it is opaque, or empty */
    uint32_t line;      /* of the reason */
    bool is_opaque;
    bool is_guarded;     /* every effect is under a guard */
    struct text records; /* of all effects: effects_next() */
    size_t count;
};

/* A file of more is not folded: EFFECTS_FAILED. */
enum { EFFECTS_MAXIMUM = 200000 };

/* The effects that a worker's answer tells. False where it is no such answer. `answer` must live as long as what comes of it. */
bool effects_decode(struct arena *arena, struct text answer, struct effects *ret_effects);

/* One effect after another, in the arena's memory: of a whole folder they would be too many at once. A copy of the reader looks ahead. */
struct protocol_reader effects_begin(struct arena *arena, const struct effects *effects);
/* False at the end. What the effect has is there until the next one is asked for. */
bool effects_next(struct protocol_reader *reader, struct effect *ret_effect);

#endif
