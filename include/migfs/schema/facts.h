/* The combined result of several migrations: facts. A fact says whether one object of the catalogs
 * exists, and which migration wrote that last. Attributes of a column or table (not null, has a
 * default, type, row security) are facts only where an ALTER has set them. The texts of defaults,
 * checks and bodies are never facts.
 *
 * Names are numbers in one `names` table; 0 is the empty name. Facts that are `erased` state
 * nothing. A fold filled from a database's catalogs (catalog.h) is complete: an object without a
 * fact does not exist, so the fold can tell where a statement would fail.
 *
 * A fold lives in its arena and belongs to one thread. */
#ifndef MIGFS_SCHEMA_FACTS_H
#define MIGFS_SCHEMA_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/schema/effects.h"
#include "migfs/schema/names.h"

/* ---- facts ---- */

enum fact_kind {
    FACT_NONE,
    FACT_SCHEMA,
    FACT_RELATION,
    FACT_COLUMN,
    FACT_CONSTRAINT,
    FACT_TYPE,
    FACT_VALUE,
    FACT_POLICY,
    FACT_TRIGGER,
    FACT_EXTENSION,
    FACT_FUNCTION,
    FACT_NOT_NULL, /* attributes from here on: is_there is their value */
    FACT_DEFAULT,
    FACT_ROW_SECURITY,
    FACT_BASE_TYPE, /* the type is `to` and is_array */
    FACT_USE,       /* never judged from here on: a view reads a relation, a table is OF a type */
    FACT_CHILD,     /* a table inherits from another */
    FACT_KIND_COUNT
};

#define FOLD_NO_WRITER UINT32_MAX

struct fact {
    uint8_t kind;
    /* relkind (r p f i S v m), contype (p u x f c) or typtype (e d c r); column: 'g' generated;
     * policy: 'q' reads other relations */
    char type;
    bool is_there, is_maybe, is_erased, is_array;
    bool is_identity;             /* of a sequence */
    uint32_t schema, table, name; /* table: the owner, or the type of an enum value; else 0 */
    /* foreign key: referenced table; index, sequence: owning table; column: type */
    uint32_t to_schema, to_table;
    uint32_t columns, referred; /* lists of names, see fold_list(); 0: none */
    uint32_t writer;
};

/* The first statement that would fail. */
struct fold_failure {
    const char *sqlstate; /* NULL: nowhere */
    uint32_t line;
    struct fact fact; /* the object that already exists, or does not */
};

struct fold {
    struct arena *arena;
    struct names *names;
    const struct hash_key *key; /* of `index` */
    struct fact *facts;
    size_t count, capacity, room; /* the memory of `facts` and `index` is enough for `room` facts */
    uint32_t *index;              /* hash index by key: position of a fact + 1; 0: free */
    size_t index_size;            /* a power of two */
    uint32_t *lists;              /* lists of names, each preceded by its length; element 0 is unused */
    size_t list_count, list_capacity;
    uint32_t default_schema;
    bool is_complete;
    /* while effects are applied */
    uint32_t path, writer;
    unsigned flags;
    bool skips_statement, skips_parts, is_in_try, has_maybe_parts;
    bool skips_block, has_saved;
    struct fold *saved;      /* state before the block that handles duplicates */
    bool is_maybe_statement; /* guarded, on an object the fold does not know */
    bool is_unrecorded;      /* migration without a row: parts of guarded objects are "maybe" */
    bool is_uncertain;       /* after something opaque: no failure is certain */
    uint32_t line;
    struct fold_failure failure;
    struct text *fields; /* buffer for the fields of one effect */
    size_t field_room;
    size_t work, most_work; /* facts visited, and their limit: fold_goes_on() */
    /* The number of the first name that is tried for an unnamed object; 0: the name without one. */
    unsigned first_counter;
};

