/* The names in a schema file, found without executing it. */
#ifndef MIGFS_CLI_SCHEMA_TEXT_H
#define MIGFS_CLI_SCHEMA_TEXT_H

#include "migfs/util/text.h"

enum schema_import {
    SCHEMA_IMPORT_TYPE,     /* `import type …`: no code */
    SCHEMA_IMPORT,          /* the file uses it */
    SCHEMA_IMPORT_REEXPORT, /* `export … from`: part of the schema */
};

enum schema_composed {
    SCHEMA_COMPOSED_TABLE, /* or an enum */
    SCHEMA_COMPOSED_PART,  /* an index or a constraint */
};

/* What a table may have under a name that drizzle derives. */
enum schema_part { SCHEMA_PART_KEY, SCHEMA_PART_UNIQUE, SCHEMA_PART_REFERENCE, SCHEMA_PART_INDEX, SCHEMA_PART_COUNT };

/* Called for what is found. The texts are slices of the file. */
struct schema_text_found {
    void (*word)(void *context, struct text word, bool is_string); /* is_string: it is a whole string */
    /* `names`: what stands before `from`, as `{ a, b as c }`; empty where the names are not known, as
     * those of require(). */
    void (*import)(void *context, struct text from, enum schema_import kind, struct text names);
    /* Names may be composed there, so that they need not be found as strings. */
    void (*composed)(void *context, enum schema_composed kind);
    /* A call that declares a table of this plain name, and the text between its parentheses. */
    void (*table)(void *context, struct text name, struct text arguments);
    /* A word without which no table has such a part, but where it is imported under this name. */
    void (*part)(void *context, enum schema_part part, struct text word);
    void *context;
};

/* Comments and strings are searched as well: rather a name too many than one too few. */
void schema_text_scan(struct text text, const struct schema_text_found *found);

/* Takes the next word of the text off it. Returns false if there is none. */
bool schema_text_word(struct text *rest, struct text *ret_word);

/* Returns whether names like this one are found as words. */
bool schema_text_is_word(struct text name);

#endif
