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

/* Called for what is found. The texts are slices of the file. */
struct schema_text_found {
    void (*word)(void *context, struct text word, bool is_string); /* is_string: it is a whole string */
    void (*import)(void *context, struct text from, enum schema_import kind);
    /* Names may be composed there, so that they need not be found as strings. */
    void (*composed)(void *context, enum schema_composed kind);
    void *context;
};

/* Comments and strings are searched as well: rather a name too many than one too few. */
void schema_text_scan(struct text text, const struct schema_text_found *found);

/* Returns whether names like this one are found as words. */
bool schema_text_is_word(struct text name);

#endif
