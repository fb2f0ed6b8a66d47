/* Why there is no consistent journal, and what to do about it. */
#include "migfs/synthesis/refusal.h"

#include <inttypes.h>

#include "migfs/join/effects_hold.h"

static enum refusal refusal_of_database(const struct database *database, enum stale_mode stale) {
    const struct ledger *ledger = database->ledger;
    if (ledger->status == LEDGER_UNREADABLE && !(stale == STALE_SERVE && ledger->was_read)) {
        return REFUSAL_DATABASE;
    }
    if (database->is_wrong) {
        return REFUSAL_WRONG_DATABASE;
    }
    if (database->watermark.kind == WATERMARK_NULL) {
        return REFUSAL_NULL_STAMP;
    }
    if (database->watermark.kind == WATERMARK_STAMP && database->watermark.stamp >= SYNTHESIS_HIGHEST_STAMP) {
        return REFUSAL_WATERMARK;
    }
    return REFUSAL_NONE;
}

/* If only some databases have what the migration makes, the user must decide whether to list it. */
static bool is_there_in_one(const struct join *join, const struct migration *it, const size_t *databases, size_t count,
                            size_t *ret_database) {
    for (size_t i = 0; effects_hold_applies(join, it) && i < count; i++) {
        if (it->standings[databases[i]].is_there) {
            *ret_database = databases[i];
            return true;
        }
    }
    return false;
}

static bool lacks_row(const struct migration *it, const size_t *databases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!standing_has_run(&it->standings[databases[i]])) {
            return true;
        }
    }
    return false;
}

static bool has_unmatched_row(const struct join *join, const size_t *databases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct database *database = &join->databases[databases[i]];
        for (size_t row = 0; row < database->ledger->count; row++) {
            if (database->row_migration[row] == SIZE_MAX) {
                return true;
            }
        }
    }
    return false;
}

static bool has_row_somewhere(const struct migration *it, const size_t *databases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (it->standings[databases[i]].row) {
            return true;
        }
    }
    return false;
}

/* Only migrations with a row certainly were listed: an unmatched row belongs to a lost entry, and a
 * file without a row may have been listed or not. An empty journal is what a failed redirection
 * leaves. */
static bool can_be_rebuilt(const struct join *join, const size_t *databases, size_t count) {
    if (count == 0 || join->journal->is_empty || has_unmatched_row(join, databases, count)) {
        return false;
    }
    for (size_t i = 0; i < join->count; i++) {
        if (migration_counts(&join->migrations[i]) && !has_row_somewhere(&join->migrations[i], databases, count)) {
            return false;
        }
    }
    return true;
}

/* A file held because it has the number of an entry that the consistent journal drops would no
 * longer be held once that journal is committed. */
static bool would_become_due(const struct join *join, const struct migration *it) {
    return it->kind == MIGRATION_HELD && it->reason == REASON_SAME_NUMBER && !join->migrations[it->other].file;
}

enum refusal synthesis_find_refusal(const struct join *join, const size_t *databases, size_t count,
                                    enum stale_mode stale, struct synthesis *plan) {
    if (disk_unreachable(join->disk)) {
        return REFUSAL_SOURCE;
    }
    if (!join->layout->has_journal) {
        return REFUSAL_V1;
    }
    const struct disk_entry *rules = disk_find(join->disk, TEXT(".migfs"));
    if (rules && !join->rules) {
        return REFUSAL_RULES;
    }
    for (size_t i = 0; i < count; i++) {
        enum refusal refusal = refusal_of_database(&join->databases[databases[i]], stale);
        if (refusal != REFUSAL_NONE) {
            plan->database = databases[i];
            return refusal;
        }
    }
    if (join->journal->status == JOURNAL_UNREADABLE && !can_be_rebuilt(join, databases, count)) {
        return REFUSAL_JOURNAL;
    }
    for (size_t i = 0; i < join->count; i++) {
        if (join->migrations[i].is_out_of_reach && join->migrations[i].kind == MIGRATION_COUNTS) {
            plan->migration = i;
            return REFUSAL_OUT_OF_REACH;
        }
        if (would_become_due(join, &join->migrations[i])) {
            plan->migration = i;
            return REFUSAL_DECISION;
        }
        if (is_there_in_one(join, &join->migrations[i], databases, count, &plan->database)) {
            plan->migration = i;
            return REFUSAL_THERE;
        }
        if (join->migrations[i].is_unread && lacks_row(&join->migrations[i], databases, count)) {
            plan->migration = i;
            return REFUSAL_UNREAD;
        }
    }
    return REFUSAL_NONE;
}

static struct text why_not_rebuilt(const struct join *join) {
    return join->journal->is_empty
               ? TEXT(
                     "meta/_journal.json is empty, as a redirection onto it leaves it; restore it, in this folder: git "
                     "checkout -- meta/_journal.json")
           : join->database_count == 0
               ? TEXT("meta/_journal.json cannot be read, and no database is attached to rebuild it from; repair the "
                      "file")
               : TEXT("meta/_journal.json cannot be read, and files and ledgers do not show for certain what was in "
                      "it; repair the file");
}

