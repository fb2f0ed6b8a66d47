/* The statements of a migration's file, as PostgreSQL's parser has them where it has read the file, else by their words. Lives in the arena. */
#ifndef MIGFS_REPORT_SQL_SOURCE_H
#define MIGFS_REPORT_SQL_SOURCE_H

#include "migfs/drizzle/tokens.h"
#include "migfs/join/effects.h"

struct sql_source {
    const struct sql_statement *statement;
    struct text
        same; /* equal for statements that are the same but for their spelling, or for their blanks and comments */
    const char *forbidden;                /* what of it no transaction holds; NULL: nothing */
    bool is_parsed;                       /* and then: */
    const struct text *constants, *names; /* string constants; relations and types that it names */
    size_t constant_count, name_count;
};

struct sql_sources {
    const struct sql_source *sources;
    size_t count;
    bool is_parsed;
};

/* `effects` may be NULL. */
struct sql_sources sql_source_list(struct arena *arena, const struct sql_statements *statements,
                                   const struct effects *effects);

/* Whether the statement, which is parsed, holds this string. */
bool sql_source_holds(const struct sql_source *source, struct text constant);

/* Whether it names this relation or type; by its words where it is not parsed. */
bool sql_source_names(const struct sql_source *source, struct text name);

#endif
