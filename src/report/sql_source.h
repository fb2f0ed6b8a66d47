/* The statements of a migration's file, as PostgreSQL's parser sees them if it has read the file,
 * else by their words. Lives in the arena. */
#ifndef MIGFS_REPORT_SQL_SOURCE_H
#define MIGFS_REPORT_SQL_SOURCE_H

#include "migfs/drizzle/tokens.h"
#include "migfs/join/effects.h"

/* A value that the statement adds to an enum. */
struct sql_value {
    struct text type, label;
};

struct sql_source {
    const struct sql_statement *statement;
    /* equal for statements that differ only in spelling or, if not parsed, only in blanks and
     * comments */
    struct text same;
    const char *forbidden;                /* command that no transaction allows, or NULL */
    bool is_parsed;                       /* the following members are set only then */
    const struct text *constants, *names; /* its string constants; the relations and types it names */
    size_t constant_count, name_count;
    const struct sql_value *values; /* those that a DO block adds */
    size_t value_count;
};

struct sql_sources {
    const struct sql_source *sources;
    size_t count;
    bool is_parsed;
};

/* `effects` may be NULL. */
struct sql_sources sql_source_list(struct arena *arena, const struct sql_statements *statements,
                                   const struct effects *effects);

/* Returns whether a parsed statement contains this string constant. */
bool sql_source_holds(const struct sql_source *source, struct text constant);

/* Returns whether it names this relation or type; if it is not parsed, whether the word occurs. */
bool sql_source_names(const struct sql_source *source, struct text name);

#endif
