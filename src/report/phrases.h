/* Pieces of sentences that several outputs share. Pure; live in the arena; what is foreign in them is escaped. */
#ifndef MIGFS_REPORT_PHRASES_H
#define MIGFS_REPORT_PHRASES_H

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/synthesis/plan.h"

/* "2025-10-05T09:03:21.380Z", or "-" for a timestamp outside the years 1 to 9999. Milliseconds since the epoch. */
struct text phrase_time(struct arena *arena, int64_t stamp);

/* A tag as a sentence shows it: escaped, and not longer than any file name. */
struct text phrase_tag(struct arena *arena, struct text tag);

/* A tag as a line of the rules file may name it: a glob of one word that fits it and, but for what cannot be shown, nothing else. */
struct text phrase_glob(struct arena *arena, struct text tag);

/* "a, b, c and 4 more" of up to `named` names added one by one. */
struct phrase_list {
    struct buffer buffer;
    size_t count, named;
};
struct phrase_list phrase_list(struct arena *arena, size_t named);
void phrase_list_add(struct phrase_list *list, struct text name);
struct text phrase_list_end(struct phrase_list *list); /* empty when nothing was added */

/* The names of the databases in which the migration has this state. */
struct text phrase_databases(struct arena *arena, const struct join *join, const struct migration *it,
                             enum state state);

/* Of a migration without a file, to follow "its file": "is not there", or "is not read here" where Drizzle may find one. */
const char *phrase_no_file(struct arena *arena, const struct join *join, struct text tag);

/* What stops every run of Drizzle before it begins: "aborts every run: …"; empty when nothing does. */
struct text phrase_abortion(struct arena *arena, const struct join *join);

/* What a run does when it comes to an entry whose `when` the ledger cannot record. */
struct text phrase_failure(struct arena *arena, const struct journal_entry *entry);

/* A statement as people may look for it: its beginning, between backticks. */
struct text phrase_statement(struct arena *arena, struct text statement);

/* "table users is there already (42P07) at `create table …`". */
struct text phrase_refused(struct arena *arena, const struct join *join, const struct effects_failure *failure);

/* "aborts at line 1 of 0001_x.sql, and nothing of the run stays: …" */
struct text phrase_abort(struct arena *arena, const struct join *join, const struct effects_failure *failure);

/* What Drizzle does with a migration, going by the journal on disk. */
struct text phrase_drizzle(struct arena *arena, const struct join *join, const struct migration *it);

/* What Drizzle does with it, going by the consistent journal. */
struct text phrase_consistent(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                              const struct migration *it);

/* True of a migration whose snapshot is made. */
bool phrase_made(const struct join *join, const struct synthesis *synthesis, const struct migration *it);

/* What becomes of the snapshots that are missing: who writes them, what was left out of them, which statement stands in the way. Empty where
 * none could be made and nothing was tried. */
struct text phrase_snapshots(struct arena *arena, const struct synthesis *synthesis);

#endif
