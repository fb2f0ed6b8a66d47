/* `meta/_journal.json` as the runner reads it, with the place of every part in the bytes, so that the consistent journal can
 * keep them. It knows nothing of files or databases and judges nothing: an odd entry is recorded as it is.
 *
 * Immutable and counted; any thread may read it. */
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
    JOURNAL_CONFLICTED, /* likewise, for the markers of an unfinished merge; its entries are those of both sides */
};

/* One key of an entry: where its value stands, or an empty `text` when the entry has no such key. */
struct journal_value {
    struct text text; /* verbatim, a slice of the journal's bytes */
    bool is_valid;    /* of use to the runner (tag: a string; when: see when_is_stamp(); idx: a whole number from 0) */
    int64_t number;   /* when is_valid, for `when` and `idx` */
};

struct journal_entry {
    size_t position;  /* index in the array, from 0 */
    size_t line;      /* where it stands, from 1 */
    struct text text; /* verbatim */
    bool is_object;
    struct text tag; /* decoded; empty when tag_value is not valid */
    struct journal_value tag_value, when, idx;
    double when_number;      /* with which the runner compares it; NaN: with nothing */
    bool is_when_recordable; /* PostgreSQL takes it for a created_at */
    /* Of an entry that holds two, as a merge may fuse them: what the runner does not see, `tag` and `when` of the first; tag_value is not
     * valid where there is no such. */
    struct text fused_tag;
    struct journal_value fused_tag_value, fused_when;
    struct text
        repeated_key; /* the first key that stands twice (the last value counts, as in JSON.parse), decoded; or empty */
};

struct journal {
    enum journal_status status;
    struct text bytes;                   /* the whole file; empty when missing */
    const struct journal_entry *entries; /* in the array's order */
    size_t count;
    struct text
        entries_text; /* the array with its brackets, a slice of bytes, or of `side`; not of one that is unreadable */
    struct text side; /* JOURNAL_CONFLICTED: the whole file as the first side of the merge has it; else empty */
    const struct journal_entry
        *other_entries; /* JOURNAL_CONFLICTED: all of the other side, for an entry may have another `when` there */
    size_t other_count;
    struct text repeated_key;     /* of the outermost object, or empty */
    struct text dialect, version; /* of the outermost object, decoded, or empty */
    struct text
        reason; /* JOURNAL_UNREADABLE: what is wrong, without the place: fits after "it is not JSON: " or stands alone */
    size_t line, column;       /* from 1; 0 when the fault has no place */
    bool has_conflict_markers; /* JOURNAL_UNREADABLE or JOURNAL_CONFLICTED, and merge-conflict markers are why */
    bool is_empty;     /* JOURNAL_UNREADABLE, and nothing but blanks is in it, as after a redirection that went wrong */
    bool is_too_large; /* JOURNAL_UNREADABLE, though Drizzle would read it */
};

/* True when it has entries to go by, whether or not the runner can read it. */
bool journal_lists(const struct journal *journal);

/* Longest journal that is read, in bytes, and the most entries. Whatever is larger was not written by drizzle-kit. */
#define JOURNAL_SIZE_LIMIT ((size_t)64 << 20)
enum { JOURNAL_ENTRIES_MAXIMUM = 100000 };

/* Parses the bytes (copied). Never fails for what the bytes hold; NULL when memory has run out. */
struct journal *journal_parse(struct text bytes, struct error *error);

/* The journal of a folder that has none. */
struct journal *journal_missing(struct error *error);

/* A journal that is there and cannot be read, for a reason found outside ("cannot be read: Permission denied"). */
struct journal *journal_unreadable(const char *reason, struct error *error);

/* A journal of more than JOURNAL_SIZE_LIMIT bytes. */
struct journal *journal_too_large(struct error *error);

struct journal *journal_ref(struct journal *journal);
void journal_unref(struct journal *journal); /* takes NULL */

#endif