struct fold *fold_create(struct arena *arena, struct names *names, struct text default_schema);
/* Copies `from` into `to`, reusing the memory of `to`. Both must have the same names. */
void fold_copy(struct fold *to, const struct fold *from);

/* Whether both state the same facts. Both must have the same names. */
bool fold_equal(const struct fold *a, const struct fold *b);

/* Loop condition for a pass over all facts. A few kilobytes of SQL can cause a million passes, so
 * the number of visits is limited; a fold that has reached the limit must not be used. */
static inline bool fold_goes_on(struct fold *fold, size_t i) {
    return i < fold->count && ++fold->work <= fold->most_work;
}
static inline bool fold_is_exhausted(const struct fold *fold) {
    return fold->work > fold->most_work;
}

bool fact_is_view(const struct fact *fact);                                   /* takes NULL */
bool fact_is_part(const struct fact *fact, uint32_t schema, uint32_t table);  /* a part of the table or view */
bool fact_is_owned(const struct fact *fact, uint32_t schema, uint32_t table); /* an index or sequence of it */

/* The fact with this key, or NULL if nothing is known. */
struct fact *fold_find(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);

/* Makes it so. */
struct fact *fold_put(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name,
                      bool is_there);

/* Whether a fact about the table or its parts was ever recorded; if not, a search for them can be
 * skipped. Code that records a mere reference to a table must call fold_speak_of(). */
bool fold_has_spoken_of(const struct fold *fold, uint32_t schema, uint32_t table);
void fold_speak_of(struct fold *fold, uint32_t schema, uint32_t table);

/* Whether a constraint of any table in the schema ever had this name. Must be brought up to date by
 * fold_note_constraints() after constraints have moved to another schema. */
bool fold_may_have_constraint(const struct fold *fold, uint32_t schema, uint32_t name);
void fold_note_constraints(struct fold *fold);

/* A list of names, stored with its length first. A new one is to be filled before another one is
 * made; NULL if it is empty. */
uint32_t *fold_list_new(struct fold *fold, size_t count, uint32_t *ret_list);
uint32_t fold_list_of(struct fold *fold, const uint32_t *names, size_t count);
const uint32_t *fold_list(const struct fold *fold, uint32_t list, size_t *ret_count);

/* ---- for what fills a fold ---- */

/* The number of a field of the effects that are being applied, whose bytes stay as they are. */
uint32_t fold_number(struct fold *fold, struct text field);
/* For a field that names a schema: the schema of unqualified names if it is empty. */
uint32_t fold_schema(struct fold *fold, struct text field);
bool fold_has(const struct fold *fold, uint32_t list, uint32_t name);
bool fold_same_names(const struct fold *fold, uint32_t a, uint32_t b); /* of two lists, in any order */
void fold_replace(struct fold *fold, uint32_t *list, uint32_t old, uint32_t new);
void fold_erase(struct fact *fact); /* takes NULL */
void fold_reindex(struct fold *fold);

/* True if it certainly exists. */
bool fold_knows(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);
/* True if it certainly does not exist; in a complete fold, also if it is unknown. */
bool fold_lacks(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);

/* Records that the statement fails here, if the fold is complete and the failure is certain. */
void fold_fail(struct fold *fold, const char *sqlstate, enum fact_kind kind, char type, uint32_t schema, uint32_t table,
               uint32_t name);

/* ---- questions ---- */

/* First letter of a field of an effect or catalog row, for `type`. */
char fact_letter(struct text field, char otherwise);

bool fact_is_existence(const struct fact *fact);
bool fact_is_judged(const struct fact *fact); /* not erased, and of a kind that can be judged */

/* "table", "index", …: one or two words. */
const char *fact_noun(const struct fact *fact);
/* The name as people write it: without the schema if that is the default one. Not escaped. */
struct text fact_name(struct arena *arena, const struct fold *fold, const struct fact *fact);
/* The noun and the name. NUL-terminated. */
struct text fact_label(struct arena *arena, const struct fold *fold, const struct fact *fact);

#endif
