/* The declarations in a schema file: of tables, and of what tables may be made of. Comments and
 * strings are passed over. */
#ifndef MIGFS_CLI_SCHEMA_CODE_H
#define MIGFS_CLI_SCHEMA_CODE_H

#include "migfs/util/text.h"

enum schema_composed {
    SCHEMA_COMPOSED_TABLE, /* or an enum */
    SCHEMA_COMPOSED_PART,  /* an index or a constraint */
};

/* What a table may have under a name that drizzle derives, and what a column may have. */
enum schema_part {
    SCHEMA_PART_KEY,
    SCHEMA_PART_UNIQUE,
    SCHEMA_PART_REFERENCE,
    SCHEMA_PART_INDEX,
    SCHEMA_PART_NOT_NULL,
    SCHEMA_PART_DEFAULT,
    SCHEMA_PART_COUNT
};

/* Called for what is found, in its order. The texts are slices of the file. References and parts
 * belong to the column that is open, else to the table whose call is open, else to the last
 * declaration. */
struct schema_code_found {
    /* Names may be composed there, so that they need not be found as strings. */
    void (*composed)(void *context, enum schema_composed kind);
    bool (*is_maker)(void *context, struct text word); /* whether a function of this name declares tables */
    void (*table)(void *context, struct text maker, struct text name);
    void (*table_end)(void *context);
    /* A member of the object that has the columns of the table. Its name is that of the member, which
     * `function` may change, or the string that this is given; then `function` is empty. `code` is its
     * value. */
    void (*column)(void *context);
    void (*column_end)(void *context, struct text name, struct text function, struct text code, bool is_certain);
    void (*columns_end)(void *context, bool are_all); /* are_all: the table has no others */
    /* A statement at the top level begins; the names that it declares follow. */
    void (*declaration)(void *context);
    void (*name)(void *context, struct text name);
    /* `import { of as name }` or `export { of as name }`; `of` may be default. */
    void (*alias)(void *context, struct text name, struct text of);
    void (*reference)(void *context, struct text word);
    void (*mention)(void *context, struct text name); /* any word or whole string, as names of columns are */
    /* A word without which no table has such a part under a derived name. */
    void (*part)(void *context, enum schema_part part);
    void *context;
};

/* Returns false if what was found is not all, since something is not understood. */
bool schema_code_scan(struct text text, const struct schema_code_found *found);

/* True for the names that drizzle gives to functions which declare tables. */
bool schema_code_is_maker(struct text word);

/* The parts that a function of this name may make: bits of enum schema_part. */
unsigned schema_code_parts(struct text function);

#endif
