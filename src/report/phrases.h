/* Parts of sentences that several outputs share. Pure; live in the arena; foreign text in them is
 * escaped. */
#ifndef MIGFS_REPORT_PHRASES_H
#define MIGFS_REPORT_PHRASES_H

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/synthesis/plan.h"

/* "2025-10-05T09:03:21.380Z", or "-" for a timestamp outside the years 1 to 9999. `stamp` is in
 * milliseconds since the epoch. */
struct text phrase_time(struct arena *arena, int64_t stamp);

/* A tag for a sentence: escaped, and cut to the length of the longest file name. */
struct text phrase_tag(struct arena *arena, struct text tag);

/* A tag for a line of the rules file: a one-word glob that matches it and, apart from characters
 * that cannot be shown, nothing else. */
struct text phrase_glob(struct arena *arena, struct text tag);

/* The plural ending: "" for 1, else "s". */
const char *phrase_s(size_t count);

/* "1 row", "3 rows". */
void phrase_count(struct buffer *buffer, size_t count, const char *noun);

/* "a, b, c and 4 more": collects names one by one and lists up to `named` of them. */
struct phrase_list {
    struct buffer buffer;
    size_t count, named;
};
struct phrase_list phrase_list(struct arena *arena, size_t named);
void phrase_list_add(struct phrase_list *list, struct text name);
struct text phrase_list_end(struct phrase_list *list); /* empty when nothing was added */

/* What stops every run of Drizzle before it begins: "aborts every run: …"; empty if nothing
 * does. */
struct text phrase_abortion(struct arena *arena, const struct join *join);

/* What a run does at an entry whose `when` the ledger cannot record. */
struct text phrase_failure(struct arena *arena, const struct journal_entry *entry);

/* The beginning of a statement, between backticks, so that people can search for it. */
struct text phrase_statement(struct arena *arena, struct text statement);

/* "table users is there already (42P07) at `create table …`". */
struct text phrase_refused(struct arena *arena, const struct join *join, const struct effects_failure *failure);

/* "aborts at line 1 of 0001_x.sql, and nothing of the run stays: …" */
struct text phrase_abort(struct arena *arena, const struct join *join, const struct effects_failure *failure);

/* What Drizzle does with a migration by the journal on disk. */
struct text phrase_drizzle(struct arena *arena, const struct join *join, const struct migration *it);

/* What Drizzle does with it by the consistent journal. */
struct text phrase_consistent(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                              const struct migration *it);

/* Returns whether the migration's snapshot is made. */
bool phrase_made(const struct join *join, const struct synthesis *synthesis, const struct migration *it);

/* What happens to missing snapshots: who writes them, what they leave out, and which statement
 * blocks the rest. Empty if none could be made and nothing was tried. */
struct text phrase_snapshots(struct arena *arena, const struct synthesis *synthesis);

#endif
