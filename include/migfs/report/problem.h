/* One problem: its code from the closed table, its place, and a sentence that says what Drizzle
 * will do and how to fix it. This file has the table; the finders are in find_in_*.c. Pure; any
 * thread. */
#ifndef MIGFS_REPORT_PROBLEM_H
#define MIGFS_REPORT_PROBLEM_H

#include <stddef.h>
#include <stdint.h>

#include "migfs/project/rules.h"
#include "migfs/util/text.h"

enum severity {
    SEVERITY_ERROR,   /* the next deploy or user's step fails or does not do what the folder says */
    SEVERITY_WARNING, /* the same for a known later step */
    SEVERITY_NOTE,    /* nothing to do */
    SEVERITY_COUNT
};

struct problem_code {
    const char *code;
    enum severity usual; /* a finder may report a lower one where the consequence is smaller */
    const char *meaning; /* for docs/problems.md: when this problem is reported */
};

/* The closed list of kinds; the table below has a row for each. */
enum problem_kind {
    PROBLEM_SOURCE_MISSING,
    PROBLEM_JOURNAL_MISSING,
    PROBLEM_JOURNAL_UNREADABLE,
    PROBLEM_JOURNAL_REBUILT,
    PROBLEM_JOURNAL_INCOMPLETE,
    PROBLEM_NO_MIGRATIONS,
    PROBLEM_DIALECT,
    PROBLEM_BAD_ENTRY,
    PROBLEM_BAD_TAG,
    PROBLEM_BAD_IDX,
    PROBLEM_DUPLICATE_KEY,
    PROBLEM_DUPLICATE_TAG,
    PROBLEM_DUPLICATE_IDX,
    PROBLEM_WHEN_INVALID,
    PROBLEM_WHEN_UNIT,
    PROBLEM_WHEN_FUTURE,
    PROBLEM_WHEN_ORDER,
    PROBLEM_MISSING,
    PROBLEM_UNJOURNALED,
    PROBLEM_SKIPPED,
    PROBLEM_RERUN,
    PROBLEM_HELD,
    PROBLEM_EXCLUDED,
    PROBLEM_MODIFIED,
    PROBLEM_COMMIT_FORGETS,
    PROBLEM_LINE_ENDS,
    PROBLEM_DUPLICATE_PREFIX,
    PROBLEM_CASE_CLASH,
    PROBLEM_SNAPSHOT_MISSING,
    PROBLEM_SNAPSHOT_CHAIN,
    PROBLEM_SNAPSHOT_OVERWRITE,
    PROBLEM_SQL_EMPTY,
    PROBLEM_SQL_ENCODING,
    PROBLEM_SQL_CONFLICT,
    PROBLEM_SAME_SQL,
    PROBLEM_IN_TRANSACTION,
    PROBLEM_BAD_FILE,
    PROBLEM_BAD_NAME,
    PROBLEM_META_FILE,
    PROBLEM_NESTED_SQL,
    PROBLEM_V1_FOLDER,
    PROBLEM_STRAY_JOURNAL,
    PROBLEM_V1_LEDGER,
    PROBLEM_NO_DATE,
    PROBLEM_SAME_SECOND,
    PROBLEM_LATE_FOLDER,
    PROBLEM_UNREAD,
    PROBLEM_BAD_RULE,
    PROBLEM_DATABASE_UNREADABLE,
    PROBLEM_NULL_CREATED_AT,
    PROBLEM_WATERMARK_FUTURE,
    PROBLEM_UNKNOWN_ROW,
    PROBLEM_REPEATED_ROW,
    PROBLEM_SHARED_LEDGER,
    PROBLEM_WRONG_DATABASE,
    PROBLEM_CONFLICT,
    PROBLEM_RAN_BY_HAND,
    PROBLEM_HALF_THERE,
    PROBLEM_NOT_EFFECTIVE,
    PROBLEM_PARTLY_EFFECTIVE,
    PROBLEM_EMPTIED,
    PROBLEM_LEDGER_LOST,
    PROBLEM_LEDGER_ELSEWHERE,
    PROBLEM_WILL_ABORT,
    PROBLEM_EFFECTS_UNKNOWN,
    PROBLEM_BASE_MOVED,
    PROBLEM_BASE_BELOW,
    PROBLEM_BASE_GONE,
    PROBLEM_BASE_RENAMED,
    PROBLEM_KIND_COUNT
};

extern const struct problem_code problem_codes[PROBLEM_KIND_COUNT];

struct problem {
    const struct problem_code *code;
    enum severity severity;
    const struct rule *ignored_by; /* the rule that hides it, or NULL */
    struct text file;              /* relative to the source, or `database NAME`; not escaped */
    size_t line, column;           /* in that file, counted from 1; 0: none */
    struct text tag;               /* of the migration concerned, or empty */
    struct text database;          /* the database concerned, or empty */
    struct text sentence;          /* safe to print */
};

/* Returns the row of this code, or NULL. */
const struct problem_code *problem_code_find(struct text code);

const char *severity_name(enum severity severity);

/* `FILE[:LINE[:COLUMN]]: SEVERITY: SENTENCE [CODE]`, without a line break. */
void problem_print(struct buffer *buffer, const struct problem *problem);

#endif
