/* What several migrations come to, one after another: facts. A fact says of one thing in the catalogs that it is there or gone, and which
 * migration wrote that last; attributes of a column or table (not null, has a default, type, row security) are facts only where an
 * ALTER has set them. The texts of defaults, checks and bodies are never among them.
 *
 * Names are numbers of one `names` table, 0 the empty name. Facts that are `erased` say nothing. A fold that was filled from a database's
 * catalogs (catalog.h) is complete: what it does not know is not there, so that it can tell where a statement would fail.
 *
 * A fold lives in its arena and belongs to one thread. */
#ifndef MIGFS_SCHEMA_FACTS_H
#define MIGFS_SCHEMA_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/schema/effects.h"

/* ---- names ---- */

struct names;

struct names *names_create(struct arena *arena);
uint32_t names_number(struct names *names, struct text name); /* a new one is copied */
struct text names_text(const struct names *names, uint32_t number);

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
    FACT_NOT_NULL, /* from here on attributes, not existence; is_there is their value */
    FACT_DEFAULT,
    FACT_ROW_SECURITY,
    FACT_BASE_TYPE, /* its type is `to`; is_array */
    FACT_USE,       /* from here on never judged: a view reads a relation */
    FACT_CHILD,     /* a table inherits from another */
    FACT_KIND_COUNT
};

#define FOLD_NO_WRITER UINT32_MAX

struct fact {
    uint8_t kind;
    char type; /* relkind (r p f i S v m), contype (p u x f c) or typtype (e d c r) */
    bool is_there, is_maybe, is_erased, is_array;
    bool is_identity;             /* of a sequence */
    uint32_t schema, table, name; /* table: of what belongs to one, or of an enum's values the type; else 0 */
    uint32_t to_schema,
        to_table; /* of a foreign key the table referred to, of an index or sequence its table, of a column its type */
    uint32_t columns, referred; /* lists of names: see fold_list(); 0: none */
    uint32_t writer;
};

/* Where a statement would fail. */
struct fold_failure {
    const char *sqlstate; /* NULL: nowhere */
    uint32_t line;
    struct fact fact; /* what is there already, or is not */
};

struct fold {
    struct arena *arena;
    struct names *names;
    struct fact *facts;
    size_t count, capacity;
    uint32_t *index; /* of a key's hash: place of a fact, from 1; 0: none */
    size_t index_size;
    uint32_t *lists; /* lists of names, each its length first; the first place is not a list */
    size_t list_count, list_capacity;
    uint32_t default_schema;
    bool is_complete;
    /* while effects are applied */
    uint32_t path, writer;
    unsigned flags;
    bool skips_statement, skips_parts, is_in_try, has_maybe_parts;
    bool skips_block, has_saved;
    struct fold *saved;      /* as it was before the block that handles duplicates */
    bool is_maybe_statement; /* guarded, and the fold does not know what it is about */
    bool is_unrecorded;      /* of a migration that has no row: what is inside of a guarded object is "maybe" */
    bool is_uncertain;       /* something opaque went before, so that no failure is certain any more */
    uint32_t line;
    struct fold_failure failure;
    struct text *fields; /* room for those of one effect */
    size_t field_room;
    size_t work, most_work; /* facts looked at, and how many may be: see fold_goes_on() */
};

struct fold *fold_create(struct arena *arena, struct names *names, struct text default_schema);
/* `to` becomes what `from` is, in the memory that it has. Both have the same names. */
void fold_copy(struct fold *to, const struct fold *from);

/* For looking at all facts: whether there is another. SQL of a few kilobytes can want all of them a million times, so looking has an end: a fold
 * that came to it is not to be used. */
static inline bool fold_goes_on(struct fold *fold, size_t i) {
    return i < fold->count && ++fold->work <= fold->most_work;
}
static inline bool fold_is_exhausted(const struct fold *fold) {
    return fold->work > fold->most_work;
}

/* The fact with this key, or NULL where nothing is known. */
struct fact *fold_find(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);

/* Makes it so. */
struct fact *fold_put(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name,
                      bool is_there);

/* Whether anything was ever known of a table, or of what is in it: else nothing need be looked for. What only refers to a table says so. */
bool fold_has_spoken_of(const struct fold *fold, uint32_t schema, uint32_t table);
void fold_speak_of(struct fold *fold, uint32_t schema, uint32_t table);

/* Whether a constraint of any table in the schema ever had the name. After constraints were moved to another schema they are to be noted. */
bool fold_may_have_constraint(const struct fold *fold, uint32_t schema, uint32_t name);
void fold_note_constraints(struct fold *fold);

/* A list of names from what is known of it; its length stands first. */
uint32_t fold_list_of(struct fold *fold, const uint32_t *names, size_t count);
const uint32_t *fold_list(const struct fold *fold, uint32_t list, size_t *ret_count);

/* ---- for what fills a fold ---- */

uint32_t fold_number(struct fold *fold, struct text name);
/* Of a field that names a schema: the default where it is empty. */
uint32_t fold_schema(struct fold *fold, struct text schema);
bool fold_has(const struct fold *fold, uint32_t list, uint32_t name);
void fold_replace(struct fold *fold, uint32_t *list, uint32_t old, uint32_t new);
void fold_erase(struct fact *fact); /* takes NULL */
void fold_reindex(struct fold *fold);

/* True where it is known to be there for certain. */
bool fold_knows(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);
/* True where it is known to be gone; of a complete fold, where it is not known. */
bool fold_lacks(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);

/* Records that the statement fails here, in a complete fold and where that is certain. */
void fold_fail(struct fold *fold, const char *sqlstate, enum fact_kind kind, char type, uint32_t schema, uint32_t table,
               uint32_t name);

/* ---- questions ---- */

/* The letter that a field of an effect or a row of the catalogs begins with, for `type`. */
char fact_letter(struct text field, char otherwise);

bool fact_is_existence(const struct fact *fact);
bool fact_is_judged(const struct fact *fact); /* not erased, and of a kind that can be judged */

/* "table", "index", …: one word or two. */
const char *fact_noun(const struct fact *fact);
/* The name as people would write it: "public" left out where it is the default schema; not escaped. */
struct text fact_name(struct arena *arena, const struct fold *fold, const struct fact *fact);

#endif
