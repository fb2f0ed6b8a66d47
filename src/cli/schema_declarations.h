/* The declarations of all schema files, under the names that the functions which declare tables give
 * to tables. */
#ifndef MIGFS_CLI_SCHEMA_DECLARATIONS_H
#define MIGFS_CLI_SCHEMA_DECLARATIONS_H

#include "cli/schema_graph.h"
#include "cli/schema_text.h"

enum { SCHEMA_MAKERS = 64 };

struct schema_declarations {
    struct schema_graph *graph;
    struct schema_maker makers[SCHEMA_MAKERS];
    size_t maker_count;
    bool is_known;           /* false: names of tables may be composed, or memory is lacking */
    bool has_composed_parts; /* names of indexes or constraints need not be found */
    /* Takes the name of a table; `composed`: its bytes, for the callee to free, or NULL. Returns false
     * if memory is lacking. */
    bool (*add_table)(void *context, struct text name, char *composed);
    void *context;
};

/* What pgTableCreator() makes; NULL: that is not known. */
void schema_declarations_add_maker(struct schema_declarations *declarations, const struct schema_maker *maker);

/* Other names of such functions among those of an import. */
void schema_declarations_add_imported(struct schema_declarations *declarations, struct text names);

/* Adds what a file declares, once the makers of all files are added. The text must outlive the
 * graph. */
void schema_declarations_scan(struct schema_declarations *declarations, struct text text);

#endif
