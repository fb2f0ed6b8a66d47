/* The names in a schema file and what it imports, found without executing it. */
#ifndef MIGFS_CLI_SCHEMA_TEXT_H
#define MIGFS_CLI_SCHEMA_TEXT_H

#include "migfs/util/text.h"

enum schema_import {
    SCHEMA_IMPORT_TYPE,     /* `import type …`: no code */
    SCHEMA_IMPORT,          /* the file uses it */
    SCHEMA_IMPORT_REEXPORT, /* `export … from`: part of the schema */
};

/* A function that declares tables: its name, and what it puts around the name of each. */
struct schema_maker {
    struct text name, before, after;
    struct text of; /* the function of which it is another name; else empty */
};

/* Called for what is found. The texts are slices of the file. */
struct schema_text_found {
    void (*word)(void *context, struct text word, bool is_string); /* is_string: it is a whole string */
    /* `names`: what stands before `from`, as `{ a, b as c }`; empty where the names are not known, as
     * those of require(). */
    void (*import)(void *context, struct text from, enum schema_import kind, struct text names);
    /* What pgTableCreator() makes; NULL: that cannot be read. */
    void (*maker)(void *context, const struct schema_maker *maker);
    void *context;
};

/* Comments and strings are searched as well: rather a name too many than one too few. */
void schema_text_scan(struct text text, const struct schema_text_found *found);

/* Takes the next word of the text off it. Returns false if there is none. */
bool schema_text_word(struct text *rest, struct text *ret_word);

/* Takes off the next name of an import, `a` or `a as b`: `b` is the other name, or empty. Returns
 * false if there is none. */
bool schema_text_imported(struct text *rest, struct text *ret_name, struct text *ret_other);

/* Returns whether names like this one are found as words. */
bool schema_text_is_word(struct text name);

#endif
