/* `meta/_journal.json` as the runner reads it, with the position of every part in the bytes, so
 * that the consistent journal can keep them. Knows nothing of files or databases and judges
 * nothing: an odd entry is recorded as it is.
 *
 * Immutable and reference-counted; any thread may read it. */
#ifndef MIGFS_DRIZZLE_JOURNAL_H
#define MIGFS_DRIZZLE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/json/text.h"
#include "migfs/util/error.h"
#include "migfs/util/text.h"

enum journal_status {
    JOURNAL_READ,
    JOURNAL_MISSING,
    JOURNAL_UNREADABLE, /* the runner throws, or would find no list of entries */
    JOURNAL_CONFLICTED, /* likewise, with merge-conflict markers; has the entries of both sides */
};

/* A key of an entry: its value in the file, or an empty `text` if the entry has no such key. */
struct journal_value {
    struct text text; /* verbatim, a slice of the journal's bytes */
    bool is_valid;    /* tag: a string; when: see when_is_stamp(); idx: an integer from 0 */
    int64_t number;   /* when is_valid, for `when` and `idx` */
};

struct journal_entry {
    size_t position;  /* index in the array, from 0 */
    size_t line;      /* in the file, from 1 */
    struct text text; /* verbatim */
    bool is_object;
    struct text tag; /* decoded; empty when tag_value is not valid */
    struct journal_value tag_value, when, idx;
    double when_number;      /* as compared by the runner; NaN: compares with nothing */
    bool is_when_recordable; /* PostgreSQL accepts it as created_at */
    /* An object that holds two entries, as a merge may leave it: `tag` and `when` of the first,
     * which the runner does not see; for a single entry fused_tag_value is not valid. */
    struct text fused_tag;
    struct journal_value fused_tag_value, fused_when;
    /* the first duplicate key (the last value counts, as in JSON.parse), decoded; or empty */
    struct text repeated_key;
};

struct journal {
    enum journal_status status;
    struct text bytes;                   /* the whole file; empty when missing */
    const struct journal_entry *entries; /* in array order */
    size_t count;
    /* the array with its brackets, a slice of bytes, or of `side`; unset if unreadable */
    struct text entries_text;
    struct text side; /* JOURNAL_CONFLICTED: the first side of the merge; else empty */
    /* JOURNAL_CONFLICTED: all entries of the other side, where one may have another `when` */
    const struct journal_entry *other_entries;
    size_t other_count;
    struct text repeated_key;     /* of the outermost object, or empty */
    struct text dialect, version; /* of the outermost object, decoded, or empty */
    /* JOURNAL_UNREADABLE: what is wrong, without the position; fits after "it is not JSON: " or
     * alone */
    struct text reason;
    size_t line, column;       /* from 1; 0 if the fault has no position */
    bool has_conflict_markers; /* the reason is merge-conflict markers */
    bool is_empty;             /* JOURNAL_UNREADABLE: only blanks, as after a failed redirection */
    bool is_too_large;         /* JOURNAL_UNREADABLE, though Drizzle would read it */
};

/* True if it has entries to use, whether or not the runner can read it. */
bool journal_lists(const struct journal *journal);

/* Maximum size of a journal in bytes, and maximum number of entries. A larger one was not written
 * by drizzle-kit. */
#define JOURNAL_SIZE_LIMIT ((size_t)64 << 20)
enum { JOURNAL_ENTRIES_MAXIMUM = 100000 };

/* Parses the bytes (copied). Any content is accepted; returns NULL only when memory has run out. */
struct journal *journal_parse(struct text bytes, struct error *error);

/* The journal of a folder that has none. */
struct journal *journal_missing(struct error *error);

/* A journal that exists but cannot be read, for a reason found by the caller ("cannot be read:
 * Permission denied"). */
struct journal *journal_unreadable(const char *reason, struct error *error);

/* A journal of more than JOURNAL_SIZE_LIMIT bytes. */
struct journal *journal_too_large(struct error *error);

struct journal *journal_ref(struct journal *journal);
void journal_unref(struct journal *journal); /* takes NULL */

#endif
