/* The table of problem codes. A new code needs a row here, a few lines in the finder that detects
 * it, and an example among the tests. */
#include "migfs/report/problem.h"

const struct problem_code problem_codes[PROBLEM_KIND_COUNT] = {
    [PROBLEM_SOURCE_MISSING] = {"source-missing", SEVERITY_ERROR, "the migrations folder is not there"},
    [PROBLEM_JOURNAL_MISSING] = {"journal-missing", SEVERITY_ERROR, "there is no meta/_journal.json"},
    [PROBLEM_JOURNAL_UNREADABLE] = {"journal-unreadable", SEVERITY_ERROR,
                                    "meta/_journal.json is not what JSON.parse accepts, or has no list of entries"},
    [PROBLEM_JOURNAL_REBUILT] =
        {"journal-rebuilt", SEVERITY_WARNING,
         "the journal served is made from ledgers and files alone, since the one on disk cannot be read"},
    [PROBLEM_JOURNAL_INCOMPLETE] =
        {"journal-incomplete", SEVERITY_WARNING,
         "the journal on disk lists fewer migrations than there are, and every attached database has the others"},
    [PROBLEM_NO_MIGRATIONS] = {"no-migrations", SEVERITY_WARNING, "the folder contains no .sql file"},
    [PROBLEM_DIALECT] = {"dialect", SEVERITY_WARNING, "the journal is for a database other than PostgreSQL"},
    [PROBLEM_BAD_ENTRY] = {"bad-entry", SEVERITY_ERROR, "an element of the journal's entries is not an object"},
    [PROBLEM_BAD_TAG] = {"bad-tag", SEVERITY_ERROR, "an entry's tag cannot be the name of a file in the folder"},
    [PROBLEM_BAD_IDX] = {"bad-idx", SEVERITY_WARNING, "an entry's idx is missing or not a whole number"},
    [PROBLEM_DUPLICATE_KEY] = {"duplicate-key", SEVERITY_ERROR,
                               "an object of the journal has a key twice, as when a merge fuses two entries into one"},
    [PROBLEM_DUPLICATE_TAG] = {"duplicate-tag", SEVERITY_ERROR, "two entries have the same tag"},
    [PROBLEM_DUPLICATE_IDX] = {"duplicate-idx", SEVERITY_WARNING, "two entries have the same idx"},
    [PROBLEM_WHEN_INVALID] = {"when-invalid", SEVERITY_ERROR, "an entry's when is not a whole number of milliseconds"},
    [PROBLEM_WHEN_UNIT] = {"when-unit", SEVERITY_WARNING,
                           "an entry's when looks like seconds or like a date in 14 digits"},
    [PROBLEM_WHEN_FUTURE] = {"when-future", SEVERITY_WARNING, "an entry's when is after the year 2099"},
    [PROBLEM_WHEN_ORDER] = {"when-order", SEVERITY_WARNING,
                            "an entry's when does not fit between those of its neighbours, and some database lacks a "
                            "migration that this affects"},
    [PROBLEM_MISSING] = {"missing", SEVERITY_ERROR, "an entry's file is not there"},
    [PROBLEM_UNJOURNALED] =
        {"unjournaled", SEVERITY_ERROR,
         "a migration is not in the journal, and some attached database (or, without one, any) lacks it"},
    [PROBLEM_SKIPPED] =
        {"skipped", SEVERITY_ERROR,
         "a listed migration has no row in a database, and its timestamp is not above the watermark there"},
    [PROBLEM_RERUN] = {"rerun", SEVERITY_ERROR,
                       "a migration that has run is listed with a timestamp above the watermark"},
    [PROBLEM_HELD] = {"held", SEVERITY_ERROR, "an unlisted file may be a leftover as easily as a migration"},
    [PROBLEM_EXCLUDED] = {"excluded", SEVERITY_ERROR, "the rules exclude a file that the journal makes Drizzle run"},
    [PROBLEM_MODIFIED] = {"modified", SEVERITY_WARNING,
                          "a file has changed since it ran, and no rule accepts the change"},
    [PROBLEM_COMMIT_FORGETS] =
        {"commit-forgets", SEVERITY_ERROR,
         "a row is recognized only by its entry's when, and the consistent journal must change that when"},
    [PROBLEM_LINE_ENDS] = {"line-ends", SEVERITY_NOTE, "a file has different line endings than when it ran"},
    [PROBLEM_DUPLICATE_PREFIX] = {"duplicate-prefix", SEVERITY_WARNING,
                                  "two migrations begin with the same number, and one of them has run nowhere"},
    [PROBLEM_CASE_CLASH] = {"case-clash", SEVERITY_WARNING, "two names differ only in case"},
    [PROBLEM_SNAPSHOT_MISSING] = {"snapshot-missing", SEVERITY_WARNING,
                                  "migrations come after the newest snapshot in meta/, or there is none"},
    [PROBLEM_SNAPSHOT_CHAIN] = {"snapshot-chain", SEVERITY_WARNING,
                                "a snapshot is not JSON, or two have the same parent or the same id"},
    [PROBLEM_SNAPSHOT_OVERWRITE] = {"snapshot-overwrite", SEVERITY_WARNING,
                                    "the next drizzle-kit generate takes the number of an existing snapshot"},
    [PROBLEM_SQL_EMPTY] = {"sql-empty", SEVERITY_WARNING, "a migration is not written yet"},
    [PROBLEM_SQL_ENCODING] = {"sql-encoding", SEVERITY_ERROR,
                              "a migration's text is not UTF-8, begins with a byte order mark, or contains a NUL"},
    [PROBLEM_SQL_CONFLICT] = {"sql-conflict", SEVERITY_ERROR,
                              "a migration contains the markers of an unfinished merge"},
    [PROBLEM_SAME_SQL] = {"same-sql", SEVERITY_ERROR,
                          "two migrations have the same text, or one repeats a statement of the other, and not both "
                          "have run everywhere"},
    [PROBLEM_IN_TRANSACTION] = {"in-transaction", SEVERITY_ERROR,
                                "a migration that some database lacks cannot run in the one transaction of a deploy"},
    [PROBLEM_BAD_FILE] = {"bad-file", SEVERITY_ERROR,
                          "a name in the folder is not a regular file, leads out of the folder, or cannot be read"},
    [PROBLEM_BAD_NAME] = {"bad-name", SEVERITY_WARNING, "a file is named almost like a migration"},
    [PROBLEM_META_FILE] = {"meta-file", SEVERITY_WARNING, "meta/ holds a file that drizzle-kit takes for a snapshot"},
    [PROBLEM_NESTED_SQL] = {"nested-sql", SEVERITY_NOTE, "a subfolder contains .sql files"},
    [PROBLEM_V1_FOLDER] = {"v1-folder", SEVERITY_WARNING, "the folder is half converted to the layout of Drizzle v1"},
    [PROBLEM_STRAY_JOURNAL] = {"stray-journal", SEVERITY_ERROR,
                               "a Drizzle v1 folder has a meta/_journal.json, on which every run aborts"},
    [PROBLEM_V1_LEDGER] = {"v1-ledger", SEVERITY_ERROR,
                           "the upgrade of a 0.x ledger to Drizzle v1 throws at every run"},
    [PROBLEM_NO_DATE] = {"no-date", SEVERITY_ERROR, "the name of a Drizzle v1 folder does not begin with a date"},
    [PROBLEM_SAME_SECOND] = {"same-second", SEVERITY_WARNING, "two Drizzle v1 folders have the same second"},
    [PROBLEM_LATE_FOLDER] = {"late-folder", SEVERITY_NOTE,
                             "a Drizzle v1 folder that has yet to run has an earlier date than one that has run"},
    [PROBLEM_UNREAD] = {"unread", SEVERITY_WARNING, "there is SQL where the Drizzle v1 runner reads none"},
    [PROBLEM_BAD_RULE] = {"bad-rule", SEVERITY_ERROR, "a line of the rules file is not understood"},
    [PROBLEM_DATABASE_UNREADABLE] = {"database-unreadable", SEVERITY_ERROR, "a database cannot be read"},
    [PROBLEM_NULL_CREATED_AT] = {"null-created-at", SEVERITY_ERROR, "a row of the ledger has no created_at"},
    [PROBLEM_WATERMARK_FUTURE] = {"watermark-future", SEVERITY_ERROR, "the newest created_at is after the year 2099"},
    [PROBLEM_UNKNOWN_ROW] = {"unknown-row", SEVERITY_WARNING,
                             "rows of the ledger belong to no migration of the folder"},
    [PROBLEM_REPEATED_ROW] = {"repeated-row", SEVERITY_WARNING,
                              "rows of the ledger have the hash of a migration that already has its row"},
    [PROBLEM_SHARED_LEDGER] = {"shared-ledger", SEVERITY_WARNING,
                               "the newest row and one between others belong to no migration of the folder"},
    [PROBLEM_WRONG_DATABASE] = {"wrong-database", SEVERITY_ERROR,
                                "a ledger has rows, and none belongs to a migration of the folder"},
    [PROBLEM_CONFLICT] = {"conflict", SEVERITY_ERROR,
                          "no timestamp of a migration is right for all attached databases"},
    [PROBLEM_RAN_BY_HAND] = {"ran-by-hand", SEVERITY_ERROR,
                             "a migration has no row in a database where everything it does is there"},
    [PROBLEM_HALF_THERE] = {"half-there", SEVERITY_WARNING,
                            "a migration has no row in a database where part of what it does is there"},
    [PROBLEM_NOT_EFFECTIVE] = {"not-effective", SEVERITY_ERROR,
                               "a migration has a row in a database where nothing that it does is there"},
    [PROBLEM_PARTLY_EFFECTIVE] = {"partly-effective", SEVERITY_WARNING,
                                  "a migration has a row in a database where part of what it does is missing"},
    [PROBLEM_EMPTIED] = {"emptied", SEVERITY_ERROR,
                         "a database's ledger has rows, but nothing that those migrations make is there"},
    [PROBLEM_LEDGER_LOST] = {"ledger-lost", SEVERITY_ERROR,
                             "a database's ledger has no row, but what the first migrations make is there"},
    [PROBLEM_LEDGER_ELSEWHERE] =
        {"ledger-elsewhere", SEVERITY_WARNING,
         "a database lacks the configured ledger, or that has no row, and another table looks like one"},
    [PROBLEM_WILL_ABORT] = {"will-abort", SEVERITY_ERROR,
                            "the next run fails at a statement, given what is in the database"},
    [PROBLEM_EFFECTS_UNKNOWN] = {"effects-unknown", SEVERITY_NOTE, "what a migration does cannot be read from its SQL"},
    [PROBLEM_BASE_MOVED] = {"base-moved", SEVERITY_ERROR,
                            "check --base finds that an entry of the base now has another when"},
    [PROBLEM_BASE_BELOW] = {"base-below", SEVERITY_ERROR,
                            "check --base finds a new entry that is not above every timestamp of the base"},
    [PROBLEM_BASE_GONE] = {"base-gone", SEVERITY_WARNING, "check --base finds that entries of the base are gone"},
    [PROBLEM_BASE_RENAMED] =
        {"base-renamed", SEVERITY_WARNING,
         "check --base-ref finds an entry with the when of one that is gone, but with different SQL"},
};

const struct problem_code *problem_code_find(struct text code) {
    for (size_t i = 0; i < PROBLEM_KIND_COUNT; i++) {
        if (text_is(code, problem_codes[i].code)) {
            return &problem_codes[i];
        }
    }
    return NULL;
}

static const char *const severity_names[SEVERITY_COUNT] = {"error", "warning", "note"};

const char *severity_name(enum severity severity) {
    return severity_names[severity];
}

void problem_print(struct buffer *buffer, const struct problem *problem) {
    buffer_add_escaped(buffer, problem->file);
    if (problem->line > 0) {
        buffer_format(buffer, ":%zu", problem->line);
    }
    if (problem->line > 0 && problem->column > 0) {
        buffer_format(buffer, ":%zu", problem->column);
    }
    buffer_format(buffer, ": %s: ", severity_name(problem->severity));
    buffer_add(buffer, problem->sentence);
    buffer_format(buffer, " [%s]", problem->code->code);
}