/* After its row has been written, a timestamp exists that is right for all databases. */
static struct text refused_as_there(struct arena *arena, const struct join *join, const struct migration *it,
                                    struct text database) {
    struct text glob = rules_glob(arena, it->tag), tag = text_escaped(arena, it->tag);
    struct text listed = plan_may_be_applied(join, it)
                             ? text_format(arena, "`applied %.*s %.*s`", TEXT_ARGS(glob), TEXT_ARGS(database))
                             : text_format(arena, "`include %.*s`, and run databases/%.*s/baseline.sql with psql",
                                           TEXT_ARGS(glob), TEXT_ARGS(database));
    return text_format(arena,
                       "everything %.*s does is there in database %.*s, but not in every other, and no row says that "
                       "it ran; write `exclude %.*s` into .migfs if the others are not to get it, else %.*s",
                       TEXT_ARGS(tag), TEXT_ARGS(database), TEXT_ARGS(glob), TEXT_ARGS(listed));
}

struct text synthesis_refusal(struct arena *arena, const struct join *join, const struct synthesis *synthesis) {
    struct text database = join->database_count > 0 ? join->databases[synthesis->database].name : TEXT("");
    const struct migration *it = &join->migrations[synthesis->migration]; /* if it is about one */
    switch (synthesis->refusal) {
    case REFUSAL_SOURCE:
        return text_format(arena, "the migrations folder %s", disk_unreachable(join->disk));
    case REFUSAL_V1:
        return TEXT(
            "this is a Drizzle v1 folder, whose runner looks only at names and refuses a folder with a journal");
    case REFUSAL_RULES:
        return TEXT(".migfs cannot be read, so it is unknown what it leaves out; make it a readable file");
    case REFUSAL_WRONG_DATABASE:
        return text_format(
            arena,
            "the ledger of database %.*s has rows, but none of this folder's: another project's database? If it is the "
            "right one, write `foreign %.*s` into .migfs, or, after a squash, `applied TAG %.*s` for what it has",
            TEXT_ARGS(database), TEXT_ARGS(database), TEXT_ARGS(database));
    case REFUSAL_OUT_OF_REACH: {
        struct text glob = rules_glob(arena, it->tag);
        return text_format(
            arena,
            "%s is listed, and Drizzle may find a file for it where migfs does not read (see problems), so a journal "
            "without it could lose it; put a regular file in its place, or write `exclude %.*s` into .migfs",
            text_escaped(arena, it->tag).bytes, TEXT_ARGS(glob));
    }
    case REFUSAL_DECISION: {
        struct text glob = rules_glob(arena, it->tag);
        return text_format(
            arena,
            "%s is held by the number of %s, whose file is not there, and would become due once that entry is gone; "
            "write `include %.*s` or `exclude %.*s` into .migfs",
            text_escaped(arena, it->tag).bytes, text_escaped(arena, join->migrations[it->other].tag).bytes,
            TEXT_ARGS(glob), TEXT_ARGS(glob));
    }
    case REFUSAL_THERE:
        return refused_as_there(arena, join, it, database);
    case REFUSAL_UNREAD:
        return text_format(
            arena,
            "%s is not listed, and SQL is still being read, so it is unknown whether what it does is there "
            "already; `sync` of a file of the view waits for it",
            text_escaped(arena, it->tag).bytes);
    case REFUSAL_JOURNAL:
        return why_not_rebuilt(join);
    case REFUSAL_DATABASE:
        return text_format(arena, "database %.*s cannot be read, so it is unknown what it lacks", TEXT_ARGS(database));
    case REFUSAL_NULL_STAMP:
        return text_format(arena,
                           "the ledger of database %.*s has a row whose created_at is NULL, which makes Drizzle run "
                           "everything again whatever the timestamps; give that row its timestamp",
                           TEXT_ARGS(database));
    case REFUSAL_WATERMARK:
        return text_format(
            arena,
            "the newest created_at in the ledger of database %.*s is so high that no timestamp can be above "
            "it; give that row its real timestamp",
            TEXT_ARGS(database));
    case REFUSAL_CONFLICT: {
        const struct conflict *first = &synthesis->conflicts[0];
        struct text tag = text_escaped(arena, join->migrations[first->migration].tag);
        struct text has = join->databases[first->has].name;
        if (first->lacks == SIZE_MAX) {
            return text_format(
                arena,
                "the rules say %.*s ran in database %.*s, whose ledger has no row at all: there Drizzle runs "
                "everything",
                TEXT_ARGS(tag), TEXT_ARGS(has));
        }
        struct text lacks = join->databases[first->lacks].name;
        return text_format(arena,
                           "no timestamp is right for %.*s: database %.*s has run it and would run it again if its "
                           "timestamp were above %" PRId64 "; database %.*s has not, and runs it only above %" PRId64
                           "; use databases/<name>/_journal.json, one for each",
                           TEXT_ARGS(tag), TEXT_ARGS(has), join->databases[first->has].watermark.stamp,
                           TEXT_ARGS(lacks), join->databases[first->lacks].watermark.stamp);
    }
    case REFUSAL_NONE:
    default:
        return TEXT("");
    }
}
