/* Finds everything that does not agree: one record per problem, each with a code from the closed table, a place and a sentence
 * that says what Drizzle will do and what to do about it. Pure; lives in the arena. Any thread. */
#ifndef MIGFS_PROBLEMS_H
#define MIGFS_PROBLEMS_H

#include <stddef.h>

#include "migfs/join.h"
#include "migfs/synthesis.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_COUNT };

struct problem_code {
    const char *code;
    enum severity severity;
    const char *meaning; /* for docs/problems.md: when it is said */
};

/* The closed table, ended by a NULL code. */
extern const struct problem_code problem_codes[];

struct problem {
    const struct problem_code *code;
    struct text file;     /* below the source, or `database NAME`; not escaped */
    size_t line, column;  /* in that file, from 1; 0: none */
    struct text tag;      /* the migration it is about, or empty */
    struct text database; /* the database it is about, or empty */
    struct text sentence; /* safe to print */
};

struct problems {
    struct problem *problems; /* by severity, then by file order, then by code */
    size_t count;
    size_t by_severity[SEVERITY_COUNT];
};

struct problems *problems_find(struct arena *arena, const struct join *join, const struct synthesis *synthesis);

const char *severity_name(enum severity severity);

/* `FILE[:LINE[:COLUMN]]: SEVERITY: SENTENCE [CODE]`, without a line break. */
void problem_print(struct buffer *buffer, const struct problem *problem);

#endif
